/* The operations: what a shape asks of each, and what it counts. */
#include <math.h>
#include <string.h>

#include "cases/operation.h"
#include "conv3x3/conv3x3.h"
#include "dense/dense.h"
#include "selftest/conv3x3.h"
#include "selftest/dense.h"
#include "selftest/pool2x2.h"
#include "selftest/softmax.h"

const char *const algo_names[] = {"auto", "direct", "winograd2", "winograd4", "winograd6"};
const char *const precision_names[] = {"default", "exact", "portable", "fast"};

/* As many of `all` as make about 10 ms of plain C. */
static int64_t part_of(int64_t all, double macs_each) {
    const double part = fmax(1.0, floor(1e7 / macs_each));
    return part < (double)all ? (int64_t)part : all;
}

static const char *isa_name(const choice *c) {
    return c->isa != NULL ? c->isa->name : NULL;
}

/* ---- conv3x3, with bias and ReLU, and where the shape says so with max pooling behind it --- */

static ninetap_status ask_conv(layer *p, const choice *c) {
    const shape *s = &p->shape;
    const conv_problem asked = {.desc = {.n = s->n,
                                         .ic = s->c,
                                         .ih = s->h,
                                         .iw = s->w,
                                         .oc = s->oc,
                                         .pad = {s->pad, s->pad, s->pad, s->pad},
                                         .stride = s->stride,
                                         .dilation = s->dilation,
                                         .groups = s->groups,
                                         .layout = p->layout,
                                         .act = NINETAP_RELU,
                                         .pool = s->pooled ? NINETAP_POOL_MAX : NINETAP_POOL_NONE,
                                         .algo = c->algo,
                                         .precision = c->precision,
                                         .isa = isa_name(c),
                                         .threads = c->threads},
                                .bias = 1,
                                .data = DATA_RANDOM,
                                .workspace = c->workspace,
                                .candidate = c->candidate,
                                .seed = 1};
    memcpy(&p->asked, &asked, sizeof asked);
    const ninetap_status status = ninetap_conv3x3_output(&asked.desc, &p->oh, &p->ow);
    if (status == NINETAP_OK) {
        p->conv_oh = conv_map_h(&asked);
        p->conv_ow = conv_map_w(&asked);
        /* What the pooling does not look at, the last row or column of an odd number, is not
         * counted. */
        const int64_t channels = s->c / s->groups;
        p->flops = 18.0 * (double)channels * (s->pooled ? 4 : 1);
    }
    return status;
}

/* Some output channels; where there are groups, some of those: each of them costs the same. */
static double part_of_conv(layer *p) {
    ninetap_conv3x3_desc *d = &((conv_problem *)(void *)&p->asked)->desc;
    const bool grouped = d->groups > 1, nchw = p->layout == NINETAP_NCHW;
    const int64_t all = grouped ? d->groups : d->oc;
    const int64_t part = part_of(all, p->flops / 2 / (double)all);
    d->src_pitch[0] = d->ic * d->ih * d->iw;
    d->src_pitch[1] = nchw ? d->ih * d->iw : d->iw * d->ic;
    d->src_pitch[2] = nchw ? d->iw : d->ic;
    d->oc = d->oc / all * part;
    if (grouped) {
        d->ic = d->ic / all * part;
        d->groups = part;
    }
    return (double)all / (double)part;
}

/* Among what AUTO chooses: the library's methods, several for the direct algorithm. */
int conv3x3_candidates(const layer *p, const choice *c) {
    layer asked = *p;
    nt_conv_shape sizes;
    nt_conv conv;
    nt_candidate list[NT_CANDIDATES];
    if (p->operation != &conv3x3 || ask_conv(&asked, c) != NINETAP_OK) {
        return 0;
    }
    const ninetap_conv3x3_desc *d = &((conv_problem *)(void *)&asked.asked)->desc;
    return nt_conv_shape_of(d, &sizes) == NINETAP_OK && nt_conv_of(d, &sizes, &conv) == NINETAP_OK
               ? nt_conv_candidates(&conv, list)
               : 0;
}

static bool may_take(const ninetap_conv3x3 *made, ninetap_precision precision) {
    nt_candidate list[NT_CANDIDATES];
    nt_conv asked = made->conv;
    asked.desc.algo = NINETAP_ALGO_AUTO;
    asked.desc.precision = precision;
    for (int i = 0, count = nt_conv_candidates(&asked, list); i < count; i++) {
        if (list[i].method == made->method) {
            return true;
        }
    }
    return false;
}

const char *conv3x3_chosen_in(const ninetap_conv3x3 *made) {
    const bool usual = may_take(made, NINETAP_PRECISION_DEFAULT);
    const bool fast = may_take(made, NINETAP_PRECISION_FAST);
    return usual && fast ? "default fast" : usual ? "default" : fast ? "fast" : "";
}

/* ---- dense, with bias and ReLU ------------------------------------------------------------ */

static ninetap_status ask_dense(layer *p, const choice *c) {
    const dense_problem asked = {.desc = {.n = p->shape.n,
                                          .in = p->shape.c,
                                          .out = p->shape.oc,
                                          .act = NINETAP_RELU,
                                          .precision = c->precision,
                                          .isa = isa_name(c),
                                          .threads = c->threads},
                                 .data = DATA_RANDOM,
                                 .bias = 1,
                                 .seed = 1};
    nt_dense_shape s;
    memcpy(&p->asked, &asked, sizeof asked);
    p->oh = p->ow = 1;
    p->flops = 2.0 * (double)asked.desc.in;
    return nt_dense_shape_of(&asked.desc, &s);
}

/* Some rows, or of one row some outputs. */
static double part_of_dense(layer *p) {
    ninetap_dense_desc *d = &((dense_problem *)(void *)&p->asked)->desc;
    d->n = part_of(d->n, (double)d->in * (double)d->out);
    d->out = part_of(d->out, (double)d->in * (double)d->n);
    return p->flops / 2 / ((double)d->n * (double)d->in * (double)d->out);
}

/* ---- softmax, pooling --------------------------------------------------------------------- */

static ninetap_status ask_softmax(layer *p, const choice *c) {
    const softmax_problem asked = {.rows = p->shape.n,
                                   .columns = p->shape.c,
                                   .spread = 1,
                                   .isa = isa_name(c),
                                   .threads = c->threads,
                                   .seed = 1};
    memcpy(&p->asked, &asked, sizeof asked);
    p->oh = p->ow = 1;
    p->flops = 24; /* of bodies/softmax.h */
    return asked.rows * asked.columns < (int64_t)1 << 40 ? NINETAP_OK : NINETAP_ERR_OVERFLOW;
}

static ninetap_status ask_pool(layer *p, const choice *c) {
    static const double flops[] = {[SHAPE_MAX] = 3,    [SHAPE_AVERAGE] = 4, [SHAPE_MIXED] = 10,
                                   [SHAPE_MAX_U8] = 3, [SHAPE_MAX_S8] = 3,  [SHAPE_UNPOOL] = 0};
    const shape *s = &p->shape;
    const pool_problem asked = {.desc = {.n = s->n,
                                         .c = s->c,
                                         .ih = s->h,
                                         .iw = s->w,
                                         .stride = s->stride,
                                         .pad = {s->pad, s->pad, s->pad, s->pad},
                                         .dilation = s->dilation,
                                         .layout = p->layout,
                                         .isa = isa_name(c),
                                         .threads = c->threads},
                                .op = (int)s->pool,
                                .alpha = 0.5F,
                                .data = DATA_RANDOM,
                                .indices = s->indices,
                                .seed = 1};
    memcpy(&p->asked, &asked, sizeof asked);
    p->flops = flops[s->pool];
    return ninetap_pool2x2_output(&asked.desc, &p->oh, &p->ow);
}

const operation conv3x3 = {.name = "conv3x3",
                           .calls = &nt_operation_conv3x3,
                           .weights = CONV_WEIGHTS,
                           .bias = CONV_BIAS,
                           .dst = CONV_DST,
                           .ask = ask_conv,
                           .part = part_of_conv};
const operation dense = {.name = "dense",
                         .reads = true,
                         .calls = &nt_operation_dense,
                         .weights = DENSE_WEIGHTS,
                         .bias = DENSE_BIAS,
                         .dst = DENSE_DST,
                         .ask = ask_dense,
                         .part = part_of_dense};
const operation softmax = {.name = "softmax",
                           .moves = true,
                           .calls = &nt_operation_softmax,
                           .dst = SOFTMAX_DST,
                           .ask = ask_softmax};
const operation network = {.name = "network"};

#define POOLING(text)                                                                   \
    {                                                                                   \
        .name = (text), .moves = true, .calls = &nt_operation_pool2x2, .dst = POOL_DST, \
        .indices = POOL_INDICES, .ask = ask_pool                                        \
    }
const operation pool2x2[] = {
    [SHAPE_MAX] = POOLING("maxpool2x2"),       [SHAPE_AVERAGE] = POOLING("avgpool2x2"),
    [SHAPE_MIXED] = POOLING("mixedpool2x2"),   [SHAPE_MAX_U8] = POOLING("maxpool2x2_u8"),
    [SHAPE_MAX_S8] = POOLING("maxpool2x2_s8"), [SHAPE_UNPOOL] = POOLING("maxunpool2x2"),
};
_Static_assert((int)SHAPE_UNPOOL == (int)POOL_UNPOOL, "a shape_pool is a pool_op");
