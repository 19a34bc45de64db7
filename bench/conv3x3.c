/* conv3x3 with bias and ReLU: what to run, what is right, what the plain C loops take. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "operation.h"
#include "random.h"
#include "reference/reference.h"

/* About 10 ms of the reference's loops. */
#define REFERENCE_MACS 1e7

static ninetap_conv3x3_desc description(const problem *p) {
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

static ninetap_status measure(problem *p) {
    const shape *s = &p->shape;
    ninetap_conv3x3_desc d = description(p);
    ninetap_status status = ninetap_conv3x3_output(&d, &p->oh, &p->ow);
    if (status != NINETAP_OK) {
        return status;
    }
    p->src_count = (size_t)(s->n * s->c * s->h * s->w);
    p->weights_count = (size_t)(s->oc * (s->c / s->groups) * 9);
    p->bias_count = (size_t)s->oc;
    p->dst_count = (size_t)(s->n * s->oc * p->oh * p->ow);
    const int64_t macs = 9 * (s->c / s->groups); /* of one output */
    p->flops = 2.0 * (double)macs * (double)p->dst_count;
    p->bytes = (double)sizeof(float) *
               ((double)p->src_count + (double)p->weights_count + (double)p->dst_count);
    return NINETAP_OK;
}

/* The pitches of p's src, for descriptions of a part of it. */
static void set_pitches(ninetap_conv3x3_desc *d, const problem *p) {
    const shape *s = &p->shape;
    d->src_pitch[0] = s->c * s->h * s->w;
    d->src_pitch[1] = p->layout == NINETAP_NCHW ? s->h * s->w : s->w * s->c;
    d->src_pitch[2] = p->layout == NINETAP_NCHW ? s->w : s->c;
}

/* Of a big problem only as many output channels (where there are groups, groups) as make
 * REFERENCE_MACS: each of them costs the same. Separate multiply and add, as plain C has it. */
static double run_reference(const problem *p) {
    const shape *s = &p->shape;
    bool grouped = s->groups > 1;
    int64_t all = grouped ? s->groups : s->oc;
    int64_t part = (int64_t)fmax(1.0, fmin(1.0, REFERENCE_MACS / (p->flops / 2)) * (double)all);
    ninetap_conv3x3_desc d = description(p);
    d.oc = s->oc / all * part;
    if (grouped) {
        d.ic = s->c / all * part;
        d.groups = part;
    }
    set_pitches(&d, p);
    nt_reference_conv3x3_f32(&d, NT_SEPARATE, p->src[0], p->weights, p->bias, p->dst[0]);
    return (double)all / (double)part;
}

/* The rows (or columns) that the window of one output reaches: those inside the image, and how many
 * are missing before and after. */
typedef struct reach {
    int64_t first, count;
    int before, after;
} reach;

static reach window(int64_t output, const shape *s, int64_t size) {
    int64_t from = output * s->stride - s->pad, to = from + 2 * (int64_t)s->dilation + 1;
    reach r = {.first = from < 0 ? 0 : from,
               .before = from < 0 ? (int)-from : 0,
               .after = to > size ? (int)(to - size) : 0};
    r.count = (to > size ? size : to) - r.first;
    return r;
}

/* One output is itself a convolution, of what its window reaches: so the reference can be asked for
 * single outputs. */
static bool output_is_right(const problem *p, double error_bound, const int64_t at[4]) {
    const int64_t n = at[0], o = at[1], y = at[2], x = at[3];
    const shape *s = &p->shape;
    const reach rows = window(y, s, s->h), columns = window(x, s, s->w);
    const int64_t channels = s->c / s->groups, group = o / (s->oc / s->groups);

    ninetap_conv3x3_desc d = description(p);
    d.n = d.oc = d.groups = 1;
    d.ic = channels;
    d.ih = rows.count;
    d.iw = columns.count;
    d.pad[0] = rows.before;
    d.pad[1] = columns.before;
    d.pad[2] = rows.after;
    d.pad[3] = columns.after;
    set_pitches(&d, p);

    bool nchw = p->layout == NINETAP_NCHW;
    const int64_t *pitch = d.src_pitch;
    const float *src = p->src[0] + n * pitch[0];
    src += nchw ? group * channels * pitch[1] + rows.first * pitch[2] + columns.first
                : rows.first * pitch[1] + columns.first * pitch[2] + group * channels;
    double value, magnitude;
    nt_reference_conv3x3_f64(&d, src, p->weights + o * channels * 9, p->bias + o, &value,
                             &magnitude);
    int64_t element = nchw ? ((n * s->oc + o) * p->oh + y) * p->ow + x
                           : ((n * p->oh + y) * p->ow + x) * s->oc + o;
    return fabs((double)p->dst[0][element] - value) <= error_bound * magnitude;
}

/* Random, the first and the last one often: there is where kernels have their edges. */
static int64_t pick(uint64_t *state, int64_t size) {
    uint64_t bits = random_next(state);
    if (bits % 8 < 2) {
        return bits % 8 == 0 ? 0 : size - 1;
    }
    return (int64_t)((bits >> 3) % (uint64_t)size);
}

/* Every output must have been written; the values of as many as make REFERENCE_MACS, at least 512,
 * are compared. */
static bool verify(const problem *p, double error_bound, char *why, size_t size) {
    const shape *s = &p->shape;
    for (size_t i = 0; i < p->dst_count; i++) {
        if (isnan(p->dst[0][i])) {
            snprintf(why, size, "element %zu of the output was not written, or is NaN", i);
            return false;
        }
    }
    double wanted = fmax(512.0, REFERENCE_MACS / (p->flops / 2 / (double)p->dst_count));
    bool every = (double)p->dst_count <= wanted;
    int64_t count = every ? (int64_t)p->dst_count : (int64_t)wanted;
    uint64_t state = 4;
    for (int64_t i = 0; i < count; i++) {
        const int64_t at[4] = {every ? i / p->ow / p->oh / s->oc : pick(&state, s->n),
                               every ? i / p->ow / p->oh % s->oc : pick(&state, s->oc),
                               every ? i / p->ow % p->oh : pick(&state, p->oh),
                               every ? i % p->ow : pick(&state, p->ow)};
        if (output_is_right(p, error_bound, at)) {
            continue;
        }
        snprintf(why, size,
                 "image %" PRId64 ", channel %" PRId64 ", row %" PRId64 ", column %" PRId64
                 " is wrong",
                 at[0], at[1], at[2], at[3]);
        return false;
    }
    return true;
}

/* Rounding errors of random signs add up like a random walk: relative to the sum of magnitudes they
 * shrink with the root of the number of taps. 2^-11 of that leaves room for every fast algorithm in
 * float, F(6x6,3x3) included, and none for half precision or a tap left out. */
static double usual_error(const problem *p) {
    const int64_t taps = 9 * (p->shape.c / p->shape.groups);
    return 0x1p-11 / sqrt((double)taps);
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    ninetap_conv3x3_desc d = description(p);
    d.isa = c->isa->name;
    d.threads = c->threads;
    d.algo = c->algo;
    d.precision = c->precision;
    *made = (plan){0};
    ninetap_status status = ninetap_conv3x3_create(&made->conv, &d, p->weights, p->bias);
    if (status != NINETAP_OK) {
        return status;
    }
    ninetap_plan_info info;
    ninetap_conv3x3_describe(made->conv, &info);
    made->algorithm = info.algorithm;
    made->kernel = info.kernel;
    made->isa = info.isa;
    made->error_bound = info.error_bound;
    return NINETAP_OK;
}

static ninetap_status run(const plan *made, const float *src, float *dst) {
    return ninetap_conv3x3_run(made->conv, src, dst, NULL);
}

static void destroy(plan *made) {
    ninetap_conv3x3_free(made->conv);
    made->conv = NULL;
}

const operation conv3x3 = {.name = "conv3x3",
                           .measure = measure,
                           .run_reference = run_reference,
                           .verify = verify,
                           .usual_error = usual_error,
                           .create = create,
                           .run = run,
                           .free = destroy};
