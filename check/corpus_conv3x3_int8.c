/* The convolutions of bytes: a row for each shape, each of several types, in both layouts. To add
 * one, write a row, and its lines of `ninetap-check --write` into golden.txt. */
#include "corpus.h"

#include <inttypes.h>

#include "selftest/conv3x3_int8.h"

#define SIZES(ic_, ih_, iw_, oc_) .ic = (ic_), .ih = (ih_), .iw = (iw_), .oc = (oc_)
#define SHAPE(ic, ih, iw, oc, p) SIZES(ic, ih, iw, oc), .pad = {p, p, p, p}
#define RELU .act = NINETAP_RELU
#define CLAMP .act = NINETAP_CLAMP, .act_lo = -0.5F, .act_hi = 0.75F
#define POOL .pool = NINETAP_POOL_MAX

static const struct types {
    const char *name;
    ninetap_dtype src, dst;
    int src_zero, dst_zero;
} types[] = {
    {"u8u8", NINETAP_U8, NINETAP_U8, 128, 3},   {"u8s8", NINETAP_U8, NINETAP_S8, 0, -128},
    {"s8s8", NINETAP_S8, NINETAP_S8, -1, 5},    {"s8u8", NINETAP_S8, NINETAP_U8, 127, 255},
    {"u8s32", NINETAP_U8, NINETAP_S32, 255, 0}, {"s8f32", NINETAP_S8, NINETAP_F32, -128, 0},
};
enum { TYPES = sizeof types / sizeof types[0], BYTES = 15, ALL = 63, WITHOUT_S32 = 47 };

static const struct row {
    conv_problem c; /* data: random where none is named */
    bool pitched, no_bias, each_channel, halves;
    int types;
} rows[] = {
    {.c.desc = {SHAPE(1, 28, 28, 8, 0)}, .types = ALL},
    {.c.desc = {SHAPE(3, 33, 41, 35, 1), .stride = 2, .weights_layout = NINETAP_HWIO},
     .each_channel = true,
     .types = ALL},
    {.c.desc = {SHAPE(17, 9, 19, 50, 1), RELU}, .each_channel = true, .types = WITHOUT_S32},
    {.c.desc = {SHAPE(33, 7, 7, 40, 1), CLAMP}, .types = WITHOUT_S32},
    {.c.desc = {SHAPE(64, 14, 14, 33, 1)}, .halves = true, .types = ALL},
    {.c.desc = {SHAPE(70, 7, 37, 12, 1), .stride = 2}, .types = BYTES},
    {.c.desc = {SHAPE(8, 13, 13, 16, 1)}, .no_bias = true, .types = BYTES},
    {.c.desc = {SHAPE(6, 11, 45, 9, 2), .groups = 3, .dilation = 2}, .types = BYTES},
    {.c.desc = {SHAPE(19, 8, 21, 19, 1), .groups = 19, RELU}, .types = BYTES},
    {.c.desc = {SHAPE(40, 9, 9, 40, 1), .groups = 40, .stride = 2,
                .border = NINETAP_BORDER_REPLICATE},
     .each_channel = true,
     .types = BYTES},
    {.c.desc = {SHAPE(10, 12, 14, 21, 2), .border = NINETAP_BORDER_CONSTANT, .border_value = 0.3F},
     .types = BYTES},
    {.c.desc = {SHAPE(5, 9, 15, 5, 2), .stride = 3, .dilation = 3,
                .border = NINETAP_BORDER_REFLECT101, .weights_layout = NINETAP_OHWI},
     .types = BYTES},
    {.c.desc = {SHAPE(7, 12, 15, 33, 1), POOL}, .types = ALL},
    {.c.desc = {SHAPE(20, 13, 18, 12, 0), POOL, RELU}, .pitched = true, .types = WITHOUT_S32},
    {.c.desc = {.n = 2, SHAPE(5, 11, 10, 9, 1)}, .pitched = true, .halves = true, .types = ALL},
    {.c.desc = {SHAPE(9, 14, 17, 20, 1)}, .c.call = CALL_PARTS, .c.parts = 3, .types = BYTES},
    {.c.desc = {SHAPE(9, 14, 17, 20, 1)}, .c.workspace = 6, .types = BYTES},
    {.c.desc = {SHAPE(24, 28, 28, 40, 1), .threads = 3}, .types = BYTES},
    {.c.desc = {SHAPE(20, 12, 13, 24, 1)}, .c.data = DATA_EXTREME, .types = ALL},
    {.c.desc = {SHAPE(20, 12, 13, 24, 1)}, .c.data = DATA_LOWEST, .types = ALL},
};

/* conv3x3-u8s8/nchw/n2/5x11x10-9/s2/d2/g3/p1/...: what is usual is left out. */
static void name_int8(check_case *c, const int8_problem *all, const struct types *t) {
    static const char *const borders[] = {"", "/replicate", "/reflect101", "/constant"};
    static const char *const weights[] = {"", "/ohwi", "/hwio"};
    static const char *const acts[] = {"", "/relu", "/clamp"};
    const conv_problem *p = &all->conv;
    const ninetap_conv3x3_desc *d = &p->desc;
    corpus_name(c, "conv3x3-%s/%s", t->name, d->layout == NINETAP_NCHW ? "nchw" : "nhwc");
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
    corpus_name(c, "%s%s%s%s", borders[d->border], weights[d->weights_layout], acts[d->act],
                d->pool == NINETAP_POOL_MAX ? "/pool" : "");
    corpus_name(c, "%s%s%s", d->src_pitch[0] != 0 ? "/pitched" : "",
                p->workspace != 0 ? "/workspace" : "", p->call == CALL_PARTS ? "/parts" : "");
    corpus_name(c, "%s%s%s%s",
                p->data == DATA_EXTREME  ? "/extreme"
                : p->data == DATA_LOWEST ? "/lowest"
                                         : "",
                p->bias ? "" : "/no-bias", all->scales.count != 1 ? "/each-channel" : "",
                all->scales.src_scale == 0x1p-6F ? "/halves" : "");
    if (d->threads != 0) {
        corpus_name(c, "/threads%d", d->threads);
    }
}

static bool add(corpus *list, const struct row *row, const struct types *t, ninetap_layout layout) {
    int8_problem p = {.conv = row->c, .scales = {.src_zero = t->src_zero, .dst_zero = t->dst_zero}};
    ninetap_conv3x3_desc *d = &p.conv.desc;
    d->n = d->n == 0 ? 1 : d->n;
    d->layout = layout;
    d->src_type = t->src;
    d->weights_type = NINETAP_S8;
    d->dst_type = t->dst;
    p.scales.src_scale = row->halves ? 0x1p-6F : 0.0173F;
    p.scales.weights_scale = row->halves ? 0x1p-7F : 0.0091F;
    p.scales.dst_scale = row->halves ? 0x1p-3F : 0.31F;
    p.scales.count = row->each_channel ? d->oc : 1;
    p.conv.data = p.conv.data == 0 ? DATA_RANDOM : p.conv.data;
    p.conv.bias = !row->no_bias;
    p.conv.seed = 1;
    if (row->pitched) {
        corpus_pitches(layout, d->ic, d->ih, d->iw, d->src_pitch);
        corpus_pitches(layout, d->oc, conv_out_h(&p.conv), conv_out_w(&p.conv), d->dst_pitch);
    }
    check_case *c = corpus_add(list, &nt_operation_conv3x3_int8, &p);
    if (c != NULL) {
        c->agreement = SAME_EVERYWHERE;
        name_int8(c, &p, t);
    }
    return c != NULL;
}

bool corpus_conv3x3_int8(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (int t = 0; t < TYPES; t++) {
            if ((rows[r].types >> t & 1) != 0) {
                good = good && add(list, &rows[r], &types[t], NINETAP_NCHW) &&
                       add(list, &rows[r], &types[t], NINETAP_NHWC);
            }
        }
    }
    return good;
}
