/* 3x3 convolution of bytes: against the reference, and against sums made by hand. One problem:
 *     test_operations --case 'conv3x3_int8 n=1 ic=3 ih=7 iw=9 oc=4 src_type=u8 ... seed=1' */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "core/dispatch.h"
#include "support/problems.h"
#include "support/sizes.h"
#include "support/suite.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

static int8_problem problem_of(int i, const char *isa, ninetap_layout layout) {
    static const ninetap_dtype to[] = {NINETAP_U8, NINETAP_S8, NINETAP_S32, NINETAP_F32};
    return (int8_problem){.conv = {.desc = {.n = 1,
                                            .layout = layout,
                                            .src_type = i % 2 != 0 ? NINETAP_U8 : NINETAP_S8,
                                            .weights_type = NINETAP_S8,
                                            .dst_type = to[i / 2 % 4],
                                            .isa = isa,
                                            .threads = 1},
                                   .data = DATA_RANDOM,
                                   .bias = 1,
                                   .placement = i % 2,
                                   .seed = i + 1},
                          .scales = {.src_scale = 0x1p-6F,
                                     .src_zero = 11,
                                     .weights_scale = 0x1p-7F,
                                     .count = 1,
                                     .dst_scale = 0x1p-4F,
                                     .dst_zero = 100}};
}

/* ---- Around every tile boundary ---- */

static void columns_and_filters(const char *name) {
    static const int rows[] = {1, 2, 3, 5};
    const nt_isa *isa = nt_find_isa(name);
    const sizes ow = sizes_of_columns(isa), oc = sizes_of_output_channels(isa);
    const int total = ow.count * oc.count * 4 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        int8_problem p = problem_of(i / 3, name, (ninetap_layout)(i % 2));
        const int k = i / 2;
        p.conv.desc.ic = 1 + k % 3;
        p.conv.desc.iw = ow.value[k % ow.count] + 2;
        p.conv.desc.oc = oc.value[k / ow.count % oc.count];
        p.conv.desc.ih = rows[k / ow.count / oc.count] + 2;
        p.scales.count = i % 5 == 0 && p.conv.desc.oc <= NT_MOST_SCALES ? p.conv.desc.oc : 1;
        if (suite_visits(i, total))
            failures += !check_conv3x3_int8(&p);
    }
    suite_require(failures == 0);
}

static void channels(const char *name) {
    static const int columns[] = {1, 3, 16, 35};
    const nt_isa *isa = nt_find_isa(name);
    const sizes ic = sizes_of_input_channels(isa);
    const int total = ic.count * 4 * 2 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        int8_problem p = problem_of(i / 2, name, (ninetap_layout)(i % 2));
        ninetap_conv3x3_desc *d = &p.conv.desc;
        d->ic = ic.value[i / 2 % ic.count];
        d->iw = columns[i / 2 / ic.count % 4];
        d->stride = 1 + i / 2 / ic.count / 4;
        d->ih = 3;
        d->oc = 5;
        d->pad[0] = d->pad[1] = d->pad[2] = d->pad[3] = 1;
        failures += !check_conv3x3_int8(&p);
    }
    suite_require(failures == 0);
}

/* Inputs too large to be packed at once, and pixels a page apart. */
static void strips(const char *name) {
    static const char *const shapes[] = {
        "ic=70 ih=34 iw=60 oc=3 pad=1,1,1,1",
        "ic=70 ih=37 iw=61 oc=20 stride=2 pad=1,1,1,1 pool=max",
        "ic=2 ih=5 iw=33000 oc=1 pad=1,1,1,1 border=replicate",
        "ic=140 ih=40 iw=30 oc=6 groups=2 dilation=2 pad=2,2,2,2 border=reflect101",
        "ic=1024 ih=5 iw=9 oc=3",
        "ic=3 ih=700 iw=603 oc=2 stride=3 dilation=300 pad=1,1,1,1",
    };
    static const char *const calls[] = {"threads=1", "threads=3", "threads=1 call=parts parts=5"};
    int failures = 0;
    for (int i = 0; i < 6 * 2 * 3; i++) {
        int8_problem p = problem_of(i, name, (ninetap_layout)(i / 6 % 2));
        REQUIRE(int8_parse(shapes[i % 6], &p) && int8_parse(calls[i / 12], &p));
        failures += !check_conv3x3_int8(&p);
    }
    suite_require(failures == 0);
}

/* ---- By hand ---- */

static const float one = 1.0F;

/* The inputs are u8 above 1; the window is 2 x 2, in the corner of 3 x 3. The numbers are those of
 * ONNX's test_convinteger_without_padding and _with_padding. */
static void onnx_convinteger(const char *isa) {
    static const uint8_t src[] = {2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const int8_t weights[] = {1, 1, 0, 1, 1, 0, 0, 0, 0};
    static const int32_t valid[] = {12, 16, 24, 28};
    static const int32_t padded[] = {1, 3, 5, 3, 5, 12, 16, 9, 11, 24, 28, 15, 7, 15, 17, 9};
    const ninetap_quantization q = {
        .src_scale = 1.0F, .src_zero = 1, .weights_scale = &one, .weights_scales = 1};
    for (int pad = 0; pad < 2; pad++) {
        const ninetap_conv3x3_desc d = {.n = 1,
                                        .ic = 1,
                                        .ih = 3,
                                        .iw = 3,
                                        .oc = 1,
                                        .pad = {pad, pad, 1 + pad, 1 + pad},
                                        .isa = isa,
                                        .src_type = NINETAP_U8,
                                        .weights_type = NINETAP_S8,
                                        .dst_type = NINETAP_S32,
                                        .quantization = &q};
        int32_t dst[16] = {0};
        ninetap_conv3x3 *plan = NULL;
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        REQUIRE(ninetap_conv3x3_run(plan, src, dst, NULL) == NINETAP_OK);
        REQUIRE(memcmp(dst, pad != 0 ? padded : valid, pad != 0 ? sizeof padded : sizeof valid) ==
                0);
        ninetap_conv3x3_free(plan);
    }
}

/* One output channel for each sum, whose weights are 0: the bias is all there is. */
enum { SUMS = 12 };
static void quantize_sums(const char *isa, const int32_t sums[SUMS], ninetap_conv3x3_desc d,
                          const ninetap_quantization *q, void *dst) {
    static const int8_t weights[9 * SUMS];
    static const uint8_t src[9];
    ninetap_conv3x3 *plan = NULL;
    d.n = d.ic = 1;
    d.ih = d.iw = 3;
    d.oc = SUMS;
    d.isa = isa;
    d.src_type = NINETAP_U8;
    d.weights_type = NINETAP_S8;
    d.quantization = q;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, sums) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(plan, src, dst, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run_residual(plan, src, dst, dst, NULL) == NINETAP_ERR_UNSUPPORTED);
    ninetap_conv3x3_free(plan);
}

/* Halves to even, then the zero, then the nearest byte, then the limits. */
static void rounding(const char *isa) {
    static const int32_t sums[SUMS] = {1,   3,    5,         -1,        -3,  -5,
                                       255, -257, INT32_MAX, INT32_MIN, 510, 16777217};
    static const uint8_t linear[SUMS] = {10, 12, 12, 10, 8, 8, 138, 0, 255, 0, 255, 255};
    static const int8_t clamped[SUMS] = {-10, -8, -8, -10, -12, -12, 20, -30, 20, -30, 20, 20};
    ninetap_quantization q = {.src_scale = 0.5F,
                              .weights_scale = &one,
                              .weights_scales = 1,
                              .dst_scale = 1.0F,
                              .dst_zero = 10};
    uint8_t bytes[SUMS];
    int8_t signed_bytes[SUMS];
    float floats[SUMS];
    quantize_sums(isa, sums, (ninetap_conv3x3_desc){.dst_type = NINETAP_U8}, &q, bytes);
    REQUIRE(memcmp(bytes, linear, sizeof linear) == 0);
    q.dst_zero = -10;
    quantize_sums(
        isa, sums,
        (ninetap_conv3x3_desc){
            .dst_type = NINETAP_S8, .act = NINETAP_CLAMP, .act_lo = -20.5F, .act_hi = 30.5F},
        &q, signed_bytes);
    REQUIRE(memcmp(signed_bytes, clamped, sizeof clamped) == 0);
    quantize_sums(isa, sums, (ninetap_conv3x3_desc){.dst_type = NINETAP_F32, .act = NINETAP_RELU},
                  &q, floats);
    for (int i = 0; i < SUMS; i++)
        REQUIRE(floats[i] == (sums[i] < 0 ? 0.0F : (float)sums[i] * 0.5F));
}

/* All bytes alike and all weights alike, at the ends of what they can be. The sum of the window in
 * the middle has 9 taps of each channel, of that in the corner 4. */
static void require_sums_of(const ninetap_conv3x3_desc *shape, int value, int zero, int weight,
                            int32_t bias) {
    enum { PIXELS = 9, MOST_IC = 7310, MOST_OC = 34 };
    static uint8_t src[PIXELS * MOST_IC];
    static int8_t weights[MOST_OC * MOST_IC * 9];
    int32_t biases[MOST_OC], dst[PIXELS * MOST_OC];
    const ninetap_quantization q = {
        .src_scale = 1.0F, .src_zero = zero, .weights_scale = &one, .weights_scales = 1};
    ninetap_conv3x3_desc d = *shape;
    d.quantization = &q;
    memset(src, value, (size_t)(PIXELS * d.ic));
    memset(weights, weight, (size_t)(d.oc * d.ic * 9));
    for (int64_t o = 0; o < d.oc; o++)
        biases[o] = bias;
    ninetap_conv3x3 *plan = NULL;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, biases) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(plan, src, dst, NULL) == NINETAP_OK);
    ninetap_conv3x3_free(plan);
    for (int64_t i = 0; i < PIXELS * d.oc; i++) {
        const int64_t at = d.layout == NINETAP_NCHW ? i % PIXELS : i / d.oc;
        const int taps = (at / 3 == 1 ? 3 : 2) * (at % 3 == 1 ? 3 : 2);
        const int64_t sum = bias + taps * d.ic * (value - zero) * weight;
        suite_require(dst[i] == sum || suite_wrong("%d - %d times %d, %lld channels: %d", value,
                                                   zero, weight, (long long)d.ic, dst[i]));
    }
}

static void extremes(const char *isa) {
    static const int channels_of[] = {1, 3, 4, 5, 31, 33, 64, 65, 129, 7310};
    static const int weights[] = {-128, 127};
    const int lanes = nt_find_isa(isa)->lanes;
    for (int i = 0; i < 10 * 2 * 2; i++) {
        const bool is_signed = i % 2 != 0;
        const ninetap_conv3x3_desc d = {.n = 1,
                                        .layout = (ninetap_layout)(i / 2 % 2),
                                        .ic = channels_of[i / 4],
                                        .ih = 3,
                                        .iw = 3,
                                        .oc = i / 4 == 9 ? 1 : lanes + 1,
                                        .pad = {1, 1, 1, 1},
                                        .isa = isa,
                                        .threads = 1,
                                        .src_type = is_signed ? NINETAP_S8 : NINETAP_U8,
                                        .weights_type = NINETAP_S8,
                                        .dst_type = NINETAP_S32};
        const int ends[] = {is_signed ? -128 : 0, is_signed ? 127 : 255};
        for (int k = 0; k < 8; k++)
            require_sums_of(&d, ends[k % 2], ends[k / 2 % 2], weights[k / 4], 0);
        /* 9 * 7310 * 255 * 128 is 98047 less than the largest sum */
        require_sums_of(&d, ends[0], ends[1], -128, i / 4 == 9 ? 98047 : 1 << 30);
        require_sums_of(&d, ends[1], ends[0], -128, i / 4 == 9 ? -98048 : -(1 << 30));
    }
}

/* The largest sum that some input would make, and the smallest, are the limits of int32_t. */
static void largest_sums(void) {
    enum { MOST = 9 * 127 * 155, LEAST = -9 * 127 * 100 }; /* bytes from -100 to 155, weights 127 */
    static const struct {
        int32_t bias;
        int sign;
        ninetap_status status;
    } rows[] = {
        {INT32_MAX - MOST, 1, NINETAP_OK},
        {INT32_MAX - MOST + 1, 1, NINETAP_ERR_OVERFLOW},
        {INT32_MIN - LEAST, 1, NINETAP_OK},
        {INT32_MIN - LEAST - 1, 1, NINETAP_ERR_OVERFLOW},
        {INT32_MAX + LEAST, -1, NINETAP_OK},
        {INT32_MAX + LEAST + 1, -1, NINETAP_ERR_OVERFLOW},
        {INT32_MIN + MOST, -1, NINETAP_OK},
        {INT32_MIN + MOST - 1, -1, NINETAP_ERR_OVERFLOW},
        {0, 1, NINETAP_OK},
    };
    int8_problem p = problem_of(1, NULL, NINETAP_NCHW);
    int8_described d;
    p.conv.desc.ic = p.conv.desc.oc = 1;
    p.conv.desc.ih = p.conv.desc.iw = 3;
    p.scales.src_zero = 100;
    nt_int8_describe(&p, &d);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int8_t weights[9];
        ninetap_conv3x3 *plan = NULL;
        memset(weights, rows[i].sign * 127, sizeof weights);
        REQUIRE(ninetap_conv3x3_create(&plan, &d.desc, weights, &rows[i].bias) == rows[i].status);
        REQUIRE((plan != NULL) == (rows[i].status == NINETAP_OK));
        ninetap_conv3x3_free(plan);
    }
}

/* ---- Descriptions ---- */

static const struct {
    const char *change; /* of a valid description */
    ninetap_status status;
} refused[] = {
    {"src_scale=0", NINETAP_ERR_ARG},
    {"src_scale=-1", NINETAP_ERR_ARG},
    {"src_scale=inf", NINETAP_ERR_ARG},
    {"src_scale=nan", NINETAP_ERR_ARG},
    {"weight_scale=0", NINETAP_ERR_ARG},
    {"weight_scale=inf", NINETAP_ERR_ARG},
    {"scales=3 weight_scale=3e38", NINETAP_ERR_ARG}, /* those of the last channels are infinite */
    {"scales=0", NINETAP_ERR_ARG},
    {"scales=2", NINETAP_ERR_ARG},
    {"scales=-1", NINETAP_ERR_ARG},
    {"dst_scale=0", NINETAP_ERR_ARG},
    {"dst_scale=nan", NINETAP_ERR_ARG},
    {"src_scale=1e30 weight_scale=1e30", NINETAP_ERR_ARG}, /* a product that is no float */
    {"src_scale=1e20 weight_scale=1e20 dst_type=f32", NINETAP_ERR_ARG},
    {"src_zero=-1", NINETAP_ERR_ARG},
    {"src_zero=256", NINETAP_ERR_ARG},
    {"src_type=s8 src_zero=-129", NINETAP_ERR_ARG},
    {"src_type=s8 src_zero=128", NINETAP_ERR_ARG},
    {"dst_zero=-1", NINETAP_ERR_ARG},
    {"dst_zero=256", NINETAP_ERR_ARG},
    {"dst_type=s8 dst_zero=-129", NINETAP_ERR_ARG},
    {"dst_type=s8 dst_zero=128", NINETAP_ERR_ARG},
    {"border=constant border_value=nan", NINETAP_ERR_ARG},
    {"act=clamp act_lo=1 act_hi=0", NINETAP_ERR_ARG},
    {"iw=2", NINETAP_ERR_SHAPE},
    {"ih=9223372036854775807", NINETAP_ERR_OVERFLOW},

    {"src_type=f32", NINETAP_ERR_UNSUPPORTED},
    {"src_type=s16", NINETAP_ERR_UNSUPPORTED},
    {"weights_type=u8", NINETAP_ERR_UNSUPPORTED},
    {"weights_type=f32", NINETAP_ERR_UNSUPPORTED},
    {"dst_type=s16", NINETAP_ERR_UNSUPPORTED},
    {"algo=winograd2", NINETAP_ERR_UNSUPPORTED},
    {"act=leaky", NINETAP_ERR_UNSUPPORTED},
    {"act=hardswish", NINETAP_ERR_UNSUPPORTED},
    {"dst_type=s32 act=relu", NINETAP_ERR_UNSUPPORTED},
    {"isa=unknown", NINETAP_ERR_UNSUPPORTED},
};
static const char *const accepted[] = {
    "src_zero=0 dst_zero=255 scales=3",
    "dst_type=s32 dst_scale=0 dst_zero=1000", /* which are not looked at */
    "dst_type=f32 dst_scale=nan",
    "src_scale=1e-38 weight_scale=1e-38 dst_scale=1e38", /* every output is the zero */
    "src_scale=3e38 weight_scale=3e38 dst_scale=3e38",
    "border_value=nan",
    "border=constant border_value=inf",
    "act=clamp act_lo=-inf act_hi=inf",
    "precision=exact",
    "n=0",
};

static int8_problem small_problem(const char *change) {
    int8_problem p = problem_of(1, "scalar", NINETAP_NCHW);
    REQUIRE(int8_parse("ic=2 ih=5 iw=6 oc=3", &p) && int8_parse(change, &p));
    return p;
}

static void descriptions(void) {
    static const int8_t weights[9 * 2 * 3] = {1, 2, 3};
    buffer nothing = buffer_new(0, AT_END, 0);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const int8_problem p = small_problem(refused[i].change);
        ninetap_conv3x3 *plan = nothing.data;
        int8_described d;
        nt_int8_describe(&p, &d);
        const ninetap_status status =
            ninetap_conv3x3_create(&plan, &d.desc, nothing.data, nothing.data);
        suite_require((status == refused[i].status && plan == NULL) ||
                      suite_wrong("'%s': %s", refused[i].change, ninetap_strerror(status)));
    }
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        const int8_problem p = small_problem(accepted[i]);
        ninetap_conv3x3 *plan = NULL;
        int8_described d;
        nt_int8_describe(&p, &d);
        const ninetap_status status = ninetap_conv3x3_create(&plan, &d.desc, weights, NULL);
        suite_require(status == NINETAP_OK ||
                      suite_wrong("'%s': %s", accepted[i], ninetap_strerror(status)));
        REQUIRE(p.conv.desc.n == 0 || check_conv3x3_int8(&p));
        ninetap_conv3x3_free(plan);
        d.desc.quantization = NULL;
        REQUIRE(ninetap_conv3x3_create(&plan, &d.desc, weights, NULL) == NINETAP_ERR_ARG);
        REQUIRE(ninetap_conv3x3_f32(&d.desc, &one, &one, &one, nothing.data) == NINETAP_ERR_ARG);
    }
    const int8_problem p = small_problem("");
    int8_described d;
    nt_int8_describe(&p, &d);
    REQUIRE(ninetap_conv3x3_f32(&d.desc, &one, &one, &one, nothing.data) ==
            NINETAP_ERR_UNSUPPORTED);
    d.scales.quantization.weights_scale = NULL;
    ninetap_conv3x3 *plan = NULL;
    REQUIRE(ninetap_conv3x3_create(&plan, &d.desc, weights, NULL) == NINETAP_ERR_ARG);
    buffer_free(&nothing);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "columns_and_filters", .each_isa = columns_and_filters},
        {.name = "channels", .each_isa = channels},
        {.name = "strips", .each_isa = strips},
        {.name = "onnx_convinteger", .each_isa = onnx_convinteger},
        {.name = "rounding", .each_isa = rounding},
        {.name = "extremes", .each_isa = extremes},
        {.name = "largest_sums", .once = largest_sums},
        {.name = "descriptions", .once = descriptions},
        {0},
    };
    return problems_differ() ? problems_main("conv3x3_int8", tests, argc, argv) : 0;
}
