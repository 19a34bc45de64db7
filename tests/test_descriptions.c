/* Every description that must be refused, with the status it must be refused with, and nothing of
 * the caller's written. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"

typedef struct row {
    const char *change; /* of a valid description */
    ninetap_status status;
} row;

/* ---- Convolution ---- */

static const row conv_rows[] = {
    {"n=-1", NINETAP_ERR_ARG},
    {"ic=-1", NINETAP_ERR_ARG},
    {"ih=-1", NINETAP_ERR_ARG},
    {"iw=-1", NINETAP_ERR_ARG},
    {"oc=-1", NINETAP_ERR_ARG},
    {"ic=-9223372036854775808", NINETAP_ERR_ARG},
    {"stride=-1", NINETAP_ERR_ARG},
    {"dilation=-1", NINETAP_ERR_ARG},
    {"dilation=-2147483648", NINETAP_ERR_ARG},
    {"groups=-1", NINETAP_ERR_ARG},
    {"threads=-1", NINETAP_ERR_ARG},
    {"pad=-1,0,0,0", NINETAP_ERR_ARG},
    {"pad=0,-1,0,0", NINETAP_ERR_ARG},
    {"pad=0,0,-1,0", NINETAP_ERR_ARG},
    {"pad=0,0,0,-1", NINETAP_ERR_ARG},
    {"pad=3,0,0,0", NINETAP_ERR_ARG},
    {"pad=0,3,0,0", NINETAP_ERR_ARG},
    {"pad=0,0,3,0", NINETAP_ERR_ARG},
    {"pad=0,0,0,3", NINETAP_ERR_ARG},
    {"dilation=2 pad=0,0,0,5", NINETAP_ERR_ARG},
    {"layout=2", NINETAP_ERR_ARG},
    {"layout=-1", NINETAP_ERR_ARG},
    {"weights=3", NINETAP_ERR_ARG},
    {"weights=-1", NINETAP_ERR_ARG},
    {"border=4", NINETAP_ERR_ARG},
    {"border=-1", NINETAP_ERR_ARG},
    {"act=5", NINETAP_ERR_ARG},
    {"act=-1", NINETAP_ERR_ARG},
    {"pool=2", NINETAP_ERR_ARG},
    {"pool=-1", NINETAP_ERR_ARG},
    {"algo=5", NINETAP_ERR_ARG},
    {"algo=-1", NINETAP_ERR_ARG},
    {"precision=4", NINETAP_ERR_ARG},
    {"precision=-1", NINETAP_ERR_ARG},
    {"act=clamp act_lo=1 act_hi=0", NINETAP_ERR_ARG},
    {"act=clamp act_lo=nan act_hi=0", NINETAP_ERR_ARG},
    {"act=clamp act_lo=0 act_hi=nan", NINETAP_ERR_ARG},
    {"src_pitch=-1,0,0", NINETAP_ERR_ARG},
    {"src_pitch=0,-1,0", NINETAP_ERR_ARG},
    {"src_pitch=0,0,-1", NINETAP_ERR_ARG},
    {"dst_pitch=-1,0,0", NINETAP_ERR_ARG},
    {"dst_pitch=0,-1,0", NINETAP_ERR_ARG},
    {"dst_pitch=0,0,-9223372036854775808", NINETAP_ERR_ARG},
    {"src_type=5", NINETAP_ERR_ARG},
    {"weights_type=5", NINETAP_ERR_ARG},
    {"dst_type=-1", NINETAP_ERR_ARG},
    {"src_type=u8 weights_type=s8 dst_type=u8", NINETAP_ERR_ARG}, /* and no quantization */
    {"src_type=s8 weights_type=s8 dst_type=s32", NINETAP_ERR_ARG},
    {"reserved=1,0,0,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,1,0,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,1,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,1,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,1,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,1,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,0,1,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,0,0,1", NINETAP_ERR_ARG},

    {"ic=0", NINETAP_ERR_SHAPE},
    {"ih=0", NINETAP_ERR_SHAPE},
    {"iw=0", NINETAP_ERR_SHAPE},
    {"oc=0", NINETAP_ERR_SHAPE},
    {"n=0 ic=0", NINETAP_ERR_SHAPE},
    {"ih=2", NINETAP_ERR_SHAPE}, /* kernel larger than the image */
    {"iw=2", NINETAP_ERR_SHAPE},
    {"ih=1 pad=1,1,0,1", NINETAP_ERR_SHAPE},
    {"ih=3 pool=max", NINETAP_ERR_SHAPE}, /* no window of the pool in the map */
    {"iw=3 pool=max", NINETAP_ERR_SHAPE},
    {"dilation=3", NINETAP_ERR_SHAPE},
    {"dilation=2147483647", NINETAP_ERR_SHAPE},
    {"groups=2", NINETAP_ERR_SHAPE}, /* divides ic, not oc */
    {"groups=3", NINETAP_ERR_SHAPE}, /* divides oc, not ic */
    {"groups=9223372036854775807", NINETAP_ERR_SHAPE},
    {"src_pitch=0,0,5", NINETAP_ERR_SHAPE},
    {"src_pitch=0,29,0", NINETAP_ERR_SHAPE},
    {"src_pitch=59,0,0", NINETAP_ERR_SHAPE}, /* even of a single image */
    {"n=2 src_pitch=59,0,0", NINETAP_ERR_SHAPE},
    {"dst_pitch=0,0,3", NINETAP_ERR_SHAPE},
    {"dst_pitch=0,11,0", NINETAP_ERR_SHAPE},
    {"n=2 dst_pitch=35,0,0", NINETAP_ERR_SHAPE},
    {"layout=nhwc src_pitch=0,0,1", NINETAP_ERR_SHAPE},
    {"layout=nhwc src_pitch=0,11,0", NINETAP_ERR_SHAPE},
    {"layout=nhwc n=2 src_pitch=59,0,0", NINETAP_ERR_SHAPE},
    {"layout=nhwc dst_pitch=0,0,2", NINETAP_ERR_SHAPE},
    {"layout=nhwc dst_pitch=0,11,0", NINETAP_ERR_SHAPE},
    {"layout=nhwc n=2 dst_pitch=35,0,0", NINETAP_ERR_SHAPE},

    {"dilation=1073741824 pad=2147483647,2147483647,2147483647,2147483647",
     NINETAP_ERR_OVERFLOW},                                       /* the output, not the input */
    {"ih=9223372036854775807 pad=1,1,1,1", NINETAP_ERR_OVERFLOW}, /* the padded input */
    {"iw=9223372036854775807 pad=0,2,0,2", NINETAP_ERR_OVERFLOW},
    {"ic=268435456 oc=268435456 ih=10 iw=10", NINETAP_ERR_OVERFLOW}, /* multiply-adds only */
    {"ih=4611686018427387904 src_pitch=0,7,0", NINETAP_ERR_OVERFLOW},
    {"n=3 src_pitch=4611686018427387904,0,0", NINETAP_ERR_OVERFLOW},
    {"n=3 dst_pitch=4611686018427387904,0,0", NINETAP_ERR_OVERFLOW},
    {"src_pitch=0,4611686018427387904,0", NINETAP_ERR_OVERFLOW},
    {"dst_pitch=0,0,4611686018427387904", NINETAP_ERR_OVERFLOW},
    {"n=2 layout=nhwc src_pitch=0,9223372036854775807,0", NINETAP_ERR_OVERFLOW},

    /* Legal, but not offered. */
    {"isa=unknown", NINETAP_ERR_UNSUPPORTED},
    {"algo=winograd2 stride=2", NINETAP_ERR_UNSUPPORTED},
    {"src_type=u8", NINETAP_ERR_UNSUPPORTED},
    {"src_type=u8 weights_type=u8 dst_type=u8", NINETAP_ERR_UNSUPPORTED},
    {"dst_type=s32", NINETAP_ERR_UNSUPPORTED},
    {"algo=winograd4 dilation=2", NINETAP_ERR_UNSUPPORTED},
    {"algo=winograd6 ic=3 groups=3", NINETAP_ERR_UNSUPPORTED},
    {"algo=winograd2 precision=exact", NINETAP_ERR_UNSUPPORTED},
    {"algo=winograd4 precision=portable", NINETAP_ERR_UNSUPPORTED},
};

static const conv_problem conv_valid = {.desc = {.n = 1, .ic = 2, .ih = 5, .iw = 6, .oc = 3}};

static bool expect(const char *what, const char *text, ninetap_status got, ninetap_status wanted) {
    return got == wanted || suite_wrong("%s of '%s': '%s' instead of '%s'", what, text,
                                        ninetap_strerror(got), ninetap_strerror(wanted));
}

/* The tensors are never looked at: a refused call that touches them dies on their guard pages. */
static bool conv_refused(const conv_problem *p, const char *text, ninetap_status status) {
    buffer nothing = buffer_new(0, AT_END, 0);
    float *dst = nothing.data;
    /* Away from dst, so that nothing overlaps. */
    const float *in = (const float *)nothing.data + 64;
    ninetap_conv3x3 *plan = (ninetap_conv3x3 *)nothing.data;
    errno = 0;
    bool ok = expect("create", text, ninetap_conv3x3_create(&plan, &p->desc, in, in), status);
    ok &= plan == NULL || suite_wrong("create of '%s' left a plan", text);
    ok &= expect("one shot", text, ninetap_conv3x3_f32(&p->desc, in, in, in, dst), status);
    int64_t oh = -7, ow = -7;
    const ninetap_status sized = ninetap_conv3x3_output(&p->desc, &oh, &ow);
    if (status != NINETAP_ERR_UNSUPPORTED) {
        ok &= expect("output", text, sized, status);
        ok &= (oh == -7 && ow == -7) || suite_wrong("output of '%s' was written", text);
    }
    ok &= errno == 0 || suite_wrong("errno was set by '%s'", text);
    buffer_free(&nothing);
    return ok;
}

static void conv3x3_table(void) {
    bool ok = true;
    for (size_t i = 0; i < sizeof conv_rows / sizeof *conv_rows; i++) {
        conv_problem p = conv_valid;
        suite_require(conv_parse(conv_rows[i].change, &p));
        ok &= conv_refused(&p, conv_rows[i].change, conv_rows[i].status);
    }
    suite_require(ok);
}

/* Floats have no quantization. */
static void conv3x3_quantization(void) {
    static const ninetap_quantization quantization = {.src_scale = 1.0F};
    conv_problem p = conv_valid;
    p.desc.quantization = &quantization;
    suite_require(conv_refused(&p, "quantization", NINETAP_ERR_ARG));
    p.desc.src_type = NINETAP_U8;
    suite_require(conv_refused(&p, "quantization src_type=u8", NINETAP_ERR_UNSUPPORTED));
}

/* One size or two so large that a product of sizes wraps around in 64 bits; some wrap to something
 * small that looks valid. */
static const int64_t huge_one[] = {INT64_C(1) << 59, (INT64_C(1) << 59) + 1, INT64_C(1) << 61,
                                   INT64_C(1) << 62, INT64_MAX - 1,          INT64_MAX};
static const int64_t huge_two[] = {INT64_C(1) << 31, (INT64_C(1) << 31) - 1, (INT64_C(1) << 31) + 1,
                                   INT64_C(1) << 32, (INT64_C(1) << 32) + 1, INT64_C(3037000500)};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void conv3x3_overflow(void) {
    bool ok = true;
    for (int layout = 0; layout < 2; layout++)
        for (int a = 0; a < 5; a++)
            for (int b = a; b < 5; b++)
                for (size_t k = 0; k < (a == b ? COUNT(huge_one) : COUNT(huge_two)); k++) {
                    conv_problem p = conv_valid;
                    p.desc.layout = (ninetap_layout)layout;
                    int64_t *const size[] = {&p.desc.n, &p.desc.ic, &p.desc.ih, &p.desc.iw,
                                             &p.desc.oc};
                    *size[a] = *size[b] = a == b ? huge_one[k] : huge_two[k];
                    char text[NT_PROBLEM_TEXT];
                    conv_print(text, &p);
                    ok &= conv_refused(&p, text, NINETAP_ERR_OVERFLOW);
                }
    suite_require(ok);
}

/* Unusual, but right. */
static void conv3x3_accepted(void) {
    static const struct {
        const char *change;
        int64_t oh, ow;
    } rows[] = {
        {"n=0", 3, 4},
        {"stride=2147483647", 1, 1},
        {"ih=1 iw=1 pad=1,1,1,1", 1, 1},
        {"ih=1 iw=1 pad=2,2,2,2", 3, 3},
        {"ih=10000000 stride=1000", 10000, 1},
        {"threads=1000000", 3, 4},
        {"src_pitch=60,30,6 dst_pitch=36,12,4", 3, 4},
        {"act=clamp act_lo=-inf act_hi=inf", 3, 4},
        {"act=clamp act_lo=2 act_hi=2", 3, 4},
        {"act_lo=1 act_hi=0", 3, 4}, /* not a clamp: not looked at */
        {"algo=direct precision=fast", 3, 4},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        conv_problem p = conv_valid;
        int64_t oh = -7, ow = -7;
        suite_require(conv_parse(rows[i].change, &p));
        suite_require(expect("output", rows[i].change, ninetap_conv3x3_output(&p.desc, &oh, &ow),
                             NINETAP_OK));
        REQUIRE(oh == rows[i].oh && ow == rows[i].ow);
    }
}

/* Plans of images that no machine holds, and of more threads than there are rows: only the weights
 * are looked at. */
static void conv3x3_huge_plans(void) {
    static const char *const changes[] = {
        "ih=300000 iw=300000 threads=1000000",
        "layout=nhwc ih=300000 iw=300000 threads=1000000 dilation=9",
        "ih=300000 iw=300000 pool=max threads=3",
        "ic=3 groups=3 ih=300000 iw=300000",
        "ic=1 oc=1 ih=144115188075855872 iw=4 pad=1,1,1,1", /* 2^57 */
        "ic=1 oc=1 ih=144115188075855872 iw=4 pad=1,1,1,1 layout=nhwc",
        "layout=nhwc ic=3 groups=3 ih=300000 iw=300000 pool=max",
        "ih=30000 iw=30000 algo=winograd4 threads=1000000",
    };
    static const float weights[3 * 3 * 9];
    for (size_t i = 0; i < COUNT(changes); i++) {
        conv_problem p = conv_valid;
        ninetap_conv3x3 *plan = NULL;
        ninetap_plan_info info;
        suite_require(conv_parse(changes[i], &p));
        const bool fits = sizeof(void *) >= 8;
        suite_require(expect("create", changes[i],
                             ninetap_conv3x3_create(&plan, &p.desc, weights, NULL),
                             fits ? NINETAP_OK : NINETAP_ERR_OVERFLOW));
        if (!fits)
            continue;
        ninetap_conv3x3_describe(plan, &info);
        REQUIRE(info.macs > 0 && info.workspace_bytes == ninetap_conv3x3_workspace(plan));
        ninetap_conv3x3_free(plan);
    }
}

/* Tensors that fit, but not what a plan needs besides them; the output's size is no secret. */
static void conv3x3_huge_workspaces(void) {
    static const char *const changes[] = {
        "ic=1 oc=1 ih=4 iw=288230376151711744 pool=max",            /* the map that is pooled */
        "ic=1 oc=4 ih=379625063 iw=379625063 pad=1,1,1,1 pool=max", /* the map of the naive loops */
    };
    const float weights[4 * 9] = {INFINITY};
    for (size_t i = 0; i < COUNT(changes); i++) {
        conv_problem p = conv_valid;
        ninetap_conv3x3 *plan = NULL;
        int64_t oh, ow;
        suite_require(conv_parse(changes[i], &p));
        REQUIRE(ninetap_conv3x3_output(&p.desc, &oh, &ow) == NINETAP_OK || sizeof(void *) < 8);
        suite_require(expect("create", changes[i],
                             ninetap_conv3x3_create(&plan, &p.desc, weights, NULL),
                             NINETAP_ERR_OVERFLOW));
        REQUIRE(plan == NULL);
    }
}

/* ---- Pooling ---- */

static const row pool_rows[] = {
    {"n=-1", NINETAP_ERR_ARG},
    {"c=-1", NINETAP_ERR_ARG},
    {"ih=-1", NINETAP_ERR_ARG},
    {"iw=-9223372036854775808", NINETAP_ERR_ARG},
    {"stride=-1", NINETAP_ERR_ARG},
    {"dilation=-1", NINETAP_ERR_ARG},
    {"threads=-1", NINETAP_ERR_ARG},
    {"pad=-1,0,0,0", NINETAP_ERR_ARG},
    {"pad=2,0,0,0", NINETAP_ERR_ARG},
    {"pad=0,2,0,0", NINETAP_ERR_ARG},
    {"pad=0,0,2,0", NINETAP_ERR_ARG},
    {"pad=0,0,0,2", NINETAP_ERR_ARG},
    {"dilation=2 pad=0,0,0,3", NINETAP_ERR_ARG},
    {"layout=2", NINETAP_ERR_ARG},
    {"layout=-1", NINETAP_ERR_ARG},
    {"nan=2", NINETAP_ERR_ARG},
    {"nan=-1", NINETAP_ERR_ARG},
    {"src_pitch=-1,0,0", NINETAP_ERR_ARG},
    {"dst_pitch=0,0,-1", NINETAP_ERR_ARG},

    {"c=0", NINETAP_ERR_SHAPE},
    {"ih=0", NINETAP_ERR_SHAPE},
    {"iw=0", NINETAP_ERR_SHAPE},
    {"n=0 c=0", NINETAP_ERR_SHAPE},
    {"ih=1", NINETAP_ERR_SHAPE}, /* window larger than the image */
    {"iw=1", NINETAP_ERR_SHAPE},
    {"dilation=5", NINETAP_ERR_SHAPE},
    {"dilation=2147483647", NINETAP_ERR_SHAPE},
    {"src_pitch=0,0,5", NINETAP_ERR_SHAPE},
    {"src_pitch=0,29,0", NINETAP_ERR_SHAPE},
    {"n=2 src_pitch=59,0,0", NINETAP_ERR_SHAPE},
    {"dst_pitch=0,0,2", NINETAP_ERR_SHAPE},
    {"dst_pitch=0,5,0", NINETAP_ERR_SHAPE},
    {"n=2 dst_pitch=11,0,0", NINETAP_ERR_SHAPE},
    {"layout=nhwc src_pitch=0,0,1", NINETAP_ERR_SHAPE},
    {"layout=nhwc dst_pitch=0,5,0", NINETAP_ERR_SHAPE},

    {"n=3 src_pitch=4611686018427387904,0,0", NINETAP_ERR_OVERFLOW},
    {"dst_pitch=0,9223372036854775807,0", NINETAP_ERR_OVERFLOW},
    {"ih=9223372036854775807 pad=1,1,1,1", NINETAP_ERR_OVERFLOW}, /* the padded input */

    {"reserved=1,0,0,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,0,0,1", NINETAP_ERR_ARG},
    {"isa=unknown", NINETAP_ERR_UNSUPPORTED},
};

static const pool_problem pool_valid = {.desc = {.n = 1, .c = 2, .ih = 5, .iw = 6}};

static bool pool_refused(const pool_problem *p, const char *text, ninetap_status status) {
    buffer nothing = buffer_new(0, AT_END, 0);
    float *dst = nothing.data;
    const float *src = (const float *)nothing.data + 64;
    int64_t *indices = (int64_t *)nothing.data + 128;
    errno = 0;
    bool ok = true;
    for (pool_problem each = *p; each.op < POOL_OPS; each.op++)
        ok &= expect("test_operations", text, nt_pool_call(&each, src, dst, indices), status);
    int64_t oh = -7, ow = -7;
    const ninetap_status sized = ninetap_pool2x2_output(&p->desc, &oh, &ow);
    if (status != NINETAP_ERR_UNSUPPORTED) {
        ok &= expect("output", text, sized, status);
        ok &= (oh == -7 && ow == -7) || suite_wrong("output of '%s' was written", text);
    }
    ok &= errno == 0 || suite_wrong("errno was set by '%s'", text);
    buffer_free(&nothing);
    return ok;
}

static void pool2x2_table(void) {
    bool ok = true;
    for (size_t i = 0; i < COUNT(pool_rows); i++) {
        pool_problem p = pool_valid;
        suite_require(pool_parse(pool_rows[i].change, &p));
        ok &= pool_refused(&p, pool_rows[i].change, pool_rows[i].status);
    }
    suite_require(ok);
}

static void pool2x2_overflow(void) {
    bool ok = true;
    for (int a = 0; a < 4; a++)
        for (int b = a; b < 4; b++)
            for (size_t k = 0; k < (a == b ? COUNT(huge_one) : COUNT(huge_two)); k++) {
                pool_problem p = pool_valid;
                int64_t *const size[] = {&p.desc.n, &p.desc.c, &p.desc.ih, &p.desc.iw};
                *size[a] = *size[b] = a == b ? huge_one[k] : huge_two[k];
                char text[NT_PROBLEM_TEXT];
                pool_print(text, &p);
                ok &= pool_refused(&p, text, NINETAP_ERR_OVERFLOW);
            }
    suite_require(ok);
}

static void pool2x2_accepted(void) {
    static const struct {
        const char *change;
        int64_t oh, ow;
    } rows[] = {
        {"n=0", 2, 3},
        {"ceil=1", 3, 3},
        {"ceil=-1", 3, 3},
        {"ih=1 iw=1 ceil=1", 1, 1}, /* one window, of one element */
        {"ih=1 iw=1 pad=1,1,1,1 stride=1", 2, 2},
        {"ih=4 iw=4 pad=0,0,1,1 stride=2 ceil=1", 2, 2}, /* would start in the right padding */
        {"ih=5 iw=5 pad=0,0,1,1 stride=2 ceil=1", 3, 3},
        {"stride=2147483647", 1, 1},
        {"ih=10000000 stride=1000", 10000, 1},
        {"src_pitch=60,30,6 dst_pitch=12,6,3", 2, 3},
        {"layout=nhwc c=1 src_pitch=0,0,2", 2, 3},
        {"layout=nhwc c=1 dst_pitch=0,0,2", 2, 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        pool_problem p = pool_valid;
        int64_t oh = -7, ow = -7;
        suite_require(pool_parse(rows[i].change, &p));
        suite_require(expect("output", rows[i].change, ninetap_pool2x2_output(&p.desc, &oh, &ow),
                             NINETAP_OK));
        REQUIRE(oh == rows[i].oh && ow == rows[i].ow);
    }
}

static void mixed_alphas(void) {
    static const float bad[] = {-0x1p-149F, -1.0F, 0x1.000002p0F, 2.0F, INFINITY, -INFINITY, NAN};
    static const float good[] = {-0.0F, 0.0F, 0x1p-149F, 0.5F, 1.0F};
    const ninetap_pool2x2_desc *d = &pool_valid.desc;
    const float src[60] = {0};
    float dst[12], untouched[12];
    memset(dst, 0x55, sizeof dst);
    memset(untouched, 0x55, sizeof untouched);
    for (size_t i = 0; i < COUNT(bad); i++) {
        REQUIRE(ninetap_mixedpool2x2_f32(d, bad[i], src, dst) == NINETAP_ERR_ARG);
        REQUIRE(memcmp(dst, untouched, sizeof dst) == 0);
    }
    for (size_t i = 0; i < COUNT(good); i++)
        REQUIRE(ninetap_mixedpool2x2_f32(d, good[i], src, dst) == NINETAP_OK);
}

static void messages(void) {
    for (int i = -1; i <= NINETAP_ERR_UNSUPPORTED + 1; i++) {
        const char *text = ninetap_strerror((ninetap_status)i);
        REQUIRE(text != NULL && text[0] != '\0' && strchr(text, '\n') == NULL);
    }
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", NINETAP_VERSION_MAJOR, NINETAP_VERSION_MINOR,
             NINETAP_VERSION_PATCH);
    REQUIRE(strcmp(ninetap_version(), version) == 0);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "conv3x3_table", .once = conv3x3_table},
        {.name = "conv3x3_quantization", .once = conv3x3_quantization},
        {.name = "conv3x3_overflow", .once = conv3x3_overflow},
        {.name = "conv3x3_accepted", .once = conv3x3_accepted},
        {.name = "conv3x3_huge_plans", .once = conv3x3_huge_plans},
        {.name = "conv3x3_huge_workspaces", .once = conv3x3_huge_workspaces},
        {.name = "pool2x2_table", .once = pool2x2_table},
        {.name = "pool2x2_overflow", .once = pool2x2_overflow},
        {.name = "pool2x2_accepted", .once = pool2x2_accepted},
        {.name = "mixed_alphas", .once = mixed_alphas},
        {.name = "messages", .once = messages},
        {0},
    };
    return suite_main("descriptions", tests, argc, argv);
}
