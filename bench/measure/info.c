#include "measure/info.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/dispatch.h"
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

/* ---- collecting --------------------------------------------------------------------------- */

enum { TEXT = 512 };
typedef void describe(char *text, size_t size);

/* The next word of a list in words. */
static void add_word(char *text, size_t size, const char *between, const char *word) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", used > 0 ? between : "", word);
}

static void date(char *text, size_t size) {
    time_t now = time(NULL);
    struct tm parts = {0};
#ifdef _WIN32
    const bool known = localtime_s(&parts, &now) == 0;
#else
    const bool known = localtime_r(&now, &parts) != NULL;
#endif
    if (!known || strftime(text, size, "%Y-%m-%d %H:%M %z", &parts) == 0) {
        snprintf(text, size, "unknown");
    }
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

static bool collect_peers(results *r) {
    char key[48], text[TEXT];
    bool good = true;
    for (size_t i = 0; good && peers[i] != NULL; i++) {
        snprintf(key, sizeof key, "peer %s", peers[i]->name);
        peers[i]->version(text, sizeof text);
        good = results_add_fact(r, key, text);
    }
    for (const char *line = peers_absent; good && *line != '\0';) {
        size_t length = strcspn(line, "\n"), name = strcspn(line, ":\n");
        snprintf(key, sizeof key, "no peer %.*s", (int)name, line);
        snprintf(text, sizeof text, "%.*s", (int)(length - name), line + name);
        good = results_add_fact(r, key, text + strspn(text, ": "));
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return good;
}

bool info_collect(results *r) {
    static const struct {
        const char *key;
        describe *describe;
    } all[] = {
        {"ninetap", version},           {"date", date},
        {"CPU", machine_cpu},           {"computer", machine_computer},
        {"cores", machine_cores},       {"data caches", machine_caches},
        {"memory", machine_memory},     {"system", machine_system},
        {"governor", machine_governor}, {"load", machine_load},
        {"affinity", machine_affinity}, {"threads", threads},
        {"OpenMP", openmp_runtime},     {"environment", environment},
        {"ISAs", instruction_sets},     {"ISAs not usable", instruction_sets_not_usable},
        {"compiler", compiler},         {"flags", flags},
    };
    bool good = true;
    for (size_t i = 0; good && i < sizeof all / sizeof *all; i++) {
        char text[TEXT];
        all[i].describe(text, sizeof text);
        good = results_add_fact(r, all[i].key, text);
    }
    return good && collect_peers(r);
}

/* ---- showing ------------------------------------------------------------------------------ */

/* The numbers of threads that limits were measured on, rising; how many. */
static int thread_counts(const results *r, int *counts, int most) {
    int count = 0, last = 0;
    for (bool more = true; more && count < most;) {
        int next = 0;
        for (size_t i = 0; i < r->limit_count; i++) {
            int here = r->limits[i].threads;
            next = here > last && (next == 0 || here < next) ? here : next;
        }
        more = next > 0;
        if (more) {
            counts[count++] = last = next;
        }
    }
    return count;
}

static bool first_of_its_place(const results *r, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (strcmp(r->limits[k].kind, r->limits[i].kind) == 0 &&
            strcmp(r->limits[k].where, r->limits[i].where) == 0) {
            return false;
        }
    }
    return true;
}

static void print_limits(FILE *file, const results *r, const char *kind, const char *title) {
    int counts[16], count = thread_counts(r, counts, 16);
    if (count == 0) {
        return;
    }
    fprintf(file, "\n  %-26s", title);
    for (int i = 0; i < count; i++) {
        fprintf(file, " %4d thread%c", counts[i], counts[i] > 1 ? 's' : ' ');
    }
    fputc('\n', file);
    for (size_t i = 0; i < r->limit_count; i++) {
        if (strcmp(r->limits[i].kind, kind) != 0 || !first_of_its_place(r, i)) {
            continue;
        }
        fprintf(file, "    %-24s", r->limits[i].where);
        for (int k = 0; k < count; k++) {
            const limit *l = results_limit(r, kind, r->limits[i].where, counts[k]);
            fprintf(file, " %12.1f", l != NULL ? l->rate * 1e-9 : 0.0);
        }
        fputc('\n', file);
    }
}

void info_print(FILE *file, const results *r) {
    for (size_t i = 0; i < r->fact_count; i++) {
        fprintf(file, "  %-16s %s\n", r->facts[i].key, r->facts[i].value);
    }
    print_limits(file, r, "flops", "multiply-adds, GFLOP/s");
    print_limits(file, r, "read", "reading, GB/s");
    print_limits(file, r, "copy", "copying, GB/s (both ways)");
}
