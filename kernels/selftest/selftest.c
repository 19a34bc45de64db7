/* Every usable path against the reference, on this machine: bit for bit where the contract gives
 * the bits, within the stated error bound where it does not (Winograd). */
#include "core/build.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "ninetap.h"
#include "reference/reference.h"
#include "targets/isa.h"

typedef struct tester {
    ninetap_selftest_report report;
    float *src, *weights, *bias, *got, *want;
    double *exact, *scale;
    int64_t *got_index, *want_index;
} tester;

enum { MOST = 64 * 1024, MOST_WEIGHTS = 16 * 1024, MOST_CHANNELS = 128 };

/* A linear congruential generator (Knuth, MMIX): values in [-1, 1), multiples of 2^-23. */
static void fill_values(float *p, int64_t n, uint64_t seed) {
    for (int64_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        p[i] = (float)(int32_t)(seed >> 40) * 0x1p-23F - 1.0F;
    }
}

static void fail(tester *t, const char *what) {
    if (t->report.failures++ == 0) {
        snprintf(t->report.first_failure, sizeof t->report.first_failure, "%s", what);
    }
}

static bool same_bits(tester *t, const ninetap_conv3x3_desc *d, const char *isa, size_t count) {
    const bool fused = d->precision == NINETAP_PRECISION_EXACT ||
                       (d->precision != NINETAP_PRECISION_PORTABLE && nt_find_isa(isa)->fast_fma);
    nt_reference_conv3x3_f32(d, fused ? NT_FUSED : NT_SEPARATE, t->src, t->weights, t->bias,
                             t->want);
    return memcmp(t->got, t->want, count * sizeof(float)) == 0;
}

/* The activations here are nowhere steeper than 1.5 (hard-swish), and round at most three times. */
static bool within_bound(tester *t, const ninetap_conv3x3_desc *d, int m, double error_bound,
                         size_t count) {
    nt_reference_conv3x3_f64(d, t->src, t->weights, t->bias, t->exact, NULL);
    nt_reference_winograd_scale(d, m, t->src, t->weights, t->bias, t->scale);
    for (size_t i = 0; i < count; i++) {
        const double allowed = 1.5 * error_bound * t->scale[i] + 0x1p-22 * fabs(t->exact[i]);
        if (!(fabs((double)t->got[i] - t->exact[i]) <= allowed)) {
            return false;
        }
    }
    return true;
}

/* 0: not Winograd. */
static int tile_of(const char *algorithm) {
    static const char name[] = "winograd";
    const size_t length = sizeof name - 1;
    return strncmp(algorithm, name, length) == 0 ? algorithm[length] - '0' : 0;
}

static void check_conv3x3(tester *t, const ninetap_conv3x3_desc *d) {
    char name[200];
    int64_t oh = 0;
    int64_t ow = 0;
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info = {0};
    snprintf(name, sizeof name,
             "conv3x3 %s %s algo %d precision %d: %" PRId64 "x%" PRId64 "x%" PRId64 " -> %" PRId64
             " s%d d%d g%" PRId64,
             d->isa, d->layout == NINETAP_NCHW ? "nchw" : "nhwc", (int)d->algo, (int)d->precision,
             d->ic, d->ih, d->iw, d->oc, d->stride, d->dilation, d->groups);
    t->report.cases++;
    if (ninetap_conv3x3_output(d, &oh, &ow) != NINETAP_OK ||
        ninetap_conv3x3_create(&plan, d, t->weights, t->bias) != NINETAP_OK ||
        ninetap_conv3x3_run(plan, t->src, t->got, NULL) != NINETAP_OK) {
        ninetap_conv3x3_free(plan);
        fail(t, name);
        return;
    }
    ninetap_conv3x3_describe(plan, &info);
    ninetap_conv3x3_free(plan);
    const size_t count = (size_t)(d->n * d->oc * oh * ow);
    const int m = tile_of(info.algorithm);
    if (!(m != 0 ? within_bound(t, d, m, info.error_bound, count)
                 : same_bits(t, d, info.isa, count))) {
        fail(t, name);
    }
}

static void conv3x3_cases(tester *t, const char *isa) {
    static const struct {
        ninetap_algo algo;
        ninetap_precision precision;
    } how[] = {
        {NINETAP_ALGO_AUTO, NINETAP_PRECISION_DEFAULT},
        {NINETAP_ALGO_AUTO, NINETAP_PRECISION_EXACT},
        {NINETAP_ALGO_AUTO, NINETAP_PRECISION_PORTABLE},
        {NINETAP_ALGO_AUTO, NINETAP_PRECISION_FAST},
        {NINETAP_ALGO_WINOGRAD2, NINETAP_PRECISION_DEFAULT},
        {NINETAP_ALGO_WINOGRAD4, NINETAP_PRECISION_DEFAULT},
        {NINETAP_ALGO_WINOGRAD6, NINETAP_PRECISION_FAST},
    };
    enum { HOW = sizeof how / sizeof how[0] };
    static const struct {
        int64_t ic, ih, iw, oc, groups;
        int stride, dilation, pad;
    } shapes[] = {
        {1, 28, 28, 8, 1, 1, 1, 0},   {8, 13, 13, 16, 1, 1, 1, 1}, {3, 33, 41, 35, 1, 2, 1, 1},
        {17, 9, 19, 50, 1, 1, 1, 1},  {33, 7, 7, 40, 1, 1, 1, 1},  {6, 11, 45, 9, 3, 1, 2, 2},
        {19, 8, 21, 19, 19, 1, 1, 1}, {5, 14, 37, 5, 5, 3, 1, 1},  {2, 3, 3, 1, 1, 1, 1, 2},
        {5, 8, 103, 6, 1, 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const bool simple =
            shapes[i].groups == 1 && shapes[i].stride == 1 && shapes[i].dilation == 1;
        for (int k = 0; k < 2 * HOW; k++) {
            const int pad = shapes[i].pad;
            if (how[k / 2].algo >= NINETAP_ALGO_WINOGRAD2 && !simple) {
                continue;
            }
            const ninetap_conv3x3_desc d = {
                .n = 1,
                .ic = shapes[i].ic,
                .ih = shapes[i].ih,
                .iw = shapes[i].iw,
                .oc = shapes[i].oc,
                .groups = shapes[i].groups,
                .stride = shapes[i].stride,
                .dilation = shapes[i].dilation,
                .pad = {pad, pad, pad, pad},
                .layout = k % 2 == 0 ? NINETAP_NCHW : NINETAP_NHWC,
                .algo = how[k / 2].algo,
                .precision = how[k / 2].precision,
                .act = (ninetap_act)(i % (NINETAP_HARD_SWISH + 1)),
                .act_lo = -0.5F,
                .act_hi = 0.75F,
                .act_slope = 0.125F,
                .isa = isa,
            };
            check_conv3x3(t, &d);
        }
    }
}

static void check_maxpool(tester *t, const ninetap_pool2x2_desc *d) {
    char name[200];
    int64_t oh = 0;
    int64_t ow = 0;
    snprintf(name, sizeof name,
             "maxpool2x2 %s %s: %" PRId64 "x%" PRId64 "x%" PRId64 " s%d p%d nan %d", d->isa,
             d->layout == NINETAP_NCHW ? "nchw" : "nhwc", d->c, d->ih, d->iw, d->stride, d->pad[0],
             (int)d->nan);
    t->report.cases++;
    if (ninetap_pool2x2_output(d, &oh, &ow) != NINETAP_OK ||
        ninetap_maxpool2x2_f32(d, t->src, t->got, NULL) != NINETAP_OK) {
        fail(t, name);
        return;
    }
    const size_t count = (size_t)(d->n * d->c * oh * ow);
    nt_reference_maxpool2x2_f32(d, t->src, t->want, t->want_index);
    bool same = memcmp(t->got, t->want, count * sizeof(float)) == 0;
    same = same && ninetap_maxpool2x2_f32(d, t->src, t->got, t->got_index) == NINETAP_OK &&
           memcmp(t->got, t->want, count * sizeof(float)) == 0 &&
           memcmp(t->got_index, t->want_index, count * sizeof(int64_t)) == 0;
    if (!same) {
        fail(t, name);
    }
}

static void maxpool_cases(tester *t, const char *isa) {
    for (int k = 0; k < 24; k++) {
        const int pad = k / 2 % 2;
        const ninetap_pool2x2_desc d = {
            .n = 1,
            .c = 3 + 6 * (k % 3),
            .ih = 9 + k,
            .iw = 40 + k,
            .stride = 1 + k / 4 % 3,
            .pad = {pad, pad, pad, pad},
            .ceil_mode = k / 3 % 2,
            .layout = k % 2 == 0 ? NINETAP_NCHW : NINETAP_NHWC,
            .nan = k / 5 % 2 == 0 ? NINETAP_NAN_PROPAGATE : NINETAP_NAN_IGNORE,
            .isa = isa,
        };
        check_maxpool(t, &d);
    }
}

/* Averages, bytes, and the way back from a maximum, one after the other. Where indices are an input
 * they are those of the maxima, t->want_index. */
static bool pools_as_reference(const tester *t, const ninetap_pool2x2_desc *d, size_t count) {
    uint8_t *got = (uint8_t *)t->got;
    uint8_t *want = (uint8_t *)t->want;
    const float alpha = 0.3F;
    bool same = ninetap_avgpool2x2_f32(d, t->src, t->got) == NINETAP_OK;
    nt_reference_avgpool2x2_f32(d, t->src, t->want);
    same = same && memcmp(got, want, count * sizeof(float)) == 0;
    same = same && ninetap_mixedpool2x2_f32(d, alpha, t->src, t->got) == NINETAP_OK;
    nt_reference_mixedpool2x2_f32(d, alpha, t->src, t->want);
    same = same && memcmp(got, want, count * sizeof(float)) == 0;

    const uint8_t *u8 = (const uint8_t *)t->src;
    const int8_t *s8 = (const int8_t *)t->src;
    same = same && ninetap_maxpool2x2_u8(d, u8, got, t->got_index) == NINETAP_OK;
    nt_reference_maxpool2x2_u8(d, u8, want, t->want_index);
    same = same && memcmp(got, want, count) == 0 &&
           memcmp(t->got_index, t->want_index, count * sizeof(int64_t)) == 0;
    same = same && ninetap_maxpool2x2_s8(d, s8, (int8_t *)got, NULL) == NINETAP_OK;
    nt_reference_maxpool2x2_s8(d, s8, (int8_t *)want, t->want_index);
    same = same && memcmp(got, want, count) == 0;

    const size_t large = (size_t)(d->n * d->c * d->ih * d->iw);
    same = same && ninetap_maxunpool2x2_f32(d, t->src, t->want_index, t->got) == NINETAP_OK;
    nt_reference_maxunpool2x2_f32(d, t->src, t->want_index, t->want);
    return same && memcmp(got, want, large * sizeof(float)) == 0;
}

static void other_pool_cases(tester *t, const char *isa) {
    for (int k = 0; k < 16; k++) {
        const int pad = k / 4 % 2;
        const ninetap_pool2x2_desc d = {
            .n = 1,
            .c = 3 + 25 * (k % 3),
            .ih = 9 + k % 2,
            .iw = 40 + k,
            .stride = 1 + (k / 2 + 1) % 3,
            .pad = {pad, pad, pad, pad},
            .ceil_mode = k / 8,
            .layout = k % 2 == 0 ? NINETAP_NCHW : NINETAP_NHWC,
            .isa = isa,
        };
        char name[200];
        int64_t oh = 0;
        int64_t ow = 0;
        snprintf(name, sizeof name,
                 "other pooling %s %s: %" PRId64 "x%" PRId64 "x%" PRId64 " s%d p%d", isa,
                 d.layout == NINETAP_NCHW ? "nchw" : "nhwc", d.c, d.ih, d.iw, d.stride, pad);
        t->report.cases++;
        if (ninetap_pool2x2_output(&d, &oh, &ow) != NINETAP_OK ||
            !pools_as_reference(t, &d, (size_t)(d.n * d.c * oh * ow))) {
            fail(t, name);
        }
    }
}

static void check_dense(tester *t, const ninetap_dense_desc *d) {
    char name[200];
    snprintf(name, sizeof name, "dense %s precision %d: %" PRId64 "x%" PRId64 " -> %" PRId64,
             d->isa, (int)d->precision, d->n, d->in, d->out);
    t->report.cases++;
    if (ninetap_dense_f32(d, t->src, t->weights, t->bias, t->got) != NINETAP_OK) {
        fail(t, name);
        return;
    }
    const bool fused = d->precision == NINETAP_PRECISION_EXACT ||
                       (d->precision == NINETAP_PRECISION_DEFAULT && nt_find_isa(d->isa)->fast_fma);
    nt_reference_dense_f32(d, fused ? NT_FUSED : NT_SEPARATE, t->src, t->weights, t->bias, t->want);
    if (memcmp(t->got, t->want, (size_t)(d->n * d->out) * sizeof(float)) != 0) {
        fail(t, name);
    }
}

static void dense_cases(tester *t, const char *isa) {
    static const struct {
        int64_t n, in, out;
    } shapes[] = {{1, 400, 10}, {1, 123, 127}, {2, 65, 99}, {9, 33, 50}, {31, 47, 5}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        for (int k = 0; k < 3; k++) {
            const ninetap_dense_desc d = {.n = shapes[i].n,
                                          .in = shapes[i].in,
                                          .out = shapes[i].out,
                                          .act = (ninetap_act)i,
                                          .act_lo = -0.5F,
                                          .act_hi = 0.75F,
                                          .act_slope = 0.125F,
                                          .precision = (ninetap_precision)k,
                                          .isa = isa};
            check_dense(t, &d);
        }
    }
}

/* The kernels of one ISA against those of scalar: the same bits; and the sum, which is 1. */
static void softmax_case(tester *t, const char *isa, int64_t n) {
    const nt_softmax_kernel *kernels[] = {&nt_find_isa(isa)->softmax, &nt_isa_scalar.softmax};
    float *const dst[] = {t->got, t->want};
    char name[100];
    snprintf(name, sizeof name, "softmax %s: %" PRId64, isa, n);
    t->report.cases++;
    for (int i = 0; i < 2; i++) {
        const float largest = kernels[i]->largest(t->src, n);
        kernels[i]->divide(dst[i], n, kernels[i]->exponentials(dst[i], t->src, n, largest));
        if (i == 0 && n <= NT_SOFTMAX_FEW) {
            kernels[i]->few(dst[i], t->src, n);
        }
    }
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        sum += (double)t->got[i];
    }
    if (memcmp(t->got, t->want, (size_t)n * sizeof(float)) != 0 || fabs(sum - 1.0) > 1e-5) {
        fail(t, name);
    }
}

static void softmax_cases(tester *t, const char *isa) {
    for (int64_t n = 1; n < 100; n += 3) {
        softmax_case(t, isa, n);
    }
}

static bool allocate(tester *t) {
    t->src = malloc(MOST * sizeof(float));
    t->got = malloc(MOST * sizeof(float));
    t->want = malloc(MOST * sizeof(float));
    t->weights = malloc(MOST_WEIGHTS * sizeof(float));
    t->bias = malloc(MOST_CHANNELS * sizeof(float));
    t->got_index = malloc(MOST * sizeof(int64_t));
    t->want_index = malloc(MOST * sizeof(int64_t));
    t->exact = malloc(MOST * sizeof(double));
    t->scale = malloc(MOST * sizeof(double));
    return t->src != NULL && t->got != NULL && t->want != NULL && t->weights != NULL &&
           t->bias != NULL && t->got_index != NULL && t->want_index != NULL && t->exact != NULL &&
           t->scale != NULL;
}

static void release(const tester *t) {
    free(t->src);
    free(t->got);
    free(t->want);
    free(t->weights);
    free(t->bias);
    free(t->got_index);
    free(t->want_index);
    free(t->exact);
    free(t->scale);
}

ninetap_status ninetap_selftest(ninetap_selftest_report *report) {
    tester t = {0};
    const bool ok = allocate(&t);
    if (ok) {
        fill_values(t.src, MOST, 1);
        fill_values(t.weights, MOST_WEIGHTS, 2);
        fill_values(t.bias, MOST_CHANNELS, 3);
        for (int i = 0; i < ninetap_isa_count(); i++) {
            conv3x3_cases(&t, ninetap_isa_name(i));
            maxpool_cases(&t, ninetap_isa_name(i));
            other_pool_cases(&t, ninetap_isa_name(i));
            dense_cases(&t, ninetap_isa_name(i));
            softmax_cases(&t, ninetap_isa_name(i));
        }
        if (report != NULL) {
            *report = t.report;
        }
    }
    release(&t);
    return ok ? NINETAP_OK : NINETAP_ERR_NOMEM;
}
