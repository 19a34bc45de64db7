/* The gradients of weights beside what test_operations draws: that they are the gradients of the
 * forward calls, that nothing but the shape decides their bits, statuses, and what there is none
 * of: images, finite gradients, memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ninetap.h"
#include "support/allocations.h"
#include "support/suite.h"

enum { N = 3, IC = 5, SIDE = 23, OC = 19, TAPS = OC * IC * 9, SRC = N * IC * SIDE * SIDE };
enum { DST = N * OC * SIDE * SIDE, MOST_OUTPUTS = 31 };
static float src[SRC], diff[DST], dst[DST], weights[TAPS], gradient[TAPS], again[TAPS];
static float bias[MOST_OUTPUTS], bias_again[MOST_OUTPUTS];

static const ninetap_conv3x3_desc conv = {
    .n = N, .ic = IC, .ih = SIDE, .iw = SIDE, .oc = OC, .pad = {1, 1, 1, 1}};

/* Small integers: every sum is exact. */
static void fill_integers(rng *r) {
    for (int i = 0; i < SRC; i++)
        src[i] = (float)rng_int(r, -3, 3);
    for (int i = 0; i < DST; i++)
        diff[i] = (float)rng_int(r, -2, 2);
    for (int i = 0; i < TAPS; i++)
        weights[i] = (float)rng_int(r, -2, 2);
}

static void fill_floats(rng *r) {
    for (int i = 0; i < SRC; i++)
        src[i] = rng_float(r);
    for (int i = 0; i < DST; i++)
        diff[i] = rng_float(r);
}

static double dot(const float *a, const float *b, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* A forward call is linear in the weights: <diff_dst, dst(w)> is <diff_weights, w>. */
static void adjoint(const char *isa) {
    static const struct {
        int stride, dilation, groups;
    } of[] = {{1, 1, 1}, {2, 1, 1}, {3, 2, 1}, {1, 3, 1}, {1, 1, 5}, {2, 2, 5}};
    rng r = suite_rng(isa);
    for (int i = 0; i < 6; i++)
        for (int layouts = 0; layouts < 6; layouts++) {
            ninetap_conv3x3_desc d = conv;
            d.stride = of[i].stride, d.dilation = of[i].dilation, d.groups = of[i].groups;
            d.oc = d.groups == 5 ? layouts % 2 == 0 ? 5 : 15 : OC;
            d.layout = (ninetap_layout)(layouts / 3);
            d.weights_layout = (ninetap_weights_layout)(layouts % 3);
            d.algo = NINETAP_ALGO_DIRECT;
            d.isa = isa;
            int64_t oh, ow;
            fill_integers(&r);
            REQUIRE(ninetap_conv3x3_output(&d, &oh, &ow) == NINETAP_OK);
            REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
            REQUIRE(ninetap_conv3x3_backward_weights(&d, src, diff, gradient, NULL, 0) ==
                    NINETAP_OK);
            REQUIRE(dot(diff, dst, N * d.oc * oh * ow) ==
                    dot(gradient, weights, d.oc * IC / (d.groups != 0 ? d.groups : 1) * 9));
        }
}

static void adjoint_of_dense(const char *isa) {
    const ninetap_dense_desc d = {.n = 40, .in = 23, .out = 31, .isa = isa};
    rng r = suite_rng(isa);
    fill_integers(&r);
    REQUIRE(ninetap_dense_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_weights(&d, src, diff, gradient, NULL, 0) == NINETAP_OK);
    REQUIRE(dot(diff, dst, d.n * d.out) == dot(gradient, weights, d.in * d.out));
}

/* [n][channel][pixel] to [n][pixel][channel]. */
static void to_nhwc(const float *from, float *to, int channels) {
    for (int i = 0; i < N * channels * SIDE * SIDE; i++) {
        const int pixel = i % (SIDE * SIDE), plane = i / (SIDE * SIDE);
        to[(plane / channels * SIDE * SIDE + pixel) * channels + plane % channels] = from[i];
    }
}

/* The same bits in either layout and with any number of threads: few of them share blocks of the
 * weights, more than there are share chunks. */
static void same_bits(const char *isa) {
    static float src_nhwc[SRC], diff_nhwc[DST];
    rng r = suite_rng(isa);
    fill_floats(&r);
    to_nhwc(src, src_nhwc, IC);
    to_nhwc(diff, diff_nhwc, OC);
    for (int i = 0; i < 12; i++) {
        ninetap_conv3x3_desc d = conv;
        d.isa = isa;
        d.precision = i % 2 == 0 ? NINETAP_PRECISION_EXACT : NINETAP_PRECISION_PORTABLE;
        d.threads = 1;
        REQUIRE(ninetap_conv3x3_backward_weights(&d, src, diff, gradient, bias, 0) == NINETAP_OK);
        d.threads = (const int[]){1, 2, 7}[i / 4];
        d.layout = (ninetap_layout)(i / 2 % 2);
        const bool nhwc = d.layout == NINETAP_NHWC;
        REQUIRE(ninetap_conv3x3_backward_weights(&d, nhwc ? src_nhwc : src, nhwc ? diff_nhwc : diff,
                                                 again, bias_again, 0) == NINETAP_OK);
        REQUIRE(memcmp(gradient, again, sizeof gradient) == 0);
        REQUIRE(memcmp(bias, bias_again, OC * sizeof *bias) == 0);
    }
}

/* Infinite gradients in the corners: the taps outside, 0 * Inf, add nothing. */
static void infinite_corner(const char *isa) {
    for (int depthwise = 0; depthwise < 2; depthwise++) {
        ninetap_conv3x3_desc d = conv;
        d.isa = isa;
        d.oc = depthwise ? IC : OC;
        d.groups = depthwise ? IC : 1;
        for (int i = 0; i < SRC; i++)
            src[i] = 1;
        for (int i = 0; i < DST; i++)
            diff[i] = 1;
        diff[0] = INFINITY;
        REQUIRE(ninetap_conv3x3_backward_weights(&d, src, diff, gradient, bias, 0) == NINETAP_OK);
        REQUIRE(isinf(bias[0]) && isfinite(bias[1]));
        for (int tap = 0; tap < 9; tap++) /* of output 0, 0: four are inside */
            REQUIRE(tap / 3 > 0 && tap % 3 > 0 ? isinf(gradient[tap]) : isfinite(gradient[tap]));
    }
}

static void no_images(void) {
    ninetap_conv3x3_desc d = conv;
    const ninetap_dense_desc dense = {.in = 3, .out = 4};
    d.n = 0;
    for (int i = 0; i < TAPS; i++)
        gradient[i] = 1;
    bias[0] = 1;
    REQUIRE(ninetap_conv3x3_backward_weights(&d, NULL, NULL, gradient, bias, 1) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_weights(&dense, NULL, NULL, gradient, bias, 1) == NINETAP_OK);
    REQUIRE(gradient[0] == 1 && gradient[TAPS - 1] == 1 && bias[0] == 1);
    REQUIRE(ninetap_dense_backward_weights(&dense, NULL, NULL, gradient, NULL, 0) == NINETAP_OK);
    REQUIRE(gradient[11] == 0 && gradient[12] == 1 && bias[0] == 1);
    REQUIRE(ninetap_conv3x3_backward_weights(&d, NULL, NULL, gradient, bias, 0) == NINETAP_OK);
    REQUIRE(gradient[TAPS - 1] == 0 && bias[0] == 0);
}

static ninetap_status of_conv(const ninetap_conv3x3_desc *d, float *w, float *b) {
    return ninetap_conv3x3_backward_weights(d, src, diff, w, b, 0);
}
static ninetap_status of_dense(const ninetap_dense_desc *d, float *w, float *b) {
    return ninetap_dense_backward_weights(d, src, diff, w, b, 0);
}

static void statuses(void) {
    ninetap_conv3x3_desc d = conv;
    ninetap_dense_desc e = {.n = 2, .in = 6, .out = 5};
    const ninetap_dense_desc plain = e;
    float *const odd = (float *)(void *)((char *)gradient + 1);
    REQUIRE(of_conv(NULL, gradient, bias) == NINETAP_ERR_ARG);
    REQUIRE(of_dense(NULL, gradient, bias) == NINETAP_ERR_ARG);
    REQUIRE(of_conv(&d, NULL, bias) == NINETAP_ERR_ARG && of_dense(&e, NULL, bias) != NINETAP_OK);
    REQUIRE(of_conv(&d, odd, bias) == NINETAP_ERR_ARG && of_conv(&d, gradient, odd) != NINETAP_OK);
    REQUIRE(ninetap_conv3x3_backward_weights(&d, NULL, diff, gradient, bias, 0) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dense_backward_weights(&e, src, NULL, gradient, bias, 0) == NINETAP_ERR_ARG);
    REQUIRE(of_conv(&d, src + 5, bias) == NINETAP_ERR_ALIAS);
    REQUIRE(of_conv(&d, gradient, diff + 5) == NINETAP_ERR_ALIAS);
    REQUIRE(of_conv(&d, gradient, gradient + 9) == NINETAP_ERR_ALIAS);
    REQUIRE(of_dense(&e, diff + 9, bias) == NINETAP_ERR_ALIAS);
    REQUIRE(of_dense(&e, gradient, gradient + 29) == NINETAP_ERR_ALIAS);
    REQUIRE(of_dense(&e, gradient, gradient + 30) == NINETAP_OK);
    d.border = NINETAP_BORDER_REPLICATE;
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    d = conv, d.act = NINETAP_RELU;
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    d = conv, d.pool = NINETAP_POOL_MAX;
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    d = conv, d.isa = "none";
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    d = conv, d.src_type = NINETAP_S16;
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    e.act = NINETAP_RELU;
    REQUIRE(of_dense(&e, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    e = plain, e.isa = "none";
    REQUIRE(of_dense(&e, gradient, bias) == NINETAP_ERR_UNSUPPORTED);
    d = conv, d.oc = 0;
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_ERR_SHAPE);
}

/* A step of training allocates nothing after the first one; one that finds no memory says so. */
static void memory(const char *isa) {
    ninetap_conv3x3_desc d = conv;
    ninetap_dense_desc e = {.n = 40, .in = 23, .out = 31, .isa = isa, .threads = 1};
    d.isa = isa;
    d.threads = 1;
    REQUIRE(of_conv(&d, gradient, bias) == NINETAP_OK && of_dense(&e, again, bias) == NINETAP_OK);
    allocations_fail(1, true);
    const bool ok =
        of_conv(&d, gradient, bias) == NINETAP_OK && of_dense(&e, again, bias) == NINETAP_OK;
    REQUIRE(allocations_tried() == 0 && ok);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "adjoint", .each_isa = adjoint},
        {.name = "adjoint_of_dense", .each_isa = adjoint_of_dense},
        {.name = "same_bits", .each_isa = same_bits},
        {.name = "infinite_corner", .each_isa = infinite_corner},
        {.name = "no_images", .once = no_images},
        {.name = "statuses", .once = statuses},
        {.name = "memory", .each_isa = memory},
        {0},
    };
    return suite_main("backward_weights", tests, argc, argv);
}
