#include "pool_problem.h"

#include <math.h>

#include "support/bits.h"
#include "support/text.h"
#include "support/view.h"

static const char *const layouts[] = {"nchw", "nhwc", NULL};
static const char *const nans[] = {"propagate", "ignore", NULL};
static const char *const ops[] = {"max", "avg", "mixed", "u8", "s8", "unpool", NULL};
static const char *const datas[] = {"ties", "random", "special", "lowest", NULL};
static const char *const placements[] = {"end", "start", NULL};

#define DESC(member) offsetof(pool_problem, desc.member)
static const text_field fields[] = {
    {"n", TEXT_INT64, 1, DESC(n), NULL},
    {"c", TEXT_INT64, 1, DESC(c), NULL},
    {"ih", TEXT_INT64, 1, DESC(ih), NULL},
    {"iw", TEXT_INT64, 1, DESC(iw), NULL},
    {"stride", TEXT_INT, 1, DESC(stride), NULL},
    {"pad", TEXT_INT, 4, DESC(pad), NULL},
    {"dilation", TEXT_INT, 1, DESC(dilation), NULL},
    {"ceil", TEXT_INT, 1, DESC(ceil_mode), NULL},
    {"layout", TEXT_INT, 1, DESC(layout), layouts},
    {"nan", TEXT_INT, 1, DESC(nan), nans},
    {"isa", TEXT_ISA, 1, DESC(isa), NULL},
    {"threads", TEXT_INT, 1, DESC(threads), NULL},
    {"src_pitch", TEXT_INT64, 3, DESC(src_pitch), NULL},
    {"dst_pitch", TEXT_INT64, 3, DESC(dst_pitch), NULL},
    {"reserved", TEXT_INT64, 8, DESC(reserved), NULL},
    {"op", TEXT_INT, 1, offsetof(pool_problem, op), ops},
    {"alpha", TEXT_FLOAT, 1, offsetof(pool_problem, alpha), NULL},
    {"data", TEXT_INT, 1, offsetof(pool_problem, data), datas},
    {"indices", TEXT_INT, 1, offsetof(pool_problem, indices), NULL},
    {"placement", TEXT_INT, 1, offsetof(pool_problem, placement), placements},
    {"seed", TEXT_INT, 1, offsetof(pool_problem, seed), NULL},
    {NULL, TEXT_INT, 0, 0, NULL},
};

void pool_print(char text[POOL_TEXT], const pool_problem *p) {
    text_print(text, POOL_TEXT, fields, p);
}

bool pool_parse(const char *text, pool_problem *p) {
    return text_parse(text, fields, p);
}

int pool_stride(const pool_problem *p) {
    return p->desc.stride != 0 ? p->desc.stride : 2;
}

int pool_dilation(const pool_problem *p) {
    return p->desc.dilation != 0 ? p->desc.dilation : 1;
}

/* Counts the windows one by one: whole ones, and with ceil_mode one partial one, if it starts
 * before the bottom (right) padding does. */
static int64_t out_size(int64_t in, int before, int after, const pool_problem *p) {
    const int64_t reach = pool_dilation(p); /* from a window's first element to its last */
    const int64_t end = in + before + after;
    int64_t count = 0;
    for (int64_t start = 0; start + reach < end; start += pool_stride(p))
        count++;
    const int64_t next = count * pool_stride(p);
    const int64_t last_end = (count - 1) * pool_stride(p) + reach + 1;
    if (p->desc.ceil_mode && last_end < end && next < in + before)
        count++;
    return count;
}

int64_t pool_out_h(const pool_problem *p) {
    return out_size(p->desc.ih, p->desc.pad[0], p->desc.pad[2], p);
}

int64_t pool_out_w(const pool_problem *p) {
    return out_size(p->desc.iw, p->desc.pad[1], p->desc.pad[3], p);
}

pool_problem pool_random(rng *r, const char *isa) {
    pool_problem p = {.desc.isa = isa};
    ninetap_pool2x2_desc *d = &p.desc;
    d->n = rng_int(r, 1, 3);
    d->c = rng_one_in(r, 4) ? rng_int(r, 1, 70) : rng_int(r, 1, 9);
    d->stride = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 4);
    d->dilation = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 3);
    for (int i = 0; i < 4; i++)
        d->pad[i] = rng_one_in(r, 2) ? 0 : rng_int(r, 0, pool_dilation(&p));
    do {
        d->ih = rng_int(r, 1, rng_one_in(r, 4) ? 80 : 20);
        d->iw = rng_int(r, 1, rng_one_in(r, 4) ? 150 : 40);
    } while (pool_out_h(&p) == 0 || pool_out_w(&p) == 0);
    d->ceil_mode = rng_int(r, 0, 1);
    d->layout = (ninetap_layout)rng_int(r, 0, 1);
    d->nan = (ninetap_nan)rng_int(r, 0, 1);
    d->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    view_draw_pitch(r, d->layout, d->c, d->ih, d->iw, d->src_pitch);
    view_draw_pitch(r, d->layout, d->c, pool_out_h(&p), pool_out_w(&p), d->dst_pitch);
    p.data = rng_int(r, POOL_TIES, POOL_LOWEST);
    p.indices = rng_int(r, 0, 1);
    p.placement = rng_int(r, AT_END, AT_START);
    p.seed = rng_int(r, 1, INT32_MAX);
    return p;
}

pool_problem pool_random_of(rng *r, const char *isa, pool_op op) {
    pool_problem p = pool_random(r, isa);
    p.op = (int)op;
    if (op == POOL_MIXED)
        p.alpha =
            (float[]){0.0F,           1.0F,     0.5F, 0.1F, (float)rng_int(r, 1, 999) / 1000.0F,
                      0x1.FFFFFEp-1F, 0x1p-149F}[rng_int(r, 0, 6)];
    return p;
}

size_t pool_element(const pool_problem *p) {
    return p->op == POOL_MAX_U8 || p->op == POOL_MAX_S8 ? 1 : sizeof(float);
}

bool pool_gives_indices(const pool_problem *p) {
    return p->op == POOL_MAX || p->op == POOL_MAX_U8 || p->op == POOL_MAX_S8;
}

/* Quiet ones and signalling ones, of either sign. */
static float some_nan(rng *r) {
    return from_bits((rng_int(r, 0, 1) ? 0x7F800000U : 0xFF800000U) |
                     (uint32_t)rng_int(r, 1, 0x7FFFFF));
}

float pool_draw(rng *r, pool_data data) {
    switch (data) {
    case POOL_TIES:
        return (float)rng_int(r, -4, -1) * 0.5F;
    case POOL_RANDOM:
        return rng_float(r);
    case POOL_SPECIAL:
        if (rng_one_in(r, 4))
            return some_nan(r);
        return (float[]){
            -INFINITY, INFINITY,         -0.0F,          0.0F, -1.0F, 0x1p-149F, -0x1p-149F,
            0x1p127F,  -0x1.FFFFFEp127F, 0x1.FFFFFEp127F}[rng_int(r, 0, 9)];
    case POOL_LOWEST:
        return rng_int(r, 0, 1) ? some_nan(r) : -INFINITY;
    }
    return 0;
}

uint8_t pool_draw_byte(rng *r, pool_data data) {
    switch (data) {
    case POOL_TIES:
        return (uint8_t)rng_int(r, 126, 129); /* as s8: 126, 127, -128, -127 */
    case POOL_RANDOM:
        return (uint8_t)rng_int(r, 0, 255);
    case POOL_SPECIAL:
        return (const uint8_t[]){0, 1, 127, 128, 254, 255}[rng_int(r, 0, 5)];
    case POOL_LOWEST:
        return rng_int(r, 0, 1) ? 0 : 128;
    }
    return 0;
}
