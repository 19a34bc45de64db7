/* 2x2 max unpooling: what its indices may be, and what of them is refused. (Against the reference:
 * test_pool2x2.) */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "support/bits.h"
#include "ninetap.h"
#include "selftest/rng.h"
#include "support/suite.h"

enum { C = 3, IH = 9, IW = 70, OH = 4, OW = 35, POOLED = C * OH * OW, LARGE = C * IH * IW };
static float image[LARGE], pooled[POOLED], back[LARGE];
static int64_t places[POOLED];

static ninetap_pool2x2_desc description(const char *isa, int layout) {
    return (ninetap_pool2x2_desc){
        .n = 1, .c = C, .ih = IH, .iw = IW, .layout = (ninetap_layout)layout, .isa = isa};
}

static void pool_image(const ninetap_pool2x2_desc *d) {
    rng r = {1};
    for (int i = 0; i < LARGE; i++)
        image[i] = rng_float(&r);
    REQUIRE(ninetap_maxpool2x2_f32(d, image, pooled, places) == NINETAP_OK);
}

/* One index is wrong, each in turn: it is seen wherever it lies, and nothing is written. Right ones
 * out of their windows are no error. */
static void bad_indices(const char *isa) {
    static const int64_t wrong[] = {-2,        INT64_MIN,          INT64_MIN + 1,      IH * IW,
                                    INT64_MAX, (INT64_C(1) << 32), -(INT64_C(1) << 32)};
    for (int i = 0; i < 2 * POOLED; i++) {
        ninetap_pool2x2_desc d = description(isa, i % 2);
        pool_image(&d);
        /* The low words of its own window's place do not excuse the high ones. */
        const int64_t own = places[i / 2];
        places[i / 2] = i / 2 % 8 == 7 ? own + (INT64_C(1) << 32) : wrong[i / 2 % 7];
        memset(back, 0x55, sizeof back);
        errno = 0;
        REQUIRE(ninetap_maxunpool2x2_f32(&d, pooled, places, back) == NINETAP_ERR_ARG);
        d.pad[0] = 1; /* the general way */
        d.ih--;
        REQUIRE(ninetap_maxunpool2x2_f32(&d, pooled, places, back) == NINETAP_ERR_ARG);
        d = description(isa, i % 2);
        for (size_t k = 0; k < sizeof back; k++)
            REQUIRE(((const unsigned char *)back)[k] == 0x55);
        places[i / 2] = i / 2 % 2 == 0 ? -1 : IH * IW - 1;
        REQUIRE(ninetap_maxunpool2x2_f32(&d, pooled, places, back) == NINETAP_OK);
        REQUIRE(errno == 0);
    }
}

/* Unpooled and pooled again: the same. What is not an index's is +0. */
static void there_and_back(const char *isa) {
    for (int layout = 0; layout < 2; layout++) {
        const ninetap_pool2x2_desc d = description(isa, layout);
        pool_image(&d);
        memset(back, 0x55, sizeof back);
        REQUIRE(ninetap_maxunpool2x2_f32(&d, pooled, places, back) == NINETAP_OK);
        int kept = 0;
        for (int i = 0; i < LARGE; i++) {
            const bool zero = bits_of(back[i]) == 0;
            REQUIRE(zero || bits_of(back[i]) == bits_of(image[i]));
            kept += !zero;
        }
        REQUIRE(kept == POOLED);
    }
}

/* Every index the same: the last value in row-major order, on any number of threads. */
static void duplicates(const char *isa) {
    for (int i = 0; i < 2 * 2 * 2; i++) {
        ninetap_pool2x2_desc d = description(isa, i & 1);
        d.threads = i & 2 ? 7 : 1;
        if (i & 4) /* as many windows, three more rows */
            d.pad[0] = d.stride = 0, d.ih = IH - 1;
        pool_image(&d);
        for (int k = 0; k < POOLED; k++)
            places[k] = 5;
        REQUIRE(ninetap_maxunpool2x2_f32(&d, pooled, places, back) == NINETAP_OK);
        for (int c = 0; c < C; c++) {
            const bool nchw = d.layout == NINETAP_NCHW;
            const float last = pooled[nchw ? c * OH * OW + OH * OW - 1 : (OH * OW - 1) * C + c];
            const float got = back[nchw ? c * (int)d.ih * IW + 5 : 5 * C + c];
            REQUIRE(bits_of(got) == bits_of(last));
        }
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "bad_indices", .each_isa = bad_indices},
        {.name = "there_and_back", .each_isa = there_and_back},
        {.name = "duplicates", .each_isa = duplicates},
        {0},
    };
    return suite_main("maxunpool2x2", tests, argc, argv);
}
