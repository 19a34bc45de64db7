/* Between the files of the operation network: a chain of plans. */
#ifndef NINETAP_BENCH_NETWORK_H
#define NINETAP_BENCH_NETWORK_H

#include "cases/chain.h"
#include "cases/operation.h"

/* One call: a layer, or one of the two that a pooled one takes where it is not fused. */
typedef struct network_step {
    problem problem; /* without data but the weights */
    plan plan;
} network_step;

typedef struct network_plan {
    network_step steps[2 * CHAIN_LAYERS];
    size_t count, apart; /* poolings that were to be fused */
    float *room[2];      /* what lies between two steps, by turns */
    void *workspace;     /* for the step that needs most */
} network_plan;

/* A step's problem: so much of the network's. */
ninetap_status network_layer(problem *made, const problem *whole, const chain_layer *l);

/* Everything is allocated here, nothing in a run. */
ninetap_status network_plan_make(network_plan **made, const problem *p, const choice *c);
void network_plan_free(network_plan *n);

/* Where step i puts its output, in a run that ends in dst. */
float *network_step_dst(const network_plan *n, size_t i, float *dst);

bool network_verify(const problem *p, tolerance allowed, char *why, size_t size);

#endif
