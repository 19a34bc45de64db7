/* Weight gradients of convolutions: drawn, run, and held against the definition. */
#include "core/build.h"

#include "selftest/conv3x3_backward_weights.h"

#include <math.h>
#include <string.h>

#include "selftest/conv3x3.h"
#include "targets/choice.h"
#include "targets/isa.h"

#define GRADIENT_DESC(member) offsetof(conv_gradient_problem, desc.member)
#define GRADIENT_HOW(member) offsetof(conv_gradient_problem, member)
static const nt_field gradient_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, GRADIENT_DESC(n)},
    {"ic", FIELD_INT64, 1, NAMES_NONE, GRADIENT_DESC(ic)},
    {"ih", FIELD_INT64, 1, NAMES_NONE, GRADIENT_DESC(ih)},
    {"iw", FIELD_INT64, 1, NAMES_NONE, GRADIENT_DESC(iw)},
    {"oc", FIELD_INT64, 1, NAMES_NONE, GRADIENT_DESC(oc)},
    {"pad", FIELD_INT, 4, NAMES_NONE, GRADIENT_DESC(pad)},
    {"stride", FIELD_INT, 1, NAMES_NONE, GRADIENT_DESC(stride)},
    {"dilation", FIELD_INT, 1, NAMES_NONE, GRADIENT_DESC(dilation)},
    {"groups", FIELD_INT64, 1, NAMES_NONE, GRADIENT_DESC(groups)},
    {"layout", FIELD_INT, 1, NAMES_LAYOUT, GRADIENT_DESC(layout)},
    {"weights", FIELD_INT, 1, NAMES_WEIGHTS, GRADIENT_DESC(weights_layout)},
    {"border", FIELD_INT, 1, NAMES_BORDER, GRADIENT_DESC(border)},
    {"act", FIELD_INT, 1, NAMES_ACT, GRADIENT_DESC(act)},
    {"pool", FIELD_INT, 1, NAMES_FUSED_POOL, GRADIENT_DESC(pool)},
    {"algo", FIELD_INT, 1, NAMES_ALGO, GRADIENT_DESC(algo)},
    {"precision", FIELD_INT, 1, NAMES_PRECISION, GRADIENT_DESC(precision)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, GRADIENT_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, GRADIENT_DESC(threads)},
    {"src_pitch", FIELD_INT64, 3, NAMES_NONE, GRADIENT_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 3, NAMES_NONE, GRADIENT_DESC(dst_pitch)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, GRADIENT_DESC(src_type)},
    {"weights_type", FIELD_INT, 1, NAMES_DTYPE, GRADIENT_DESC(weights_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, GRADIENT_DESC(dst_type)},
    {"reserved", FIELD_INT64, 8, NAMES_NONE, GRADIENT_DESC(reserved)},
    {"data", FIELD_INT, 1, NAMES_DATA, GRADIENT_HOW(data)},
    {"bias", FIELD_INT, 1, NAMES_NONE, GRADIENT_HOW(bias)},
    {"accumulate", FIELD_INT, 1, NAMES_NONE, GRADIENT_HOW(accumulate)},
    {"fail", FIELD_INT, 1, NAMES_NONE, GRADIENT_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, GRADIENT_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, GRADIENT_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(conv_gradient_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

/* The shape is drawn as a convolution's. */
static void conv_gradient_draw(rng *r, double most, void *problem) {
    conv_gradient_problem *p = problem;
    nt_problem forward;
    nt_operation_conv3x3.draw(r, most, &forward);
    const conv_problem *conv = (const conv_problem *)(const void *)&forward;
    memset(p, 0, sizeof *p);
    p->desc = conv->desc;
    ninetap_conv3x3_desc *d = &p->desc;
    if (d->pool != NINETAP_POOL_NONE) {
        memset(d->dst_pitch, 0, sizeof d->dst_pitch);
    }
    d->pool = NINETAP_POOL_NONE;
    d->act = NINETAP_LINEAR;
    d->act_lo = d->act_hi = d->act_slope = d->border_value = 0.0F;
    d->border = NINETAP_BORDER_ZERO;
    p->data = RNG_PICK(r, DATA_INTEGER, DATA_WIDE, DATA_WIDE, DATA_SELDOM);
    p->bias = rng_int(r, 0, 1);
    p->accumulate = rng_one_in(r, 3);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

static conv_problem forward_of(const conv_gradient_problem *p) {
    return (conv_problem){.desc = p->desc};
}

static int conv_gradient_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    static const int64_t dense[3];
    const conv_gradient_problem *p = problem;
    const ninetap_conv3x3_desc *d = &p->desc;
    const conv_problem forward = forward_of(p);
    const data_kind kind = (data_kind)p->data;
    const bool nan = nt_data_finite(kind) != kind;
    const view weights =
        nt_view_of_weights(d->weights_layout, d->oc, d->ic / conv_groups(&forward));
    /* products up to 16: sums of a million of them are exact */
    const nt_operand input = {.role = NT_INPUT, .kind = kind, .largest = 4};
    const nt_operand output = {.role = NT_OUTPUT, .nan = nan ? NT_NAN_ANY : NT_NAN_NONE};
    o[GRADIENT_SRC] = o[GRADIENT_DIFF_DST] = o[GRADIENT_BEFORE] = input;
    o[GRADIENT_WEIGHTS] = o[GRADIENT_BIAS] = output;
    o[GRADIENT_SRC].view = nt_view_of(d->layout, d->n, d->ic, d->ih, d->iw, d->src_pitch);
    o[GRADIENT_DIFF_DST].view = nt_view_of(d->layout, d->n, d->oc, conv_map_h(&forward),
                                           conv_map_w(&forward), d->dst_pitch);
    o[GRADIENT_DIFF_DST].seed = 1;
    o[GRADIENT_BEFORE].view = weights;
    o[GRADIENT_BEFORE].seed = 2;
    o[GRADIENT_BEFORE].role = p->accumulate ? NT_INPUT : NT_ABSENT;
    o[GRADIENT_WEIGHTS].view = weights;
    o[GRADIENT_BIAS].view = nt_view_of(NINETAP_NCHW, 1, 1, 1, d->oc, dense);
    o[GRADIENT_BIAS].role = p->bias ? NT_OUTPUT : NT_ABSENT;
    return p->seed;
}

void nt_gradient_set_before(const nt_operand *o) {
    for (int i = GRADIENT_WEIGHTS; i <= GRADIENT_BIAS && o[GRADIENT_BEFORE].data != NULL; i++) {
        if (o[i].data != NULL) {
            memcpy(o[i].data, o[GRADIENT_BEFORE].data, nt_operand_bytes(&o[i]));
        }
    }
}

static ninetap_status conv_gradient_prepare(const void *problem, const nt_operand *o,
                                            nt_call *call) {
    const conv_gradient_problem *p = problem;
    const nt_isa *isa = nt_choose_kernels(p->desc.isa, p->desc.precision).isa;
    (void)o;
    call->info.isa = isa->name;
    call->info.kernel = isa->gradient;
    return NINETAP_OK;
}

static ninetap_status conv_gradient_run(const void *problem, const nt_operand *o, nt_call *call) {
    const conv_gradient_problem *p = problem;
    (void)call;
    nt_gradient_set_before(o);
    return ninetap_conv3x3_backward_weights(&p->desc, o[GRADIENT_SRC].data,
                                            o[GRADIENT_DIFF_DST].data, o[GRADIENT_WEIGHTS].data,
                                            o[GRADIENT_BIAS].data, p->accumulate);
}

static bool conv_gradient_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const conv_gradient_problem *p = problem;
    nt_gradient_set_before(o);
    nt_reference_conv3x3_backward_weights(&p->desc, nt_arithmetic_of(p->desc.precision, usual),
                                          o[GRADIENT_SRC].data, o[GRADIENT_DIFF_DST].data,
                                          o[GRADIENT_WEIGHTS].data, o[GRADIENT_BIAS].data,
                                          p->accumulate != 0);
    return true;
}

/* Of the weights' gradient, without what was there. */
static void conv_gradient_exact(const void *problem, const nt_operand *o, const int64_t at[4],
                                double *value, double *magnitude) {
    const conv_gradient_problem *p = problem;
    const int64_t place[3] = {at[0], at[1], 3 * at[2] + at[3]};
    nt_reference_conv3x3_backward_weights_at(&p->desc, place, o[GRADIENT_SRC].data,
                                             o[GRADIENT_DIFF_DST].data, value, magnitude);
    if (p->accumulate) {
        const float *before = o[GRADIENT_BEFORE].data;
        const view *v = &o[GRADIENT_BEFORE].view;
        const double was = (double)before[view_at(v, at[0], at[1], at[2], at[3])];
        *value += was;
        *magnitude += fabs(was);
    }
}

bool nt_gradient_is_near(const nt_operand *o, int64_t at, double terms, double value,
                         double magnitude, nt_call *call) {
    const double got = (double)((const float *)o->data)[at];
    const double slack =
        nt_rounding_error(2.0 * terms + 70.0) * magnitude + (terms + 2.0) * 0x1p-149;
    return fabs(got - value) <= slack ||
           nt_wrong_at(call, o, (size_t)at * sizeof(float), value, ": out of bounds");
}

static bool conv_gradient_right(const void *problem, const nt_operand *o, nt_call *call) {
    const conv_gradient_problem *p = problem;
    const conv_problem forward = forward_of(p);
    const double terms =
        (double)p->desc.n * (double)conv_map_h(&forward) * (double)conv_map_w(&forward);
    const nt_operand *weights = &o[GRADIENT_WEIGHTS];
    const view *v = &weights->view;
    bool ok = nt_as_defined(&nt_operation_conv3x3_backward_weights, p,
                            nt_usual_arithmetic(p->desc.isa), o, call);
    for (int64_t i = 0; i < v->n * v->c * 9 && ok && weights->nan == NT_NAN_NONE; i++) {
        const int64_t at[4] = {i / 9 / v->c, i / 9 % v->c, i % 9 / 3, i % 3};
        double value;
        double magnitude;
        conv_gradient_exact(p, o, at, &value, &magnitude);
        ok = nt_gradient_is_near(weights, view_at(v, at[0], at[1], at[2], at[3]), terms, value,
                                 magnitude, call);
    }
    return ok;
}

const nt_operation nt_operation_conv3x3_backward_weights = {
    .name = "conv3x3_backward_weights",
    .fields = gradient_fields,
    .size = sizeof(conv_gradient_problem),
    .isa = GRADIENT_DESC(isa),
    .draw = conv_gradient_draw,
    .operands = conv_gradient_operands,
    .prepare = conv_gradient_prepare,
    .run = conv_gradient_run,
    .define = conv_gradient_define,
    .right = conv_gradient_right,
};
