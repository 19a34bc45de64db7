/* The dense layers of bytes: a row for each shape, each of several types. To add one, write a row,
 * and its lines of `ninetap-check --write` into golden.txt. */
#include <inttypes.h>

#include "corpus.h"
#include "selftest/dense_int8.h"

enum { PITCH = 3 }; /* more than a row */

static const struct byte_types {
    const char *name;
    ninetap_dtype src, dst;
    int src_zero, dst_zero;
} byte_types[] = {
    {"u8u8", NINETAP_U8, NINETAP_U8, 128, 3},
    {"s8s8", NINETAP_S8, NINETAP_S8, -1, 5},
    {"u8s32", NINETAP_U8, NINETAP_S32, 255, 0},
    {"s8f32", NINETAP_S8, NINETAP_F32, -128, 0},
};

static const struct byte_row {
    dense_problem p; /* data: random where none is named */
    bool pitched, no_bias, each_output, halves;
} byte_rows[] = {
    {.p.desc = {.n = 1, .in = 400, .out = 10}},
    {.p.desc = {.n = 1, .in = 123, .out = 127}, .each_output = true},
    {.p.desc = {.n = 2, .in = 65, .out = 99}, .halves = true},
    {.p.desc = {.n = 9, .in = 133, .out = 50}, .pitched = true},
    {.p.desc = {.n = 31, .in = 47, .out = 5}, .no_bias = true},
    {.p.desc = {.n = 5, .in = 1, .out = 77}},
    {.p.desc = {.n = 6, .in = 24, .out = 40}, .p.data = DATA_EXTREME},
    {.p.desc = {.n = 12, .in = 300, .out = 500, .threads = 3}, .each_output = true},
};

static void name_bytes(check_case *c, const dense_int8_problem *p, const struct byte_types *t) {
    const ninetap_dense_desc *d = &p->dense.desc;
    corpus_name(c, "dense-%s/%" PRId64 "x%" PRId64 "-%" PRId64 "%s", t->name, d->n, d->in, d->out,
                d->act == NINETAP_RELU ? "/relu" : "");
    corpus_name(c, "%s%s%s%s%s", d->src_pitch != 0 ? "/pitched" : "",
                p->dense.data == DATA_EXTREME ? "/extreme" : "", p->dense.bias ? "" : "/no-bias",
                p->scales.count != 1 ? "/each-output" : "",
                p->scales.src_scale == 0x1p-6F ? "/halves" : "");
    if (d->threads != 0) {
        corpus_name(c, "/threads%d", d->threads);
    }
}

static bool add_bytes(corpus *list, const struct byte_row *row, const struct byte_types *t) {
    dense_int8_problem p = {.dense = row->p,
                            .scales = {.src_zero = t->src_zero, .dst_zero = t->dst_zero}};
    ninetap_dense_desc *d = &p.dense.desc;
    d->src_type = t->src;
    d->weights_type = NINETAP_S8;
    d->dst_type = t->dst;
    d->act = t->dst == NINETAP_S8 ? NINETAP_RELU : NINETAP_LINEAR;
    p.scales.src_scale = row->halves ? 0x1p-6F : 0.0173F;
    p.scales.weights_scale = row->halves ? 0x1p-7F : 0.0091F;
    p.scales.dst_scale = row->halves ? 0x1p-3F : 0.31F;
    p.scales.count = row->each_output ? d->out : 1;
    p.dense.data = p.dense.data == 0 ? DATA_RANDOM : p.dense.data;
    p.dense.bias = !row->no_bias;
    p.dense.seed = 1;
    if (row->pitched) {
        d->src_pitch = d->in + PITCH;
        d->dst_pitch = d->out + PITCH;
    }
    check_case *c = corpus_add(list, &nt_operation_dense_int8, &p);
    if (c != NULL) {
        c->agreement = SAME_EVERYWHERE;
        name_bytes(c, &p, t);
    }
    return c != NULL;
}

bool corpus_dense_int8(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof byte_rows / sizeof byte_rows[0]; r++) {
        for (size_t t = 0; t < sizeof byte_types / sizeof byte_types[0]; t++) {
            good = good && add_bytes(list, &byte_rows[r], &byte_types[t]);
        }
    }
    return good;
}
