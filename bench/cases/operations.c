/* The operations: what a shape asks of each, and what it counts. */
#include <math.h>
#include <string.h>

#include "cases/operation.h"
#include "conv3x3/conv3x3.h"
#include "dense/dense.h"
#include "filter3x3/filter3x3.h"
#include "selftest/conv3x3_int8.h"
#include "selftest/dense.h"
#include "selftest/filter3x3.h"
#include "selftest/pool2x2.h"
#include "selftest/softmax.h"

const char *const algo_names[] = {"auto", "direct", "winograd2", "winograd4", "winograd6"};
const char *const rate_units[] = {"GFLOP/s", "GB/s", "Gpx/s", "GOP/s"};
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
                                         .act = c->clamped ? NINETAP_CLAMP : NINETAP_RELU,
                                         .act_hi = c->clamped ? 255 : 0,
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

/* src is the gradient of the forward dst, whose size oh and ow stay. */
static ninetap_status ask_backward_data(layer *p, const choice *c) {
    const shape *s = &p->shape;
    const ninetap_status status = ask_conv(p, c);
    conv_problem *asked = (conv_problem *)(void *)&p->asked;
    asked->desc.act = NINETAP_LINEAR;
    asked->bias = 0;
    p->flops *= (double)(s->oc * p->oh * p->ow) / (double)(s->c * s->h * s->w);
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

/* Of u8 by s8, with a scale for each output channel, and a source as ReLU leaves it: random bytes,
 * or another layer's outputs. Outputs reach 255 at six times the sums' root mean square; half of
 * them are 0. Weights have seven bits (problem.cc). */
static ninetap_status ask_int8(layer *p, const choice *c) {
    const shape *s = &p->shape;
    const int64_t channels = s->c / s->groups;
    const double taps = 9.0 * (double)channels, src_rms = s->chained ? 40 : 147;
    int8_problem asked = {
        .scales = {.src_scale = 0.02F,
                   .weights_scale = 0.005F,
                   .dst_scale = (float)(0.02 * 0.005 * src_rms * 37 * sqrt(taps) * 6 / 255),
                   .count = s->oc <= NT_MOST_SCALES ? s->oc : 1}};
    const ninetap_status status = ask_conv(p, c);
    memcpy(&asked.conv, &p->asked, sizeof asked.conv);
    asked.conv.desc.src_type = asked.conv.desc.dst_type = NINETAP_U8;
    asked.conv.desc.weights_type = NINETAP_S8;
    memcpy(&p->asked, &asked, sizeof asked);
    return status;
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
    static const double flops[] = {[SHAPE_MAX] = 3,          [SHAPE_AVERAGE] = 4,
                                   [SHAPE_MIXED] = 10,       [SHAPE_MAX_U8] = 3,
                                   [SHAPE_MAX_S8] = 3,       [SHAPE_UNPOOL] = 0,
                                   [SHAPE_AVERAGE_U8] = 4,   [SHAPE_AVERAGE_S8] = 4,
                                   [SHAPE_MAX_BACKWARD] = 4, [SHAPE_AVERAGE_BACKWARD] = 8};
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

/* ---- image filters ------------------------------------------------------------------------ */

/* With OpenCV's usual border. */
static ninetap_status ask_filter(layer *p, const choice *c) {
    const shape *s = &p->shape;
    const shape_filter *f = s->filter;
    const filter_problem asked = {.desc = {.n = s->n,
                                           .ih = s->h,
                                           .iw = s->w,
                                           .channels = (int)s->c,
                                           .src_type = f->src,
                                           .dst_type = f->dst,
                                           .border = NINETAP_BORDER_REFLECT101,
                                           .pool = f->pooled ? NINETAP_POOL_MAX : NINETAP_POOL_NONE,
                                           .isa = isa_name(c),
                                           .threads = c->threads},
                                  .op = f->op,
                                  .filter = f->filter,
                                  .data = DATA_RANDOM,
                                  .seed = 1};
    nt_filter_shape sizes;
    memcpy(&p->asked, &asked, sizeof asked);
    p->oh = filter_out_h(&asked);
    p->ow = filter_out_w(&asked);
    p->flops = f->pooled ? 4 : 1;
    return nt_filter_shape_of(&asked.desc, &sizes);
}

static void move_on(nt_operand *o, int64_t elements) {
    o->data = (char *)o->data + elements * (int64_t)nt_bytes_of(o->element);
}

void filter3x3_rows(layer *p, int64_t image, int64_t first, int64_t rows) {
    ninetap_filter3x3_desc *d = &((filter_problem *)(void *)&p->asked)->desc;
    nt_operand *src = &p->operands[FILTER_SRC];
    nt_operand *dst = &p->operands[FILTER_DST];
    const int64_t row = p->shape.filter->pooled ? first / 2 : first;
    move_on(src, view_at(&src->view, image, 0, 0, 0));
    move_on(dst, view_at(&dst->view, image, 0, row, 0));
    d->margin[0] = (int)first;
    d->margin[2] = (int)(d->ih - first - rows);
    d->ih = rows;
    d->n = 1;
}

/* A value takes its reference as long as some 250 multiplications and additions. */
static double part_of_filter(layer *p) {
    const shape *s = &p->shape;
    const int64_t rows = part_of(s->h, 250.0 * (double)(s->w * s->c));
    const int64_t taken = rows < 2 && s->h > 1 ? 2 : rows; /* two can be pooled */
    filter3x3_rows(p, 0, 0, taken);
    return (double)(s->n * s->h) / (double)taken;
}

const operation conv3x3 = {.name = "conv3x3",
                           .calls = &nt_operation_conv3x3,
                           .weights = CONV_WEIGHTS,
                           .bias = CONV_BIAS,
                           .dst = CONV_DST,
                           .ask = ask_conv,
                           .part = part_of_conv};
const operation conv3x3_backward_data = {.name = "conv3x3_backward_data",
                                         .calls = &nt_operation_conv3x3_backward_data,
                                         .weights = CONV_WEIGHTS,
                                         .dst = CONV_DST,
                                         .ask = ask_backward_data,
                                         .part = part_of_conv};
const operation conv3x3_int8 = {.name = "conv3x3_int8",
                                .rate = RATE_INTEGERS,
                                .calls = &nt_operation_conv3x3_int8,
                                .weights = CONV_WEIGHTS,
                                .bias = CONV_BIAS,
                                .dst = CONV_DST,
                                .ask = ask_int8,
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
                           .rate = RATE_BYTES,
                           .calls = &nt_operation_softmax,
                           .dst = SOFTMAX_DST,
                           .ask = ask_softmax};
const operation network = {.name = "network"};
const operation network_int8 = {.name = "network_int8", .rate = RATE_INTEGERS};

#define POOLING(text)                                                                        \
    {                                                                                        \
        .name = (text), .rate = RATE_BYTES, .calls = &nt_operation_pool2x2, .dst = POOL_DST, \
        .indices = POOL_INDICES, .ask = ask_pool                                             \
    }
const operation pool2x2[] = {
    [SHAPE_MAX] = POOLING("maxpool2x2"),
    [SHAPE_AVERAGE] = POOLING("avgpool2x2"),
    [SHAPE_MIXED] = POOLING("mixedpool2x2"),
    [SHAPE_MAX_U8] = POOLING("maxpool2x2_u8"),
    [SHAPE_MAX_S8] = POOLING("maxpool2x2_s8"),
    [SHAPE_UNPOOL] = POOLING("maxunpool2x2"),
    [SHAPE_AVERAGE_U8] = POOLING("avgpool2x2_u8"),
    [SHAPE_AVERAGE_S8] = POOLING("avgpool2x2_s8"),
    [SHAPE_MAX_BACKWARD] = POOLING("maxpool2x2_backward"),
    [SHAPE_AVERAGE_BACKWARD] = POOLING("avgpool2x2_backward"),
};
_Static_assert((int)SHAPE_AVERAGE_BACKWARD == (int)POOL_AVERAGE_BACKWARD,
               "a shape_pool is a pool_op");

#define FILTERING(text)                                                                           \
    {                                                                                             \
        .name = (text), .rate = RATE_PIXELS, .calls = &nt_operation_filter3x3, .dst = FILTER_DST, \
        .ask = ask_filter, .part = part_of_filter                                                 \
    }
const operation filter3x3[] = {
    [FILTER_PLAIN] = FILTERING("filter3x3"),
    [FILTER_L1] = FILTERING("gradient3x3"),
    [FILTER_L2] = FILTERING("gradient3x3"),
};
