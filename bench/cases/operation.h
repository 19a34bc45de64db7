/* What the benchmarks need to know of an operation: its sizes, what is right, how ninetap is asked
 * for it. */
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
    const nt_isa *isa;
    int threads;
    ninetap_algo algo;
    ninetap_precision precision;
    int candidate; /* of the algorithm: conv3x3_candidates */
    bool unfused;  /* a pooled shape as two calls */
} choice;

struct network_plan;

/* ninetap ready to run. */
typedef struct plan {
    const char *kernel, *algorithm, *isa;
    const char *candidate; /* "default", "fast", "default fast", "": the precisions in which AUTO
                              could take what was asked for by name; else NULL */
    tolerance promised;
    ninetap_conv3x3 *conv;
    ninetap_pool2x2_desc pool;
    ninetap_dense *dense;
    struct {
        const nt_isa *isa;
        int threads;
        int64_t rows, columns;
    } softmax;
    int64_t *indices; /* the problem's */
    float *between;   /* the first call's output; NULL: one call */
    void *workspace;  /* whoever runs the plan may give it one */
    char kernels[96]; /* what `kernel` points to where it is more than one's name */
    struct network_plan *network;
} plan;

typedef struct operation {
    const char *name;
    bool reads; /* most of the bytes are read: reading them is its limit, not copying */
    bool moves; /* its rate is one of bytes, not of floating-point operations */
    /* Fills in oh ... bytes; an error where the shape makes no such operation. */
    ninetap_status (*measure)(problem *p);
    /* Makes what else there is to read, once src is there; may use set 0's dst. NULL: nothing. */
    void (*fill)(const problem *p);
    /* Runs the plain C loops, on all of it or, where that would take long, on a part; returns how
     * many such parts there are. Overwrites set 0's dst. */
    double (*run_reference)(const problem *p);
    /* NULL: run_reference, timed. */
    double (*time_reference)(const problem *p);
    /* See problem_verify. */
    bool (*verify)(const problem *p, tolerance allowed, char *why, size_t size);
    /* Of implementations that promise nothing. */
    tolerance (*usual_error)(const problem *p);

    ninetap_status (*create)(plan *made, const problem *p, const choice *c);
    ninetap_status (*run)(const plan *made, const float *src, float *dst);
    void (*free)(plan *made);
} operation;

extern const operation conv3x3, network, dense, softmax;
extern const operation pool2x2[]; /* by shape_pool */

/* How many methods there are for the algorithm asked for; the one predicted to be fastest is 0. */
int conv3x3_candidates(const problem *p, const choice *c);

#ifdef __cplusplus
}
#endif

#endif
