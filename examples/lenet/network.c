#undef _POSIX_C_SOURCE          /* a parent project may have set it to less */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- Weights ------------------------------------------------------------------------------ */

/* SplitMix64 (Steele, Lea and Flood 2014): rand() differs between C libraries. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

/* [outputs][inputs]: each output is a sum over its inputs. NULL: no memory. */
static float *random_weights(int outputs, int inputs, uint64_t *state) {
    float *weights = malloc((size_t)outputs * (size_t)inputs * sizeof *weights);
    const float most = sqrtf(6.0F / (float)inputs);
    for (int i = 0; weights && i < outputs * inputs; i++)
        weights[i] = ((float)(next(state) >> 40) * 0x1p-23F - 1.0F) * most;
    return weights;
}

/* ---- A stage ------------------------------------------------------------------------------ */

/* PORTABLE: the same bits, and so the same picture, on every machine. */
static ninetap_status stage_create(stage *s, int channels, int side, int filters, uint64_t *state) {
    *s = (stage){.channels = channels, .side = side, .filters = filters};
    s->filtered = side - 2;
    s->pooled = s->filtered / 2;
    s->pool = (ninetap_pool2x2_desc){.n = 1, .c = filters, .ih = s->filtered, .iw = s->filtered};
    ninetap_conv3x3_desc d = {.n = 1,
                              .ic = channels,
                              .ih = side,
                              .iw = side,
                              .oc = filters,
                              .act = NINETAP_RELU,
                              .precision = NINETAP_PRECISION_PORTABLE};
    float *weights = random_weights(filters, channels * 9, state);
    s->maps = malloc((size_t)(filters * s->filtered * s->filtered) * sizeof *s->maps);
    s->out = malloc((size_t)(filters * s->pooled * s->pooled) * sizeof *s->out);
    ninetap_status status = weights && s->maps && s->out
                                ? ninetap_conv3x3_create(&s->filter, &d, weights, NULL)
                                : NINETAP_ERR_NOMEM;
    if (status == NINETAP_OK) {
        d.pool = NINETAP_POOL_MAX;
        status = ninetap_conv3x3_create(&s->fused, &d, weights, NULL);
        if (status == NINETAP_ERR_UNSUPPORTED)
            status = NINETAP_OK; /* stage_run pools in a call of its own */
    }
    free(weights);
    return status;
}

static void stage_free(stage *s) {
    ninetap_conv3x3_free(s->fused);
    ninetap_conv3x3_free(s->filter);
    free(s->maps);
    free(s->out);
}

/* The maps before pooling, which only the picture needs. */
static ninetap_status stage_maps(const stage *s, const float *in) {
    return ninetap_conv3x3_run(s->filter, in, s->maps, NULL);
}

static ninetap_status stage_run(const stage *s, const float *in) {
    if (s->fused)
        return ninetap_conv3x3_run(s->fused, in, s->out, NULL);
    const ninetap_status status = stage_maps(s, in);
    return status == NINETAP_OK ? ninetap_maxpool2x2_f32(&s->pool, s->maps, s->out, NULL) : status;
}

/* ---- The network -------------------------------------------------------------------------- */

static ninetap_status dense_create(network *n, uint64_t *state) {
    const ninetap_dense_desc d = {
        .n = 1, .in = n->features, .out = CLASSES, .precision = NINETAP_PRECISION_PORTABLE};
    float *weights = random_weights(CLASSES, n->features, state);
    const ninetap_status status =
        weights ? ninetap_dense_create(&n->dense, &d, weights, NULL) : NINETAP_ERR_NOMEM;
    free(weights);
    return status;
}

ninetap_status network_create(network *n, uint64_t seed) {
    static const int filters[STAGES] = {8, 16};
    int channels = 1;
    int side = DIGIT_SIDE;
    ninetap_status status = NINETAP_OK;
    *n = (network){0};
    for (int i = 0; i < STAGES && status == NINETAP_OK; i++) {
        status = stage_create(&n->stage[i], channels, side, filters[i], &seed);
        channels = filters[i];
        side = n->stage[i].pooled;
    }
    n->features = channels * side * side;
    return status == NINETAP_OK ? dense_create(n, &seed) : status;
}

void network_free(network *n) {
    for (int i = 0; i < STAGES; i++)
        stage_free(&n->stage[i]);
    ninetap_dense_free(n->dense);
    *n = (network){0};
}

static const float *stage_input(const network *n, int number, const image *digit) {
    return number == 0 ? digit->samples : n->stage[number - 1].out;
}

/* Layer by layer: the stages, the dense layer, softmax. */
static ninetap_status run_layer(network *n, int layer, const image *digit) {
    if (layer < STAGES)
        return stage_run(&n->stage[layer], stage_input(n, layer, digit));
    if (layer == STAGES)
        return ninetap_dense_run(n->dense, n->stage[STAGES - 1].out, n->score);
    return ninetap_softmax_f32(1, CLASSES, n->score, 0, n->probability, 0);
}

ninetap_status network_run(network *n, const image *digit) {
    ninetap_status status = NINETAP_OK;
    for (int i = 0; i < LAYER_ROWS && status == NINETAP_OK; i++) {
        if (i < STAGES)
            status = stage_maps(&n->stage[i], stage_input(n, i, digit));
        if (status == NINETAP_OK)
            status = run_layer(n, i, digit);
    }
    return status;
}

/* ---- The table ---------------------------------------------------------------------------- */

static double microseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

/* A single run is too short for the clock. */
static ninetap_status measure(network *n, int layer, const image *digit, double *least) {
    enum { ROUNDS = 50, RUNS = 20 };
    ninetap_status status = NINETAP_OK;
    *least = INFINITY;
    for (int round = 0; round < ROUNDS && status == NINETAP_OK; round++) {
        const double start = microseconds();
        for (int run = 0; run < RUNS && status == NINETAP_OK; run++)
            status = run_layer(n, layer, digit);
        *least = fmin(*least, (microseconds() - start) / RUNS);
    }
    return status;
}

static void describe_stage(const stage *s, int number, layer_row *row) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(s->fused ? s->fused : s->filter, &info);
    snprintf(row->name, sizeof row->name, "conv%d + ReLU + pool%d", number, number);
    snprintf(row->output, sizeof row->output, "%dx%dx%d", s->filters, s->pooled, s->pooled);
    snprintf(row->algorithm, sizeof row->algorithm, "%s%s", info.algorithm,
             s->fused ? ", pool fused" : ", then pool");
    row->parameters = (int64_t)s->filters * (s->channels * 9 + 1);
    row->macs = info.macs;
}

ninetap_status network_measure(network *n, const image *digit, layer_row rows[LAYER_ROWS]) {
    for (int i = 0; i < LAYER_ROWS; i++) {
        layer_row *row = &rows[i];
        *row = (layer_row){.name = "softmax", .algorithm = "-"};
        snprintf(row->output, sizeof row->output, "%d", CLASSES);
        if (i < STAGES) {
            describe_stage(&n->stage[i], i + 1, row);
        } else if (i == STAGES) {
            snprintf(row->name, sizeof row->name, "flatten + dense");
            snprintf(row->algorithm, sizeof row->algorithm, "direct");
            row->parameters = (int64_t)(n->features + 1) * CLASSES;
            row->macs = (int64_t)n->features * CLASSES;
        }
        const ninetap_status status = measure(n, i, digit, &row->microseconds);
        if (status != NINETAP_OK)
            return status;
    }
    return NINETAP_OK;
}
