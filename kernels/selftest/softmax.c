/* Softmax: drawn, run, and held against scalar code, bit for bit, and against double precision. */
#include "core/build.h"

#include "selftest/softmax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"

#define SOFTMAX_HOW(member) offsetof(softmax_problem, member)
static const nt_field softmax_fields[] = {
    {"rows", FIELD_INT64, 1, NAMES_NONE, SOFTMAX_HOW(rows)},
    {"columns", FIELD_INT64, 1, NAMES_NONE, SOFTMAX_HOW(columns)},
    {"src_pitch", FIELD_INT64, 1, NAMES_NONE, SOFTMAX_HOW(src_pitch)},
    {"dst_pitch", FIELD_INT64, 1, NAMES_NONE, SOFTMAX_HOW(dst_pitch)},
    {"spread", FIELD_FLOAT, 1, NAMES_NONE, SOFTMAX_HOW(spread)},
    {"in_place", FIELD_INT, 1, NAMES_NONE, SOFTMAX_HOW(in_place)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, SOFTMAX_HOW(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, SOFTMAX_HOW(threads)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, SOFTMAX_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, SOFTMAX_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(softmax_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

static void softmax_draw(rng *r, double most, void *problem) {
    softmax_problem *p = problem;
    memset(p, 0, sizeof *p);
    p->rows = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 9);
    p->columns = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 40);
    while ((double)(p->rows * p->columns) > most && p->rows > 1) {
        p->rows /= 2;
    }
    p->src_pitch = rng_one_in(r, 2) ? 0 : p->columns + rng_int(r, 0, 17);
    p->dst_pitch = rng_one_in(r, 2) ? 0 : p->columns + rng_int(r, 0, 17);
    p->in_place = rng_one_in(r, 4);
    if (p->in_place) {
        p->dst_pitch = p->src_pitch;
    }
    p->spread = rng_one_in(r, 8) ? 3e38F : (float)rng_int(r, 0, 200);
    p->threads = rng_int(r, 0, 7);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

static int softmax_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const softmax_problem *p = problem;
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[SOFTMAX_SRC] = (nt_operand){.role = NT_INPUT,
                                  .view = nt_view_of_rows(p->rows, p->columns, p->src_pitch),
                                  .kind = DATA_RANDOM};
    o[SOFTMAX_DST] =
        (nt_operand){.role = NT_OUTPUT, .view = nt_view_of_rows(p->rows, p->columns, p->dst_pitch)};
    return p->seed;
}

static bool softmax_fill(const void *problem, const nt_operand *o) {
    const softmax_problem *p = problem;
    float *src = o[SOFTMAX_SRC].data;
    for (int64_t i = 0; i < p->rows * p->columns; i++) {
        src[view_at(&o[SOFTMAX_SRC].view, 0, 0, i / p->columns, i % p->columns)] *= p->spread;
    }
    return true;
}

/* The public call has no ISA of its own. */
static ninetap_status softmax_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const softmax_problem *p = problem;
    const nt_isa *isa = nt_find_isa(p->isa);
    (void)o;
    call->plan = (void *)(uintptr_t)isa;
    call->info.isa = isa->name;
    call->info.kernel = isa->softmax.name;
    return NINETAP_OK;
}

static ninetap_status softmax_run(const void *problem, const nt_operand *o, nt_call *call) {
    const softmax_problem *p = problem;
    const float *src = o[SOFTMAX_SRC].data;
    float *dst = o[SOFTMAX_DST].data;
    const int64_t pitch = o[SOFTMAX_SRC].view.row;
    for (int64_t row = 0; p->in_place && row < p->rows; row++) {
        memcpy(dst + row * pitch, src + row * pitch, (size_t)p->columns * sizeof *dst);
    }
    return nt_softmax(call->plan, p->threads, p->rows, p->columns, p->in_place ? dst : src,
                      p->src_pitch, dst, p->dst_pitch);
}

/* By the scalar kernels: a definition in naive loops is in double alone. */
static bool softmax_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    (void)usual;
    const softmax_problem *p = problem;
    return nt_softmax(nt_find_isa("scalar"), p->threads, p->rows, p->columns, o[SOFTMAX_SRC].data,
                      p->src_pitch, o[SOFTMAX_DST].data, p->dst_pitch) == NINETAP_OK;
}

/* The difference to the largest is rounded once, which the exponential multiplies; then there are
 * the exponential's own error, the sum's and the quotient's. */
static bool softmax_row_close(const nt_operand *o, int64_t row, const double *wanted,
                              nt_call *call) {
    const view *out = &o[SOFTMAX_DST].view;
    const float *src = (const float *)o[SOFTMAX_SRC].data + row * o[SOFTMAX_SRC].view.row;
    const float *dst = o[SOFTMAX_DST].data;
    float largest = -INFINITY;
    for (int64_t i = 0; i < out->w; i++) {
        largest = src[i] > largest ? src[i] : largest;
    }
    for (int64_t i = 0; i < out->w; i++) {
        const size_t at = (size_t)view_at(out, 0, 0, row, i);
        const double relative = (fabs((double)src[i] - (double)largest) + 8.0) * 0x1p-24;
        if (!(fabs((double)dst[at] - wanted[i]) <= relative * wanted[i] + 0x1p-149)) {
            return nt_wrong_at(call, &o[SOFTMAX_DST], at * sizeof *dst, wanted[i],
                               ": not close enough");
        }
    }
    return true;
}

static bool softmax_right(const void *problem, const nt_operand *o, nt_call *call) {
    const softmax_problem *p = problem;
    double *wanted = malloc((size_t)(p->rows * p->columns + 1) * sizeof *wanted);
    bool ok = wanted != NULL || nt_wrong(call, "out of memory");
    if (ok) {
        nt_reference_softmax_f64(p->rows, p->columns, o[SOFTMAX_SRC].data, p->src_pitch, wanted);
    }
    for (int64_t row = 0; row < p->rows && ok; row++) {
        ok = softmax_row_close(o, row, wanted + row * p->columns, call);
    }
    free(wanted);
    return ok && nt_as_defined(&nt_operation_softmax, p, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_softmax = {
    .name = "softmax",
    .fields = softmax_fields,
    .size = sizeof(softmax_problem),
    .isa = SOFTMAX_HOW(isa),
    .draw = softmax_draw,
    .operands = softmax_operands,
    .fill = softmax_fill,
    .prepare = softmax_prepare,
    .run = softmax_run,
    .define = softmax_define,
    .right = softmax_right,
};
