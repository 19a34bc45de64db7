/* A chain of plans, and whether what it gives is right. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "measure/host.h"
#include "cases/network.h"

/* ---- making ------------------------------------------------------------------------------- */

static ninetap_status add_step(network_plan *n, const problem *p, const choice *c) {
    network_step *step = &n->steps[n->count];
    step->problem = *p;
    const ninetap_status status = p->operation->create(&step->plan, p, c);
    n->count += status == NINETAP_OK ? 1 : 0;
    return status;
}

/* The convolution by itself, then the pooling. */
static ninetap_status add_apart(network_plan *n, const problem *whole, const chain_layer *l,
                                const choice *c) {
    chain_layer convolution = *l, pooling = *l;
    problem one, two;
    convolution.shape.pooled = false;
    ninetap_status status = network_layer(&one, whole, &convolution);
    if (status != NINETAP_OK) {
        return status;
    }
    pooling.shape = (shape){.pooling = true,
                            .n = one.shape.n,
                            .c = one.shape.oc,
                            .h = one.oh,
                            .w = one.ow,
                            .oc = one.shape.oc,
                            .groups = 1,
                            .stride = 2,
                            .dilation = 1};
    memcpy(pooling.shape.text, l->shape.text, sizeof pooling.shape.text);
    status = network_layer(&two, whole, &pooling);
    status = status == NINETAP_OK ? add_step(n, &one, c) : status;
    n->apart++;
    return status == NINETAP_OK ? add_step(n, &two, c) : status;
}

static ninetap_status add_layer(network_plan *n, const problem *whole, const chain_layer *l,
                                const choice *c) {
    const bool pooled = l->shape.pooled;
    problem one;
    ninetap_status status = network_layer(&one, whole, l);
    if (status == NINETAP_OK) {
        status = pooled && c->unfused ? NINETAP_ERR_UNSUPPORTED : add_step(n, &one, c);
    }
    return pooled && status == NINETAP_ERR_UNSUPPORTED ? add_apart(n, whole, l, c) : status;
}

static void *allocate(size_t bytes) {
    return host_alloc(bytes + 64);
}

static bool allocate_all(network_plan *n) {
    size_t floats[2] = {0}, workspace = 0;
    for (size_t i = 0; i < n->count; i++) {
        const network_step *step = &n->steps[i];
        const size_t here = ninetap_conv3x3_workspace(step->plan.conv);
        workspace = here > workspace ? here : workspace;
        if (i + 1 < n->count && step->problem.dst_count > floats[i % 2]) {
            floats[i % 2] = step->problem.dst_count;
        }
    }
    n->room[0] = allocate(floats[0] * sizeof(float));
    n->room[1] = allocate(floats[1] * sizeof(float));
    n->workspace = allocate(workspace);
    for (size_t i = 0; i < n->count; i++) {
        n->steps[i].plan.workspace = n->workspace;
    }
    return n->room[0] != NULL && n->room[1] != NULL && n->workspace != NULL;
}

ninetap_status network_plan_make(network_plan **made, const problem *p, const choice *c) {
    chain layers;
    *made = NULL;
    ninetap_status status = chain_make(&layers, &p->shape);
    network_plan *n = status == NINETAP_OK ? calloc(1, sizeof *n) : NULL;
    if (n == NULL) {
        return status != NINETAP_OK ? status : NINETAP_ERR_NOMEM;
    }
    for (size_t i = 0; status == NINETAP_OK && i < layers.count; i++) {
        status = add_layer(n, p, &layers.layers[i], c);
    }
    if (status == NINETAP_OK && !allocate_all(n)) {
        status = NINETAP_ERR_NOMEM;
    }
    if (status != NINETAP_OK) {
        network_plan_free(n);
        return status;
    }
    *made = n;
    return NINETAP_OK;
}

void network_plan_free(network_plan *n) {
    for (size_t i = 0; n != NULL && i < n->count; i++) {
        n->steps[i].problem.operation->free(&n->steps[i].plan);
    }
    if (n != NULL) {
        host_free(n->room[0]);
        host_free(n->room[1]);
        host_free(n->workspace);
    }
    free(n);
}

float *network_step_dst(const network_plan *n, size_t i, float *dst) {
    return i + 1 < n->count ? n->room[i % 2] : dst;
}

/* ---- verifying ---------------------------------------------------------------------------- */

/* Each step as the operation's own benchmark is verified, on what the step before really gave. */
static bool run_checked(network_plan *n, float *src, float *dst, char *why, size_t size) {
    for (size_t i = 0; i < n->count; i++) {
        network_step *step = &n->steps[i];
        float *to = network_step_dst(n, i, dst);
        const operation *o = step->problem.operation;
        step->problem.src = &src;
        step->problem.dst = &to;
        problem_poison(&step->problem);
        char what[96] = "it failed";
        if (o->run(&step->plan, src, to) != NINETAP_OK ||
            !problem_verify(&step->problem, step->plan.promised, what, sizeof what)) {
            snprintf(why, size, "run exactly, %s %.40s: %s", o->name, step->problem.shape.text,
                     what);
            return false;
        }
        src = to;
    }
    return true;
}

static bool compare(const problem *p, const float *exact, double of_rms, char *why, size_t size) {
    double sum = 0;
    for (size_t i = 0; i < p->dst_count; i++) {
        sum += (double)exact[i] * (double)exact[i];
    }
    const double allowed = of_rms * sqrt(sum / (double)p->dst_count);
    for (size_t i = 0; i < p->dst_count; i++) {
        if (!(fabs((double)p->dst[0][i] - (double)exact[i]) <= allowed)) {
            snprintf(why, size, "element %zu of the output is %g, not %g", i, (double)p->dst[0][i],
                     (double)exact[i]);
            return false;
        }
    }
    if (sum <= 0) {
        snprintf(why, size, "nothing can be told from an output of zeros");
    }
    return sum > 0;
}

/* The naive loops would take minutes for a big network. So ours is run once more, by the direct
 * method in the contract's order and with poolings apart, each of its calls is verified, and every
 * output is compared with that chain's. */
bool network_verify(const problem *p, tolerance allowed, char *why, size_t size) {
    const nt_isa *best = nt_usable_isa(0);
    const choice c = {.isa = best,
                      .threads = 1,
                      .algo = NINETAP_ALGO_DIRECT,
                      .precision =
                          best->fast_fma ? NINETAP_PRECISION_EXACT : NINETAP_PRECISION_PORTABLE,
                      .unfused = true};
    network_plan *n;
    float *exact = allocate(p->dst_count * sizeof *exact);
    if (exact == NULL || network_plan_make(&n, p, &c) != NINETAP_OK) {
        free(exact);
        snprintf(why, size, "no memory to verify the output");
        return false;
    }
    const bool good =
        run_checked(n, p->src[0], exact, why, size) && compare(p, exact, allowed.of_rms, why, size);
    network_plan_free(n);
    free(exact);
    return good;
}
