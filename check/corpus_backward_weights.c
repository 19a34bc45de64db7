/* The gradients of weights: a row for each shape. To add one, write a row, and its lines of
 * `ninetap-check --write` into golden.txt. */
#include <inttypes.h>

#include "corpus.h"
#include "selftest/conv3x3.h"
#include "selftest/dense_backward_weights.h"

static const struct gradient_row {
    conv_gradient_problem p; /* data: random where none is named */
    bool pitched;
} rows[] = {
    {.p.desc = {.n = 3, .ic = 1, .ih = 28, .iw = 28, .oc = 8, .pad = {1, 1, 1, 1}}},
    {.p.desc = {.n = 2, .ic = 8, .ih = 14, .iw = 14, .oc = 16, .pad = {1, 1, 1, 1}}},
    {.p.desc = {.n = 1, .ic = 11, .ih = 26, .iw = 31, .oc = 37}},
    {.p.desc = {.n = 2, .ic = 3, .ih = 23, .iw = 25, .oc = 19, .pad = {0, 1, 1, 0}, .stride = 2}},
    {.p.desc = {.n = 1, .ic = 4, .ih = 17, .iw = 15, .oc = 9, .pad = {3, 2, 0, 4}, .dilation = 2}},
    {.p.desc = {.n = 3, .ic = 6, .ih = 9, .iw = 10, .oc = 12, .pad = {1, 1, 1, 1}, .groups = 3},
     .pitched = true},
    {.p.desc = {.n = 2, .ic = 21, .ih = 12, .iw = 13, .oc = 21, .pad = {1, 1, 1, 1}, .groups = 21},
     .p.accumulate = 1},
    {.p.desc = {.n = 1,
                .ic = 34,
                .ih = 15,
                .iw = 16,
                .oc = 34,
                .pad = {1, 1, 1, 1},
                .stride = 2,
                .groups = 34}},
    {.p.desc = {.n = 2, .ic = 5, .ih = 8, .iw = 9, .oc = 18, .pad = {2, 2, 2, 2}},
     .p.data = DATA_SELDOM},
    {.p.desc = {.n = 2, .ic = 7, .ih = 8, .iw = 9, .oc = 10, .pad = {1, 1, 1, 1}},
     .p.data = DATA_SMALL,
     .p.accumulate = 1},
    {.p.desc = {.n = 150, .ic = 2, .ih = 5, .iw = 7, .oc = 3, .pad = {1, 1, 1, 1}, .threads = 3}},
    {.p.desc = {.n = 1, .ic = 48, .ih = 20, .iw = 20, .oc = 40, .pad = {1, 1, 1, 1}, .threads = 3}},
};

static void name_gradient(check_case *c, const conv_gradient_problem *p, bool pitched) {
    static const char *const precisions[] = {"/default", "/exact", "/portable", "/fast"};
    static const char *const layouts[] = {"/oihw", "/ohwi", "/hwio"};
    const ninetap_conv3x3_desc *d = &p->desc;
    corpus_name(c,
                "conv3x3_backward_weights/%" PRId64 "x%" PRId64 "x%" PRId64 "x%" PRId64 "-%" PRId64,
                d->n, d->ic, d->ih, d->iw, d->oc);
    if (d->stride != 0) {
        corpus_name(c, "/s%d", d->stride);
    }
    corpus_name_padding(c, d->pad);
    if (d->dilation != 0) {
        corpus_name(c, "/d%d", d->dilation);
    }
    if (d->groups != 0) {
        corpus_name(c, "/g%" PRId64, d->groups);
    }
    corpus_name(c, "%s%s%s%s%s%s", d->layout == NINETAP_NHWC ? "/nhwc" : "/nchw",
                layouts[d->weights_layout], pitched ? "/pitched" : "",
                p->accumulate ? "/accumulate" : "", corpus_data(p->data),
                d->threads != 0 ? "/threads" : "");
    corpus_name(c, "%s", precisions[d->precision]);
}

/* Either layout, each with one of the weights'. */
static bool add_gradient(corpus *list, const struct gradient_row *row, int which,
                         ninetap_precision precision) {
    conv_gradient_problem p = row->p;
    ninetap_conv3x3_desc *d = &p.desc;
    d->layout = (ninetap_layout)(which % 2);
    d->weights_layout = (ninetap_weights_layout)(which % 3);
    d->precision = precision;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.bias = p.seed = 1;
    if (row->pitched) {
        const conv_problem forward = {.desc = *d};
        corpus_pitches(d->layout, d->ic, d->ih, d->iw, d->src_pitch);
        corpus_pitches(d->layout, d->oc, conv_map_h(&forward), conv_map_w(&forward), d->dst_pitch);
    }
    check_case *c = corpus_add(list, &nt_operation_conv3x3_backward_weights, &p);
    if (c != NULL) {
        c->agreement = precision == NINETAP_PRECISION_DEFAULT && p.data != DATA_SMALL
                           ? BY_ROUNDING
                           : SAME_EVERYWHERE;
        name_gradient(c, &p, row->pitched);
    }
    return c != NULL;
}

bool corpus_conv3x3_backward_weights(corpus *list) {
    bool good = true;
    for (int r = 0; r < (int)(sizeof rows / sizeof rows[0]); r++) {
        for (int i = NINETAP_PRECISION_DEFAULT; i <= NINETAP_PRECISION_PORTABLE; i++) {
            good = good && add_gradient(list, &rows[r], r, (ninetap_precision)i) &&
                   add_gradient(list, &rows[r], r + 3, (ninetap_precision)i);
        }
    }
    return good;
}

static const dense_gradient_problem layers[] = {
    {.desc = {.n = 32, .in = 400, .out = 10}},
    {.desc = {.n = 1, .in = 123, .out = 27}},
    {.desc = {.n = 9, .in = 5, .out = 300}, .accumulate = 1},
    {.desc = {.n = 150, .in = 47, .out = 33, .src_pitch = 50, .dst_pitch = 36}},
    {.desc = {.n = 7, .in = 31, .out = 9}, .data = DATA_SELDOM},
    {.desc = {.n = 12, .in = 20, .out = 14}, .data = DATA_SMALL},
    {.desc = {.n = 64, .in = 300, .out = 90, .threads = 3}},
};

static bool add_dense_gradient(corpus *list, const dense_gradient_problem *row,
                               ninetap_precision precision) {
    static const char *const precisions[] = {"/default", "/exact", "/portable", "/fast"};
    dense_gradient_problem p = *row;
    p.desc.precision = precision;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.bias = p.seed = 1;
    check_case *c = corpus_add(list, &nt_operation_dense_backward_weights, &p);
    if (c != NULL) {
        c->agreement = precision == NINETAP_PRECISION_DEFAULT && p.data != DATA_SMALL
                           ? BY_ROUNDING
                           : SAME_EVERYWHERE;
        corpus_name(c, "dense_backward_weights/%" PRId64 "x%" PRId64 "-%" PRId64 "%s%s%s%s%s",
                    p.desc.n, p.desc.in, p.desc.out, p.desc.src_pitch != 0 ? "/pitched" : "",
                    p.accumulate ? "/accumulate" : "", corpus_data(p.data),
                    p.desc.threads != 0 ? "/threads" : "", precisions[precision]);
    }
    return c != NULL;
}

bool corpus_dense_backward_weights(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof layers / sizeof layers[0]; r++) {
        for (int i = NINETAP_PRECISION_DEFAULT; i <= NINETAP_PRECISION_PORTABLE; i++) {
            good = good && add_dense_gradient(list, &layers[r], (ninetap_precision)i);
        }
    }
    return good;
}
