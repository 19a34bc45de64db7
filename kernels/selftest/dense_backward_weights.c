/* Weight gradients of dense layers: drawn, run, and held against the definition. */
#include "core/build.h"

#include "selftest/dense_backward_weights.h"

#include <math.h>
#include <string.h>

#include "targets/choice.h"
#include "targets/isa.h"

#define DENSE_GRADIENT_DESC(member) offsetof(dense_gradient_problem, desc.member)
#define DENSE_GRADIENT_HOW(member) offsetof(dense_gradient_problem, member)
static const nt_field dense_gradient_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, DENSE_GRADIENT_DESC(n)},
    {"in", FIELD_INT64, 1, NAMES_NONE, DENSE_GRADIENT_DESC(in)},
    {"out", FIELD_INT64, 1, NAMES_NONE, DENSE_GRADIENT_DESC(out)},
    {"act", FIELD_INT, 1, NAMES_ACT, DENSE_GRADIENT_DESC(act)},
    {"precision", FIELD_INT, 1, NAMES_PRECISION, DENSE_GRADIENT_DESC(precision)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, DENSE_GRADIENT_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, DENSE_GRADIENT_DESC(threads)},
    {"src_pitch", FIELD_INT64, 1, NAMES_NONE, DENSE_GRADIENT_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 1, NAMES_NONE, DENSE_GRADIENT_DESC(dst_pitch)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, DENSE_GRADIENT_DESC(src_type)},
    {"weights_type", FIELD_INT, 1, NAMES_DTYPE, DENSE_GRADIENT_DESC(weights_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, DENSE_GRADIENT_DESC(dst_type)},
    {"reserved", FIELD_INT64, 8, NAMES_NONE, DENSE_GRADIENT_DESC(reserved)},
    {"data", FIELD_INT, 1, NAMES_DATA, DENSE_GRADIENT_HOW(data)},
    {"bias", FIELD_INT, 1, NAMES_NONE, DENSE_GRADIENT_HOW(bias)},
    {"accumulate", FIELD_INT, 1, NAMES_NONE, DENSE_GRADIENT_HOW(accumulate)},
    {"fail", FIELD_INT, 1, NAMES_NONE, DENSE_GRADIENT_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, DENSE_GRADIENT_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, DENSE_GRADIENT_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(dense_gradient_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

static void dense_gradient_draw(rng *r, double most, void *problem) {
    dense_gradient_problem *p = problem;
    ninetap_dense_desc *d = &p->desc;
    do {
        memset(p, 0, sizeof *p);
        d->n = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 40);
        d->in = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 40);
        d->out = rng_int(r, 1, rng_one_in(r, 4) ? 600 : 40);
    } while ((double)(d->n * d->in * d->out) > most);
    d->precision = (ninetap_precision)rng_int(r, NINETAP_PRECISION_DEFAULT, NINETAP_PRECISION_FAST);
    d->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    d->src_pitch = rng_one_in(r, 2) ? 0 : d->in + rng_int(r, 0, 20);
    d->dst_pitch = rng_one_in(r, 2) ? 0 : d->out + rng_int(r, 0, 20);
    p->data = RNG_PICK(r, DATA_INTEGER, DATA_WIDE, DATA_SELDOM);
    p->bias = rng_int(r, 0, 1);
    p->accumulate = rng_one_in(r, 3);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

static int dense_gradient_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const dense_gradient_problem *p = problem;
    const ninetap_dense_desc *d = &p->desc;
    const data_kind kind = (data_kind)p->data;
    const bool nan = nt_data_finite(kind) != kind;
    const nt_operand input = {.role = NT_INPUT, .kind = kind, .largest = 4};
    const nt_operand output = {.role = NT_OUTPUT, .nan = nan ? NT_NAN_ANY : NT_NAN_NONE};
    o[GRADIENT_SRC] = o[GRADIENT_DIFF_DST] = o[GRADIENT_BEFORE] = input;
    o[GRADIENT_WEIGHTS] = o[GRADIENT_BIAS] = output;
    o[GRADIENT_SRC].view = nt_view_of_rows(d->n, d->in, d->src_pitch);
    o[GRADIENT_DIFF_DST].view = nt_view_of_rows(d->n, d->out, d->dst_pitch);
    o[GRADIENT_DIFF_DST].seed = 1;
    o[GRADIENT_BEFORE].view = nt_view_of_rows(d->out, d->in, 0);
    o[GRADIENT_BEFORE].seed = 2;
    o[GRADIENT_BEFORE].role = p->accumulate ? NT_INPUT : NT_ABSENT;
    o[GRADIENT_WEIGHTS].view = o[GRADIENT_BEFORE].view;
    o[GRADIENT_BIAS].view = nt_view_of_rows(1, d->out, 0);
    o[GRADIENT_BIAS].role = p->bias ? NT_OUTPUT : NT_ABSENT;
    return p->seed;
}

static ninetap_status dense_gradient_prepare(const void *problem, const nt_operand *o,
                                             nt_call *call) {
    const dense_gradient_problem *p = problem;
    const nt_isa *isa = nt_choose_kernels(p->desc.isa, p->desc.precision).isa;
    (void)o;
    call->info.isa = isa->name;
    call->info.kernel = isa->gradient;
    return NINETAP_OK;
}

static ninetap_status dense_gradient_run(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_gradient_problem *p = problem;
    (void)call;
    nt_gradient_set_before(o);
    return ninetap_dense_backward_weights(&p->desc, o[GRADIENT_SRC].data, o[GRADIENT_DIFF_DST].data,
                                          o[GRADIENT_WEIGHTS].data, o[GRADIENT_BIAS].data,
                                          p->accumulate);
}

static bool dense_gradient_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const dense_gradient_problem *p = problem;
    nt_gradient_set_before(o);
    nt_reference_dense_backward_weights(&p->desc, nt_arithmetic_of(p->desc.precision, usual),
                                        o[GRADIENT_SRC].data, o[GRADIENT_DIFF_DST].data,
                                        o[GRADIENT_WEIGHTS].data, o[GRADIENT_BIAS].data,
                                        p->accumulate != 0);
    return true;
}

static void dense_gradient_exact(const void *problem, const nt_operand *o, const int64_t at[4],
                                 double *value, double *magnitude) {
    const dense_gradient_problem *p = problem;
    nt_reference_dense_backward_weights_at(&p->desc, at[2], at[3], o[GRADIENT_SRC].data,
                                           o[GRADIENT_DIFF_DST].data, value, magnitude);
    if (p->accumulate) {
        const float *before = o[GRADIENT_BEFORE].data;
        const double was = (double)before[at[2] * p->desc.in + at[3]];
        *value += was;
        *magnitude += fabs(was);
    }
}

static bool dense_gradient_right(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_gradient_problem *p = problem;
    const ninetap_dense_desc *d = &p->desc;
    const nt_operand *weights = &o[GRADIENT_WEIGHTS];
    bool ok = nt_as_defined(&nt_operation_dense_backward_weights, p, nt_usual_arithmetic(d->isa), o,
                            call);
    for (int64_t i = 0; i < d->out * d->in && ok && weights->nan == NT_NAN_NONE; i++) {
        const int64_t at[4] = {0, 0, i / d->in, i % d->in};
        double value;
        double magnitude;
        dense_gradient_exact(p, o, at, &value, &magnitude);
        ok = nt_gradient_is_near(weights, i, (double)d->n, value, magnitude, call);
    }
    return ok;
}

const nt_operation nt_operation_dense_backward_weights = {
    .name = "dense_backward_weights",
    .fields = dense_gradient_fields,
    .size = sizeof(dense_gradient_problem),
    .isa = DENSE_GRADIENT_DESC(isa),
    .draw = dense_gradient_draw,
    .operands = dense_gradient_operands,
    .prepare = dense_gradient_prepare,
    .run = dense_gradient_run,
    .define = dense_gradient_define,
    .right = dense_gradient_right,
};
