/* conv3x3 with bias and ReLU, and where the shape says so with max pooling behind it: what to run,
 * what the plain C loops take. */
#include "cases/conv3x3.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "conv3x3/conv3x3.h"
#include "measure/host.h"
#include "cases/random.h"
#include "reference/reference.h"

/* About 10 ms of the reference's loops. */
#define REFERENCE_MACS 1e7

ninetap_conv3x3_desc conv3x3_description(const problem *p) {
    const shape *s = &p->shape;
    return (ninetap_conv3x3_desc){.n = s->n,
                                  .ic = s->c,
                                  .ih = s->h,
                                  .iw = s->w,
                                  .oc = s->oc,
                                  .pad = {s->pad, s->pad, s->pad, s->pad},
                                  .stride = s->stride,
                                  .dilation = s->dilation,
                                  .groups = s->groups,
                                  .layout = p->layout,
                                  .act = NINETAP_RELU};
}

static ninetap_pool2x2_desc pool_description(const problem *p) {
    return (ninetap_pool2x2_desc){
        .n = p->shape.n, .c = p->shape.oc, .ih = p->conv_oh, .iw = p->conv_ow, .layout = p->layout};
}

void conv3x3_set_pitches(ninetap_conv3x3_desc *d, const problem *p) {
    const shape *s = &p->shape;
    d->src_pitch[0] = s->c * s->h * s->w;
    d->src_pitch[1] = p->layout == NINETAP_NCHW ? s->h * s->w : s->w * s->c;
    d->src_pitch[2] = p->layout == NINETAP_NCHW ? s->w : s->c;
}

/* Before the pooling. */
static size_t sums(const problem *p) {
    return (size_t)(p->shape.n * p->shape.oc * p->conv_oh * p->conv_ow);
}

/* What the pooling does not look at, the last row or column of an odd number, is not counted. */
static ninetap_status measure(problem *p) {
    const shape *s = &p->shape;
    ninetap_conv3x3_desc d = conv3x3_description(p);
    ninetap_status status = ninetap_conv3x3_output(&d, &p->conv_oh, &p->conv_ow);
    if (status == NINETAP_OK) {
        d.pool = s->pooled ? NINETAP_POOL_MAX : NINETAP_POOL_NONE;
        status = ninetap_conv3x3_output(&d, &p->oh, &p->ow);
    }
    if (status != NINETAP_OK) {
        return status;
    }
    p->src_count = (size_t)(s->n * s->c * s->h * s->w);
    p->weights_count = (size_t)(s->oc * (s->c / s->groups) * 9);
    p->bias_count = (size_t)s->oc;
    p->dst_count = (size_t)(s->n * s->oc * p->oh * p->ow);
    const int64_t macs = 9 * (s->c / s->groups) * (s->pooled ? 4 : 1); /* of one output */
    p->flops = 2.0 * (double)macs * (double)p->dst_count;
    p->bytes = (double)sizeof(float) *
               ((double)p->src_count + (double)p->weights_count + (double)p->dst_count);
    return NINETAP_OK;
}

/* One to two standard deviations of the sums it is added to, so that ReLU leaves most outputs
 * standing and a wrong sum is seen. */
static void fill(const problem *p) {
    rng r = {3};
    random_fill(p->weights, p->weights_count, 2);
    for (size_t i = 0; i < p->bias_count; i++) {
        p->bias[i] = (float)(conv3x3_rms(p) * (1.0 + random_unit(&r)));
    }
}

/* Of a big problem only as many output channels (where there are groups, groups) as make
 * REFERENCE_MACS: each of them costs the same. Separate multiply and add, as plain C has it. */
static double convolve(const problem *p, float *dst) {
    const shape *s = &p->shape;
    bool grouped = s->groups > 1;
    int64_t all = grouped ? s->groups : s->oc;
    int64_t part = (int64_t)fmax(1.0, fmin(1.0, REFERENCE_MACS / (p->flops / 2)) * (double)all);
    ninetap_conv3x3_desc d = conv3x3_description(p);
    d.oc = s->oc / all * part;
    if (grouped) {
        d.ic = s->c / all * part;
        d.groups = part;
    }
    conv3x3_set_pitches(&d, p);
    nt_reference_conv3x3_f32(&d, NT_SEPARATE, p->src[0], p->weights, p->bias, dst);
    if (p->shape.pooled) {
        ninetap_pool2x2_desc pool = pool_description(p);
        pool.c = d.oc;
        nt_reference_maxpool2x2_f32(&pool, dst, p->dst[0], NULL);
    }
    return (double)all / (double)part;
}

/* 0: no memory. */
static double run_reference(const problem *p) {
    if (!p->shape.pooled) {
        return convolve(p, p->dst[0]);
    }
    float *between = malloc(sums(p) * sizeof *between);
    const double parts = between != NULL ? convolve(p, between) : 0;
    free(between);
    return parts;
}

/* ---- ninetap ------------------------------------------------------------------------------ */

static void describe(plan *made, const problem *p) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(made->conv, &info);
    made->algorithm = info.algorithm;
    made->kernel = info.kernel;
    made->isa = info.isa;
    made->promised = conv3x3_promised(p, &info);
}

/* The second call of two. */
static bool add_pool(plan *made, const problem *p, const choice *c) {
    made->pool = pool_description(p);
    made->pool.isa = c->isa->name;
    made->pool.threads = c->threads;
    made->between = host_alloc(sums(p) * sizeof(float));
    snprintf(made->kernels, sizeof made->kernels, "%s, %s", made->kernel,
             c->isa->pool[NT_MAX].name);
    made->kernel = made->kernels;
    return made->between != NULL;
}

static void destroy(plan *made) {
    ninetap_conv3x3_free(made->conv);
    host_free(made->between);
    made->conv = NULL;
    made->between = NULL;
}

static ninetap_conv3x3_desc request(const problem *p, const choice *c) {
    ninetap_conv3x3_desc d = conv3x3_description(p);
    d.isa = c->isa->name;
    d.threads = c->threads;
    d.algo = c->algo;
    d.precision = c->precision;
    d.pool = p->shape.pooled && !c->unfused ? NINETAP_POOL_MAX : NINETAP_POOL_NONE;
    return d;
}

/* Among what AUTO chooses: the library's methods, several for the direct algorithm. */
int conv3x3_candidates(const problem *p, const choice *c) {
    const ninetap_conv3x3_desc d = request(p, c);
    nt_conv_shape sizes;
    nt_conv conv;
    nt_candidate list[NT_CANDIDATES];
    return nt_conv_shape_of(&d, &sizes) == NINETAP_OK && nt_conv_of(&d, &sizes, &conv) == NINETAP_OK
               ? nt_conv_candidates(&conv, list)
               : 0;
}

static bool may_take(const ninetap_conv3x3 *made, ninetap_precision precision) {
    nt_candidate list[NT_CANDIDATES];
    nt_conv asked = made->conv;
    asked.desc.algo = NINETAP_ALGO_AUTO;
    asked.desc.precision = precision;
    for (int i = 0, count = nt_conv_candidates(&asked, list); i < count; i++) {
        if (list[i].method == made->method) {
            return true;
        }
    }
    return false;
}

static const char *candidate_choice(const ninetap_conv3x3 *made) {
    const bool usual = may_take(made, NINETAP_PRECISION_DEFAULT);
    const bool fast = may_take(made, NINETAP_PRECISION_FAST);
    return usual && fast ? "default fast" : usual ? "default" : fast ? "fast" : "";
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    const ninetap_conv3x3_desc d = request(p, c);
    const bool apart = p->shape.pooled && c->unfused;
    *made = (plan){0};
    ninetap_status status = NINETAP_ERR_UNSUPPORTED;
    if (c->candidate == 0) {
        status = ninetap_conv3x3_create(&made->conv, &d, p->weights, p->bias);
    } else if (c->candidate < conv3x3_candidates(p, c)) {
        status = nt_conv_create(&made->conv, &d, p->weights, p->bias, c->candidate);
    }
    if (status != NINETAP_OK) {
        return status;
    }
    describe(made, p);
    made->candidate = c->algo != NINETAP_ALGO_AUTO ? candidate_choice(made->conv) : NULL;
    if (apart && !add_pool(made, p, c)) {
        destroy(made);
        return NINETAP_ERR_NOMEM;
    }
    return NINETAP_OK;
}

static ninetap_status run(const plan *made, const float *src, float *dst) {
    float *sums_at = made->between != NULL ? made->between : dst;
    ninetap_status status = ninetap_conv3x3_run(made->conv, src, sums_at, made->workspace);
    if (status == NINETAP_OK && made->between != NULL) {
        status = ninetap_maxpool2x2_f32(&made->pool, made->between, dst, NULL);
    }
    return status;
}

const operation conv3x3 = {.name = "conv3x3",
                           .measure = measure,
                           .fill = fill,
                           .run_reference = run_reference,
                           .verify = conv3x3_verify,
                           .usual_error = conv3x3_usual_error,
                           .create = create,
                           .run = run,
                           .free = destroy};
