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

/* ---- ninetap ready to run: a chain of calls. Of one layer it is one call, or two where a pooling
 * is not fused. ---- */

typedef struct step {
    struct problem problem; /* the run's own src and dst */
    nt_call call;
} step;

typedef struct plan {
    struct step *steps;
    size_t count, apart; /* steps; poolings that are not fused */
    float *room[2];      /* what lies between two steps, by turns */
    void *workspace;     /* of a network: for the step that needs most */
    const char *kernel, *algorithm, *isa;
    const char *candidate; /* conv3x3_chosen_in, where the algorithm was asked for by name */
    tolerance promised;
    char kernels[96]; /* what `kernel` points to where it is more than one's name */
} plan;

/* Everything is allocated here, nothing in a run of a network. After an error there is nothing to
 * free. */
ninetap_status plan_create(plan *made, const problem *p, const choice *c);
ninetap_status plan_run(const plan *made, float *src, float *dst);
void plan_free(plan *made);

/* problem_verify of a network. */
bool plan_verify_network(const problem *p, tolerance allowed, char *why, size_t size);

#ifdef __cplusplus
}
#endif

#endif
