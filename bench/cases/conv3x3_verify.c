/* When an output of conv3x3 is right. */
#include "cases/conv3x3.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cases/random.h"
#include "reference/reference.h"

/* About 10 ms of the reference's loops. */
#define VERIFY_MACS 1e7

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

/* Before the pooling. One output is itself a convolution, of what its window reaches: so the
 * reference can be asked for single outputs. */
static double output_at(const problem *p, const int64_t at[4], double *magnitude) {
    const int64_t n = at[0], o = at[1], y = at[2], x = at[3];
    const shape *s = &p->shape;
    const reach rows = window(y, s, s->h), columns = window(x, s, s->w);
    const int64_t channels = s->c / s->groups, group = o / (s->oc / s->groups);

    ninetap_conv3x3_desc d = conv3x3_description(p);
    d.n = d.oc = d.groups = 1;
    d.ic = channels;
    d.ih = rows.count;
    d.iw = columns.count;
    d.pad[0] = rows.before;
    d.pad[1] = columns.before;
    d.pad[2] = rows.after;
    d.pad[3] = columns.after;
    conv3x3_set_pitches(&d, p);

    bool nchw = p->layout == NINETAP_NCHW;
    const int64_t *pitch = d.src_pitch;
    const float *src = p->src[0] + n * pitch[0];
    src += nchw ? group * channels * pitch[1] + rows.first * pitch[2] + columns.first
                : rows.first * pitch[1] + columns.first * pitch[2] + group * channels;
    double value;
    nt_reference_conv3x3_f64(&d, src, p->weights + o * channels * 9, p->bias + o, &value,
                             magnitude);
    return value;
}

static double distance(const problem *p, tolerance allowed, double magnitude) {
    return allowed.of_magnitude * magnitude +
           (allowed.of_rms > 0 ? allowed.of_rms * conv3x3_rms(p) : 0);
}

/* The largest of four is off by no more than the one that is off most. */
static bool output_is_right(const problem *p, tolerance allowed, const int64_t at[4]) {
    const int step = p->shape.pooled ? 2 : 1;
    double expected = -INFINITY, magnitude = 0;
    for (int i = 0; i < step * step; i++) {
        const int64_t inner[4] = {at[0], at[1], step * at[2] + i / step, step * at[3] + i % step};
        double here;
        expected = fmax(expected, output_at(p, inner, &here));
        magnitude = fmax(magnitude, here);
    }
    const int64_t n = at[0], o = at[1], y = at[2], x = at[3], channels = p->shape.oc;
    const int64_t element = p->layout == NINETAP_NCHW
                                ? ((n * channels + o) * p->oh + y) * p->ow + x
                                : ((n * p->oh + y) * p->ow + x) * channels + o;
    return fabs((double)p->dst[0][element] - expected) <= distance(p, allowed, magnitude);
}

/* Random, the first and the last one often: there is where kernels have their edges. */
static int64_t pick(rng *state, int64_t size) {
    uint64_t bits = rng_next(state);
    if (bits % 8 < 2) {
        return bits % 8 == 0 ? 0 : size - 1;
    }
    return (int64_t)((bits >> 3) % (uint64_t)size);
}

/* Every output must have been written; the values of as many as make VERIFY_MACS, at least 512,
 * are compared. */
bool conv3x3_verify(const problem *p, tolerance allowed, char *why, size_t size) {
    const shape *s = &p->shape;
    for (size_t i = 0; i < p->dst_count; i++) {
        if (isnan(p->dst[0][i])) {
            snprintf(why, size, "element %zu of the output was not written, or is NaN", i);
            return false;
        }
    }
    double wanted = fmax(512.0, VERIFY_MACS / (p->flops / 2 / (double)p->dst_count));
    bool every = (double)p->dst_count <= wanted;
    int64_t count = every ? (int64_t)p->dst_count : (int64_t)wanted;
    rng state = {4};
    for (int64_t i = 0; i < count; i++) {
        const int64_t at[4] = {every ? i / p->ow / p->oh / s->oc : pick(&state, s->n),
                               every ? i / p->ow / p->oh % s->oc : pick(&state, s->oc),
                               every ? i / p->ow % p->oh : pick(&state, p->oh),
                               every ? i % p->ow : pick(&state, p->ow)};
        if (output_is_right(p, allowed, at)) {
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

/* ---- tolerances --------------------------------------------------------------------------- */

static double taps(const problem *p) {
    const int64_t channels = p->shape.c / p->shape.groups;
    return 9.0 * (double)channels;
}

/* 7/12 is the mean square of src and of weights (problem.c), whose signs are random. */
double conv3x3_rms(const problem *p) {
    return sqrt(taps(p)) * (7.0 / 12.0);
}

/* Rounding errors of random signs add up like a random walk: relative to the sum of magnitudes they
 * shrink with the root of the number of taps. 2^-11 of that leaves room for every fast algorithm in
 * float, F(6x6,3x3) included, and none for half precision or a tap left out. */
tolerance conv3x3_usual_error(const problem *p) {
    return (tolerance){.of_magnitude = 0x1p-11 / sqrt(taps(p))};
}

/* 3 to 5 times what float leaves at most on random data of up to 512 channels; it grows with their
 * root. */
double conv3x3_rms_error(const problem *p, const char *algorithm) {
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

/* A direct plan's bound is of the output's own sum, and tight. A Winograd plan's is of the largest
 * sum in a tile with every weight as large as its filter's largest, and of the worst signs: a wrong
 * output could pass. So those are held against the root mean square of the sums. */
tolerance conv3x3_promised(const problem *p, const ninetap_plan_info *info) {
    tolerance t = {0};
    if (strcmp(info->algorithm, "direct") == 0) {
        t.of_magnitude = info->error_bound;
    } else {
        t.of_rms = conv3x3_rms_error(p, info->algorithm);
    }
    return t;
}
