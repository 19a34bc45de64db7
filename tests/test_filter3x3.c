/* Image filters: every small shape, and what the header says in so many words. */
#include <math.h>
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"

static const ninetap_dtype pairs[][2] = {{NINETAP_U8, NINETAP_U8},
                                         {NINETAP_U8, NINETAP_S16},
                                         {NINETAP_U8, NINETAP_F32},
                                         {NINETAP_F32, NINETAP_F32}};

static ninetap_filter3x3_desc of_bytes(const char *isa, int64_t ih, int64_t iw) {
    return (ninetap_filter3x3_desc){.n = 1,
                                    .ih = ih,
                                    .iw = iw,
                                    .channels = 1,
                                    .src_type = NINETAP_U8,
                                    .dst_type = NINETAP_U8,
                                    .isa = isa};
}

static filter_problem usual(const char *isa) {
    return (filter_problem){.desc = {.n = 1, .ih = 3, .iw = 5, .channels = 1, .isa = isa},
                            .data = DATA_RANDOM,
                            .seed = 1};
}

/* Rows around a vector, and of one pixel and none beside it; every border. */
static void small_shapes(const char *isa) {
    for (int i = 0; i < 4; i++)
        for (int channels = 1; channels <= 4; channels++)
            for (int ih = 1; ih <= 3; ih++)
                for (int iw = 1; iw <= 70; iw += iw < 35 ? 1 : 5) {
                    filter_problem p = usual(isa);
                    p.desc.src_type = pairs[i][0];
                    p.desc.dst_type = pairs[i][1];
                    p.desc.channels = channels;
                    p.desc.ih = ih;
                    p.desc.iw = iw;
                    p.desc.border = (ninetap_border)((ih + iw) % 4);
                    p.desc.border_value[0] = 200;
                    p.desc.keep_alpha = channels % 2 == 0 && iw % 3 == 0;
                    p.filter = (ih * 7 + iw) % FILTER_HUGE;
                    p.op = iw % 5 == 0 ? 1 + iw % 2 : 0;
                    p.placement = iw % 2;
                    suite_require(check_filter3x3(&p));
                }
}

/* Rows around the room that prepared ones have. */
static void long_rows(const char *isa) {
    static const int sizes[] = {100, 200, 249, 250, 500, 1000, 1263, 1270, 1400, 1500, 2600, 5000};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int i = 0; i < 4; i++)
            for (int way = 0; way < 4; way++) {
                filter_problem p = usual(isa);
                p.desc.src_type = pairs[i][0];
                p.desc.dst_type = pairs[i][1];
                p.desc.channels = 1 + (int)k % 4;
                p.desc.ih = 4;
                p.desc.iw = sizes[k] / p.desc.channels + way % 2;
                p.desc.border = (ninetap_border)((int)k % 4);
                p.desc.pool = way == 1 ? NINETAP_POOL_MAX : NINETAP_POOL_NONE;
                p.desc.margin[1] = p.desc.margin[3] = way == 2;
                p.in_place = way == 3 && i % 3 == 0;
                p.filter = way % 2 ? FILTER_SOBEL : FILTER_BOX;
                suite_require(check_filter3x3(&p));
            }
}

static void drawn(const char *isa) {
    check_drawn(&nt_operation_filter3x3, isa, 1500, 300e3);
}

/* ---- What the header says ---- */

static void rounding_of_halves(const char *isa) {
    const float half[9] = {0, 0, 0, 0, 0.5F, 0, 0, 0, 0};
    const uint8_t src[4] = {1, 3, 5, 255};
    uint8_t dst[4];
    int16_t negative[4];
    ninetap_filter3x3_desc d = of_bytes(isa, 1, 4);
    REQUIRE(ninetap_filter3x3(&d, half, src, dst) == NINETAP_OK);
    REQUIRE(dst[0] == 0 && dst[1] == 2 && dst[2] == 2 && dst[3] == 128);
    d.dst_type = NINETAP_S16;
    d.scale = -1.0F;
    REQUIRE(ninetap_filter3x3(&d, half, src, negative) == NINETAP_OK);
    REQUIRE(negative[0] == 0 && negative[1] == -2 && negative[2] == -2 && negative[3] == -128);
    d.absolute = 1;
    REQUIRE(ninetap_filter3x3(&d, half, src, negative) == NINETAP_OK && negative[3] == 128);
}

/* Sums around those that 16 bits hold, of the brightest picture; the middle of it. */
static void limits(const char *isa) {
    static const int coefficients[] = {13, 14, 15, 20, 127, 128, 129, -14, -15, -128, 3640, 900000};
    uint8_t src[3 * 80], bytes[3 * 80];
    int16_t halves[3 * 80];
    memset(src, 255, sizeof src);
    for (size_t k = 0; k < sizeof coefficients / sizeof *coefficients; k++) {
        ninetap_filter3x3_desc d = of_bytes(isa, 3, 80);
        d.dst_type = NINETAP_S16;
        float kernel[9];
        for (int i = 0; i < 9; i++)
            kernel[i] = (float)coefficients[k];
        const int64_t sum = (int64_t)9 * 255 * coefficients[k];
        REQUIRE(ninetap_filter3x3(&d, kernel, src, halves) == NINETAP_OK);
        REQUIRE(halves[80 + 40] == (sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum));
        d.dst_type = NINETAP_U8;
        REQUIRE(ninetap_filter3x3(&d, kernel, src, bytes) == NINETAP_OK);
        REQUIRE(bytes[80 + 40] == (sum < 0 ? 0 : 255));
    }
}

static void statuses(void) {
    const float kernel[9] = {0, 0, 0, 0, 1};
    float bad[9] = {0};
    uint8_t image[64] = {0}, out[64];
    const ninetap_filter3x3_desc good = of_bytes(NULL, 4, 4);
    ninetap_filter3x3_desc d = good;
#define STATUS() ninetap_filter3x3(&d, kernel, image, out)
    REQUIRE(STATUS() == NINETAP_OK);
    REQUIRE(ninetap_filter3x3(NULL, kernel, image, out) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_filter3x3(&d, NULL, image, out) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_filter3x3(&d, kernel, NULL, out) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_filter3x3(&d, kernel, image, NULL) == NINETAP_ERR_ARG);
    bad[8] = INFINITY;
    REQUIRE(ninetap_filter3x3(&d, bad, image, out) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_gradient3x3(&d, kernel, bad, NINETAP_NORM_L1, image, out) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_gradient3x3(&d, kernel, kernel, (ninetap_norm)2, image, out) ==
            NINETAP_ERR_ARG);
    REQUIRE(ninetap_filter3x3(&d, kernel, image, image + 15) == NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_filter3x3(&d, kernel, image, image + 16) == NINETAP_OK);
    REQUIRE(ninetap_filter3x3(&d, kernel, image, image) == NINETAP_OK);
    d.src_pitch[1] = 5;
    REQUIRE(ninetap_filter3x3(&d, kernel, image, image) == NINETAP_ERR_ALIAS);
    d.dst_pitch[1] = 5;
    REQUIRE(ninetap_filter3x3(&d, kernel, image, image) == NINETAP_OK);
#define REFUSED(field, value, status) \
    d = good;                         \
    d.field = value;                  \
    REQUIRE(STATUS() == (status))
    REFUSED(n, 0, NINETAP_OK);
    REFUSED(n, -1, NINETAP_ERR_ARG);
    REFUSED(ih, 0, NINETAP_ERR_SHAPE);
    REFUSED(channels, 5, NINETAP_ERR_ARG);
    REFUSED(channels, 0, NINETAP_ERR_ARG);
    REFUSED(keep_alpha, 1, NINETAP_ERR_ARG);
    REFUSED(scale, NAN, NINETAP_ERR_ARG);
    REFUSED(delta, INFINITY, NINETAP_ERR_ARG);
    REFUSED(border, (ninetap_border)4, NINETAP_ERR_ARG);
    REFUSED(margin[2], -1, NINETAP_ERR_ARG);
    REFUSED(src_pitch[1], 3, NINETAP_ERR_SHAPE);
    REFUSED(src_pitch[1], -4, NINETAP_ERR_ARG);
    REFUSED(dst_pitch[1], -8, NINETAP_ERR_ARG);
    REFUSED(dst_type, NINETAP_S8, NINETAP_ERR_UNSUPPORTED);
    REFUSED(src_type, NINETAP_F32, NINETAP_ERR_UNSUPPORTED);
    REFUSED(dst_type, (ninetap_dtype)5, NINETAP_ERR_ARG);
    REFUSED(iw, INT64_MAX, NINETAP_ERR_OVERFLOW);
    REFUSED(isa, "none", NINETAP_ERR_UNSUPPORTED);
    REFUSED(reserved[7], 1, NINETAP_ERR_ARG);
    d = good;
    d.border = NINETAP_BORDER_CONSTANT;
    d.border_value[0] = 0.5F;
    REQUIRE(STATUS() == NINETAP_ERR_ARG);
    d = good;
    d.ih = 1;
    d.pool = NINETAP_POOL_MAX;
    REQUIRE(STATUS() == NINETAP_ERR_SHAPE);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "small_shapes", .each_isa = small_shapes},
        {.name = "long_rows", .each_isa = long_rows},
        {.name = "drawn", .each_isa = drawn},
        {.name = "rounding_of_halves", .each_isa = rounding_of_halves},
        {.name = "limits", .each_isa = limits},
        {.name = "statuses", .once = statuses},
        {0},
    };
    return problems_main("filter3x3", tests, argc, argv);
}
