/* The reference itself, against a second one that was written apart from it (im2col, window). What
 * both agree on is what every kernel is then held against. */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>

#include "core/fma.h"
#include "reference/reference.h"
#include "support/bits.h"
#include "support/fmaf.h"
#include "support/im2col.h"
#include "support/suite.h"
#include "support/window.h"

static float *new_floats(int64_t count) {
    float *p = calloc((size_t)count + 1, sizeof *p);
    if (p == NULL)
        abort();
    return p;
}

/* ---- Convolution ---- */

typedef struct conv_tensors {
    float *src, *weights, *bias, *dst[2]; /* dst: fused, separate */
    double *value, *magnitude;
    view dst_view, dense;
} conv_tensors;

static conv_tensors conv_new(const conv_problem *p) {
    const ninetap_conv3x3_desc *d = &p->desc;
    const view src = nt_view_of(d->layout, d->n, d->ic, d->ih, d->iw, d->src_pitch);
    const int64_t oh = conv_out_h(p), ow = conv_out_w(p);
    const int64_t weights = d->oc * (d->ic / conv_groups(p)) * 9;
    conv_tensors t = {.dst_view = nt_view_of(d->layout, d->n, d->oc, oh, ow, d->dst_pitch),
                      .dense = nt_view_of(d->layout, d->n, d->oc, oh, ow, (const int64_t[3]){0})};
    nt_operand o[NT_OPERANDS];
    const int seed = nt_operation_conv3x3.operands(p, o);
    o[CONV_SRC].data = t.src = new_floats(nt_view_span(&src));
    o[CONV_WEIGHTS].data = t.weights = new_floats(weights);
    o[CONV_BIAS].data = t.bias = p->bias ? new_floats(d->oc) : NULL;
    o[CONV_RESIDUAL].role = NT_ABSENT;
    (void)nt_operands_fill(&nt_operation_conv3x3, p, o, seed);
    for (int i = 0; i < 2; i++)
        t.dst[i] = new_floats(nt_view_span(&t.dst_view));
    t.value = calloc((size_t)nt_view_span(&t.dense), sizeof(double));
    t.magnitude = calloc((size_t)nt_view_span(&t.dense), sizeof(double));
    if (t.value == NULL || t.magnitude == NULL)
        abort();
    return t;
}

static void conv_free(conv_tensors *t) {
    free(t->src);
    free(t->weights);
    free(t->bias);
    free(t->dst[0]);
    free(t->dst[1]);
    free(t->value);
    free(t->magnitude);
}

/* The activations as the header words them. */
static double activate(const ninetap_conv3x3_desc *d, double x) {
    if (isnan(x))
        return x;
    switch (d->act) {
    case NINETAP_LINEAR:
        return x;
    case NINETAP_RELU:
        return fmax(x, 0);
    case NINETAP_CLAMP:
        return fmin(fmax(x, (double)d->act_lo), (double)d->act_hi);
    case NINETAP_LEAKY_RELU:
        return x > 0 ? x : x * (double)d->act_slope;
    case NINETAP_HARD_SWISH:
        return x * (fmin(fmax(x + 3, 0), 6) / 6);
    }
    return NAN;
}

static bool close_to(double a, double b, double tolerance) {
    return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= tolerance;
}

static bool conv_element(const conv_problem *p, const conv_tensors *t, int64_t n, int64_t o,
                         int64_t y, int64_t x) {
    const im2col_result r = im2col_output(p, t->src, t->weights, t->bias, n, o, y, x);
    const int64_t i = view_at(&t->dst_view, n, o, y, x), j = view_at(&t->dense, n, o, y, x);
    const double wanted = activate(&p->desc, r.exact);
    const double ulps = 2e-15 * (r.magnitude + 1) * (double)(9 * p->desc.ic);
    if (!close_to(t->value[j], wanted, ulps) || !close_to(t->magnitude[j], r.magnitude, ulps))
        return suite_wrong("in double: %.17g, magnitude %.17g instead of %.17g, %.17g", t->value[j],
                           t->magnitude[j], wanted, r.magnitude);
    const float sums[2] = {r.fused, r.separate};
    for (int k = 0; k < 2; k++) {
        /* In float, the activation's own roundings come on top: two or three ulps. */
        const double after = activate(&p->desc, (double)sums[k]);
        const float activated = nt_reference_activation(&p->desc, sums[k]);
        if (!close_to((double)activated, after, 3 * (0x1p-24 * fabs(after) + 0x1p-149)))
            return suite_wrong("activation of %a: %a", (double)sums[k], (double)activated);
        if (!same_but_for_nan_payload(t->dst[k][i], activated))
            return suite_wrong("in float (%s): %a instead of %a", k ? "separate" : "fused",
                               (double)t->dst[k][i], (double)activated);
    }
    return true;
}

static bool conv_agrees(const conv_problem *p) {
    char text[NT_PROBLEM_TEXT];
    conv_print(text, p);
    suite_case("test_operations", text);
    conv_tensors t = conv_new(p);
    nt_reference_conv3x3_f32(&p->desc, NT_FUSED, t.src, t.weights, t.bias, t.dst[0]);
    nt_reference_conv3x3_f32(&p->desc, NT_SEPARATE, t.src, t.weights, t.bias, t.dst[1]);
    nt_reference_conv3x3_f64(&p->desc, t.src, t.weights, t.bias, t.value, t.magnitude);
    const view *v = &t.dst_view;
    bool ok = true;
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t o = 0; o < v->c; o++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; ok && x < v->w; x++)
                    ok = conv_element(p, &t, n, o, y, x);
    conv_free(&t);
    return ok;
}

static void conv3x3(void) {
    rng r = suite_rng("reference of conv3x3");
    for (int64_t i = suite_cases(2000); i > 0; i--) {
        conv_problem p = conv_random(&r, NULL, 30e3);
        p.data = rng_int(&r, DATA_INTEGER, DATA_SPECIAL);
        if (p.desc.pool == NINETAP_POOL_NONE) /* it has none */
            suite_require(conv_agrees(&p));
    }
}

/* ---- Max pooling ---- */

static bool pool_agrees(const pool_problem *p) {
    const ninetap_pool2x2_desc *d = &p->desc;
    char text[NT_PROBLEM_TEXT];
    pool_print(text, p);
    suite_case("test_operations", text);
    const int64_t oh = pool_out_h(p), ow = pool_out_w(p);
    const view src = nt_view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
    const view dst = nt_view_of(d->layout, d->n, d->c, oh, ow, d->dst_pitch);
    const view flat = nt_view_of(d->layout, d->n, d->c, oh, ow, (const int64_t[3]){0});
    float *in = new_floats(nt_view_span(&src)), *out = new_floats(nt_view_span(&dst));
    int64_t *indices = calloc((size_t)nt_view_span(&flat), sizeof *indices);
    if (indices == NULL)
        abort();
    for (int64_t i = 0; i < nt_view_span(&src); i++) {
        const uint32_t value = nt_data_bits((data_kind)p->data, 8, rng_at((uint64_t)p->seed, i));
        memcpy(in + i, &value, sizeof value);
    }
    nt_reference_maxpool2x2_f32(d, in, out, indices);
    bool ok = true;
    for (int64_t n = 0; n < d->n; n++)
        for (int64_t c = 0; c < d->c; c++)
            for (int64_t y = 0; y < oh; y++)
                for (int64_t x = 0; x < ow; x++) {
                    const window_winner wanted = window_max(p, in, n, c, y, x);
                    const float got = out[view_at(&dst, n, c, y, x)];
                    ok = ok && bits_of(got) == bits_of(wanted.value) &&
                         indices[view_at(&flat, n, c, y, x)] == wanted.index;
                }
    free(in);
    free(out);
    free(indices);
    return ok || suite_wrong("the references differ");
}

static void maxpool2x2(void) {
    rng r = suite_rng("reference of maxpool2x2");
    for (int64_t i = suite_cases(2000); i > 0; i--) {
        const pool_problem p = pool_random(&r, NULL, 1e9);
        suite_require(pool_agrees(&p));
    }
}

/* ---- Other pooling ---- */

/* A small problem, and where its outputs lie. */
typedef struct small_pool {
    pool_problem p;
    view src, dst;
    int64_t oh, ow;
} small_pool;

static small_pool draw_small(rng *r) {
    small_pool s;
    do
        s.p = pool_random(r, NULL, 1e9);
    while (s.p.desc.ih * s.p.desc.iw * s.p.desc.c > 400);
    const ninetap_pool2x2_desc *d = &s.p.desc;
    s.oh = pool_out_h(&s.p), s.ow = pool_out_w(&s.p);
    s.src = nt_view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
    s.dst = nt_view_of(d->layout, d->n, d->c, s.oh, s.ow, d->dst_pitch);
    char text[NT_PROBLEM_TEXT];
    pool_print(text, &s.p);
    suite_case("test_operations", text);
    return s;
}

/* The o-th of the outputs. */
typedef struct output {
    int64_t n, c, y, x, at;
} output;

static output output_of(const small_pool *s, int64_t o) {
    output out = {.x = o % s->ow, .y = o / s->ow % s->oh};
    out.c = o / s->ow / s->oh % s->p.desc.c;
    out.n = o / s->ow / s->oh / s->p.desc.c;
    out.at = view_at(&s->dst, out.n, out.c, out.y, out.x);
    return out;
}

static int64_t outputs(const small_pool *s) {
    return s->p.desc.n * s->p.desc.c * s->oh * s->ow;
}

/* Quarters of few small numbers: nothing is rounded. */
static void averages(void) {
    rng r = suite_rng("reference of avgpool2x2");
    for (int64_t i = suite_cases(500); i > 0; i--) {
        const small_pool s = draw_small(&r);
        float *in = new_floats(nt_view_span(&s.src)), *out = new_floats(nt_view_span(&s.dst)),
              *mixed = new_floats(nt_view_span(&s.dst));
        for (int64_t k = 0; k < nt_view_span(&s.src); k++)
            in[k] = from_bits(nt_data_bits(DATA_TIES, 8, rng_next(&r)));
        nt_reference_avgpool2x2_f32(&s.p.desc, in, out);
        nt_reference_mixedpool2x2_f32(&s.p.desc, 0.25F, in, mixed);
        for (int64_t o = 0; o < outputs(&s); o++) {
            const output to = output_of(&s, o);
            const double average = window_average(&s.p, in, to.n, to.c, to.y, to.x);
            const window_winner most = window_max(&s.p, in, to.n, to.c, to.y, to.x);
            REQUIRE((double)out[to.at] == average);
            REQUIRE((double)mixed[to.at] == 0.25 * (double)most.value + 0.75 * average);
        }
        free(in);
        free(out);
        free(mixed);
    }
}

/* Bytes as floats: the same winners in the same places, and the mean, which floats hold, rounded.
 */
static void bytes(void) {
    rng r = suite_rng("reference of maxpool2x2_u8");
    for (int64_t i = suite_cases(500); i > 0; i--) {
        const small_pool s = draw_small(&r);
        const size_t src_count = (size_t)nt_view_span(&s.src),
                     dst_count = (size_t)nt_view_span(&s.dst);
        const bool is_signed = rng_one_in(&r, 2);
        float *values = new_floats((int64_t)src_count);
        uint8_t *in = malloc(src_count + 1), *out = malloc(dst_count + 1),
                *mean = malloc(dst_count + 1);
        int64_t *indices = calloc(dst_count + 1, sizeof *indices);
        if (in == NULL || out == NULL || mean == NULL || indices == NULL)
            abort();
        for (size_t k = 0; k < src_count; k++) {
            in[k] = nt_data_byte((data_kind)s.p.data, rng_next(&r));
            values[k] = is_signed ? (float)(int8_t)in[k] : (float)in[k];
        }
        if (is_signed) {
            nt_reference_maxpool2x2_s8(&s.p.desc, (int8_t *)in, (int8_t *)out, indices);
            nt_reference_avgpool2x2_s8(&s.p.desc, (int8_t *)in, (int8_t *)mean);
        } else {
            nt_reference_maxpool2x2_u8(&s.p.desc, in, out, indices);
            nt_reference_avgpool2x2_u8(&s.p.desc, in, mean);
        }
        const view flat =
            nt_view_of(s.p.desc.layout, s.p.desc.n, s.p.desc.c, s.oh, s.ow, (const int64_t[3]){0});
        for (int64_t o = 0; o < outputs(&s); o++) {
            const output to = output_of(&s, o);
            window_winner most = window_max(&s.p, values, to.n, to.c, to.y, to.x);
            if (most.index < 0)
                most.value = is_signed ? -128.0F : 0.0F;
            REQUIRE((is_signed ? (float)(int8_t)out[to.at] : (float)out[to.at]) == most.value);
            REQUIRE(indices[view_at(&flat, to.n, to.c, to.y, to.x)] == most.index);
            REQUIRE((is_signed ? (double)(int8_t)mean[to.at] : (double)mean[to.at]) ==
                    rint(window_average(&s.p, values, to.n, to.c, to.y, to.x)));
        }
        free(values);
        free(in);
        free(out);
        free(mean);
        free(indices);
    }
}

/* ---- Fused multiply-add ---- */

/* Sums that lie beside a tie by less than a double can say: rounded to double first they would be
 * on it. The product of these two is 2^46 + 1, that of the next two 2^46 - 1. */
#define ABOVE 8384513.0F, 8392705.0F
#define BELOW 8388609.0F, 8388607.0F

static void fma_beside_ties(void) {
    static const struct {
        float a, b;
        int scale; /* of the product */
        float c, right;
    } sums[] = {
        {ABOVE, -70, 0x1p0F, 0x1.000002p0F},
        {BELOW, -70, 0x1.000002p0F, 0x1.000002p0F},
        {ABOVE, -196, 0x1p-127F, 0x1.000004p-127F}, /* subnormal */
        {BELOW, -196, 0x1.000004p-127F, 0x1.000004p-127F},
        {ABOVE, 56, 0x1.fffffcp126F, 0x1.fffffep126F},
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        const int half = sums[i].scale / 2;
        const float a = ldexpf(sums[i].a, half), b = ldexpf(sums[i].b, sums[i].scale - half);
        const float c = sums[i].c, right = sums[i].right;
        REQUIRE(bits_of(nt_fmaf_of_doubles(a, b, c)) == bits_of(right));
        REQUIRE(bits_of(nt_fmaf_of_doubles(-a, b, -c)) == bits_of(-right));
        REQUIRE(bits_of(nt_fmaf(a, b, c)) == bits_of(right));
    }
}

/* Any bits at all, and sums of numbers that are near each other, as the C library gives them. */
static void fma_in_all_modes(void) {
    static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    rng r = suite_rng("fma");
    for (int64_t i = suite_cases(400000); i > 0; i--) {
        const uint64_t most = rng_next(&r), rest = rng_next(&r);
        float x[3] = {from_bits((uint32_t)most), from_bits((uint32_t)(most >> 32)),
                      from_bits((uint32_t)rest)};
        if (rest >> 63 != 0) {
            x[0] = from_bits(((uint32_t)most & 0x807FFE00U) | 0x3F800000U);
            x[1] = from_bits((uint32_t)(most >> 32) >> 9 | 0x3F800000U);
            x[2] = ldexpf(1.0F + (float)(rest & 0xFFFF), (int)(rest >> 32 & 63) - 32);
        }
        fesetround(modes[i % 4]);
        const float own = nt_fmaf_of_doubles(x[0], x[1], x[2]), right = fmaf(x[0], x[1], x[2]);
        fesetround(FE_TONEAREST);
        REQUIRE(same_but_for_nan_payload(own, right));
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {{.name = "conv3x3", .once = conv3x3},
                                       {.name = "maxpool2x2", .once = maxpool2x2},
                                       {.name = "averages", .once = averages},
                                       {.name = "bytes", .once = bytes},
                                       {.name = "fma_beside_ties", .once = fma_beside_ties},
                                       {.name = "fma_in_all_modes", .once = fma_in_all_modes},
                                       {0}};
    return suite_main("reference", tests, argc, argv);
}
