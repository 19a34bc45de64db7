/* ninetap ready to run: a chain of calls. Of one layer it is one call, or two where a pooling is
 * not fused. */
#ifndef NINETAP_BENCH_PLAN_H
#define NINETAP_BENCH_PLAN_H

#include "cases/operation.h"

#ifdef __cplusplus
extern "C" {
#endif

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
