/* The gradient of a convolution's input. A problem is the forward convolution's; src of the call is
 * diff_dst, and dst is diff_src. */
#include "core/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "selftest/conv3x3.h"

static void backward_draw(rng *r, double most, void *problem) {
    conv_problem *p = problem;
    ninetap_conv3x3_desc *d = &p->desc;
    nt_operation_conv3x3.draw(r, most, p);
    d->border = NINETAP_BORDER_ZERO;
    d->border_value = d->act_lo = d->act_hi = d->act_slope = 0.0F;
    d->act = NINETAP_LINEAR;
    d->pool = NINETAP_POOL_NONE;
    memset(d->dst_pitch, 0, sizeof d->dst_pitch);
    nt_view_draw_pitch(r, d->layout, d->oc, conv_out_h(p), conv_out_w(p), d->dst_pitch);
    p->bias = 0;
    p->call = p->call == CALL_ONE_SHOT ? CALL_RUN : p->call;
    p->residual = p->call == CALL_RUN && rng_one_in(r, 4);
}

static int backward_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const int seed = nt_operation_conv3x3.operands(problem, o);
    const view src = o[CONV_SRC].view;
    o[CONV_SRC].view = o[CONV_DST].view;
    o[CONV_RESIDUAL].view = o[CONV_DST].view = src;
    return seed;
}

static ninetap_status backward_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_conv_prepare(problem, true, o, call);
}

static ninetap_status backward_run(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_operation_conv3x3.run(problem, o, call);
}

static void backward_release(nt_call *call) {
    nt_operation_conv3x3.release(call);
}

/* ---- What is right ---- */

static bool backward_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const conv_problem *p = problem;
    const view *out = &o[CONV_DST].view;
    float *dst = o[CONV_DST].data;
    nt_reference_conv3x3_backward_data_f32(&p->desc, nt_arithmetic_of(p->desc.precision, usual),
                                           o[CONV_WEIGHTS].data, o[CONV_SRC].data, dst);
    for (int64_t i = 0; p->residual && i < out->n * out->c * out->h * out->w; i++) {
        const int64_t at = view_at(out, i / out->w / out->h / out->c, i / out->w / out->h % out->c,
                                   i / out->w % out->h, i % out->w);
        dst[at] += ((const float *)o[CONV_RESIDUAL].data)[at];
    }
    return true;
}

static void backward_exact(const void *problem, const nt_operand *o, const int64_t at[4],
                           double *value, double *magnitude) {
    const conv_problem *p = problem;
    nt_reference_conv3x3_backward_data_at(&p->desc, at, o[CONV_WEIGHTS].data, o[CONV_SRC].data,
                                          value, magnitude);
}

static bool backward_within_bound(const conv_problem *p, const nt_operand *o, nt_call *call) {
    const view *out = &o[CONV_DST].view;
    bool ok = true;
    for (int64_t i = 0; ok && i < out->n * out->c * out->h * out->w; i++) {
        const int64_t place[4] = {i / out->w / out->h / out->c, i / out->w / out->h % out->c,
                                  i / out->w % out->h, i % out->w};
        const int64_t at = view_at(out, place[0], place[1], place[2], place[3]);
        double value;
        double magnitude;
        backward_exact(p, o, place, &value, &magnitude);
        const double allowed =
            call->info.error_bound * magnitude + call->info.error_floor + 0x1p-149;
        const double got = (double)((const float *)o[CONV_DST].data)[at];
        ok = fabs(got - value) <= allowed * (1 + 1e-6) ||
             nt_wrong_at(call, &o[CONV_DST], (size_t)at * sizeof(float), value, ": out of bounds");
    }
    return ok;
}

/* With stride 1 it is a forward convolution, of these weights: [i][o][8 - tap]. */
static float *turned_weights(const conv_problem *p, const nt_operand *o) {
    const view from = nt_view_of_weights(p->desc.weights_layout, p->desc.oc, p->desc.ic);
    float *turned = malloc((size_t)(p->desc.oc * p->desc.ic * 9) * sizeof *turned + 1);
    for (int64_t k = 0; turned != NULL && k < p->desc.oc * p->desc.ic * 9; k++) {
        const int64_t tap = 8 - k % 9;
        turned[k] =
            ((const float *)o[CONV_WEIGHTS]
                 .data)[view_at(&from, k / 9 % p->desc.oc, k / 9 / p->desc.oc, tap / 3, tap % 3)];
    }
    return turned;
}

/* Winograd's, held against that convolution. */
static bool as_forward(const conv_problem *p, const nt_operand *o, nt_call *call) {
    conv_problem turned = *p;
    ninetap_conv3x3_desc *d = &turned.desc;
    d->ic = p->desc.oc;
    d->oc = p->desc.ic;
    d->ih = conv_map_h(p);
    d->iw = conv_map_w(p);
    for (int i = 0; i < 4; i++) {
        d->pad[i] = 2 - p->desc.pad[i];
    }
    memcpy(d->src_pitch, p->desc.dst_pitch, sizeof d->src_pitch);
    memcpy(d->dst_pitch, p->desc.src_pitch, sizeof d->dst_pitch);
    d->weights_layout = NINETAP_OIHW;
    nt_operand operands[NT_OPERANDS];
    memcpy(operands, o, sizeof operands);
    operands[CONV_WEIGHTS].data = turned_weights(p, o);
    const bool ok = operands[CONV_WEIGHTS].data != NULL
                        ? nt_operation_conv3x3.right(&turned, operands, call)
                        : nt_wrong(call, "out of memory");
    free(operands[CONV_WEIGHTS].data);
    return ok;
}

static bool backward_right(const void *problem, const nt_operand *o, nt_call *call) {
    const conv_problem *p = problem;
    if (nt_tile_of_algorithm(call->info.algorithm) != 0) {
        return as_forward(p, o, call);
    }
    return nt_as_defined(&nt_operation_conv3x3_backward_data, p,
                         nt_usual_arithmetic(call->info.isa), o, call) &&
           (o[CONV_DST].nan != NT_NAN_NONE || p->residual || backward_within_bound(p, o, call));
}

const nt_operation nt_operation_conv3x3_backward_data = {
    .name = "conv3x3_backward_data",
    .fields = nt_conv_fields,
    .size = sizeof(conv_problem),
    .isa = offsetof(conv_problem, desc.isa),
    .draw = backward_draw,
    .operands = backward_operands,
    .prepare = backward_prepare,
    .run = backward_run,
    .release = backward_release,
    .define = backward_define,
    .right = backward_right,
    .exact = backward_exact,
};
