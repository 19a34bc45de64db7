/* What the benchmarks know of an operation beside the library's own list (selftest/operation.h),
 * which generates its data, runs it and judges. */
#ifndef NINETAP_BENCH_OPERATION_H
#define NINETAP_BENCH_OPERATION_H

#include "cases/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "targets/isa.h"

enum { ALGOS = 5, PRECISIONS = 4 };
extern const char *const algo_names[ALGOS]; /* of ninetap_algo: "auto" "direct" "winograd2" ... */
extern const char *const precision_names[PRECISIONS];

/* How ninetap is to do it. */
typedef struct choice {
    const nt_isa *isa; /* NULL: the best one */
    int threads;
    ninetap_algo algo;
    ninetap_precision precision;
    int candidate;  /* of the algorithm: conv3x3_candidates */
    bool unfused;   /* a pooled shape as two calls */
    bool workspace; /* the caller's */
} choice;

typedef struct operation {
    const char *name;
    bool reads; /* most of the bytes are read: reading them is its limit, not copying */
    bool moves; /* its rate is one of bytes, not of floating-point operations */
    const nt_operation *calls;       /* NULL: a network is a chain of others */
    int weights, bias, dst, indices; /* which operands these are; 0, which is src: there is none */
    /* Writes p->asked; sets oh, ow, and flops to those of one output. An error where the shape
     * makes no such operation. */
    ninetap_status (*ask)(problem *p, const choice *c);
    /* Of a big problem: leaves so much of it asked as plain C does in some 10 ms. Returns how many
     * such parts there are. NULL: all of it is little work. */
    double (*part)(problem *p);
} operation;

extern const operation conv3x3, network, dense, softmax;
extern const operation pool2x2[]; /* by shape_pool */

/* How many methods there are for the algorithm asked for; the one predicted to be fastest is 0. */
int conv3x3_candidates(const problem *p, const choice *c);
/* In which precisions AUTO could take that plan's method: "default", "fast", "default fast", "". */
const char *conv3x3_chosen_in(const ninetap_conv3x3 *made);

#ifdef __cplusplus
}
#endif

#endif
