/* The convolutions: a row for each shape, with the ways it is run; each in both layouts. To add
 * one, write a row, and its lines of `ninetap-check --write` into golden.txt. */
#include "corpus.h"

#include <inttypes.h>

#include "selftest/conv3x3.h"

enum {
    DEFAULT = 1,
    EXACT = 2,
    PORTABLE = 4,
    FAST = 8,
    WINOGRAD2 = 16,
    WINOGRAD4 = 32,
    WINOGRAD6 = 64,
    AUTO = 128,
    AUTO_FAST = 256,
    DIRECT = DEFAULT | EXACT | PORTABLE,
    WINOGRAD = WINOGRAD2 | WINOGRAD4 | WINOGRAD6
};

static const struct way {
    int bit;
    ninetap_algo algo;
    ninetap_precision precision;
    const char *name;
} ways[] = {
    {DEFAULT, NINETAP_ALGO_DIRECT, NINETAP_PRECISION_DEFAULT, "direct/default"},
    {EXACT, NINETAP_ALGO_DIRECT, NINETAP_PRECISION_EXACT, "direct/exact"},
    {PORTABLE, NINETAP_ALGO_DIRECT, NINETAP_PRECISION_PORTABLE, "direct/portable"},
    {FAST, NINETAP_ALGO_DIRECT, NINETAP_PRECISION_FAST, "direct/fast"},
    {WINOGRAD2, NINETAP_ALGO_WINOGRAD2, NINETAP_PRECISION_DEFAULT, "winograd2/default"},
    {WINOGRAD4, NINETAP_ALGO_WINOGRAD4, NINETAP_PRECISION_DEFAULT, "winograd4/default"},
    {WINOGRAD6, NINETAP_ALGO_WINOGRAD6, NINETAP_PRECISION_FAST, "winograd6/fast"},
    {AUTO, NINETAP_ALGO_AUTO, NINETAP_PRECISION_DEFAULT, "auto/default"},
    {AUTO_FAST, NINETAP_ALGO_AUTO, NINETAP_PRECISION_FAST, "auto/fast"},
};

/* A row in brief: input, output channels, the same padding all around. One image unless said
 * otherwise. */
#define SIZES(ic_, ih_, iw_, oc_) .ic = (ic_), .ih = (ih_), .iw = (iw_), .oc = (oc_)
#define SHAPE(ic, ih, iw, oc, p) SIZES(ic, ih, iw, oc), .pad = {p, p, p, p}
#define RELU .act = NINETAP_RELU
#define CLAMP .act = NINETAP_CLAMP, .act_lo = -0.5F, .act_hi = 0.75F
#define LEAKY .act = NINETAP_LEAKY_RELU, .act_slope = 0.1F
#define HARD_SWISH .act = NINETAP_HARD_SWISH

static const struct row {
    conv_problem c; /* data: random where none is named */
    bool pitched, no_bias, special_weights;
    int ways;
} rows[] = {
    /* many channels, few, one; remainders of every kind */
    {.c.desc = {SHAPE(1, 28, 28, 8, 0)}, .ways = DIRECT},
    {.c.desc = {SHAPE(3, 33, 41, 35, 1), .stride = 2, .weights_layout = NINETAP_HWIO},
     .ways = DIRECT | FAST},
    {.c.desc = {SHAPE(17, 9, 19, 50, 1), RELU}, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(33, 7, 7, 40, 1), CLAMP}, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(8, 13, 13, 16, 1), HARD_SWISH}, .no_bias = true, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(2, 3, 3, 1, 2), LEAKY}, .ways = DIRECT | FAST | WINOGRAD},
    {.c.desc = {SHAPE(1, 5, 200, 3, 1)}, .ways = DIRECT},
    {.c.desc = {SHAPE(4, 3, 3, 7, 0)}, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(5, 21, 16, 6, 1), .stride = 3, .dilation = 2}, .ways = DIRECT},
    {.c.desc = {SHAPE(3, 19, 23, 21, 6), .dilation = 3}, .ways = DIRECT},
    {.c.desc = {SHAPE(7, 13, 18, 10, 0), .stride = 4, .weights_layout = NINETAP_OHWI},
     .ways = DIRECT},
    /* borders */
    {.c.desc = {SHAPE(5, 8, 103, 6, 1), .border = NINETAP_BORDER_REPLICATE}, .ways = DIRECT},
    {.c.desc = {SHAPE(3, 20, 26, 18, 1), .border = NINETAP_BORDER_REFLECT101},
     .ways = DIRECT | WINOGRAD},
    {.c.desc = {SIZES(4, 10, 13, 18), .pad = {0, 1, 2, 1}, CLAMP, .border = NINETAP_BORDER_CONSTANT,
                .border_value = 0.5F},
     .ways = DIRECT | WINOGRAD},
    {.c.desc = {SIZES(6, 9, 15, 5), .pad = {4, 3, 0, 4}, .dilation = 2,
                .border = NINETAP_BORDER_REFLECT101},
     .ways = DIRECT},
    /* groups and depthwise */
    {.c.desc = {SHAPE(6, 11, 45, 9, 2), .groups = 3, .dilation = 2, LEAKY}, .ways = DIRECT},
    {.c.desc = {SHAPE(6, 9, 9, 12, 1), .groups = 6}, .ways = DIRECT},
    {.c.desc = {SHAPE(16, 15, 15, 16, 1), .groups = 4, .stride = 2}, .ways = DIRECT},
    {.c.desc = {SHAPE(19, 8, 21, 19, 1), .groups = 19, HARD_SWISH}, .ways = DIRECT},
    {.c.desc = {SHAPE(40, 9, 9, 40, 1), .groups = 40, .stride = 2,
                .border = NINETAP_BORDER_REPLICATE},
     .ways = DIRECT},
    {.c.desc = {SHAPE(5, 14, 37, 5, 0), .groups = 5, .stride = 3}, .ways = DIRECT},
    {.c.desc = {SHAPE(70, 7, 7, 70, 1), .groups = 70, RELU}, .ways = DIRECT | FAST},
    {.c.desc = {SHAPE(9, 12, 40, 9, 2), .groups = 9, .dilation = 2,
                .border = NINETAP_BORDER_CONSTANT, .border_value = -0.25F},
     .ways = DIRECT},
    /* gaps between rows, channels, pixels, images */
    {.c.desc = {SHAPE(7, 12, 14, 33, 1)}, .pitched = true, .ways = DIRECT | WINOGRAD},
    {.c.desc = {.n = 2, SHAPE(5, 11, 10, 9, 1), LEAKY, .border = NINETAP_BORDER_REPLICATE},
     .pitched = true,
     .ways = DIRECT | WINOGRAD},
    {.c.desc = {.n = 2, SHAPE(24, 6, 30, 24, 1), .groups = 24}, .pitched = true, .ways = DIRECT},
    /* the other ways to call, several threads */
    {.c.desc = {SHAPE(9, 14, 17, 20, 1)}, .c.workspace = 6, .ways = DEFAULT | WINOGRAD},
    {.c.desc = {SHAPE(9, 14, 17, 20, 1)},
     .c.call = CALL_PARTS,
     .c.parts = 3,
     .ways = DEFAULT | WINOGRAD},
    {.c.desc = {SHAPE(9, 14, 17, 20, 1)}, .c.call = CALL_ONE_SHOT, .ways = DEFAULT | WINOGRAD},
    {.c.desc = {SHAPE(24, 28, 28, 40, 1), .threads = 3}, .ways = DEFAULT | WINOGRAD},
    {.c.desc = {SHAPE(64, 36, 36, 64, 1), .groups = 64, .threads = 3}, .ways = DEFAULT},
    /* NaN, Inf, -0, denormals, overflow, under every activation */
    {.c.desc = {SHAPE(2, 12, 19, 20, 1)}, .c.data = DATA_SELDOM, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(2, 12, 19, 20, 1), RELU}, .c.data = DATA_SELDOM, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(2, 12, 19, 20, 1), CLAMP}, .c.data = DATA_SELDOM, .ways = EXACT | PORTABLE},
    {.c.desc = {SHAPE(2, 12, 19, 20, 1), LEAKY}, .c.data = DATA_SELDOM, .ways = EXACT | PORTABLE},
    {.c.desc = {SHAPE(2, 12, 19, 20, 1), HARD_SWISH},
     .c.data = DATA_SELDOM,
     .ways = EXACT | PORTABLE},
    {.c.desc = {SHAPE(1, 9, 35, 9, 1), CLAMP},
     .c.data = DATA_SELDOM,
     .special_weights = true,
     .ways = DIRECT},
    {.c.desc = {SHAPE(20, 9, 17, 20, 1), .groups = 20},
     .c.data = DATA_SELDOM,
     .special_weights = true,
     .ways = DIRECT},
    /* sums that are exact, however they are rounded */
    {.c.desc = {SHAPE(3, 15, 17, 24, 1)}, .c.data = DATA_SMALL, .ways = DEFAULT | WINOGRAD2},
    {.c.desc = {SHAPE(20, 10, 11, 40, 1), RELU}, .c.data = DATA_SMALL, .ways = DEFAULT | WINOGRAD2},
    {.c.desc = {SHAPE(33, 9, 30, 33, 1), .groups = 33}, .c.data = DATA_SMALL, .ways = DEFAULT},
    {.c.desc = {SHAPE(4, 17, 19, 10, 2), .stride = 2, .dilation = 2},
     .c.data = DATA_SMALL,
     .ways = DEFAULT | FAST},
    /* whatever AUTO takes: its choice, and so its bits, may differ between instruction sets */
    {.c.desc = {SHAPE(16, 30, 30, 24, 1)}, .ways = AUTO | AUTO_FAST},
    {.c.desc = {SHAPE(64, 14, 14, 64, 1)}, .ways = AUTO | AUTO_FAST},
    {.c.desc = {SHAPE(3, 32, 32, 16, 1), .stride = 2}, .ways = AUTO},
    {.c.desc = {SHAPE(32, 16, 16, 32, 1), .groups = 32}, .ways = AUTO},
};

static void name_options(check_case *c, const conv_problem *p) {
    static const char *const borders[] = {"", "/replicate", "/reflect101", "/constant"};
    static const char *const weights[] = {"", "/ohwi", "/hwio"};
    static const char *const acts[] = {"", "/relu", "/clamp", "/leaky", "/hard-swish"};
    static const char *const calls[] = {"", "/parts", "/once"};
    const ninetap_conv3x3_desc *d = &p->desc;
    corpus_name(c, "%s%s%s", borders[d->border], weights[d->weights_layout], acts[d->act]);
    corpus_name(c, "%s%s%s", d->src_pitch[0] != 0 ? "/pitched" : "",
                p->workspace != 0 ? "/workspace" : "", calls[p->call]);
    corpus_name(c, "%s%s%s", corpus_data(p->data),
                p->data == DATA_SELDOM && !p->plain ? "-weights" : "", p->bias ? "" : "/no-bias");
    if (d->threads != 0) {
        corpus_name(c, "/threads%d", d->threads);
    }
}

/* conv3x3/nchw/n2/5x11x10-9/s2/d2/g3/p1/...: what is usual is left out. */
static void name_conv3x3(check_case *c, const conv_problem *p, const char *way) {
    const ninetap_conv3x3_desc *d = &p->desc;
    corpus_name(c, "conv3x3/%s", d->layout == NINETAP_NCHW ? "nchw" : "nhwc");
    if (d->n != 1) {
        corpus_name(c, "/n%" PRId64, d->n);
    }
    corpus_name(c, "/%" PRId64 "x%" PRId64 "x%" PRId64 "-%" PRId64, d->ic, d->ih, d->iw, d->oc);
    if (d->stride != 0) {
        corpus_name(c, "/s%d", d->stride);
    }
    if (d->dilation != 0) {
        corpus_name(c, "/d%d", d->dilation);
    }
    if (d->groups != 0) {
        corpus_name(c, "/g%" PRId64, d->groups);
    }
    corpus_name_padding(c, d->pad);
    name_options(c, p);
    corpus_name(c, "/%s", way);
}

static agreement agreement_of(const conv_problem *c) {
    const ninetap_conv3x3_desc *d = &c->desc;
    if (d->algo == NINETAP_ALGO_AUTO) {
        return WITHIN_BOUND;
    }
    const bool exact = c->data == DATA_SMALL && d->algo <= NINETAP_ALGO_WINOGRAD2;
    const bool given =
        d->precision == NINETAP_PRECISION_EXACT || d->precision == NINETAP_PRECISION_PORTABLE;
    return exact || given ? SAME_EVERYWHERE : BY_ROUNDING;
}

static bool add(corpus *list, const struct row *row, const struct way *way, ninetap_layout layout) {
    conv_problem p = row->c;
    ninetap_conv3x3_desc *d = &p.desc;
    d->n = d->n == 0 ? 1 : d->n;
    d->algo = way->algo;
    d->precision = way->precision;
    d->layout = layout;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.bias = !row->no_bias;
    p.plain = !row->special_weights;
    p.seed = 1;
    if (row->pitched) {
        corpus_pitches(layout, d->ic, d->ih, d->iw, d->src_pitch);
        corpus_pitches(layout, d->oc, conv_out_h(&p), conv_out_w(&p), d->dst_pitch);
    }
    check_case *c = corpus_add(list, &nt_operation_conv3x3, &p);
    if (c != NULL) {
        c->agreement = agreement_of(&p);
        c->indefinite = d->algo != NINETAP_ALGO_DIRECT;
        name_conv3x3(c, &p, way->name);
    }
    return c != NULL;
}

bool corpus_conv3x3(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
            if ((rows[r].ways & ways[w].bit) != 0) {
                good = good && add(list, &rows[r], &ways[w], NINETAP_NCHW) &&
                       add(list, &rows[r], &ways[w], NINETAP_NHWC);
            }
        }
    }
    return good;
}
