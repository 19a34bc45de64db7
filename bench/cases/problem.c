#include "cases/problem.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/operation.h"
#include "measure/host.h"

/* About 10 ms of the reference's loops. */
#define VERIFY_MACS 1e7

const char *layout_name(ninetap_layout layout) {
    return layout == NINETAP_NCHW ? "nchw" : "nhwc";
}

/* ---- what is asked ------------------------------------------------------------------------ */

static double elements(const view *v) {
    return (double)v->n * (double)v->c * (double)v->h * (double)v->w;
}

/* Problems are made of floats: so many hold the operand. */
static size_t floats(const nt_operand *o) {
    const size_t bytes = nt_bytes_of(o->element), count = (size_t)nt_view_span(&o->view);
    return bytes == sizeof(float) ? count : (count * bytes + sizeof(float) - 1) / sizeof(float);
}

static size_t floats_of(const problem *p, int which) {
    const nt_operand *o = &p->operands[which];
    return which > 0 && o->role != NT_ABSENT ? floats(o) : 0;
}

void problem_bind(problem *p) {
    const operation *o = p->operation;
    nt_operand *operands = p->operands;
    (void)o->calls->operands(&p->asked, operands);
    operands[0].data = p->src != NULL ? p->src[0] : NULL;
    operands[o->dst].data = p->dst != NULL ? p->dst[0] : NULL;
    if (o->weights > 0) {
        operands[o->weights].data = p->weights;
        operands[o->bias].data = p->bias;
    }
    if (o->indices > 0 && operands[o->indices].role != NT_ABSENT) {
        operands[o->indices].data = p->indices;
    }
}

ninetap_status problem_ask(problem *p, const choice *c) {
    const operation *o = p->operation;
    const nt_operand *operands = p->operands;
    const ninetap_status status = o->ask(p, c);
    if (status != NINETAP_OK) {
        return status;
    }
    problem_bind(p);
    p->src_count = floats(&operands[0]);
    p->dst_count = floats(&operands[o->dst]);
    p->weights_count = floats_of(p, o->weights);
    p->bias_count = floats_of(p, o->bias);
    p->index_count = floats_of(p, o->indices) * sizeof(float) / sizeof(int64_t);
    p->flops *= elements(&operands[o->dst].view);
    p->bytes = 0;
    for (int i = 0; i < NT_OPERANDS; i++) {
        if (operands[i].role != NT_ABSENT && (i != o->bias || i == 0)) {
            p->bytes += elements(&operands[i].view) * (double)nt_bytes_of(operands[i].element);
        }
    }
    return NINETAP_OK;
}

/* The rate counts what the convolutions do; the least bytes are the same as of one layer. */
static ninetap_status measure_network(problem *p) {
    chain c;
    shape *s = &p->shape;
    const ninetap_status status = chain_make(&c, s);
    if (status != NINETAP_OK) {
        return status;
    }
    for (size_t i = 0; i < c.count; i++) {
        problem one;
        (void)problem_layer(&one, p, &c.layers[i]);
        p->flops += one.shape.pooling ? 0 : one.flops;
        p->src_count = i == 0 ? one.src_count : p->src_count;
        p->dst_count = one.dst_count;
        s->oc = one.shape.oc;
        p->oh = one.oh;
        p->ow = one.ow;
    }
    p->weights_count = c.weights_count;
    p->bias_count = c.bias_count;
    p->bytes = (double)sizeof(float) *
               ((double)p->src_count + (double)p->weights_count + (double)p->dst_count);
    return NINETAP_OK;
}

ninetap_status problem_init(problem *p, const shape *what, ninetap_layout layout) {
    const choice usual = {.threads = 1};
    *p = (problem){.shape = *what, .layout = layout};
    p->operation = what->network   ? &network
                   : what->pooling ? &pool2x2[what->pool]
                   : what->dense   ? &dense
                   : what->softmax ? &softmax
                                   : &conv3x3;
    return what->network ? measure_network(p) : problem_ask(p, &usual);
}

ninetap_status problem_layer(problem *made, const problem *whole, const chain_layer *l) {
    const ninetap_status status = problem_init(made, &l->shape, whole->layout);
    if (whole->weights != NULL) {
        made->weights = whole->weights + l->weights;
        made->bias = whole->bias + l->bias;
    }
    made->indices = whole->indices;
    made->sets = 1;
    return status;
}

/* ---- data --------------------------------------------------------------------------------- */

/* The next multiple of 64 with at least 64 bytes to spare. */
static size_t room(size_t count) {
    return (count * sizeof(float) + 127) / 64 * 64;
}

static void *allocate(size_t count) {
    return count > SIZE_MAX / sizeof(float) - 64 ? NULL : host_alloc(room(count));
}

/* `sets` arrays of `count` floats in one block, which starts with the first. */
static float **allocate_sets(size_t sets, size_t count) {
    float **list = count > SIZE_MAX / sizeof(float) / sets - 64 ? NULL : calloc(sets, sizeof *list);
    float *block = list == NULL ? NULL : host_alloc(sets * room(count));
    if (block == NULL) {
        free(list);
        return NULL;
    }
    for (size_t i = 0; i < sets; i++) {
        list[i] = block + i * (room(count) / sizeof(float));
    }
    return list;
}

static void free_sets(float ***list) {
    if (*list != NULL) {
        host_free((*list)[0]);
    }
    free(*list);
    *list = NULL;
}

/* Twice the last level of cache, so that nothing of a set is left when its turn comes again. Very
 * small problems would need more sets than a peer can be asked to prepare. */
static size_t cold_sets(const problem *p) {
    const size_t most = 16384;
    size_t one = room(p->src_count) + room(p->dst_count);
    size_t sets = 2 * host_last_cache() / one + 1;
    return sets < 2 ? 2 : sets > most ? most : sets;
}

/* The weights' scale (He et al. 2015) makes a layer's sums as large as its inputs, whose mean
 * square is 1/3 at first: that of the sums is twice as large. The biases lie between one and about
 * two standard deviations of them, so that ReLU leaves most outputs standing and a wrong sum is
 * seen. */
static const double sums_rms = 0.81649658092772603; /* sqrt(2/3) */

static void scale(float *weights, size_t weights_count, float *bias, size_t bias_count) {
    const float scale = (float)sqrt(6.0 * (double)bias_count / (double)weights_count);
    for (size_t i = 0; i < weights_count; i++) {
        weights[i] *= scale;
    }
    for (size_t i = 0; i < bias_count; i++) {
        bias[i] = (float)sums_rms * (1.0F + fabsf(bias[i]));
    }
}

/* Layer by layer; src is the first one's. False: no memory. */
static bool fill(const problem *p) {
    chain c;
    bool good = chain_make(&c, &p->shape) == NINETAP_OK;
    for (size_t i = 0; good && i < c.count; i++) {
        problem one;
        (void)problem_layer(&one, p, &c.layers[i]);
        one.src = i == 0 ? p->src : NULL;
        one.dst = c.count == 1 ? p->dst : NULL;
        problem_bind(&one);
        for (int k = 0; k < NT_OPERANDS; k++) {
            one.operands[k].role = one.operands[k].data != NULL ? one.operands[k].role : NT_ABSENT;
        }
        good = nt_operands_fill(one.operation->calls, &one.asked, one.operands, 1 + (int)(3 * i));
        if (one.weights_count > 0) {
            scale(one.weights, one.weights_count, one.bias, one.bias_count);
        }
    }
    return good;
}

bool problem_load(problem *p, bool cold) {
    p->sets = cold ? cold_sets(p) : 1;
    p->src = allocate_sets(p->sets, p->src_count);
    p->dst = allocate_sets(p->sets, p->dst_count);
    p->weights = allocate(p->weights_count);
    p->bias = allocate(p->bias_count);
    p->indices = allocate(2 * p->index_count);
    if (p->src == NULL || p->dst == NULL || p->weights == NULL || p->bias == NULL ||
        p->indices == NULL || !fill(p)) {
        problem_unload(p);
        return false;
    }
    for (size_t i = 0; i < p->sets; i++) {
        if (i > 0) {
            memcpy(p->src[i], p->src[0], p->src_count * sizeof(float));
        }
        memset(p->dst[i], 0xFF, p->dst_count * sizeof(float));
    }
    if (p->operation->calls != NULL) {
        problem_bind(p);
    }
    problem_poison(p);
    return true;
}

void problem_unload(problem *p) {
    free_sets(&p->src);
    free_sets(&p->dst);
    host_free(p->weights);
    host_free(p->bias);
    host_free(p->indices);
    p->weights = p->bias = NULL;
    p->indices = NULL;
    p->sets = 0;
}

void problem_poison(const problem *p) {
    memset(p->dst[0], 0xFF, p->dst_count * sizeof(float));
    if (p->shape.indices) {
        memset(p->indices, 0xAA, p->index_count * sizeof *p->indices);
    }
}

/* ---- what is right ------------------------------------------------------------------------ */

static double taps(const problem *p) {
    return (double)p->weights_count / (double)p->bias_count;
}

/* 3 to 5 times what float leaves at most on random data of up to 512 channels; it grows with their
 * root. */
double problem_rms_error(const problem *p, const char *algorithm) {
    static const struct {
        const char *algorithm;
        double error;
    } all[] = {{"direct", 2e-5}, {"winograd2", 2e-5}, {"winograd4", 5e-5}, {"winograd6", 4e-4}};
    size_t i = 0;
    while (i + 1 < sizeof all / sizeof *all && strcmp(algorithm, all[i].algorithm) != 0) {
        i++;
    }
    return all[i].error * fmax(1.0, sqrt(taps(p) / (9.0 * 512.0)));
}

/* Of a network: an error in a layer's input comes out about as large relative to the outputs, since
 * the weights have random signs: what the layers may be off adds up. Of others: rounding errors of
 * random signs add up like a random walk, relative to the sum of magnitudes they shrink with the
 * root of the number of taps. 2^-11 of that leaves room for every fast algorithm in float,
 * F(6x6,3x3) included, and none for half precision or a tap left out. */
tolerance problem_usual_error(const problem *p) {
    tolerance t = {0};
    chain c;
    if (!p->shape.network) {
        t.of_magnitude = p->weights_count > 0 ? 0x1p-11 / sqrt(taps(p)) : 0;
    } else if (chain_make(&c, &p->shape) == NINETAP_OK) {
        for (size_t i = 0; i < c.count; i++) {
            problem one;
            (void)problem_layer(&one, p, &c.layers[i]);
            t.of_rms += one.shape.pooling ? 0 : problem_rms_error(&one, "winograd6");
        }
    }
    return t;
}

/* Random, the first and the last one often: there is where kernels have their edges. */
static int64_t pick(rng *state, int64_t size) {
    uint64_t bits = rng_next(state);
    if (bits % 8 < 2) {
        return bits % 8 == 0 ? 0 : size - 1;
    }
    return (int64_t)((bits >> 3) % (uint64_t)size);
}

static bool output_is_right(const problem *p, tolerance allowed, const int64_t at[4]) {
    const operation *o = p->operation;
    const view *v = &p->operands[o->dst].view;
    const double got = (double)p->dst[0][view_at(v, at[0], at[1], at[2], at[3])];
    double value, magnitude;
    o->calls->exact(&p->asked, p->operands, at, &value, &magnitude);
    return fabs(got - value) <= allowed.of_magnitude * magnitude + allowed.of_rms * sums_rms;
}

/* Every output must have been written; the values of as many as make VERIFY_MACS, at least 512,
 * are compared. */
static bool verify_some(const problem *p, tolerance allowed, char *why, size_t size) {
    const view *v = &p->operands[p->operation->dst].view;
    for (size_t i = 0; i < p->dst_count; i++) {
        if (isnan(p->dst[0][i])) {
            snprintf(why, size, "element %zu of the output was not written, or is NaN", i);
            return false;
        }
    }
    const double wanted = fmax(512.0, VERIFY_MACS / (p->flops / 2 / (double)p->dst_count));
    const bool every = (double)p->dst_count <= wanted;
    const int64_t count = every ? (int64_t)p->dst_count : (int64_t)wanted;
    rng state = {4};
    for (int64_t i = 0; i < count; i++) {
        const int64_t at[4] = {every ? i / v->w / v->h / v->c : pick(&state, v->n),
                               every ? i / v->w / v->h % v->c : pick(&state, v->c),
                               every ? i / v->w % v->h : pick(&state, v->h),
                               every ? i % v->w : pick(&state, v->w)};
        if (!output_is_right(p, allowed, at)) {
            snprintf(why, size,
                     "image %" PRId64 ", channel %" PRId64 ", row %" PRId64 ", column %" PRId64
                     " is wrong",
                     at[0], at[1], at[2], at[3]);
            return false;
        }
    }
    return true;
}

bool problem_verify(const problem *p, tolerance allowed, char *why, size_t size) {
    const nt_operation *calls = p->operation->calls;
    if (calls == NULL) {
        return plan_verify_network(p, allowed, why, size);
    }
    if (calls->exact != NULL) {
        return verify_some(p, allowed, why, size);
    }
    nt_call call = {.user = NULL};
    const bool right = calls->right(&p->asked, p->operands, &call);
    snprintf(why, size, "%s", call.why);
    return right;
}

/* ---- plain C ------------------------------------------------------------------------------ */

/* The fastest of some runs of a part, on data that is there. */
static double time_part(problem p) {
    const operation *o = p.operation;
    const double parts = o->part != NULL ? o->part(&p) : 1;
    double best = INFINITY, spent = 0;
    int64_t times = 1;
    problem_bind(&p);
    for (int tries = 0; tries < 20 && spent < 0.05; tries++) {
        const double start = host_seconds();
        for (int64_t i = 0; i < times; i++) {
            if (!o->calls->define(&p.asked, NT_SEPARATE, p.operands)) {
                return 0;
            }
        }
        const double seconds = host_seconds() - start;
        best = fmin(best, seconds / (double)times);
        spent += seconds;
        times *= seconds < 1e-4 ? 4 : 1; /* too short for the clock */
    }
    return best * parts;
}

double problem_time_reference(const problem *p) {
    chain c;
    double all = 0;
    if (!p->shape.network) {
        return time_part(*p);
    }
    bool good = chain_make(&c, &p->shape) == NINETAP_OK;
    for (size_t i = 0; good && i < c.count; i++) {
        problem one;
        good = problem_init(&one, &c.layers[i].shape, p->layout) == NINETAP_OK &&
               problem_load(&one, false);
        const double seconds = good ? time_part(one) : 0;
        problem_unload(&one);
        good = seconds > 0;
        all += seconds;
    }
    return good ? all : 0;
}
