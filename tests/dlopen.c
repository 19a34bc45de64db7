/* dlopen.c LIBRARY: loads the shared library late, beside threads with thread-local storage of
 * their own, and runs it in all of them; then loads it, runs it on several threads and unloads it,
 * again and again. Loading must not touch the floating-point control word, as start-up code of
 * -ffast-math does, and OpenMP's threads must survive the unloading. Links to no library but libdl.
 */
#ifdef _WIN32
#include <windows.h>
#undef OUT
#else
#include <dlfcn.h>
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ninetap.h"
#include "support/control_word.h"

#ifdef _WIN32
enum { RTLD_NOW, RTLD_LOCAL };

static void *dlopen(const char *path, int flags) {
    (void)flags;
    return (void *)LoadLibraryA(path);
}

static void *dlsym(void *library, const char *name) {
    FARPROC function = GetProcAddress(library, name);
    void *symbol;
    memcpy(&symbol, &function, sizeof symbol);
    return symbol;
}

static int dlclose(void *library) {
    return FreeLibrary(library) ? 0 : -1;
}

static const char *dlerror(void) {
    static char text[40];
    snprintf(text, sizeof text, "Windows error %lu", GetLastError());
    return text;
}
#endif

typedef ninetap_status conv3x3_fn(const ninetap_conv3x3_desc *desc, const float *src,
                                  const float *weights, const float *bias, float *dst);

enum { IC = 6, SIDE = 42, OC = 32, OUT = SIDE - 2, TIMES = 50, THREADS = 16 };
static float src[IC * SIDE * SIDE], weights[OC * IC * 9];

/* NULL when it does not load, or changed the control word. */
static conv3x3_fn *load(const char *path, void **library) {
    const unsigned long before = control_word();
    conv3x3_fn *conv3x3 = NULL;
    *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = *library != NULL ? dlsym(*library, "ninetap_conv3x3_f32") : NULL;
    if (symbol == NULL)
        fprintf(stderr, "%s\n", dlerror());
    else if (control_word() != before)
        fprintf(stderr, "control word %lx instead of %lx\n", control_word(), before);
    else
        memcpy(&conv3x3, &symbol, sizeof conv3x3);
    return conv3x3;
}

static int run(conv3x3_fn *conv3x3) {
    const ninetap_conv3x3_desc d = {.n = 1,
                                    .ic = IC,
                                    .ih = SIDE,
                                    .iw = SIDE,
                                    .oc = OC,
                                    .precision = NINETAP_PRECISION_PORTABLE,
                                    .threads = 3};
    float *dst = calloc(OC * OUT * OUT, sizeof *dst);
    const int ok = dst != NULL && conv3x3(&d, src, weights, NULL, dst) == NINETAP_OK &&
                   dst[OC * OUT * OUT - 1] == 9.0F * (float)IC;
    free(dst);
    return ok;
}

static int load_run_unload(const char *path) {
    void *library;
    conv3x3_fn *conv3x3 = load(path, &library);
    return conv3x3 != NULL && run(conv3x3) && dlclose(library) == 0;
}

/* ---- Late ---- */

static _Thread_local char storage[16384]; /* more than is kept for late libraries */
static pthread_barrier_t barrier;
static conv3x3_fn *loaded;

/* Is there before the library is, and uses it when it is there. */
static void *neighbour(void *ok) {
    memset(storage, 1, sizeof storage);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    *(int *)ok = loaded != NULL && run(loaded) && storage[sizeof storage - 1] == 1;
    return NULL;
}

static int load_late(const char *path) {
    pthread_t threads[THREADS];
    int ok[THREADS] = {0}, all = 1;
    void *library;
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, neighbour, &ok[i]) != 0)
            return 0;
    pthread_barrier_wait(&barrier);
    loaded = load(path, &library);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        all &= ok[i];
    }
    return all && dlclose(library) == 0;
}

int main(int argc, char **argv) {
    for (int i = 0; i < IC * SIDE * SIDE; i++)
        src[i] = 1.0F;
    for (int i = 0; i < OC * IC * 9; i++)
        weights[i] = 1.0F;
    if (argc != 2 || !load_late(argv[1]))
        return EXIT_FAILURE;
    for (int i = 0; i < TIMES; i++)
        if (!load_run_unload(argv[1]))
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
