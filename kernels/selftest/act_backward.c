/* Gradients of activations: drawn, run, and held against the definition, bit for bit. */
#include "core/build.h"

#include "selftest/act_backward.h"

#include <math.h>
#include <string.h>

#include "act/act.h"
#include "core/dispatch.h"

#define ACT_HOW(member) offsetof(act_problem, member)
static const nt_field act_fields[] = {
    {"act", FIELD_INT, 1, NAMES_ACT, ACT_HOW(act)},
    {"lo", FIELD_FLOAT, 1, NAMES_NONE, ACT_HOW(lo)},
    {"hi", FIELD_FLOAT, 1, NAMES_NONE, ACT_HOW(hi)},
    {"slope", FIELD_FLOAT, 1, NAMES_NONE, ACT_HOW(slope)},
    {"n", FIELD_INT64, 1, NAMES_NONE, ACT_HOW(n)},
    {"over", FIELD_INT, 1, NAMES_NONE, ACT_HOW(over)},
    {"data", FIELD_INT, 1, NAMES_DATA, ACT_HOW(data)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, ACT_HOW(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, ACT_HOW(threads)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, ACT_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, ACT_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(act_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

static void act_draw(rng *r, double most, void *problem) {
    act_problem *p = problem;
    const int large = most < 150e3 ? (int)most : 150000; /* enough for several threads */
    memset(p, 0, sizeof *p);
    p->act = rng_int(r, NINETAP_LINEAR, NINETAP_HARD_SWISH);
    p->lo = rng_one_in(r, 4) ? -INFINITY : -1.0F;
    p->hi = rng_one_in(r, 4) ? INFINITY : 2.0F;
    p->slope = rng_one_in(r, 4) ? 0.0F : 0.1F;
    p->n = rng_int(r, 1, rng_one_in(r, 20) ? large : 200);
    p->over = rng_int(r, OVER_NOTHING, OVER_X);
    p->data = RNG_PICK(r, DATA_SMALL, DATA_RANDOM, DATA_WIDE, DATA_EXTREME, DATA_OFTEN);
    p->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

static int act_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const act_problem *p = problem;
    const nt_operand input = {.role = NT_INPUT,
                              .view = nt_view_of_rows(1, p->n, 0),
                              .kind = (data_kind)p->data,
                              .largest = 8};
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[ACT_X] = o[ACT_DIFF_DST] = o[ACT_DIFF_SRC] = input;
    o[ACT_DIFF_DST].seed = 1;
    o[ACT_DIFF_SRC].role = NT_OUTPUT;
    o[ACT_DIFF_SRC].nan = NT_NAN_ANY;
    return p->seed;
}

/* Wide enough for every piece of hard-swish. */
static bool act_fill(const void *problem, const nt_operand *o) {
    const act_problem *p = problem;
    float *x = o[ACT_X].data;
    for (int64_t i = 0; p->data == DATA_RANDOM && i < p->n; i++) {
        x[i] *= 4.0F;
    }
    return true;
}

/* The public call has no ISA of its own. */
static ninetap_status act_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const act_problem *p = problem;
    const nt_isa *isa = nt_find_isa(p->isa);
    (void)o;
    call->plan = (void *)(uintptr_t)isa;
    call->info.isa = isa->name;
    call->info.kernel = isa->act_backward.name;
    return NINETAP_OK;
}

static ninetap_status act_run(const void *problem, const nt_operand *o, nt_call *call) {
    const act_problem *p = problem;
    const nt_act act = {(ninetap_act)p->act, p->lo, p->hi, p->slope};
    float *to = o[ACT_DIFF_SRC].data;
    const float *x = o[ACT_X].data;
    const float *diff = o[ACT_DIFF_DST].data;
    if (p->over != OVER_NOTHING) {
        memcpy(to, p->over == OVER_X ? x : diff, (size_t)p->n * sizeof *to);
    }
    return nt_act_backward(call->plan, p->threads, &act, p->n, p->over == OVER_X ? to : x,
                           p->over == OVER_DIFF ? to : diff, to);
}

static bool act_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const act_problem *p = problem;
    (void)usual;
    nt_reference_act_backward_f32((ninetap_act)p->act, p->lo, p->hi, p->slope, p->n, o[ACT_X].data,
                                  o[ACT_DIFF_DST].data, o[ACT_DIFF_SRC].data);
    return true;
}

static bool act_right(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_as_defined(&nt_operation_act_backward, problem, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_act_backward = {
    .name = "act_backward",
    .fields = act_fields,
    .size = sizeof(act_problem),
    .isa = ACT_HOW(isa),
    .draw = act_draw,
    .operands = act_operands,
    .fill = act_fill,
    .prepare = act_prepare,
    .run = act_run,
    .define = act_define,
    .right = act_right,
};
