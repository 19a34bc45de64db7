#include "conv_problem.h"

#include <math.h>
#include <stddef.h>

#include "support/text.h"
#include "support/view.h"

static const char *const layouts[] = {"nchw", "nhwc", NULL};
static const char *const weights_layouts[] = {"oihw", "ohwi", "hwio", NULL};
static const char *const borders[] = {"zero", "replicate", "reflect101", "constant", NULL};
static const char *const acts[] = {"linear", "relu", "clamp", "leaky", "hardswish", NULL};
static const char *const pools[] = {"none", "max", NULL};
static const char *const algos[] = {"auto", "direct", "winograd2", "winograd4", "winograd6", NULL};
static const char *const precisions[] = {"default", "exact", "portable", "fast", NULL};
static const char *const datas[] = {"integer", "random", "wide", "tiny", "special", NULL};
static const char *const calls[] = {"run", "parts", "oneshot", NULL};
static const char *const types[] = {"f32", "u8", "s8", "s16", "s32", NULL};
static const char *const placements[] = {"end", "start", NULL};

#define DESC(member) offsetof(conv_problem, desc.member)
static const text_field fields[] = {
    {"n", TEXT_INT64, 1, DESC(n), NULL},
    {"ic", TEXT_INT64, 1, DESC(ic), NULL},
    {"ih", TEXT_INT64, 1, DESC(ih), NULL},
    {"iw", TEXT_INT64, 1, DESC(iw), NULL},
    {"oc", TEXT_INT64, 1, DESC(oc), NULL},
    {"pad", TEXT_INT, 4, DESC(pad), NULL},
    {"stride", TEXT_INT, 1, DESC(stride), NULL},
    {"dilation", TEXT_INT, 1, DESC(dilation), NULL},
    {"groups", TEXT_INT64, 1, DESC(groups), NULL},
    {"layout", TEXT_INT, 1, DESC(layout), layouts},
    {"weights", TEXT_INT, 1, DESC(weights_layout), weights_layouts},
    {"border", TEXT_INT, 1, DESC(border), borders},
    {"border_value", TEXT_FLOAT, 1, DESC(border_value), NULL},
    {"act", TEXT_INT, 1, DESC(act), acts},
    {"act_lo", TEXT_FLOAT, 1, DESC(act_lo), NULL},
    {"act_hi", TEXT_FLOAT, 1, DESC(act_hi), NULL},
    {"act_slope", TEXT_FLOAT, 1, DESC(act_slope), NULL},
    {"pool", TEXT_INT, 1, DESC(pool), pools},
    {"algo", TEXT_INT, 1, DESC(algo), algos},
    {"precision", TEXT_INT, 1, DESC(precision), precisions},
    {"isa", TEXT_ISA, 1, DESC(isa), NULL},
    {"threads", TEXT_INT, 1, DESC(threads), NULL},
    {"src_pitch", TEXT_INT64, 3, DESC(src_pitch), NULL},
    {"dst_pitch", TEXT_INT64, 3, DESC(dst_pitch), NULL},
    {"src_type", TEXT_INT, 1, DESC(src_type), types},
    {"weights_type", TEXT_INT, 1, DESC(weights_type), types},
    {"dst_type", TEXT_INT, 1, DESC(dst_type), types},
    {"reserved", TEXT_INT64, 8, DESC(reserved), NULL},
    {"bias", TEXT_INT, 1, offsetof(conv_problem, bias), NULL},
    {"residual", TEXT_INT, 1, offsetof(conv_problem, residual), NULL},
    {"data", TEXT_INT, 1, offsetof(conv_problem, data), datas},
    {"call", TEXT_INT, 1, offsetof(conv_problem, call), calls},
    {"parts", TEXT_INT, 1, offsetof(conv_problem, parts), NULL},
    {"workspace", TEXT_INT, 1, offsetof(conv_problem, workspace), NULL},
    {"fail", TEXT_INT, 1, offsetof(conv_problem, fail), NULL},
    {"candidate", TEXT_INT, 1, offsetof(conv_problem, candidate), NULL},
    {"placement", TEXT_INT, 1, offsetof(conv_problem, placement), placements},
    {"seed", TEXT_INT, 1, offsetof(conv_problem, seed), NULL},
    {NULL, TEXT_INT, 0, 0, NULL},
};
_Static_assert(sizeof(ninetap_layout) == sizeof(int), "enums are read and written as int");

void conv_print(char text[CONV_TEXT], const conv_problem *p) {
    text_print(text, CONV_TEXT, fields, p);
}

bool conv_parse(const char *text, conv_problem *p) {
    return text_parse(text, fields, p);
}

int conv_stride(const conv_problem *p) {
    return p->desc.stride != 0 ? p->desc.stride : 1;
}

int conv_dilation(const conv_problem *p) {
    return p->desc.dilation != 0 ? p->desc.dilation : 1;
}

int64_t conv_groups(const conv_problem *p) {
    return p->desc.groups != 0 ? p->desc.groups : 1;
}

static int64_t out_size(int64_t in, int before, int after, const conv_problem *p) {
    const int64_t room = in + before + after - 2 * (int64_t)conv_dilation(p) - 1;
    return room < 0 ? 0 : room / conv_stride(p) + 1;
}

int64_t conv_map_h(const conv_problem *p) {
    return out_size(p->desc.ih, p->desc.pad[0], p->desc.pad[2], p);
}

int64_t conv_map_w(const conv_problem *p) {
    return out_size(p->desc.iw, p->desc.pad[1], p->desc.pad[3], p);
}

int64_t conv_out_h(const conv_problem *p) {
    return conv_map_h(p) / (p->desc.pool == NINETAP_POOL_MAX ? 2 : 1);
}

int64_t conv_out_w(const conv_problem *p) {
    return conv_map_w(p) / (p->desc.pool == NINETAP_POOL_MAX ? 2 : 1);
}

double conv_macs(const conv_problem *p) {
    const int64_t taps = 9 * (p->desc.ic / conv_groups(p));
    return (double)(p->desc.n * p->desc.oc * conv_map_h(p) * conv_map_w(p) * taps);
}

/* ---- Random problems ---- */

static int pick(rng *r, const int *values, int count) {
    return values[rng_int(r, 0, count - 1)];
}
#define PICK(r, ...) \
    pick(r, (const int[]){__VA_ARGS__}, (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))

static void draw_channels(rng *r, ninetap_conv3x3_desc *d) {
    d->ic = rng_one_in(r, 4) ? rng_int(r, 1, 40) : rng_int(r, 1, 9);
    d->oc = rng_one_in(r, 4) ? rng_int(r, 1, 100) : rng_int(r, 1, 36);
    switch (rng_int(r, 0, 7)) {
    case 0: /* depthwise */
        d->groups = d->oc = d->ic = rng_int(r, 1, 70);
        break;
    case 1: /* depthwise with a channel multiplier */
        d->groups = d->ic;
        d->oc = d->ic * rng_int(r, 1, 4);
        break;
    case 2:
        d->groups = rng_int(r, 1, 5);
        d->ic = d->groups * rng_int(r, 1, 6);
        d->oc = d->groups * rng_int(r, 1, 20);
        break;
    default:
        d->groups = rng_int(r, 0, 1);
    }
}

static void draw_geometry(rng *r, ninetap_conv3x3_desc *d) {
    d->n = PICK(r, 1, 1, 1, 2, 3);
    d->stride = PICK(r, 0, 1, 1, 2, 2, 3, 5);
    d->dilation = PICK(r, 0, 1, 1, 1, 2, 3);
    const int reach = 2 * (d->dilation != 0 ? d->dilation : 1);
    const bool same = rng_one_in(r, 3);
    for (int i = 0; i < 4; i++)
        d->pad[i] = same ? reach / 2 : rng_int(r, 0, reach);
    const int largest = rng_one_in(r, 4) ? 70 : 20;
    const int least_h = reach + 1 - d->pad[0] - d->pad[2];
    const int least_w = reach + 1 - d->pad[1] - d->pad[3];
    d->ih = rng_int(r, least_h > 1 ? least_h : 1, largest);
    d->iw = rng_int(r, least_w > 1 ? least_w : 1, largest);
}

static void draw_epilogue(rng *r, conv_problem *p) {
    ninetap_conv3x3_desc *d = &p->desc;
    p->bias = rng_int(r, 0, 1);
    d->border = (ninetap_border)(rng_one_in(r, 2) ? 0 : rng_int(r, 1, 3));
    d->border_value = d->border == NINETAP_BORDER_CONSTANT ? (float)rng_int(r, -3, 3) : 0.0F;
    d->act = (ninetap_act)(rng_one_in(r, 2) ? 0 : rng_int(r, 1, 4));
    if (d->act == NINETAP_CLAMP) {
        d->act_lo = (float)rng_int(r, -20, 5);
        d->act_hi = d->act_lo + (float)rng_int(r, 0, 30);
    }
    if (d->act == NINETAP_LEAKY_RELU)
        d->act_slope = (float)PICK(r, -1, 1, 2, 26) / 100.0F;
}

bool conv_allows_winograd(const conv_problem *p) {
    return conv_stride(p) == 1 && conv_dilation(p) == 1 && conv_groups(p) == 1 &&
           (p->desc.precision == NINETAP_PRECISION_DEFAULT ||
            p->desc.precision == NINETAP_PRECISION_FAST);
}

static void draw_call(rng *r, conv_problem *p) {
    p->data = PICK(r, DATA_INTEGER, DATA_RANDOM, DATA_RANDOM, DATA_WIDE);
    p->desc.precision = (ninetap_precision)rng_int(r, 0, 3);
    p->desc.algo = (ninetap_algo)rng_int(
        r, 0, conv_allows_winograd(p) ? NINETAP_ALGO_WINOGRAD6 : NINETAP_ALGO_DIRECT);
    p->desc.threads = PICK(r, 0, 1, 1, 2, 3, 7);
    p->call = PICK(r, CALL_RUN, CALL_RUN, CALL_PARTS, CALL_ONE_SHOT);
    p->parts = p->call == CALL_PARTS ? PICK(r, 1, 2, 3, 7, 50) : 0;
    p->workspace = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 64);
    p->placement = rng_int(r, AT_END, AT_START);
    p->candidate = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 3);
    p->seed = rng_int(r, 1, INT32_MAX);
    p->residual = p->call == CALL_RUN && p->desc.pool == NINETAP_POOL_NONE && rng_one_in(r, 4);
}

conv_problem conv_random(rng *r, const char *isa, double max_macs) {
    for (;;) {
        conv_problem p = {.desc.isa = isa};
        ninetap_conv3x3_desc *d = &p.desc;
        draw_geometry(r, d);
        draw_channels(r, d);
        if (conv_macs(&p) > max_macs)
            continue;
        d->layout = (ninetap_layout)rng_int(r, 0, 1);
        d->weights_layout = (ninetap_weights_layout)rng_int(r, 0, 2);
        if (conv_map_h(&p) > 1 && conv_map_w(&p) > 1 && rng_one_in(r, 3))
            d->pool = NINETAP_POOL_MAX;
        view_draw_pitch(r, d->layout, d->ic, d->ih, d->iw, d->src_pitch);
        view_draw_pitch(r, d->layout, d->oc, conv_out_h(&p), conv_out_w(&p), d->dst_pitch);
        draw_epilogue(r, &p);
        draw_call(r, &p);
        return p;
    }
}

/* ---- Data ---- */

static float nonzero_integer(rng *r, int largest) {
    const int magnitude = rng_int(r, 1, largest);
    return (float)(rng_int(r, 0, 1) ? magnitude : -magnitude);
}

static float draw(rng *r, conv_data data, int largest) {
    switch (data) {
    case DATA_INTEGER:
        break;
    case DATA_RANDOM:
        return rng_float(r);
    case DATA_WIDE:
        return ldexpf(rng_float(r), rng_int(r, -20, 20));
    case DATA_TINY: /* products from 2^-155, where they vanish, to 2^-115 */
        return ldexpf(rng_float(r), rng_int(r, -75, -57));
    case DATA_SPECIAL:
        if (rng_one_in(r, 40))
            return (float[]){INFINITY, -INFINITY, NAN, -0.0F}[rng_int(r, 0, 3)];
        break;
    }
    return nonzero_integer(r, largest);
}

/* |src| <= 8, |weight| <= 4: sums stay below 2^24 up to 58,000 input channels. */
float conv_draw_src(rng *r, conv_data data) {
    return draw(r, data, 8);
}

float conv_draw_weight(rng *r, conv_data data) {
    return draw(r, data, 4);
}

float conv_draw_bias(rng *r, conv_data data) {
    return draw(r, data, 16);
}
