/* The rules of max pooling, element by element and without the reference: NaN at each place, ties,
 * infinities, padding; with and without indices. */
#include <math.h>

#include "ninetap.h"
#include "support/bits.h"
#include "support/suite.h"

static int64_t place(ninetap_layout layout, int64_t c, int64_t h, int64_t w, int64_t i, int64_t y,
                     int64_t x) {
    return layout == NINETAP_NCHW ? (i * h + y) * w + x : (y * w + x) * c + i;
}

enum { WINDOWS = 70, PLANES = 3 }; /* several vectors and a tail, on any instruction set */

/* PLANES planes of one row of windows; window j, element k of plane i at at(...). */
typedef struct pool_run {
    ninetap_pool2x2_desc d;
    float src[PLANES * 2 * 2 * WINDOWS], dst[PLANES * WINDOWS];
    int64_t indices[PLANES * WINDOWS];
} pool_run;

static float *window_at(pool_run *r, int i, int j, int k) {
    return &r->src[place(r->d.layout, PLANES, 2, (int64_t)2 * WINDOWS, i, k / 2, 2 * j + k % 2)];
}

/* Runs it and requires that each window's winner is `winner[j]`, or with NULL element k. */
static void require_winner(pool_run *r, int k) {
    REQUIRE(ninetap_maxpool2x2_f32(&r->d, r->src, r->dst, NULL) == NINETAP_OK);
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < PLANES; i++)
            for (int j = 0; j < WINDOWS; j++) {
                const int64_t o = place(r->d.layout, PLANES, 1, WINDOWS, i, 0, j);
                REQUIRE(bits_of(r->dst[o]) == bits_of(*window_at(r, i, j, k)));
                REQUIRE(pass == 0 || r->indices[o] == k / 2 * 2 * WINDOWS + 2 * j + k % 2);
            }
        REQUIRE(ninetap_maxpool2x2_f32(&r->d, r->src, r->dst, r->indices) == NINETAP_OK);
    }
}

/* Each way to call, with every window filled with four values and winner k expected. */
static void each_window(const char *isa, const float value[4], ninetap_nan nan, int k) {
    for (int layout = 0; layout < 2; layout++) {
        pool_run r = {.d = {.n = 1, .c = PLANES, .ih = 2, .iw = (int64_t)2 * WINDOWS}};
        r.d.layout = (ninetap_layout)layout;
        r.d.nan = nan;
        r.d.isa = isa;
        for (int i = 0; i < PLANES; i++)
            for (int j = 0; j < WINDOWS; j++)
                for (int e = 0; e < 4; e++)
                    *window_at(&r, i, j, e) = value[e];
        require_winner(&r, k);
    }
}

/* A NaN, with a payload of its own, at each place of the window. */
static void nan_in_window(const char *isa) {
    for (int at = 0; at < 4; at++) {
        float value[4] = {-1, -2, -3, -4};
        value[at] = from_bits(0x7FC00123U + (uint32_t)at);
        each_window(isa, value, NINETAP_NAN_PROPAGATE, at);
        each_window(isa, value, NINETAP_NAN_IGNORE, at == 0 ? 1 : 0);
        /* In one window only: its neighbours in the vector keep their winners. */
        for (int j = 0; j < WINDOWS; j++) {
            pool_run r = {.d = {.n = 1, .c = PLANES, .ih = 2, .iw = (int64_t)2 * WINDOWS}};
            r.d.isa = isa;
            for (int k = 0; k < PLANES * 4 * WINDOWS; k++)
                r.src[k] = (float)-k;
            *window_at(&r, 1, j, at) = value[at];
            REQUIRE(ninetap_maxpool2x2_f32(&r.d, r.src, r.dst, NULL) == NINETAP_OK);
            for (int o = 0; o < PLANES * WINDOWS; o++) {
                const int i = o / WINDOWS, x = o % WINDOWS;
                const int winner = i == 1 && x == j ? at : 0;
                REQUIRE(bits_of(r.dst[o]) == bits_of(*window_at(&r, i, x, winner)));
            }
        }
    }
}

static void nothing_but_nan(const char *isa) {
    const float value[4] = {from_bits(0xFFC00001U), from_bits(0x7FC00002U), NAN, -NAN};
    each_window(isa, value, NINETAP_NAN_PROPAGATE, 0);
    each_window(isa, value, NINETAP_NAN_IGNORE, 0);
    /* -Inf is a number: under IGNORE it beats a NaN. */
    const float lowest[4] = {NAN, NAN, -INFINITY, NAN};
    each_window(isa, lowest, NINETAP_NAN_IGNORE, 2);
    each_window(isa, lowest, NINETAP_NAN_PROPAGATE, 0);
}

static void ties_and_infinities(const char *isa) {
    static const float table[][4] = {
        {-0.0F, 0.0F, -0.0F, 0.0F},
        {0.0F, -0.0F, 0.0F, -0.0F},
        {-1.0F, -0.0F, 0.0F, -1.0F},
        {-1.0F, -1.0F, 0.0F, -0.0F},
        {5.0F, 5.0F, 5.0F, 5.0F},
        {-INFINITY, -INFINITY, -9, -9},
        {-INFINITY, -INFINITY, -INFINITY, -INFINITY},
        {1, INFINITY, INFINITY, 1},
    };
    static const int winner[] = {0, 0, 1, 2, 0, 2, 0, 1};
    for (size_t i = 0; i < sizeof winner / sizeof *winner; i++) {
        each_window(isa, table[i], NINETAP_NAN_PROPAGATE, winner[i]);
        each_window(isa, table[i], NINETAP_NAN_IGNORE, winner[i]);
    }
}

/* All negative, every window partly in the padding; with dilation 2, some wholly. */
static void padding_never_wins(const char *isa) {
    enum { IH = 1, IW = 41 };
    float src[IH * IW], dst[3 * 60];
    int64_t indices[3 * 60], oh, ow;
    for (int i = 0; i < IH * IW; i++)
        src[i] = -1.0F - (float)i;
    for (int dilation = 1; dilation <= 2; dilation++) {
        ninetap_pool2x2_desc d = {.n = 1, .c = 1, .ih = IH, .iw = IW, .stride = 1, .isa = isa};
        d.dilation = dilation;
        for (int k = 0; k < 4; k++)
            d.pad[k] = dilation;
        REQUIRE(ninetap_pool2x2_output(&d, &oh, &ow) == NINETAP_OK);
        REQUIRE(ninetap_maxpool2x2_f32(&d, src, dst, indices) == NINETAP_OK);
        int64_t nowhere = 0;
        for (int64_t i = 0; i < oh * ow; i++) {
            const float winner = indices[i] == -1 ? -INFINITY : src[indices[i]];
            REQUIRE(bits_of(dst[i]) == bits_of(winner));
            nowhere += indices[i] == -1;
        }
        /* The rows at -1 and 1 are both padding. */
        REQUIRE(nowhere == (dilation == 1 ? 0 : ow));
        REQUIRE(ninetap_maxpool2x2_f32(&d, src, dst, NULL) == NINETAP_OK);
        for (int64_t i = 0; i < oh * ow; i++)
            REQUIRE(dst[i] == (indices[i] == -1 ? -INFINITY : src[indices[i]]));
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "nan_in_window", .each_isa = nan_in_window},
        {.name = "nothing_but_nan", .each_isa = nothing_but_nan},
        {.name = "ties_and_infinities", .each_isa = ties_and_infinities},
        {.name = "padding_never_wins", .each_isa = padding_never_wins},
        {0},
    };
    return suite_main("window_rules", tests, argc, argv);
}
