/* Softmax with cross entropy: drawn, run, and held against scalar code, bit for bit, and against
 * double precision. */
#include "core/build.h"

#include "selftest/cross_entropy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"

#define ENTROPY_HOW(member) offsetof(entropy_problem, member)
static const nt_field entropy_fields[] = {
    {"rows", FIELD_INT64, 1, NAMES_NONE, ENTROPY_HOW(rows)},
    {"columns", FIELD_INT64, 1, NAMES_NONE, ENTROPY_HOW(columns)},
    {"spread", FIELD_FLOAT, 1, NAMES_NONE, ENTROPY_HOW(spread)},
    {"want", FIELD_INT, 1, NAMES_NONE, ENTROPY_HOW(want)},
    {"over", FIELD_INT, 1, NAMES_NONE, ENTROPY_HOW(over)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, ENTROPY_HOW(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, ENTROPY_HOW(threads)},
    {"fail", FIELD_INT, 1, NAMES_NONE, ENTROPY_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, ENTROPY_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, ENTROPY_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(entropy_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

static void entropy_draw(rng *r, double most, void *problem) {
    entropy_problem *p = problem;
    memset(p, 0, sizeof *p);
    p->rows = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 9);
    p->columns = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 40);
    while ((double)(p->rows * p->columns) > most && p->rows > 1) {
        p->rows /= 2;
    }
    p->spread = rng_one_in(r, 8) ? 3e38F : (float)rng_int(r, 0, 200);
    p->want = rng_one_in(r, 2) ? WANT_ALL : rng_int(r, 1, WANT_ALL);
    p->over = rng_one_in(r, 2) ? 0 : rng_int(r, WANT_PROBABILITIES, WANT_DIFF) & p->want;
    p->threads = rng_int(r, 0, 7);
    p->fail = rng_one_in(r, 8);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

/* ---- Tensors ---- */

static int entropy_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    static const struct {
        int operand, want;
        nt_element element;
    } outputs[] = {{ENTROPY_PROBABILITIES, WANT_PROBABILITIES, NT_FLOATS},
                   {ENTROPY_DIFF, WANT_DIFF, NT_FLOATS},
                   {ENTROPY_LOSS, WANT_LOSS, NT_DOUBLES}};
    const entropy_problem *p = problem;
    const view all = nt_view_of_rows(p->rows, p->columns, 0);
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[ENTROPY_LOGITS] = (nt_operand){.role = NT_INPUT, .view = all, .kind = DATA_RANDOM};
    o[ENTROPY_LABEL] = (nt_operand){
        .role = NT_INPUT, .element = NT_INDICES, .view = nt_view_of_rows(1, p->rows, 0)};
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        if ((p->want & outputs[i].want) != 0 && p->rows > 0) {
            o[outputs[i].operand] =
                (nt_operand){.role = NT_OUTPUT, .element = outputs[i].element, .view = all};
        }
    }
    o[ENTROPY_LOSS].view = nt_view_of_rows(1, 1, 0);
    return p->seed;
}

static bool entropy_fill(const void *problem, const nt_operand *o) {
    const entropy_problem *p = problem;
    float *logits = o[ENTROPY_LOGITS].data;
    int64_t *label = o[ENTROPY_LABEL].data;
    for (int64_t i = 0; i < p->rows * p->columns; i++) {
        logits[i] *= p->spread;
    }
    for (int64_t i = 0; i < p->rows; i++) {
        label[i] = (int64_t)(rng_at((uint64_t)p->seed + 1, i) % (uint64_t)p->columns);
    }
    return true;
}

/* ---- Running ---- */

static nt_cross_entropy entropy_call(const entropy_problem *p, const nt_operand *o) {
    return (nt_cross_entropy){.rows = p->rows,
                              .columns = p->columns,
                              .logits = o[ENTROPY_LOGITS].data,
                              .label = o[ENTROPY_LABEL].data,
                              .probabilities = o[ENTROPY_PROBABILITIES].data,
                              .diff = o[ENTROPY_DIFF].data,
                              .loss = o[ENTROPY_LOSS].data};
}

/* The public call has no ISA of its own. */
static ninetap_status entropy_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const entropy_problem *p = problem;
    const nt_isa *isa = nt_find_isa(p->isa);
    (void)o;
    call->plan = (void *)(uintptr_t)isa;
    call->info.isa = isa->name;
    call->info.kernel = isa->softmax.name;
    return NINETAP_OK;
}

static ninetap_status entropy_run(const void *problem, const nt_operand *o, nt_call *call) {
    const entropy_problem *p = problem;
    nt_cross_entropy c = entropy_call(p, o);
    float *over = p->over == WANT_PROBABILITIES ? c.probabilities
                  : p->over == WANT_DIFF        ? c.diff
                                                : NULL;
    if (over != NULL) {
        memcpy(over, c.logits, (size_t)(p->rows * p->columns) * sizeof *over);
        c.logits = over;
    }
    return nt_softmax_cross_entropy(call->plan, p->threads, &c);
}

/* By the scalar kernels: a definition in naive loops is in double alone. */
static bool entropy_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    (void)usual;
    const entropy_problem *p = problem;
    const nt_cross_entropy c = entropy_call(p, o);
    return nt_softmax_cross_entropy(nt_find_isa("scalar"), p->threads, &c) == NINETAP_OK;
}

/* ---- What is right ---- */

/* As softmax's; then a difference and a quotient, each rounded. */
static bool diff_close(const nt_operand *o, int64_t row, const double *wanted, nt_call *call) {
    const int64_t n = o[ENTROPY_DIFF].view.w;
    const double rows = (double)o[ENTROPY_DIFF].view.h;
    const float *logits = (const float *)o[ENTROPY_LOGITS].data + row * n;
    const float *diff = (const float *)o[ENTROPY_DIFF].data + row * n;
    const int64_t label = ((const int64_t *)o[ENTROPY_LABEL].data)[row];
    float largest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        largest = logits[i] > largest ? logits[i] : largest;
    }
    for (int64_t i = 0; i < n; i++) {
        const double probability = wanted[i] * rows + (i == label ? 1.0 : 0.0);
        const double off = fabs((double)logits[i] - (double)largest) + 8.0;
        const double bound = (off * fabs(probability) / rows + 3.0 * fabs(wanted[i])) * 0x1p-24;
        if (!(fabs((double)diff[i] - wanted[i]) <= bound + 0x1p-149)) {
            return nt_wrong_at(call, &o[ENTROPY_DIFF], (size_t)(row * n + i) * sizeof *diff,
                               wanted[i], ": not close enough");
        }
    }
    return true;
}

/* The sum's relative error is the logarithm's absolute one: that of the exponentials, whose mean
 * distance from the largest is below 1 + log(columns), and of the additions. */
static bool loss_close(const entropy_problem *p, const nt_operand *o, double wanted,
                       nt_call *call) {
    const double got = *(const double *)o[ENTROPY_LOSS].data;
    const double bound = (20.0 + 2.0 * log((double)p->columns)) * 0x1p-24 + 0x1p-40 * fabs(wanted);
    return fabs(got - wanted) <= bound ||
           nt_wrong_at(call, &o[ENTROPY_LOSS], 0, wanted, ": not close enough");
}

static bool entropy_right(const void *problem, const nt_operand *o, nt_call *call) {
    const entropy_problem *p = problem;
    double *diff = malloc((size_t)(p->rows * p->columns + 1) * sizeof *diff);
    bool ok = diff != NULL || nt_wrong(call, "out of memory");
    if (ok && p->rows > 0) {
        const double loss = nt_reference_cross_entropy_f64(
            p->rows, p->columns, o[ENTROPY_LOGITS].data, o[ENTROPY_LABEL].data, diff);
        ok = (p->want & WANT_LOSS) == 0 || loss_close(p, o, loss, call);
        for (int64_t row = 0; (p->want & WANT_DIFF) != 0 && row < p->rows && ok; row++) {
            ok = diff_close(o, row, diff + row * p->columns, call);
        }
    }
    free(diff);
    return ok && nt_as_defined(&nt_operation_cross_entropy, p, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_cross_entropy = {
    .name = "cross_entropy",
    .fields = entropy_fields,
    .size = sizeof(entropy_problem),
    .isa = ENTROPY_HOW(isa),
    .draw = entropy_draw,
    .operands = entropy_operands,
    .fill = entropy_fill,
    .prepare = entropy_prepare,
    .run = entropy_run,
    .define = entropy_define,
    .right = entropy_right,
};
