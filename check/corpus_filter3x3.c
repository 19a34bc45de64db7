/* The image filters: each kernel on each pair of types, and what a description can ask for. To add
 * one, write a row, and its lines of `ninetap-check --write` into golden.txt. */
#include "corpus.h"

#include <inttypes.h>

#include "selftest/filter3x3.h"

static const char *const op_names[FILTER_OPS] = {"filter3x3", "gradient3x3-l1", "gradient3x3-l2"};
static const char *const filter_names[FILTER_KINDS] = {
    "edge",   "sobel", "gauss",  "box",  "sharpen", "wide",   "large",
    "random", "fine",  "smooth", "huge", "nothing", "laplace"};
static const char *const borders[] = {"", "/replicate", "/reflect101", "/constant"};
static const char *const types[] = {"f32", "u8", "s8", "s16", "s32"};
static const ninetap_dtype pairs[][2] = {{NINETAP_U8, NINETAP_U8},
                                         {NINETAP_U8, NINETAP_S16},
                                         {NINETAP_U8, NINETAP_F32},
                                         {NINETAP_F32, NINETAP_F32}};

static const struct filter_row {
    filter_problem p; /* the filter and the types, too, unless `all` */
    const char *name; /* of what is unusual */
    bool all, pitched;
} rows[] = {
    {.p = {.desc = {.n = 1, .ih = 9, .iw = 70, .channels = 1}}, .name = "", .all = true},
    {.p = {.desc = {.n = 2, .ih = 7, .iw = 45, .channels = 3, .border = NINETAP_BORDER_REFLECT101}},
     .name = "",
     .all = true,
     .pitched = true},
    {.p = {.desc = {.n = 1,
                    .ih = 11,
                    .iw = 33,
                    .channels = 4,
                    .keep_alpha = 1,
                    .border = NINETAP_BORDER_REPLICATE,
                    .pool = NINETAP_POOL_MAX}},
     .name = "/alpha/pool",
     .all = true},
    {.p = {.desc = {.n = 1,
                    .ih = 6,
                    .iw = 90,
                    .channels = 2,
                    .border = NINETAP_BORDER_CONSTANT,
                    .border_value = {7, 200, 0, 0},
                    .margin = {0, 2, 1, 0},
                    .scale = 0.37F,
                    .delta = 11.5F,
                    .absolute = 1}},
     .name = "/margin/scaled/absolute",
     .all = true},
    {.p = {.desc = {.n = 1,
                    .ih = 5,
                    .iw = 2400,
                    .channels = 3,
                    .src_type = NINETAP_U8,
                    .dst_type = NINETAP_U8,
                    .scale = 0.5F,
                    .delta = 128.0F,
                    .threads = 3},
           .filter = FILTER_SMOOTH},
     .name = "/half"},
    {.p = {.desc = {.n = 3,
                    .ih = 40,
                    .iw = 64,
                    .channels = 4,
                    .src_type = NINETAP_U8,
                    .dst_type = NINETAP_U8},
           .filter = FILTER_SHARPEN,
           .in_place = 1},
     .name = "/in-place"},
    {.p =
         {.desc = {.n = 1, .ih = 8, .iw = 3000, .channels = 1, .border = NINETAP_BORDER_REFLECT101},
          .filter = FILTER_RANDOM,
          .in_place = 1},
     .name = "/in-place"},
};

static void set_pitches(ninetap_filter3x3_desc *d, int64_t src, int64_t dst) {
    d->src_pitch[1] = (d->margin[1] + d->iw + d->margin[3]) * d->channels * src + 3 * src;
    d->src_pitch[0] = (d->margin[0] + d->ih + d->margin[2]) * d->src_pitch[1] + 5 * src;
    d->dst_pitch[1] = d->iw * d->channels * dst + 7 * dst;
    d->dst_pitch[0] = d->ih * d->dst_pitch[1] + 11 * dst;
}

static bool add_filter(corpus *list, const struct filter_row *row, const filter_problem *problem) {
    filter_problem p = *problem;
    ninetap_filter3x3_desc *d = &p.desc;
    p.data = DATA_RANDOM;
    p.seed = 1;
    if (row->pitched) {
        set_pitches(d, d->src_type == NINETAP_U8 ? 1 : 4,
                    d->dst_type == NINETAP_U8    ? 1
                    : d->dst_type == NINETAP_S16 ? 2
                                                 : 4);
    }
    check_case *c = corpus_add(list, &nt_operation_filter3x3, &p);
    if (c != NULL) {
        c->agreement = SAME_EVERYWHERE;
        corpus_name(c, "%s/%s/%s-%s", op_names[p.op], filter_names[p.filter], types[d->src_type],
                    types[d->dst_type]);
        corpus_name(c, "/%dx%" PRId64 "x%" PRId64 "%s%s%s", d->channels, d->ih, d->iw,
                    borders[d->border], row->name, row->pitched ? "/pitched" : "");
        if (d->threads != 0) {
            corpus_name(c, "/threads%d", d->threads);
        }
    }
    return c != NULL;
}

/* All pairs of types, with a kernel each time; the gradients with three of them. */
static bool add_all(corpus *list, const struct filter_row *row) {
    bool good = true;
    for (size_t pair = 0; pair < sizeof pairs / sizeof pairs[0]; pair++) {
        for (int filter = 0; filter < FILTER_KINDS; filter++) {
            filter_problem p = row->p;
            p.desc.src_type = pairs[pair][0];
            p.desc.dst_type = pairs[pair][1];
            p.filter = filter;
            const bool again =
                filter == FILTER_SOBEL || filter == FILTER_WIDE || filter == FILTER_RANDOM;
            for (p.op = 0; p.op < (again ? (int)FILTER_OPS : 1); p.op++) {
                good = good && add_filter(list, row, &p);
            }
        }
    }
    return good;
}

bool corpus_filter3x3(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        good = good &&
               (rows[r].all ? add_all(list, &rows[r]) : add_filter(list, &rows[r], &rows[r].p));
    }
    return good;
}
