/* Dense layers: drawn, run, and held against the definition. */
#include "core/build.h"

#include "selftest/dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dense/dense.h"

#define DENSE_DESC(member) offsetof(dense_problem, desc.member)
#define DENSE_HOW(member) offsetof(dense_problem, member)
const nt_field nt_dense_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, DENSE_DESC(n)},
    {"in", FIELD_INT64, 1, NAMES_NONE, DENSE_DESC(in)},
    {"out", FIELD_INT64, 1, NAMES_NONE, DENSE_DESC(out)},
    {"act", FIELD_INT, 1, NAMES_ACT, DENSE_DESC(act)},
    {"act_lo", FIELD_FLOAT, 1, NAMES_NONE, DENSE_DESC(act_lo)},
    {"act_hi", FIELD_FLOAT, 1, NAMES_NONE, DENSE_DESC(act_hi)},
    {"act_slope", FIELD_FLOAT, 1, NAMES_NONE, DENSE_DESC(act_slope)},
    {"precision", FIELD_INT, 1, NAMES_PRECISION, DENSE_DESC(precision)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, DENSE_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, DENSE_DESC(threads)},
    {"src_pitch", FIELD_INT64, 1, NAMES_NONE, DENSE_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 1, NAMES_NONE, DENSE_DESC(dst_pitch)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, DENSE_DESC(src_type)},
    {"weights_type", FIELD_INT, 1, NAMES_DTYPE, DENSE_DESC(weights_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, DENSE_DESC(dst_type)},
    {"reserved", FIELD_INT64, 8, NAMES_NONE, DENSE_DESC(reserved)},
    {"data", FIELD_INT, 1, NAMES_DATA, DENSE_HOW(data)},
    {"bias", FIELD_INT, 1, NAMES_NONE, DENSE_HOW(bias)},
    {"one_shot", FIELD_INT, 1, NAMES_NONE, DENSE_HOW(one_shot)},
    {"fail", FIELD_INT, 1, NAMES_NONE, DENSE_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, DENSE_HOW(placement)},
    {"set", FIELD_INT, 1, NAMES_NONE, DENSE_HOW(set)},
    {"seed", FIELD_INT, 1, NAMES_NONE, DENSE_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(dense_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

static void dense_draw(rng *r, double most, void *problem) {
    dense_problem *p = problem;
    ninetap_dense_desc *d = &p->desc;
    do {
        memset(p, 0, sizeof *p);
        d->n = rng_one_in(r, 3) ? 1 : rng_int(r, 1, rng_one_in(r, 3) ? 40 : 6);
        d->in = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 40);
        d->out = rng_int(r, 1, rng_one_in(r, 3) ? 600 : 70);
    } while ((double)(d->n * d->in * d->out) > most);
    d->act = (ninetap_act)rng_int(r, NINETAP_LINEAR, NINETAP_HARD_SWISH);
    d->act_lo = -1.5F;
    d->act_hi = rng_one_in(r, 2) ? INFINITY : 2.0F;
    d->act_slope = 0.1F;
    d->precision = (ninetap_precision)rng_int(r, NINETAP_PRECISION_DEFAULT, NINETAP_PRECISION_FAST);
    d->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    d->src_pitch = rng_one_in(r, 2) ? 0 : d->in + rng_int(r, 0, 20);
    d->dst_pitch = rng_one_in(r, 2) ? 0 : d->out + rng_int(r, 0, 20);
    p->data = RNG_PICK(r, DATA_INTEGER, DATA_WIDE, DATA_SELDOM);
    p->bias = rng_int(r, 0, 1);
    p->one_shot = rng_one_in(r, 4);
    p->placement = rng_int(r, 0, 1);
    p->set = !p->one_shot && rng_one_in(r, 4);
    p->seed = rng_int(r, 1, INT32_MAX);
}

static int dense_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const dense_problem *p = problem;
    const ninetap_dense_desc *d = &p->desc;
    const data_kind kind = (data_kind)p->data;
    const bool nan = nt_data_finite(kind) != kind;
    const nt_operand input = {.role = NT_INPUT, .kind = kind, .largest = 8};
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[DENSE_SRC] = o[DENSE_WEIGHTS] = o[DENSE_BIAS] = input;
    o[DENSE_SRC].view = nt_view_of_rows(d->n, d->in, d->src_pitch);
    o[DENSE_WEIGHTS].view = nt_view_of_rows(d->out, d->in, 0);
    o[DENSE_WEIGHTS].seed = 1;
    o[DENSE_BIAS].view = nt_view_of_rows(1, d->out, 0);
    o[DENSE_BIAS].seed = 2;
    o[DENSE_BIAS].role = p->bias ? NT_INPUT : NT_ABSENT;
    o[DENSE_DST].role = NT_OUTPUT;
    o[DENSE_DST].view = nt_view_of_rows(d->n, d->out, d->dst_pitch);
    o[DENSE_DST].nan = nan ? NT_NAN_ANY : NT_NAN_NONE;
    return p->seed;
}

/* What a sum of `in` products and a bias may be off, of the sum of their magnitudes. */
static double dense_bound_of(const ninetap_dense_desc *d) {
    return nt_rounding_error(2.0 * (double)d->in + 1.0);
}

static ninetap_status dense_make_and_set(const dense_problem *p, const nt_operand *o,
                                         ninetap_dense **plan) {
    float *other = nt_other_floats(&o[DENSE_WEIGHTS]);
    ninetap_status status =
        other == NULL ? NINETAP_ERR_NOMEM : ninetap_dense_create(plan, &p->desc, other, NULL);
    if (status == NINETAP_OK) {
        status = ninetap_dense_set_weights(*plan, o[DENSE_WEIGHTS].data, o[DENSE_BIAS].data);
    }
    free(other);
    return status;
}

static ninetap_status dense_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_problem *p = problem;
    ninetap_dense *plan = NULL;
    if (p->one_shot) {
        return NINETAP_OK;
    }
    const ninetap_status status =
        p->set ? dense_make_and_set(p, o, &plan)
               : ninetap_dense_create(&plan, &p->desc, o[DENSE_WEIGHTS].data, o[DENSE_BIAS].data);
    if (status == NINETAP_OK) {
        call->info.algorithm = "direct";
        call->info.kernel = plan->name;
        call->info.isa = plan->isa->name;
        call->info.error_bound = dense_bound_of(&p->desc);
    } else if (plan != NULL) {
        nt_wrong(call, "not made, but there is a plan");
    }
    call->plan = plan;
    return status;
}

static ninetap_status dense_run(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_problem *p = problem;
    if (p->one_shot) {
        return ninetap_dense_f32(&p->desc, o[DENSE_SRC].data, o[DENSE_WEIGHTS].data,
                                 o[DENSE_BIAS].data, o[DENSE_DST].data);
    }
    return ninetap_dense_run(call->plan, o[DENSE_SRC].data, o[DENSE_DST].data);
}

static void dense_release(nt_call *call) {
    ninetap_dense_free(call->plan);
    call->plan = NULL;
}

static bool dense_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const dense_problem *p = problem;
    nt_reference_dense_f32(&p->desc, nt_arithmetic_of(p->desc.precision, usual), o[DENSE_SRC].data,
                           o[DENSE_WEIGHTS].data, o[DENSE_BIAS].data, o[DENSE_DST].data);
    return true;
}

static void dense_exact(const void *problem, const nt_operand *o, const int64_t at[4],
                        double *value, double *magnitude) {
    const dense_problem *p = problem;
    nt_reference_dense_at(&p->desc, at[2], at[3], o[DENSE_SRC].data, o[DENSE_WEIGHTS].data,
                          o[DENSE_BIAS].data, value, magnitude);
}

/* With room for the activation's own roundings. */
static bool dense_within_bound(const dense_problem *p, const nt_operand *o, nt_call *call) {
    const ninetap_dense_desc *d = &p->desc;
    const view *out = &o[DENSE_DST].view;
    const double least = ((double)d->in + 2.0) * 0x1p-149; /* what underflow may add */
    bool ok = true;
    for (int64_t i = 0; i < d->n * d->out && ok; i++) {
        const int64_t place[4] = {0, 0, i / d->out, i % d->out};
        const size_t at = (size_t)view_at(out, 0, 0, place[2], place[3]);
        const double got = (double)((const float *)o[DENSE_DST].data)[at];
        double value;
        double magnitude;
        dense_exact(p, o, place, &value, &magnitude);
        const double slack =
            2 * (dense_bound_of(d) * magnitude + least) + 4 * 0x1p-24 * fabs(value);
        ok = fabs(got - value) <= slack ||
             nt_wrong_at(call, &o[DENSE_DST], at * sizeof(float), value, ": out of bounds");
    }
    return ok;
}

static bool dense_right(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_problem *p = problem;
    return nt_as_defined(&nt_operation_dense, p, nt_usual_arithmetic(p->desc.isa), o, call) &&
           (o[DENSE_DST].nan != NT_NAN_NONE || dense_within_bound(p, o, call));
}

const nt_operation nt_operation_dense = {
    .name = "dense",
    .fields = nt_dense_fields,
    .size = sizeof(dense_problem),
    .isa = DENSE_DESC(isa),
    .draw = dense_draw,
    .operands = dense_operands,
    .prepare = dense_prepare,
    .run = dense_run,
    .release = dense_release,
    .define = dense_define,
    .right = dense_right,
    .exact = dense_exact,
};
