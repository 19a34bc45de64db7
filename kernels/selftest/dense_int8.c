/* Dense layers of bytes: drawn, run, and held against the definition. */
#include "core/build.h"

#include "selftest/dense_int8.h"

#include <math.h>
#include <string.h>

#define BYTES_DESC(member) offsetof(dense_int8_problem, dense.desc.member)
#define BYTES_HOW(member) offsetof(dense_int8_problem, dense.member)
static const nt_field dense_int8_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, BYTES_DESC(n)},
    {"in", FIELD_INT64, 1, NAMES_NONE, BYTES_DESC(in)},
    {"out", FIELD_INT64, 1, NAMES_NONE, BYTES_DESC(out)},
    {"act", FIELD_INT, 1, NAMES_ACT, BYTES_DESC(act)},
    {"act_lo", FIELD_FLOAT, 1, NAMES_NONE, BYTES_DESC(act_lo)},
    {"act_hi", FIELD_FLOAT, 1, NAMES_NONE, BYTES_DESC(act_hi)},
    {"precision", FIELD_INT, 1, NAMES_PRECISION, BYTES_DESC(precision)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, BYTES_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, BYTES_DESC(threads)},
    {"src_pitch", FIELD_INT64, 1, NAMES_NONE, BYTES_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 1, NAMES_NONE, BYTES_DESC(dst_pitch)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, BYTES_DESC(src_type)},
    {"weights_type", FIELD_INT, 1, NAMES_DTYPE, BYTES_DESC(weights_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, BYTES_DESC(dst_type)},
    NT_SCALES_FIELDS(offsetof(dense_int8_problem, scales)),
    {"reserved", FIELD_INT64, 8, NAMES_NONE, BYTES_DESC(reserved)},
    {"bias", FIELD_INT, 1, NAMES_NONE, BYTES_HOW(bias)},
    {"data", FIELD_INT, 1, NAMES_DATA, BYTES_HOW(data)},
    {"fail", FIELD_INT, 1, NAMES_NONE, BYTES_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, BYTES_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, BYTES_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(dense_int8_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

void nt_dense_int8_describe(const dense_int8_problem *p, dense_int8_described *d) {
    d->desc = p->dense.desc;
    nt_scales_describe(&p->scales, &d->scales);
    d->desc.quantization = &d->scales.quantization;
}

/* ---- Drawing ---- */

static void dense_int8_draw(rng *r, double most, void *problem) {
    dense_int8_problem *p = problem;
    memset(p, 0, sizeof *p);
    nt_operation_dense.draw(r, most, &p->dense);
    ninetap_dense_desc *d = &p->dense.desc;
    p->dense.data = RNG_PICK(r, DATA_RANDOM, DATA_TIES, DATA_EXTREME);
    p->dense.one_shot = p->dense.set = 0;
    d->act = d->act > NINETAP_CLAMP ? NINETAP_RELU : d->act;
    d->act_slope = 0.0F;
    nt_scales_draw(r, d->out, &p->scales, &d->src_type, &d->weights_type, &d->dst_type);
    if (d->dst_type == NINETAP_S32) {
        d->act = NINETAP_LINEAR;
    }
}

/* ---- Tensors ---- */

static int dense_int8_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const dense_int8_problem *p = problem;
    const int seed = nt_operation_dense.operands(&p->dense, o);
    o[DENSE_SRC].element = o[DENSE_WEIGHTS].element = NT_BYTES;
    o[DENSE_BIAS].element = NT_INTEGERS;
    o[DENSE_BIAS].largest = 20000;
    o[DENSE_DST].element = nt_element_of(p->dense.desc.dst_type);
    o[DENSE_DST].nan = NT_NAN_NONE;
    return seed;
}

/* ---- Running ---- */

static ninetap_status dense_int8_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_int8_problem *p = problem;
    dense_problem described = p->dense;
    dense_int8_described d;
    nt_dense_int8_describe(p, &d);
    described.desc = d.desc;
    const ninetap_status status = nt_operation_dense.prepare(&described, o, call);
    call->info.error_bound = 0.0;
    return status;
}

static ninetap_status dense_int8_run(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_operation_dense.run(&((const dense_int8_problem *)problem)->dense, o, call);
}

static void dense_int8_release(nt_call *call) {
    nt_operation_dense.release(call);
}

/* ---- What is right ---- */

static bool dense_int8_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const dense_int8_problem *p = problem;
    dense_int8_described d;
    (void)usual;
    nt_dense_int8_describe(p, &d);
    nt_reference_dense_int8(&d.desc, o[DENSE_SRC].data, o[DENSE_WEIGHTS].data, o[DENSE_BIAS].data,
                            o[DENSE_DST].data);
    return true;
}

static bool dense_int8_right(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_as_defined(&nt_operation_dense_int8, problem, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_dense_int8 = {
    .name = "dense_int8",
    .fields = dense_int8_fields,
    .size = sizeof(dense_int8_problem),
    .isa = BYTES_DESC(isa),
    .draw = dense_int8_draw,
    .operands = dense_int8_operands,
    .prepare = dense_int8_prepare,
    .run = dense_int8_run,
    .release = dense_int8_release,
    .define = dense_int8_define,
    .right = dense_int8_right,
};
