/* Quantization: drawn, run, and held against the definition, bit for bit. */
#include "core/build.h"

#include "selftest/quantize.h"

#include <string.h>

#include "core/dispatch.h"
#include "quantize/quantize.h"

#define QUANTIZE_HOW(member) offsetof(quantize_problem, member)
static const nt_field quantize_fields[] = {
    {"rows", FIELD_INT64, 1, NAMES_NONE, QUANTIZE_HOW(rows)},
    {"columns", FIELD_INT64, 1, NAMES_NONE, QUANTIZE_HOW(columns)},
    {"scales", FIELD_INT64, 1, NAMES_NONE, QUANTIZE_HOW(scales)},
    {"op", FIELD_INT, 1, NAMES_QUANTIZE, QUANTIZE_HOW(op)},
    {"type", FIELD_INT, 1, NAMES_DTYPE, QUANTIZE_HOW(type)},
    {"scale", FIELD_FLOAT, 1, NAMES_NONE, QUANTIZE_HOW(scale)},
    {"zeros", FIELD_INT, 1, NAMES_NONE, QUANTIZE_HOW(zeros)},
    {"data", FIELD_INT, 1, NAMES_DATA, QUANTIZE_HOW(data)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, QUANTIZE_HOW(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, QUANTIZE_HOW(threads)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, QUANTIZE_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, QUANTIZE_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(quantize_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

static void quantize_draw(rng *r, double most, void *problem) {
    static const float scales[] = {0x1p-6F, 0.0173F, 1.0F, 0.5F, 3e36F, 1e-38F, 1e-42F};
    static const unsigned char kinds[] = {DATA_RANDOM,  DATA_RANDOM, DATA_WIDE,
                                          DATA_EXTREME, DATA_SELDOM, DATA_OFTEN};
    static const unsigned char types[] = {NINETAP_U8, NINETAP_S8, NINETAP_S32};
    quantize_problem *p = problem;
    memset(p, 0, sizeof *p);
    p->rows = rng_int(r, 1, rng_one_in(r, 4) ? 60 : 6);
    p->columns = rng_int(r, 1, rng_one_in(r, 4) ? 3000 : 150);
    while ((double)(p->rows * p->columns) > most && p->rows * p->columns > 1) {
        p->columns = (p->columns + 1) / 2;
        p->rows = (p->rows + 1) / 2;
    }
    p->scales = rng_one_in(r, 2) ? 1 : rng_one_in(r, 2) ? p->rows : rng_int(r, 1, 9);
    p->op = rng_int(r, 0, QUANTIZE_OPS - 1);
    p->type = types[rng_int(r, 0, p->op == QUANTIZE_BACK ? 2 : 1)];
    p->scale = scales[rng_int(r, 0, rng_one_in(r, 2) ? 6 : 1)];
    p->zeros = p->type != NINETAP_S32 && !rng_one_in(r, 3);
    p->data = kinds[rng_int(r, 0, 5)];
    p->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

/* ---- Tensors ---- */

static nt_element quantize_element(int type) {
    return type == NINETAP_S32 ? NT_INTEGERS : NT_BYTES;
}

static int quantize_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const quantize_problem *p = problem;
    const view all = nt_view_of_rows(p->rows, p->columns, 0);
    const view each = nt_view_of_rows(1, p->scales, 0);
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[QUANTIZE_SRC] =
        (nt_operand){.role = NT_INPUT, .view = all, .kind = (data_kind)p->data, .largest = 1 << 29};
    if (p->op == QUANTIZE_RANGE) {
        o[QUANTIZE_LIMITS] = (nt_operand){.role = NT_OUTPUT, .view = nt_view_of_rows(1, 2, 0)};
        return p->seed;
    }
    o[QUANTIZE_SCALE] =
        (nt_operand){.role = NT_INPUT, .view = each, .seed = 1, .kind = DATA_RANDOM};
    o[QUANTIZE_ZERO] = (nt_operand){
        .role = NT_INPUT, .element = NT_INTEGERS, .view = each, .seed = 2, .largest = 127};
    o[QUANTIZE_DST] = (nt_operand){.role = NT_OUTPUT, .view = all};
    if (p->op == QUANTIZE_TO) {
        o[QUANTIZE_DST].element = NT_BYTES;
    } else {
        o[QUANTIZE_SRC].element = quantize_element(p->type);
    }
    return p->seed;
}

/* Without zeros they are 0, for the definition. Numbers are about as large as what bytes stand for.
 */
static bool quantize_fill(const void *problem, const nt_operand *o) {
    const quantize_problem *p = problem;
    float *scale = o[QUANTIZE_SCALE].data;
    int32_t *zero = o[QUANTIZE_ZERO].data;
    float *src = o[QUANTIZE_SRC].data;
    if (p->op == QUANTIZE_RANGE) {
        return true;
    }
    for (int64_t i = 0; i < p->scales; i++) {
        /* assigned on the way: s390x computes in double */
        const float factor = i == 0 ? 1.0F : 1.5F + scale[i] / 2.0F;
        scale[i] = p->scale * factor;
        zero[i] = p->zeros == 0 ? 0 : p->type == NINETAP_U8 ? zero[i] + 128 : zero[i];
    }
    const float spread = 200.0F * p->scale;
    for (int64_t i = 0; p->op == QUANTIZE_TO && p->data == DATA_RANDOM && i < p->rows * p->columns;
         i++) {
        src[i] *= spread;
    }
    return true;
}

/* ---- Running ---- */

/* The public calls have no ISA of their own. */
static ninetap_status quantize_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const quantize_problem *p = problem;
    const nt_isa *isa = nt_find_isa(p->isa);
    (void)o;
    call->plan = (void *)(uintptr_t)isa;
    call->info.isa = isa->name;
    call->info.kernel = isa->rows.name;
    return NINETAP_OK;
}

static ninetap_status quantize_run(const void *problem, const nt_operand *o, nt_call *call) {
    const quantize_problem *p = problem;
    const nt_quantized_rows rows = {.rows = p->rows,
                                    .columns = p->columns,
                                    .type = (ninetap_dtype)p->type,
                                    .scale = o[QUANTIZE_SCALE].data,
                                    .zero = p->zeros != 0 ? o[QUANTIZE_ZERO].data : NULL,
                                    .scales = p->scales};
    float *limits = o[QUANTIZE_LIMITS].data;
    void *dst = o[QUANTIZE_DST].data;
    switch (p->op) {
    case QUANTIZE_TO:
        return nt_quantize_rows(call->plan, p->threads, &rows, o[QUANTIZE_SRC].data, dst);
    case QUANTIZE_BACK:
        return nt_dequantize_rows(call->plan, p->threads, &rows, o[QUANTIZE_SRC].data, dst);
    default:
        return nt_range_of(call->plan, p->rows * p->columns, o[QUANTIZE_SRC].data, &limits[0],
                           &limits[1]);
    }
}

static bool quantize_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const quantize_problem *p = problem;
    const ninetap_dtype type = (ninetap_dtype)p->type;
    const void *src = o[QUANTIZE_SRC].data;
    const float *scale = o[QUANTIZE_SCALE].data;
    const int32_t *zero = o[QUANTIZE_ZERO].data;
    float *limits = o[QUANTIZE_LIMITS].data;
    void *dst = o[QUANTIZE_DST].data;
    (void)usual;
    if (p->op == QUANTIZE_TO) {
        nt_reference_quantize(p->rows, p->columns, src, type, scale, zero, p->scales, dst);
    } else if (p->op == QUANTIZE_BACK) {
        nt_reference_dequantize(p->rows, p->columns, type, src, scale, zero, p->scales, dst);
    } else {
        nt_reference_range(p->rows * p->columns, src, &limits[0], &limits[1]);
    }
    return true;
}

static bool quantize_right(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_as_defined(&nt_operation_quantize, problem, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_quantize = {
    .name = "quantize",
    .fields = quantize_fields,
    .size = sizeof(quantize_problem),
    .isa = QUANTIZE_HOW(isa),
    .draw = quantize_draw,
    .operands = quantize_operands,
    .fill = quantize_fill,
    .prepare = quantize_prepare,
    .run = quantize_run,
    .define = quantize_define,
    .right = quantize_right,
};
