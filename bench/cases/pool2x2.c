/* 2x2 pooling of every kind: what to run, what is right, what the plain C loops take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/operation.h"
#include "cases/random.h"
#include "reference/reference.h"

#define ALPHA 0.5F /* of mixed pooling */

static ninetap_pool2x2_desc description(const problem *p) {
    const shape *s = &p->shape;
    return (ninetap_pool2x2_desc){.n = s->n,
                                  .c = s->c,
                                  .ih = s->h,
                                  .iw = s->w,
                                  .stride = s->stride,
                                  .pad = {s->pad, s->pad, s->pad, s->pad},
                                  .dilation = s->dilation,
                                  .layout = p->layout};
}

static size_t element(const problem *p) {
    return p->shape.pool == SHAPE_MAX_U8 || p->shape.pool == SHAPE_MAX_S8 ? 1 : sizeof(float);
}

/* Problems are made of floats: so many hold these elements. */
static size_t floats(const problem *p, size_t elements) {
    return (elements * element(p) + sizeof(float) - 1) / sizeof(float);
}

static ninetap_status measure(problem *p) {
    static const double operations[] = {
        [SHAPE_MAX] = 3,    [SHAPE_AVERAGE] = 4, [SHAPE_MIXED] = 10,
        [SHAPE_MAX_U8] = 3, [SHAPE_MAX_S8] = 3,  [SHAPE_UNPOOL] = 0};
    const shape *s = &p->shape;
    const bool back = s->pool == SHAPE_UNPOOL;
    ninetap_pool2x2_desc d = description(p);
    ninetap_status status = ninetap_pool2x2_output(&d, &p->oh, &p->ow);
    if (status != NINETAP_OK) {
        return status;
    }
    const size_t large = (size_t)(s->n * s->c * s->h * s->w);
    const size_t pooled = (size_t)(s->n * s->c * p->oh * p->ow);
    p->src_count = floats(p, back ? pooled : large);
    p->dst_count = floats(p, back ? large : pooled);
    p->index_count = s->indices || back ? pooled : 0;
    p->flops = operations[s->pool] * (double)pooled;
    p->bytes = (double)element(p) * ((double)large + (double)pooled) +
               (double)sizeof(int64_t) * (double)p->index_count;
    return NINETAP_OK;
}

/* The indices of some maxima, for the way back. */
static void fill(const problem *p) {
    ninetap_pool2x2_desc d = description(p);
    rng r = {5};
    if (p->shape.pool == SHAPE_UNPOOL) {
        for (size_t i = 0; i < p->dst_count; i++) {
            p->dst[0][i] = (float)(rng_next(&r) >> 40);
        }
        nt_reference_maxpool2x2_f32(&d, p->dst[0], p->src[0], p->indices);
    }
}

static void reference(const problem *p, float *to, int64_t *indices) {
    ninetap_pool2x2_desc d = description(p);
    const float *src = p->src[0];
    switch (p->shape.pool) {
    case SHAPE_MAX:
        nt_reference_maxpool2x2_f32(&d, src, to, indices);
        break;
    case SHAPE_AVERAGE:
        nt_reference_avgpool2x2_f32(&d, src, to);
        break;
    case SHAPE_MIXED:
        nt_reference_mixedpool2x2_f32(&d, ALPHA, src, to);
        break;
    case SHAPE_MAX_U8:
        nt_reference_maxpool2x2_u8(&d, (const uint8_t *)src, (uint8_t *)to, indices);
        break;
    case SHAPE_MAX_S8:
        nt_reference_maxpool2x2_s8(&d, (const int8_t *)src, (int8_t *)to, indices);
        break;
    case SHAPE_UNPOOL:
        nt_reference_maxunpool2x2_f32(&d, src, p->indices, to);
        break;
    }
}

static double run_reference(const problem *p) {
    reference(p, p->dst[0], NULL);
    return 1;
}

/* The first output that is not the same bit for bit, or has another index; their number: none. */
static size_t first_wrong(const problem *p, const void *expected, const int64_t *places,
                          size_t outputs) {
    const char *got = (const char *)p->dst[0];
    const size_t size = element(p);
    size_t i = 0;
    while (i < outputs && memcmp(got + i * size, (const char *)expected + i * size, size) == 0 &&
           (places == NULL || places[i] == p->indices[i])) {
        i++;
    }
    return i;
}

static bool verify(const problem *p, tolerance allowed, char *why, size_t size) {
    (void)allowed;
    const shape *s = &p->shape;
    const bool back = s->pool == SHAPE_UNPOOL;
    const size_t outputs = (size_t)(s->n * s->c * (back ? s->h * s->w : p->oh * p->ow));
    float *expected = malloc(p->dst_count * sizeof *expected);
    int64_t *places = s->indices ? calloc(outputs, sizeof *places) : NULL;
    size_t wrong = 0;
    const bool room = expected != NULL && (!s->indices || places != NULL);
    if (room) {
        reference(p, expected, places);
        wrong = first_wrong(p, expected, places, outputs);
    }
    free(expected);
    free(places);
    if (!room) {
        snprintf(why, size, "no memory to verify the output");
    } else if (wrong < outputs) {
        snprintf(why, size, "element %zu of the output is wrong", wrong);
    }
    return room && wrong == outputs;
}

static tolerance usual_error(const problem *p) {
    (void)p;
    return (tolerance){0};
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    static const nt_pool_op ops[] = {[SHAPE_MAX] = NT_MAX,
                                     [SHAPE_AVERAGE] = NT_AVERAGE,
                                     [SHAPE_MIXED] = NT_MIXED,
                                     [SHAPE_MAX_U8] = NT_MAX_U8,
                                     [SHAPE_MAX_S8] = NT_MAX_S8};
    const bool back = p->shape.pool == SHAPE_UNPOOL;
    *made = (plan){.kernel = back ? c->isa->unpool.name : c->isa->pool[ops[p->shape.pool]].name,
                   .isa = c->isa->name,
                   .algorithm = "",
                   .pool = description(p)};
    made->pool.isa = c->isa->name;
    made->pool.threads = c->threads;
    made->indices = p->indices;
    return NINETAP_OK;
}

static ninetap_status run_max(const plan *made, const float *src, float *dst) {
    return ninetap_maxpool2x2_f32(&made->pool, src, dst, made->indices);
}
static ninetap_status run_average(const plan *made, const float *src, float *dst) {
    return ninetap_avgpool2x2_f32(&made->pool, src, dst);
}
static ninetap_status run_mixed(const plan *made, const float *src, float *dst) {
    return ninetap_mixedpool2x2_f32(&made->pool, ALPHA, src, dst);
}
static ninetap_status run_u8(const plan *made, const float *src, float *dst) {
    return ninetap_maxpool2x2_u8(&made->pool, (const uint8_t *)src, (uint8_t *)dst, made->indices);
}
static ninetap_status run_s8(const plan *made, const float *src, float *dst) {
    return ninetap_maxpool2x2_s8(&made->pool, (const int8_t *)src, (int8_t *)dst, made->indices);
}
static ninetap_status run_back(const plan *made, const float *src, float *dst) {
    return ninetap_maxunpool2x2_f32(&made->pool, src, made->indices, dst);
}

static void destroy(plan *made) {
    (void)made;
}

#define POOLING(text, how)                                                            \
    {                                                                                 \
        .name = (text), .moves = true, .measure = measure, .fill = fill,              \
        .run_reference = run_reference, .verify = verify, .usual_error = usual_error, \
        .create = create, .run = (how), .free = destroy                               \
    }

const operation pool2x2[] = {
    [SHAPE_MAX] = POOLING("maxpool2x2", run_max),
    [SHAPE_AVERAGE] = POOLING("avgpool2x2", run_average),
    [SHAPE_MIXED] = POOLING("mixedpool2x2", run_mixed),
    [SHAPE_MAX_U8] = POOLING("maxpool2x2_u8", run_u8),
    [SHAPE_MAX_S8] = POOLING("maxpool2x2_s8", run_s8),
    [SHAPE_UNPOOL] = POOLING("maxunpool2x2", run_back),
};
