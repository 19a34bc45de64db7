/* NaN, infinities, zeros of both signs and subnormals in a convolution: what the header says of
 * them, element by element and without the reference; then at random against it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "support/bits.h"
#include "support/problems.h"
#include "support/suite.h"

static float *new_floats(int64_t count, float value) {
    float *p = malloc((size_t)count * sizeof *p);
    if (p == NULL)
        abort();
    for (int64_t i = 0; i < count; i++)
        p[i] = value;
    return p;
}

/* Each path through the library: many output channels, few of them, depthwise; both layouts; each
 * precision; strides 1 and 2; and the last ones, Winograd by name. */
enum { DIRECT_PATHS = 36, PATHS = 42 };
static ninetap_conv3x3_desc path(int i, const char *isa) {
    ninetap_conv3x3_desc d = {.n = 1, .ih = 6, .iw = 37, .pad = {1, 1, 1, 1}, .isa = isa};
    d.layout = (ninetap_layout)(i % 2);
    d.precision = (ninetap_precision)(i / 2 % 3);
    d.stride = 1 + i / 6 % 2;
    if (i >= DIRECT_PATHS) {
        d.algo = (ninetap_algo)(NINETAP_ALGO_WINOGRAD2 + i / 2 % 3);
        d.precision = NINETAP_PRECISION_DEFAULT;
        d.stride = 1;
    }
    switch (i / 12) {
    case 0:
    case 3:
        d.ic = 2, d.oc = 35;
        break;
    case 1:
        d.ic = 1, d.oc = 2;
        break;
    default:
        d.ic = d.oc = d.groups = 19;
    }
    return d;
}

/* The element of plane c at (y, x), dense. */
static int64_t place(ninetap_layout layout, int64_t c, int64_t h, int64_t w, int64_t i, int64_t y,
                     int64_t x) {
    return layout == NINETAP_NCHW ? (i * h + y) * w + x : (y * w + x) * c + i;
}

typedef struct conv_run {
    ninetap_conv3x3_desc d;
    int64_t oh, ow, group_ic;
    float *src, *weights, *bias, *dst; /* filled with 1, 1, 0, and the result */
    int m;                             /* of the run: 0 direct, else Winograd's */
} conv_run;

static conv_run conv_start(const ninetap_conv3x3_desc *d) {
    conv_run r = {.d = *d, .group_ic = d->groups > 1 ? 1 : d->ic};
    REQUIRE(ninetap_conv3x3_output(d, &r.oh, &r.ow) == NINETAP_OK);
    r.src = new_floats(d->ic * d->ih * d->iw, 1.0F);
    r.weights = new_floats(d->oc * r.group_ic * 9, 1.0F);
    r.bias = new_floats(d->oc, 0.0F);
    r.dst = new_floats(d->oc * r.oh * r.ow, 0.0F);
    return r;
}

static void conv_go(conv_run *r) {
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info;
    REQUIRE(ninetap_conv3x3_create(&plan, &r->d, r->weights, r->bias) == NINETAP_OK);
    ninetap_conv3x3_describe(plan, &info);
    if (strncmp(info.algorithm, "winograd", 8) == 0)
        r->m = info.algorithm[8] - '0';
    REQUIRE(ninetap_conv3x3_run(plan, r->src, r->dst, NULL) == NINETAP_OK);
    ninetap_conv3x3_free(plan);
}

static void conv_stop(conv_run *r) {
    free(r->src);
    free(r->weights);
    free(r->bias);
    free(r->dst);
}

static float conv_at(const conv_run *r, int64_t o, int64_t y, int64_t x) {
    return r->dst[place(r->d.layout, r->d.oc, r->oh, r->ow, o, y, x)];
}

/* Whether tap (ky, kx) of output (y, x) lies inside the image. */
static bool tap_inside(const conv_run *r, int64_t y, int64_t x, int tap) {
    const int64_t iy = y * r->d.stride + tap / 3 - r->d.pad[0];
    const int64_t ix = x * r->d.stride + tap % 3 - r->d.pad[1];
    return iy >= 0 && iy < r->d.ih && ix >= 0 && ix < r->d.iw;
}

/* One tap of every filter is not finite: it shows where it lies inside the image, and nowhere
 * else. (Winograd by name refuses such filters.) */
static void padding_adds_nothing(const char *isa) {
    static const float specials[] = {INFINITY, -INFINITY, NAN};
    for (int i = 0; i < DIRECT_PATHS * 9 * 2; i++) {
        ninetap_conv3x3_desc d = path(i / 9 % DIRECT_PATHS, isa);
        const int tap = i % 9;
        if (i / 9 >= DIRECT_PATHS)
            memset(d.pad, 0, sizeof d.pad); /* every tap is inside */
        const float special = specials[i % 3];
        conv_run r = conv_start(&d);
        for (int64_t f = 0; f < d.oc * r.group_ic; f++)
            r.weights[f * 9 + tap] = special;
        conv_go(&r);
        for (int64_t o = 0; o < d.oc; o++)
            for (int64_t y = 0; y < r.oh; y++)
                for (int64_t x = 0; x < r.ow; x++) {
                    const float got = conv_at(&r, o, y, x);
                    if (tap_inside(&r, y, x, tap))
                        REQUIRE(same_but_for_nan_payload(got, special));
                    else
                        REQUIRE(isfinite(got));
                }
        conv_stop(&r);
    }
}

/* Whether the window of output i, or its Winograd tile's, has position at of an image padded by 1.
 */
static bool sees(int64_t i, int64_t at, int64_t stride) {
    return at + 1 >= i * stride && at + 1 < i * stride + 3;
}
static bool tile_sees(int64_t i, int64_t at, int m) {
    return at + 1 >= i / m * m && at + 1 < i / m * m + m + 2;
}

/* One NaN in the image, under each activation: every output that sees it is NaN; no other is, but
 * those of the same Winograd tile may be. */
static void nan_stays_nan(const char *isa) {
    for (int i = 0; i < PATHS * 5; i++) {
        ninetap_conv3x3_desc d = path(i / 5, isa);
        d.act = (ninetap_act)(i % 5);
        d.act_lo = -1, d.act_hi = 1, d.act_slope = 0.1F;
        conv_run r = conv_start(&d);
        const int64_t ny = i % d.ih, nx = i * 7 % d.iw;
        r.src[place(d.layout, d.ic, d.ih, d.iw, 0, ny, nx)] = NAN;
        conv_go(&r);
        for (int64_t o = 0; o < (d.groups > 1 ? 1 : d.oc); o++)
            for (int64_t y = 0; y < r.oh; y++)
                for (int64_t x = 0; x < r.ow; x++) {
                    const bool seen = sees(y, ny, d.stride) && sees(x, nx, d.stride);
                    const bool near = r.m != 0 && tile_sees(y, ny, r.m) && tile_sees(x, nx, r.m);
                    const bool is = isnan(conv_at(&r, o, y, x));
                    REQUIRE(is == seen || (is && near));
                }
        conv_stop(&r);
    }
}

/* Products of -0, sums of nothing, and a bias of -0: the result is +0. */
static void no_negative_zero(const char *isa) {
    static const float zeros[] = {0.0F, -0.0F};
    for (int i = 0; i < PATHS * 8; i++) {
        const ninetap_conv3x3_desc d = path(i / 8, isa);
        conv_run r = conv_start(&d);
        for (int64_t k = 0; k < d.ic * d.ih * d.iw; k++)
            r.src[k] = zeros[i & 1];
        for (int64_t k = 0; k < d.oc * r.group_ic * 9; k++)
            r.weights[k] = i & 2 ? -1.0F : 1.0F;
        for (int64_t k = 0; k < d.oc; k++)
            r.bias[k] = zeros[i >> 2 & 1];
        conv_go(&r);
        for (int64_t k = 0; k < d.oc * r.oh * r.ow; k++)
            REQUIRE(bits_of(r.dst[k]) == 0);
        conv_stop(&r);
    }
}

/* A fused product that underflows leaves a sum of -0: a bias of -0 makes +0 of it, too. (Winograd's
 * transforms add the products up before.) */
static void no_negative_zero_of_underflow(const char *isa) {
    for (int i = 0; i < DIRECT_PATHS * 2; i++) {
        ninetap_conv3x3_desc d = path(i / 2, isa);
        d.algo = NINETAP_ALGO_DIRECT;
        conv_run r = conv_start(&d);
        for (int64_t k = 0; k < d.ic * d.ih * d.iw; k++)
            r.src[k] = 0x1p-100F;
        for (int64_t k = 0; k < d.oc * r.group_ic * 9; k++)
            r.weights[k] = -0x1p-100F;
        for (int64_t k = 0; k < d.oc; k++)
            r.bias[k] = i % 2 ? 0.0F : -0.0F;
        conv_go(&r);
        for (int64_t k = 0; k < d.oc * r.oh * r.ow; k++)
            REQUIRE(bits_of(r.dst[k]) == 0);
        conv_stop(&r);
    }
}

/* Flushed to zero, nothing would be left of these. (Winograd's transforms round them.) */
static void subnormals_count(const char *isa) {
    for (int i = 0; i < DIRECT_PATHS; i++) {
        ninetap_conv3x3_desc d = path(i, isa);
        d.algo = NINETAP_ALGO_DIRECT;
        conv_run r = conv_start(&d);
        for (int64_t k = 0; k < d.ic * d.ih * d.iw; k++)
            r.src[k] = 0x1p-149F;
        conv_go(&r);
        /* Away from the border: nine ones an input channel, in units of the smallest subnormal. */
        REQUIRE(bits_of(conv_at(&r, d.oc - 1, 1, 1)) == (uint32_t)(9 * r.group_ic));
        conv_stop(&r);
    }
}

static void random_problems(const char *isa) {
    rng r = suite_rng(isa);
    for (int64_t i = suite_cases(1000); i > 0; i--) {
        conv_problem p = conv_random(&r, isa, 50e3);
        p.data = rng_int(&r, DATA_TINY, DATA_SPECIAL);
        suite_require(check_conv3x3(&p));
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "padding_adds_nothing", .each_isa = padding_adds_nothing},
        {.name = "nan_stays_nan", .each_isa = nan_stays_nan},
        {.name = "no_negative_zero", .each_isa = no_negative_zero},
        {.name = "no_negative_zero_of_underflow", .each_isa = no_negative_zero_of_underflow},
        {.name = "subnormals_count", .each_isa = subnormals_count},
        {.name = "random_problems", .each_isa = random_problems},
        {0},
    };
    return suite_main("special_values", tests, argc, argv);
}
