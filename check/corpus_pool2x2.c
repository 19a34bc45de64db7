/* The poolings: a row for each shape, with the operations it is tried on; each in both layouts. To
 * add one, write a row, and its lines of `ninetap-check --write` into golden.txt. */
#include "corpus.h"

#include <inttypes.h>

#include "selftest/pool2x2.h"

/* A kind of pooling, without indices and with them: of maxima they are an output, too, and to go
 * back with they may be random, -1, foreign ones, and equal ones among them. */
#define BIT(op) (1 << (2 * (op)))
#define BOTH(op) (3 << (2 * (op)))
enum {
    MAX = BOTH(POOL_MAX),
    MEAN = BIT(POOL_AVERAGE) | BIT(POOL_MIXED),
    BYTES = BOTH(POOL_MAX_U8) | BOTH(POOL_MAX_S8) | BIT(POOL_AVERAGE_U8) | BIT(POOL_AVERAGE_S8),
    GRADIENTS = BOTH(POOL_MAX_BACKWARD) | BIT(POOL_AVERAGE_BACKWARD),
    BACK = BOTH(POOL_UNPOOL) | GRADIENTS,
    ALL = MAX | MEAN | BYTES | BACK
};
static const char *const op_names[POOL_OPS][2] = {
    {"maxpool2x2", "maxpool2x2-index"},
    {"avgpool2x2", NULL},
    {"mixedpool2x2", NULL},
    {"maxpool2x2-u8", "maxpool2x2-u8-index"},
    {"maxpool2x2-s8", "maxpool2x2-s8-index"},
    {"maxunpool2x2", "maxunpool2x2-any"},
    {"avgpool2x2-u8", NULL},
    {"avgpool2x2-s8", NULL},
    {"maxpool2x2-backward", "maxpool2x2-backward-any"},
    {"avgpool2x2-backward", NULL}};

/* The input, and the same padding all around. One image unless said otherwise. */
#define SIZES(c_, h, w) .c = (c_), .ih = (h), .iw = (w)
#define SHAPE(c, h, w, p) SIZES(c, h, w), .pad = {p, p, p, p}

static const struct row {
    pool_problem c; /* op is one of ops; data: random where none is named */
    bool pitched;
    int ops;
} rows[] = {
    {.c.desc = {SHAPE(19, 14, 46, 0)}, .ops = ALL},
    {.c.desc = {SHAPE(3, 9, 71, 0)}, .ops = ALL},
    {.c.desc = {SHAPE(70, 7, 9, 0), .stride = 1}, .ops = ALL},
    {.c.desc = {SHAPE(5, 13, 40, 1), .stride = 1}, .ops = ALL},
    {.c.desc = {SHAPE(4, 11, 35, 1), .ceil_mode = 1}, .ops = ALL},
    {.c.desc = {SHAPE(6, 14, 33, 0), .stride = 3, .ceil_mode = 1}, .ops = ALL},
    {.c.desc = {SHAPE(7, 12, 20, 2), .dilation = 2}, .ops = MAX | MEAN | BYTES | GRADIENTS},
    {.c.desc = {SIZES(17, 10, 19), .pad = {1, 0, 0, 1}}, .ops = MAX | MEAN | BYTES | GRADIENTS},
    {.c.desc = {.n = 2, SIZES(9, 8, 30)}, .pitched = true, .ops = ALL},
    {.c.desc = {.n = 2, SIZES(5, 9, 25), .pad = {1, 1, 0, 0}, .threads = 3},
     .pitched = true,
     .ops = MAX | MEAN | BYTES},
    {.c.desc = {SHAPE(1, 2, 2, 0)}, .ops = ALL},
    {.c.desc = {SHAPE(11, 10, 38, 0)}, .c.data = DATA_SMALL, .ops = MAX | MEAN},
    {.c.desc = {SHAPE(18, 12, 44, 0)}, .c.data = DATA_OFTEN, .ops = MAX | MEAN | BACK},
    {.c.desc = {SHAPE(18, 12, 44, 0), .nan = NINETAP_NAN_IGNORE},
     .c.data = DATA_OFTEN,
     .ops = MAX | MEAN},
    {.c.desc = {SHAPE(6, 13, 27, 1), .stride = 1}, .c.data = DATA_OFTEN, .ops = MAX | MEAN},
    {.c.desc = {SHAPE(6, 13, 27, 1), .stride = 1, .nan = NINETAP_NAN_IGNORE},
     .c.data = DATA_OFTEN,
     .ops = MAX | MEAN},
    {.c.desc = {SHAPE(8, 64, 128, 0), .threads = 3},
     .ops = MAX | BIT(POOL_AVERAGE) | BIT(POOL_MAX_U8)},
};

/* maxpool2x2/nchw/n2/9x8x30/s1/d2/p1/...: what is usual is left out. */
static void name_pool2x2(check_case *c, const pool_problem *p) {
    const ninetap_pool2x2_desc *d = &p->desc;
    corpus_name(c, "%s/%s", op_names[p->op][p->indices],
                d->layout == NINETAP_NCHW ? "nchw" : "nhwc");
    if (d->n != 1) {
        corpus_name(c, "/n%" PRId64, d->n);
    }
    corpus_name(c, "/%" PRId64 "x%" PRId64 "x%" PRId64, d->c, d->ih, d->iw);
    if (d->stride != 0) {
        corpus_name(c, "/s%d", d->stride);
    }
    if (d->dilation != 0) {
        corpus_name(c, "/d%d", d->dilation);
    }
    corpus_name_padding(c, d->pad);
    corpus_name(c, "%s%s%s%s", d->ceil_mode != 0 ? "/ceil" : "",
                d->src_pitch[0] != 0 ? "/pitched" : "", corpus_data(p->data),
                d->nan == NINETAP_NAN_IGNORE ? "/ignore-nan" : "");
    if (d->threads != 0) {
        corpus_name(c, "/threads%d", d->threads);
    }
}

static bool add(corpus *list, const struct row *row, int way, ninetap_layout layout) {
    pool_problem p = row->c;
    ninetap_pool2x2_desc *d = &p.desc;
    p.op = way / 2;
    p.indices = way % 2;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.alpha = p.op == POOL_MIXED ? 0.1F : 0.0F;
    p.seed = 1;
    d->n = d->n == 0 ? 1 : d->n;
    d->layout = layout;
    if (row->pitched) {
        corpus_pitches(layout, d->c, d->ih, d->iw, d->src_pitch);
        corpus_pitches(layout, d->c, pool_out_h(&p), pool_out_w(&p), d->dst_pitch);
    }
    check_case *c = corpus_add(list, &nt_operation_pool2x2, &p);
    if (c != NULL) {
        c->agreement = SAME_EVERYWHERE;
        name_pool2x2(c, &p);
    }
    return c != NULL;
}

bool corpus_pool2x2(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (int way = 0; way < 2 * POOL_OPS; way++) {
            if ((rows[r].ops >> way & 1) != 0) {
                good = good && add(list, &rows[r], way, NINETAP_NCHW) &&
                       add(list, &rows[r], way, NINETAP_NHWC);
            }
        }
    }
    return good;
}
