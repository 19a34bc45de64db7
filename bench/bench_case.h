/* A case: one problem on one ISA and so many threads; one registered benchmark. */
#ifndef NINETAP_BENCH_BENCH_CASE_H
#define NINETAP_BENCH_BENCH_CASE_H

#include <stdbool.h>

#include "gbench.h"
#include "problem.h"

typedef struct bench_case {
    problem *problem;
    const nt_isa *isa;
    int threads;
    char name[160]; /* conv3x3/avx512/nhwc/64x56x56-64/t1 */
    /* Once it ran: */
    bool verified;
    const char *kernel;
    double limit;    /* of problem_work(), a second; 0: not known */
    char error[160]; /* "" when all is well */
} bench_case;

/* A gb_function whose user is a bench_case. Verifies before it times; times nothing that is wrong.
 * One case at a time has its data in memory. */
void bench_case_run(gb_state *state, void *user);

/* Frees what the last case left. */
void bench_case_close(void);

#endif
