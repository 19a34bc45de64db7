/* The dense layers, and softmax: a row for each shape, with the ways it is run. To add one, write a
 * row, and its lines of `ninetap-check --write` into golden.txt. */
#include <inttypes.h>

#include "corpus.h"
#include "selftest/dense.h"
#include "selftest/softmax.h"

enum { PITCH = 3 }; /* more than a row */

static const struct dense_row {
    dense_problem p; /* data: random where none is named */
    bool pitched;
} rows[] = {
    {.p.desc = {.n = 1, .in = 400, .out = 10}},
    {.p.desc = {.n = 1, .in = 123, .out = 127, .act = NINETAP_RELU}},
    {.p.desc =
         {.n = 2, .in = 65, .out = 99, .act = NINETAP_CLAMP, .act_lo = -0.5F, .act_hi = 0.75F}},
    {.p.desc = {.n = 9, .in = 33, .out = 50, .act = NINETAP_LEAKY_RELU, .act_slope = 0.1F}},
    {.p.desc = {.n = 31, .in = 47, .out = 5, .act = NINETAP_HARD_SWISH}},
    {.p.desc = {.n = 5, .in = 1, .out = 77}},
    {.p.desc = {.n = 7, .in = 30, .out = 65}, .pitched = true},
    {.p.desc = {.n = 6, .in = 24, .out = 40}, .p.one_shot = 1},
    {.p.desc = {.n = 3, .in = 20, .out = 33}, .p.data = DATA_SMALL},
    {.p.desc = {.n = 4, .in = 21, .out = 70}, .p.data = DATA_SELDOM},
    {.p.desc = {.n = 12, .in = 300, .out = 500, .threads = 3}},
};

static void name_dense(check_case *c, const dense_problem *p) {
    static const char *const acts[] = {"", "/relu", "/clamp", "/leaky", "/hard-swish"};
    static const char *const precisions[] = {"/default", "/exact", "/portable", "/fast"};
    const ninetap_dense_desc *d = &p->desc;
    corpus_name(c, "%s/%" PRId64 "x%" PRId64 "-%" PRId64 "%s", c->op->name, d->n, d->in, d->out,
                acts[d->act]);
    corpus_name(c, "%s%s%s", d->src_pitch != 0 ? "/pitched" : "", p->one_shot ? "/once" : "",
                corpus_data(p->data));
    if (d->threads != 0) {
        corpus_name(c, "/threads%d", d->threads);
    }
    corpus_name(c, "%s", precisions[d->precision]);
}

static bool add_dense(corpus *list, const nt_operation *op, const struct dense_row *row,
                      ninetap_precision precision) {
    dense_problem p = row->p;
    const bool given =
        precision == NINETAP_PRECISION_EXACT || precision == NINETAP_PRECISION_PORTABLE;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.desc.precision = precision;
    p.bias = op == &nt_operation_dense;
    p.seed = 1;
    if (row->pitched) {
        p.desc.src_pitch = p.desc.in + PITCH;
        p.desc.dst_pitch = p.desc.out + PITCH;
    }
    check_case *c = corpus_add(list, op, &p);
    if (c != NULL) {
        c->agreement = given || p.data == DATA_SMALL ? SAME_EVERYWHERE : BY_ROUNDING;
        name_dense(c, &p);
    }
    return c != NULL;
}

bool corpus_dense(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (int i = NINETAP_PRECISION_DEFAULT; i <= NINETAP_PRECISION_FAST; i++) {
            good = good && add_dense(list, &nt_operation_dense, &rows[r], (ninetap_precision)i);
        }
    }
    return good;
}

static const struct dense_row gradients[] = {
    {.p.desc = {.n = 1, .in = 400, .out = 10}},
    {.p.desc = {.n = 9, .in = 33, .out = 50}},
    {.p.desc = {.n = 32, .in = 99, .out = 65, .threads = 3}},
    {.p.desc = {.n = 7, .in = 30, .out = 65}, .pitched = true},
    {.p.desc = {.n = 4, .in = 70, .out = 21}, .p.data = DATA_SELDOM},
};

bool corpus_dense_backward_data(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof gradients / sizeof gradients[0]; r++) {
        for (int i = NINETAP_PRECISION_DEFAULT; i <= NINETAP_PRECISION_FAST; i++) {
            good = good && add_dense(list, &nt_operation_dense_backward_data, &gradients[r],
                                     (ninetap_precision)i);
        }
    }
    return good;
}

static const softmax_problem softmaxes[] = {
    {.rows = 1, .columns = 10, .spread = 5.0F},
    {.rows = 3, .columns = 16, .spread = 1.0F},
    {.rows = 5, .columns = 17, .spread = 30.0F, .src_pitch = 20, .dst_pitch = 23},
    {.rows = 2, .columns = 100, .spread = 200.0F},
    {.rows = 4, .columns = 83, .spread = 3e38F},
    {.rows = 7, .columns = 64, .spread = 10.0F, .in_place = 1},
    {.rows = 100, .columns = 301, .spread = 8.0F, .threads = 3},
};

bool corpus_softmax(corpus *list) {
    bool good = true;
    for (size_t i = 0; i < sizeof softmaxes / sizeof softmaxes[0]; i++) {
        softmax_problem p = softmaxes[i];
        p.seed = 1;
        check_case *c = good ? corpus_add(list, &nt_operation_softmax, &p) : NULL;
        good = c != NULL;
        if (good) {
            c->agreement = SAME_EVERYWHERE;
            corpus_name(c, "softmax/%" PRId64 "x%" PRId64 "%s%s", p.rows, p.columns,
                        p.src_pitch != 0 ? "/pitched" : "", p.in_place ? "/in-place" : "");
            if (p.threads != 0) {
                corpus_name(c, "/threads%d", p.threads);
            }
        }
    }
    return good;
}
