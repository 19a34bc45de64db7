#include "core/build.h"
#include "core/environment.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/auxv.h>
#elif !defined(_WIN32)
#include <unistd.h>
#endif

#include "core/costs.h"

/* Whether the program has more rights than the user who set its environment. On Linux the kernel
 * tells of all such programs, also of those with capabilities; elsewhere the ids tell of
 * set-user-ID ones. */
static bool has_more_rights(void) {
#if defined(__linux__)
    return getauxval(AT_SECURE) != 0;
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
    return issetugid() != 0;
#elif !defined(_WIN32) && !defined(__wasi__)
    return getuid() != geteuid() || getgid() != getegid();
#else
    return false; /* Windows has no such programs, WASI no users */
#endif
}

static const char *lookup(const char *name) {
    const char *value = has_more_rights() ? NULL : getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool is_on(const char *name) {
    const char *value = lookup(name);
    return value != NULL && strcmp(value, "0") != 0;
}

/* 1 .. 1024 (THREADS_BITS); anything else is ignored, as OpenMP does with its own variables. */
static int thread_count(const char *text) {
    char *end = NULL;
    const long n = text == NULL ? 0 : strtol(text, &end, 10);
    return text != NULL && *end == '\0' && n >= 1 && n <= 1024 ? (int)n : 0;
}

/* All settings in one word. Threads that come before it is set each read the environment
 * themselves. None waits for another: in the child of a fork, that other thread may no longer
 * exist. */
enum { READ = 1, VERBOSE = 2, TUNE = 4, PAIRS = 8 };
enum { THREADS_SHIFT = 4, THREADS_BITS = 11, ISA_SHIFT = 15, ISA_BITS = 4, MACHINE_SHIFT = 19 };

static unsigned field(unsigned word, int shift, int bits) {
    return word >> shift & ((1U << bits) - 1U);
}

/* Its index in nt_targets, from 1; 0: there is no usable one of that name. name == NULL: any. */
static unsigned target_named(const char *name) {
    for (unsigned i = 0; nt_targets[i].name != NULL; i++) {
        if ((name == NULL || strcmp(nt_targets[i].name, name) == 0) && nt_targets[i].usable()) {
            return i + 1;
        }
    }
    return 0;
}

static const char *best_target_name(void) {
    return nt_targets[target_named(NULL) - 1].name;
}

static unsigned read_variables(void) {
    const char *name = lookup("NINETAP_ISA");
    const unsigned index = name == NULL ? 0 : target_named(name);
    const char *machine = lookup("NINETAP_MACHINE");
    const unsigned row = machine == NULL ? 0U : (unsigned)(nt_find_costs(machine) + 1);
    return READ | (is_on("NINETAP_VERBOSE") ? VERBOSE : 0U) | (is_on("NINETAP_TUNE") ? TUNE : 0U) |
           (is_on("NINETAP_PAIRS") ? PAIRS : 0U) |
           (unsigned)thread_count(lookup("NINETAP_THREADS")) << THREADS_SHIFT | index << ISA_SHIFT |
           row << MACHINE_SHIFT;
}

static void report_unusable_isa(unsigned word) {
    const char *name = lookup("NINETAP_ISA");
    if (name != NULL && field(word, ISA_SHIFT, ISA_BITS) == 0) {
        fprintf(stderr, "ninetap: NINETAP_ISA=%.32s is not usable here, using %s\n", name,
                best_target_name());
    }
}

static void report_unknown_machine(unsigned word, const char *isa) {
    const char *name = lookup("NINETAP_MACHINE");
    if (name != NULL && word >> MACHINE_SHIFT == 0) {
        nt_cpu cpu;
        const int row = nt_this_cpu(&cpu);
        const nt_costs *detected = row < 0 ? nt_generic_costs(isa) : &nt_costs_rows[row];
        fprintf(stderr, "ninetap: NINETAP_MACHINE=%.32s is not known here, using %s\n", name,
                detected->name);
    }
}

nt_environment nt_environment_get(void) {
    static atomic_uint known;
    unsigned word = atomic_load_explicit(&known, memory_order_relaxed);
    bool first = false;
    if (word == 0) {
        const unsigned own = read_variables();
        first = atomic_compare_exchange_strong(&known, &word, own);
        word = first ? own : word;
    }
    const unsigned isa = field(word, ISA_SHIFT, ISA_BITS);
    const nt_environment e = {
        .target = isa == 0 ? NULL : &nt_targets[isa - 1],
        .machine = (int)(word >> MACHINE_SHIFT) - 1,
        .threads = (int)field(word, THREADS_SHIFT, THREADS_BITS),
        .verbose = (word & VERBOSE) != 0,
        .tune = (word & TUNE) != 0,
        .pairs = (word & PAIRS) != 0,
    };
    if (first) {
        report_unusable_isa(word);
        report_unknown_machine(word, e.target != NULL ? e.target->name : best_target_name());
    }
    return e;
}
