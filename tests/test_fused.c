/* Convolution, bias, activation and 2x2 max pooling in one call, and the residual input: against
 * the plain convolution followed by the definition of the rest, bit for bit
 * (kernels/selftest/conv3x3.c). */
#include "conv3x3/conv3x3.h"
#include "core/dispatch.h"
#include "support/problems.h"
#include "support/sizes.h"
#include "support/suite.h"

enum { MOST_FAILURES = 3 };

static bool exists(const conv_problem *p) {
    return conv_out_h(p) > 0 && conv_out_w(p) > 0;
}

/* Every size up to 9 x 9 and some around a vector, with every algorithm. */
static void small_sizes(const char *isa) {
    const int lanes = nt_find_isa(isa)->lanes;
    const int widths[] = {2, 3, 4, 5, 6, 7, 8, 9, lanes + 1, 2 * lanes, 2 * lanes + 3};
    const int total = 8 * 11 * 4 * 2 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {.desc = {.n = 1,
                                   .ic = 3,
                                   .oc = lanes + 1,
                                   .pad = {1, 1, 1, 1},
                                   .pool = NINETAP_POOL_MAX,
                                   .isa = isa,
                                   .threads = 1},
                          .bias = 1,
                          .seed = i + 1};
        int rest = i;
        p.desc.ih = 2 + rest % 8, rest /= 8;
        p.desc.iw = widths[rest % 11], rest /= 11;
        p.desc.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + rest % 4), rest /= 4;
        p.desc.layout = (ninetap_layout)(rest % 2), rest /= 2;
        p.desc.act = rest % 2 == 0 ? NINETAP_RELU : NINETAP_HARD_SWISH;
        p.placement = i % 2;
        p.data = i % 5 == 0 ? DATA_SPECIAL : DATA_RANDOM;
        if (suite_visits(i, total) && exists(&p))
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* All families of kernels, activations, paddings, strides and borders. */
static void families(const char *isa) {
    static const char *const shapes[] = {
        "ic=3 ih=17 iw=37 oc=9",
        "ic=20 ih=13 iw=15 oc=40",
        "ic=35 ih=19 iw=37 oc=35 groups=35",
        "ic=18 ih=7 iw=7 oc=18 groups=18",
        "ic=6 ih=10 iw=33 oc=8 groups=2",
        "ic=1 ih=28 iw=28 oc=8 pad=0,0,0,0",
    };
    static const char *const acts[] = {
        "act=linear",
        "act=relu",
        "act=clamp act_lo=-0 act_hi=1",
        "act=clamp act_lo=-2 act_hi=-0",
        "act=leaky act_slope=0.125",
        "act=leaky act_slope=-0.5",
        "act=hardswish",
    };
    static const char *const geometries[] = {
        "stride=1",
        "stride=2 border=replicate",
        "stride=3 border=reflect101 pad=2,1,0,2",
        "dilation=2 pad=2,2,2,2 border=constant border_value=2",
    };
    const int total = 6 * 7 * 4 * 2 * 3;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {
            .desc = {.n = 2, .pad = {1, 1, 1, 1}, .pool = NINETAP_POOL_MAX, .isa = isa},
            .bias = 1,
            .seed = i + 1};
        int rest = i;
        suite_require(conv_parse(shapes[rest % 6], &p)), rest /= 6;
        suite_require(conv_parse(acts[rest % 7], &p)), rest /= 7;
        suite_require(conv_parse(geometries[rest % 4], &p)), rest /= 4;
        p.desc.layout = (ninetap_layout)(rest % 2), rest /= 2;
        p.candidate = rest;
        p.desc.precision = i % 3 == 0 ? NINETAP_PRECISION_EXACT : NINETAP_PRECISION_DEFAULT;
        p.desc.threads = i % 4;
        p.workspace = i % 5;
        p.data = i % 4 == 0 ? DATA_SPECIAL : i % 4 == 1 ? DATA_INTEGER : DATA_RANDOM;
        if (suite_visits(i, total) && exists(&p))
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* Strips and blocks: maps of many rows, whose pieces are pooled one after the other. */
static void pieces(const char *isa) {
    static const char *const shapes[] = {
        "ic=3 ih=67 iw=400 oc=20",
        "ic=20 ih=61 iw=90 oc=70",
        "ic=40 ih=43 iw=130 oc=40 groups=40",
        "ic=16 ih=40 iw=300 oc=5 algo=winograd2",
        "ic=17 ih=75 iw=64 oc=37 algo=winograd4",
        "ic=9 ih=81 iw=200 oc=19 algo=winograd6",
    };
    static const char *const calls[] = {"threads=1", "threads=3", "threads=1 call=parts parts=7"};
    int failures = 0;
    for (int i = 0; i < 6 * 2 * 3; i++) {
        conv_problem p = {
            .desc = {.n = 1, .pad = {1, 1, 1, 1}, .pool = NINETAP_POOL_MAX, .isa = isa},
            .bias = 1,
            .data = DATA_RANDOM,
            .seed = i + 1};
        suite_require(conv_parse(shapes[i % 6], &p) && conv_parse(calls[i / 12], &p));
        p.desc.layout = (ninetap_layout)(i / 6 % 2);
        if (suite_visits_costly(i, 6 * 2 * 3, 10))
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

static void residuals(const char *isa) {
    static const char *const shapes[] = {
        "ic=3 ih=17 iw=37 oc=9 stride=2",         "ic=20 ih=13 iw=15 oc=40 algo=direct",
        "ic=35 ih=19 iw=37 oc=35 groups=35",      "ic=18 ih=7 iw=7 oc=18 groups=18",
        "ic=20 ih=13 iw=15 oc=40 algo=winograd2", "ic=20 ih=13 iw=15 oc=40 algo=winograd4",
        "ic=20 ih=13 iw=15 oc=40 algo=winograd6",
    };
    static const char *const acts[] = {"act=linear", "act=relu", "act=clamp act_lo=-1 act_hi=2",
                                       "act=leaky act_slope=-0.5", "act=hardswish"};
    const int total = 7 * 5 * 2 * 3;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {.desc = {.n = 2, .pad = {1, 1, 1, 1}, .isa = isa},
                          .bias = 1,
                          .residual = 1,
                          .seed = i + 1};
        suite_require(conv_parse(shapes[i % 7], &p) && conv_parse(acts[i / 7 % 5], &p));
        p.desc.layout = (ninetap_layout)(i / 35 % 2);
        p.data = i / 70 == 0 ? DATA_SPECIAL : i / 70 == 1 ? DATA_INTEGER : DATA_RANDOM;
        p.desc.threads = 1 + i % 3;
        if (i % 2)
            suite_require(conv_parse(
                p.desc.layout == NINETAP_NCHW ? "dst_pitch=0,0,41" : "dst_pitch=0,0,43", &p));
        if (suite_visits(i, total))
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

static void refusals(void) {
    static float src[9], weights[9], dst[9], residual[9 + 1];
    ninetap_conv3x3_desc d = {.n = 1, .ic = 1, .ih = 3, .iw = 3, .oc = 1, .pad = {1, 1, 1, 1}};
    ninetap_conv3x3 *plan = NULL;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run_residual(NULL, src, residual, dst, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_conv3x3_run_residual(plan, src, NULL, dst, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_conv3x3_run_residual(plan, src, residual, NULL, NULL) == NINETAP_ERR_ARG);
    const float *odd = (const float *)(const void *)((const char *)residual + 1);
    REQUIRE(ninetap_conv3x3_run_residual(plan, src, odd, dst, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_conv3x3_run_residual(plan, src, dst, dst, NULL) == NINETAP_ERR_ALIAS);
    ninetap_conv3x3_free(plan);
    d.pool = NINETAP_POOL_MAX;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run_residual(plan, src, residual, dst, NULL) ==
            NINETAP_ERR_UNSUPPORTED);
    ninetap_conv3x3_free(plan);
    d.ih = 1, d.pad[0] = 1, d.pad[2] = 1;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_ERR_SHAPE);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "small_sizes", .each_isa = small_sizes},
        {.name = "families", .each_isa = families},
        {.name = "pieces", .each_isa = pieces},
        {.name = "residuals", .each_isa = residuals},
        {.name = "refusals", .once = refusals},
        {0},
    };
    return suite_main("fused", tests, argc, argv);
}
