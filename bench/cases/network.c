/* Whole networks: the layers' plans one after the other. */
#include "cases/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/conv3x3.h"
#include "cases/random.h"

/* ---- the problem -------------------------------------------------------------------------- */

ninetap_status network_layer(problem *made, const problem *whole, const chain_layer *l) {
    const ninetap_status status = problem_init(made, &l->shape, whole->layout);
    if (whole->weights != NULL) {
        made->weights = whole->weights + l->weights;
        made->bias = whole->bias + l->bias;
    }
    made->sets = 1;
    return status;
}

/* The rate counts what the convolutions do; the least bytes are the same as of one layer. */
static ninetap_status measure(problem *p) {
    chain c;
    ninetap_status status = chain_make(&c, &p->shape);
    for (size_t i = 0; status == NINETAP_OK && i < c.count; i++) {
        problem one;
        status = network_layer(&one, p, &c.layers[i]);
        p->flops += one.shape.pooling ? 0 : one.flops;
    }
    if (status != NINETAP_OK) {
        return status;
    }
    const chain_layer *last = &c.layers[c.count - 1];
    shape *s = &p->shape;
    s->oc = last->shape.oc;
    p->oh = last->oh;
    p->ow = last->ow;
    p->src_count = (size_t)(s->n * s->c * s->h * s->w);
    p->dst_count = (size_t)(s->n * s->oc * p->oh * p->ow);
    p->weights_count = c.weights_count;
    p->bias_count = c.bias_count;
    p->bytes = (double)sizeof(float) *
               ((double)p->src_count + (double)p->weights_count + (double)p->dst_count);
    return NINETAP_OK;
}

/* So that a layer's outputs are about as large as its inputs (He et al. 2015). */
static void fill_layer(float *weights, size_t weights_count, float *bias, size_t bias_count,
                       uint64_t seed) {
    const double taps = (double)weights_count / (double)bias_count;
    const float scale = (float)sqrt(2.0 / taps / (7.0 / 12.0));
    rng r = {seed};
    random_fill(weights, weights_count, seed);
    for (size_t i = 0; i < weights_count; i++) {
        weights[i] *= scale;
    }
    for (size_t i = 0; i < bias_count; i++) {
        bias[i] = (float)(0.25 * random_unit(&r));
    }
}

static void fill(const problem *p) {
    chain c;
    if (chain_make(&c, &p->shape) != NINETAP_OK) {
        return; /* measure succeeded */
    }
    for (size_t i = 0; i < c.count; i++) {
        const chain_layer *l = &c.layers[i];
        const bool last = i + 1 == c.count;
        const size_t weights = (last ? c.weights_count : l[1].weights) - l->weights;
        const size_t bias = (last ? c.bias_count : l[1].bias) - l->bias;
        if (bias > 0) {
            fill_layer(p->weights + l->weights, weights, p->bias + l->bias, bias, 2 + i);
        }
    }
}

/* ---- plain C ------------------------------------------------------------------------------ */

static double time_layer(const problem *layer) {
    problem one = *layer;
    float *src = malloc(one.src_count * sizeof *src), *dst = malloc(one.dst_count * sizeof *dst);
    double seconds = 0;
    if (src != NULL && dst != NULL) {
        random_fill(src, one.src_count, 1);
        one.src = &src;
        one.dst = &dst;
        seconds = problem_time_reference(&one);
    }
    free(src);
    free(dst);
    return seconds;
}

/* Layer by layer. 0: not known. */
static double time_reference(const problem *p) {
    chain c;
    double all = 0;
    bool good = chain_make(&c, &p->shape) == NINETAP_OK;
    for (size_t i = 0; good && i < c.count; i++) {
        problem one;
        const double seconds =
            network_layer(&one, p, &c.layers[i]) == NINETAP_OK ? time_layer(&one) : 0;
        good = seconds > 0;
        all += seconds;
    }
    return good ? all : 0;
}

/* ---- tolerances --------------------------------------------------------------------------- */

/* An error in a layer's input comes out about as large relative to the outputs, since the weights
 * have random signs: what the layers may be off adds up. */
static tolerance usual_error(const problem *p) {
    chain c;
    tolerance t = {0};
    if (chain_make(&c, &p->shape) != NINETAP_OK) {
        return t;
    }
    for (size_t i = 0; i < c.count; i++) {
        problem one;
        const bool counts = network_layer(&one, p, &c.layers[i]) == NINETAP_OK;
        t.of_rms += counts && !one.shape.pooling ? conv3x3_rms_error(&one, "winograd6") : 0;
    }
    return t;
}

/* ---- ninetap ------------------------------------------------------------------------------ */

/* How many convolutions run by which algorithm: "9 winograd4, 4 direct, 5 pools fused". */
static void describe(plan *made) {
    static const char *const algorithms[] = {"winograd6", "winograd4", "winograd2", "direct"};
    const network_plan *n = made->network;
    size_t used = 0, pools = 0, convolutions = 0;
    made->algorithm = "";
    for (size_t a = 0; a < sizeof algorithms / sizeof *algorithms; a++) {
        size_t count = 0;
        for (size_t i = 0; i < n->count; i++) {
            count += strcmp(n->steps[i].plan.algorithm, algorithms[a]) == 0;
        }
        if (count > 0) {
            used += (size_t)snprintf(made->kernels + used, sizeof made->kernels - used, "%s%zu %s",
                                     used > 0 ? ", " : "", count, algorithms[a]);
            made->algorithm = convolutions == 0 ? algorithms[a] : "mixed";
            convolutions += count;
        }
    }
    for (size_t i = 0; i < n->count; i++) {
        pools += n->steps[i].problem.shape.pooling || n->steps[i].problem.shape.pooled;
    }
    if (pools > 0) {
        const size_t fused = pools - n->apart;
        snprintf(made->kernels + used, sizeof made->kernels - used, ", %zu of %zu pools fused",
                 fused, pools);
    }
    made->kernel = made->kernels;
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    *made = (plan){.isa = c->isa->name};
    const ninetap_status status = network_plan_make(&made->network, p, c);
    if (status != NINETAP_OK) {
        return status;
    }
    const network_plan *n = made->network;
    for (size_t i = 0; i < n->count; i++) {
        const network_step *step = &n->steps[i];
        made->isa = strcmp(step->plan.isa, c->isa->name) != 0 ? step->plan.isa : made->isa;
        if (!step->problem.shape.pooling) {
            made->promised.of_rms += conv3x3_rms_error(&step->problem, step->plan.algorithm);
        }
    }
    describe(made);
    return NINETAP_OK;
}

static ninetap_status run(const plan *made, const float *src, float *dst) {
    const network_plan *n = made->network;
    ninetap_status status = NINETAP_OK;
    for (size_t i = 0; status == NINETAP_OK && i < n->count; i++) {
        const network_step *step = &n->steps[i];
        float *to = network_step_dst(n, i, dst);
        status = step->problem.operation->run(&step->plan, src, to);
        src = to;
    }
    return status;
}

static void destroy(plan *made) {
    network_plan_free(made->network);
    made->network = NULL;
}

const operation network = {.name = "network",
                           .measure = measure,
                           .fill = fill,
                           .time_reference = time_reference,
                           .verify = network_verify,
                           .usual_error = usual_error,
                           .create = create,
                           .run = run,
                           .free = destroy};
