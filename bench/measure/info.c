#include "measure/info.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dispatch.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "ninetap.h"
#include "peers/peer.h"

#ifdef _OPENMP
#include <omp.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#endif

enum { TEXT = 512 };
typedef void describe(char *text, size_t size);

/* The next word of a list in words. */
static void add_word(char *text, size_t size, const char *between, const char *word) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", used > 0 ? between : "", word);
}

/* Of what an ISA's kernels are compiled for, the features that are missing here. The names must be
 * literals for the compiler. */
static void lacking(const char *isa, char *text, size_t size) {
#if defined(__x86_64__)
#define NEEDS(feature)                       \
    if (!__builtin_cpu_supports(feature)) {  \
        add_word(text, size, ", ", feature); \
    }
    NEEDS("fma")
    if (strcmp(isa, "avx2") == 0) {
        NEEDS("avx2")
        return;
    }
    NEEDS("avx512f")
    NEEDS("avx512bw")
    NEEDS("avx512dq")
    NEEDS("avx512vl")
#undef NEEDS
#else
    (void)isa;
    add_word(text, size, ", ", "something");
#endif
}

static void instruction_sets(char *text, size_t size) {
    *text = '\0';
    for (int i = 0; nt_usable_isa(i) != NULL; i++) {
        add_word(text, size, ", ", nt_usable_isa(i)->name);
    }
}

static void instruction_sets_not_usable(char *text, size_t size) {
    static const char *const known[] = {"avx512", "avx2", "sse2", "neon"};
    *text = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const nt_isa *isa = NULL;
        for (int k = 0; isa == NULL && nt_compiled_isa(k) != NULL; k++) {
            isa = strcmp(nt_compiled_isa(k)->name, known[i]) == 0 ? nt_compiled_isa(k) : NULL;
        }
        char why[160] = "";
        if (isa == NULL) {
            snprintf(why, sizeof why, "%s (not in this build: another architecture's)", known[i]);
        } else if (nt_find_isa(known[i]) == NULL) {
            char features[96] = "";
            lacking(known[i], features, sizeof features);
            snprintf(why, sizeof why, "%s (this CPU or system lacks %s)", known[i], features);
        } else {
            continue;
        }
        add_word(text, size, ", ", why);
    }
}

static void threads(char *text, size_t size) {
    snprintf(text, size, "%d", host_max_threads());
}

#ifdef _WIN32
#define environ _environ
#endif

/* The variables that steer libraries and their threads. */
static void environment(char *text, size_t size) {
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "NINETAP_", "DNNL_", "ONEDNN_"};
    *text = '\0';
    for (char **variable = environ; *variable != NULL; variable++) {
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            if (strncmp(*variable, prefixes[i], strlen(prefixes[i])) == 0) {
                add_word(text, size, " ", *variable);
            }
        }
    }
    if (*text == '\0') {
        add_word(text, size, "", "no OMP_, GOMP_, KMP_, NINETAP_ variables");
    }
}

static void version(char *text, size_t size) {
    snprintf(text, size, "%s", ninetap_version());
}

static void compiler(char *text, size_t size) {
#ifdef __clang__
    snprintf(text, size, "%s", __VERSION__);
#else
    snprintf(text, size, "gcc %s", __VERSION__);
#endif
}

static void flags(char *text, size_t size) {
    snprintf(text, size, "%s", NINETAP_BENCH_FLAGS);
}

#ifdef _OPENMP
/* "/usr/lib/x86_64-linux-gnu/libgomp.so.1, OpenMP 201511". */
static void openmp_runtime(char *text, size_t size) {
    int (*function)(void) = omp_get_max_threads;
    void *address;
    memcpy(&address, &function, sizeof address); /* ISO C has no such cast */
#ifdef _WIN32
    char name[MAX_PATH] = "linked in";
    HMODULE library = GetModuleHandleA("libgomp-1.dll"); /* the address is of a thunk */
    (void)address;
    if (library != NULL) {
        GetModuleFileNameA(library, name, sizeof name);
    }
#else
    Dl_info library;
    bool found = dladdr(address, &library) != 0 && library.dli_fname != NULL;
    const char *name = found ? library.dli_fname : "unknown";
#endif
    snprintf(text, size, "%s, OpenMP %d", name, _OPENMP);
}
#else
static void openmp_runtime(char *text, size_t size) {
    snprintf(text, size, "none: this program was built without it");
}
#endif

static void tell(const char *key, const char *value, bool talks) {
    gb_add_context(key, value);
    if (talks) {
        printf("  %-16s %s\n", key, value);
    }
}

static void tell_peers(bool talks) {
    char key[48], text[TEXT];
    for (size_t i = 0; peers[i] != NULL; i++) {
        snprintf(key, sizeof key, "peer %s", peers[i]->name);
        peers[i]->version(text, sizeof text);
        tell(key, text, talks);
    }
    for (const char *line = peers_absent; *line != '\0';) {
        size_t length = strcspn(line, "\n"), name = strcspn(line, ":\n");
        snprintf(key, sizeof key, "no peer %.*s", (int)name, line);
        snprintf(text, sizeof text, "%.*s", (int)(length - name), line + name);
        tell(key, text + strspn(text, ": "), talks);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
}

/* The date and the load are Google Benchmark's to tell. */
void info_tell(bool talks) {
    static const struct {
        const char *key;
        describe *describe;
    } all[] = {
        {"ninetap", version},
        {"CPU", machine_cpu},
        {"computer", machine_computer},
        {"cores", machine_cores},
        {"data caches", machine_caches},
        {"memory", machine_memory},
        {"system", machine_system},
        {"governor", machine_governor},
        {"affinity", machine_affinity},
        {"threads", threads},
        {"OpenMP", openmp_runtime},
        {"environment", environment},
        {"ISAs", instruction_sets},
        {"ISAs not usable", instruction_sets_not_usable},
        {"compiler", compiler},
        {"flags", flags},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[TEXT] = "";
        all[i].describe(text, sizeof text);
        tell(all[i].key, *text != '\0' ? text : "unknown", talks);
    }
    tell_peers(talks);
}
