/* The gradients of convolutions' inputs: a row for each shape, in both layouts, with the ways it is
 * run. To add one, write a row, and its lines of `ninetap-check --write` into golden.txt. */
#include "corpus.h"

#include <inttypes.h>

#include "selftest/conv3x3.h"

enum { DIRECT = 7, WINOGRAD = 56 }; /* bits of ways */

static const struct way {
    ninetap_algo algo;
    ninetap_precision precision;
    const char *name;
} ways[] = {
    {NINETAP_ALGO_DIRECT, NINETAP_PRECISION_DEFAULT, "direct/default"},
    {NINETAP_ALGO_DIRECT, NINETAP_PRECISION_EXACT, "direct/exact"},
    {NINETAP_ALGO_DIRECT, NINETAP_PRECISION_PORTABLE, "direct/portable"},
    {NINETAP_ALGO_WINOGRAD2, NINETAP_PRECISION_DEFAULT, "winograd2/default"},
    {NINETAP_ALGO_WINOGRAD4, NINETAP_PRECISION_DEFAULT, "winograd4/default"},
    {NINETAP_ALGO_WINOGRAD6, NINETAP_PRECISION_FAST, "winograd6/fast"},
};

#define SHAPE(ic_, ih_, iw_, oc_, p) \
    .ic = (ic_), .ih = (ih_), .iw = (iw_), .oc = (oc_), .pad = {p, p, p, p}

static const struct row {
    conv_problem c; /* data: random where none is named */
    bool pitched;
    int ways;
} rows[] = {
    {.c.desc = {SHAPE(17, 9, 19, 50, 1)}, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(40, 7, 7, 33, 0), .weights_layout = NINETAP_OHWI}, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(3, 20, 26, 18, 2), .weights_layout = NINETAP_HWIO},
     .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(5, 21, 16, 6, 3), .dilation = 2}, .ways = DIRECT},
    {.c.desc = {SHAPE(3, 33, 41, 35, 1), .stride = 2, .weights_layout = NINETAP_HWIO},
     .ways = DIRECT},
    {.c.desc = {SHAPE(20, 16, 14, 24, 1), .stride = 2}, .ways = DIRECT},
    {.c.desc = {SHAPE(7, 13, 18, 10, 0), .stride = 3, .weights_layout = NINETAP_OHWI},
     .ways = DIRECT},
    {.c.desc = {SHAPE(4, 17, 19, 10, 2), .stride = 2, .dilation = 2}, .ways = DIRECT},
    {.c.desc = {SHAPE(6, 23, 22, 5, 1), .stride = 5}, .ways = DIRECT},
    {.c.desc = {SHAPE(8, 11, 21, 12, 1), .groups = 4}, .ways = DIRECT},
    {.c.desc = {SHAPE(16, 15, 15, 16, 1), .groups = 4, .stride = 2}, .ways = DIRECT},
    {.c.desc = {SHAPE(19, 8, 21, 19, 1), .groups = 19}, .ways = DIRECT},
    {.c.desc = {SHAPE(40, 9, 9, 40, 1), .groups = 40, .stride = 2}, .ways = DIRECT},
    {.c.desc = {.n = 2, SHAPE(7, 12, 14, 33, 1)}, .pitched = true, .ways = DIRECT | WINOGRAD},
    {.c.desc = {.n = 2, SHAPE(9, 12, 13, 21, 1), .stride = 2}, .pitched = true, .ways = DIRECT},
    {.c.desc = {SHAPE(20, 9, 17, 13, 1), .stride = 2}, .c.data = DATA_SELDOM, .ways = DIRECT},
    {.c.desc = {SHAPE(20, 9, 17, 13, 1)}, .c.data = DATA_SELDOM, .ways = DIRECT},
    {.c.desc = {SHAPE(24, 28, 28, 40, 1), .threads = 3}, .c.set = 1, .ways = DIRECT | WINOGRAD},
    {.c.desc = {SHAPE(24, 28, 28, 40, 1), .stride = 2, .threads = 3}, .c.set = 1, .ways = DIRECT},
};

static void name_backward(check_case *c, const conv_problem *p, const char *way) {
    static const char *const weights[] = {"", "/ohwi", "/hwio"};
    const ninetap_conv3x3_desc *d = &p->desc;
    corpus_name(c, "conv3x3_backward_data/%s", d->layout == NINETAP_NCHW ? "nchw" : "nhwc");
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
    corpus_name(c, "%s%s%s%s/%s", weights[d->weights_layout],
                d->src_pitch[0] != 0 ? "/pitched" : "", corpus_data(p->data), p->set ? "/set" : "",
                way);
}

static bool add_backward(corpus *list, const struct row *row, const struct way *way,
                         ninetap_layout layout) {
    conv_problem p = row->c;
    ninetap_conv3x3_desc *d = &p.desc;
    d->n = d->n == 0 ? 1 : d->n;
    d->algo = way->algo;
    d->precision = way->precision;
    d->layout = layout;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.seed = 1;
    if (row->pitched) {
        corpus_pitches(layout, d->ic, d->ih, d->iw, d->src_pitch);
        corpus_pitches(layout, d->oc, conv_out_h(&p), conv_out_w(&p), d->dst_pitch);
    }
    check_case *c = corpus_add(list, &nt_operation_conv3x3_backward_data, &p);
    if (c != NULL) {
        const bool given =
            d->precision == NINETAP_PRECISION_EXACT || d->precision == NINETAP_PRECISION_PORTABLE;
        c->agreement = given ? SAME_EVERYWHERE : BY_ROUNDING;
        c->indefinite = d->algo != NINETAP_ALGO_DIRECT;
        name_backward(c, &p, way->name);
    }
    return c != NULL;
}

bool corpus_conv3x3_backward_data(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
            if ((rows[r].ways >> w & 1) != 0) {
                good = good && add_backward(list, &rows[r], &ways[w], NINETAP_NCHW) &&
                       add_backward(list, &rows[r], &ways[w], NINETAP_NHWC);
            }
        }
    }
    return good;
}
