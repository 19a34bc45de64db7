/* dlopen.c LIBRARY: loads the shared library, runs it on several threads and unloads it, again and
 * again. Loading must not touch the floating-point control word, as start-up code of -ffast-math
 * does, and OpenMP's threads must survive the unloading. Links to no library but libdl. */
#include <dlfcn.h>
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

#include "ninetap.h"

typedef ninetap_status conv3x3_fn(const ninetap_conv3x3_desc *desc, const float *src,
                                  const float *weights, const float *bias, float *dst);

enum { IC = 16, SIDE = 42, OC = 32, OUT = SIDE - 2 };
static float src[IC * SIDE * SIDE], weights[OC * IC * 9], dst[OC * OUT * OUT];

static unsigned control_word(void) {
#ifdef __SSE2__
    return _mm_getcsr() & ~0x3FU;
#else
    return (unsigned)fegetround();
#endif
}

static int load_run_unload(const char *path) {
    const ninetap_conv3x3_desc d = {.n = 1,
                                    .ic = IC,
                                    .ih = SIDE,
                                    .iw = SIDE,
                                    .oc = OC,
                                    .precision = NINETAP_PRECISION_EXACT,
                                    .threads = 3};
    const unsigned before = control_word();
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 0;
    }
    conv3x3_fn *conv3x3;
    void *symbol = dlsym(library, "ninetap_conv3x3_f32");
    memcpy(&conv3x3, &symbol, sizeof conv3x3);
    const int ok = control_word() == before && symbol != NULL &&
                   conv3x3(&d, src, weights, NULL, dst) == NINETAP_OK &&
                   dst[OC * OUT * OUT - 1] == 9.0F * IC;
    return dlclose(library) == 0 && ok;
}

int main(int argc, char **argv) {
    for (int i = 0; i < IC * SIDE * SIDE; i++)
        src[i] = 1.0F;
    for (int i = 0; i < OC * IC * 9; i++)
        weights[i] = 1.0F;
    for (int i = 0; i < 20; i++)
        if (argc != 2 || !load_run_unload(argv[1]))
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
