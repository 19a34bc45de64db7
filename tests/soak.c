/* Random problems of every operation, instruction set and number of threads on several threads at
 * once, each held against the reference; allocations fail now and then. What the library keeps may
 * not grow.
 *     soak [--seconds N] [--seed N] */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "core/clock.h"
#include "support/allocations.h"
#include "support/problems.h"
#include "support/pages.h"
#include "support/sanitizer.h"
#include "support/suite.h"

enum { RUNNERS = 4, ROUNDS = 8, OPERATIONS = 16, ISAS = 8, SLACK_KIB = 32 << 10 };

typedef struct runner {
    pthread_t thread;
    rng random;
    double end;
    long done[OPERATIONS][ISAS];
} runner;

static atomic_bool wrong;

static int operation_count(void) {
    int count = 0;
    while (nt_operations[count] != NULL)
        count++;
    return count;
}

/* ---- One problem ---- */

static bool run_one(rng *r, const nt_operation *op, const char *isa) {
    nt_problem problem;
    op->draw(r, rng_one_in(r, 50) ? 20e6 : 300e3, &problem);
    nt_problem_set_isa(op, &problem, isa);
    problem_set_int(op, &problem, "fail", rng_one_in(r, 8) ? rng_int(r, 1, 8) : 0);
    return check_problem(op, &problem);
}

static void *run(void *argument) {
    runner *r = argument;
    while (!wrong && nt_seconds() < r->end) {
        const int operation = rng_int(&r->random, 0, operation_count() - 1);
        const int isa = rng_int(&r->random, 0, ninetap_isa_count() - 1);
        if (!run_one(&r->random, nt_operations[operation], ninetap_isa_name(isa)))
            wrong = true;
        r->done[operation][isa]++;
    }
    return NULL;
}

/* ---- Memory ---- */

/* KiB in use, without what glibc's arenas keep for later; 0: not known here. */
static long resident(void) {
    long pages = 0;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file != NULL)
        fclose(file);
    return pages * (long)(page_bytes() / 1024);
}

/* A sanitizer keeps what was freed, an emulator all code it has translated. */
static bool resident_counts(void) {
#ifdef EMULATED
    return false;
#else
    return !ANY_SANITIZER;
#endif
}

/* With no call under way a workspace for each call that ever was is all the library keeps. */
static bool memory_is_flat(long first, long last) {
    if (allocations_alive() > RUNNERS)
        return suite_wrong("%d allocations are alive", allocations_alive());
    return !resident_counts() || last <= first + SLACK_KIB ||
           suite_wrong("memory grew from %ld to %ld KiB", first, last);
}

/* ---- */

static void run_round(runner runners[RUNNERS], double end) {
    for (int i = 0; i < RUNNERS; i++) {
        runners[i].end = end;
        if (pthread_create(&runners[i].thread, NULL, run, &runners[i]) != 0)
            abort();
    }
    for (int i = 0; i < RUNNERS; i++)
        pthread_join(runners[i].thread, NULL);
}

static void print_counts(const runner runners[RUNNERS]) {
    printf("%-10s", "");
    for (int k = 0; k < ninetap_isa_count() && k < ISAS; k++)
        printf("%12s", ninetap_isa_name(k));
    for (int o = 0; o < operation_count(); o++) {
        printf("\n%-10s", nt_operations[o]->name);
        for (int k = 0; k < ninetap_isa_count() && k < ISAS; k++) {
            long sum = 0;
            for (int i = 0; i < RUNNERS; i++)
                sum += runners[i].done[o][k];
            printf("%12ld", sum);
        }
    }
    puts("");
}

/* Threads are new in each round. The first one warms up. */
static bool soak(double seconds, uint64_t seed) {
    static runner runners[RUNNERS];
    const double start = nt_seconds();
    long first = 0, last = 0;
    for (int i = 0; i < RUNNERS; i++)
        runners[i].random = (rng){seed * RUNNERS + (uint64_t)i};
    for (int round = 1; round <= ROUNDS && !wrong; round++) {
        run_round(runners, start + seconds * round / (double)ROUNDS);
        last = resident();
        first = round == 1 ? last : first;
        if (!wrong && !memory_is_flat(first, last))
            wrong = true;
    }
    print_counts(runners);
    printf("%.0f s, seed %llu, resident %ld KiB, %ld after the first round, %d allocations alive\n",
           nt_seconds() - start, (unsigned long long)seed, last, first, allocations_alive());
    return !wrong;
}

int main(int argc, char **argv) {
    double seconds = 3;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 < argc && strcmp(argv[i], "--seconds") == 0) {
            seconds = strtod(argv[i + 1], NULL);
        } else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0) {
            seed = strtoull(argv[i + 1], NULL, 10);
        } else {
            fputs("usage: soak [--seconds N] [--seed N]\n", stderr);
            return 2;
        }
    }
    return soak(seconds, seed) ? EXIT_SUCCESS : EXIT_FAILURE;
}
