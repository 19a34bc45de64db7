/* Random problems of every operation, each run in every way there is and held against the
 * reference, between guard pages. One problem, as a failure prints it:
 *     test_operations --case 'conv3x3 n=1 ic=3 ih=7 iw=9 oc=4 pad=1,1,1,1 isa=avx2 seed=1' */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/allocations.h"
#include "support/problems.h"
#include "support/suite.h"

static void random_problems(const char *isa) {
    for (int i = 0; nt_operations[i] != NULL; i++)
        check_drawn(nt_operations[i], isa, 400, 300e3);
}

/* ---- That what is wrong is seen ---- */

typedef struct tensors {
    nt_operand o[NT_OPERANDS];
    nt_call call;
} tensors;

/* Runs the problem without any of what the buffers of check_problem are for. */
static bool run(tensors *t, const nt_operation *op, const void *problem) {
    *t = (tensors){.call = {.user = NULL}};
    const int seed = op->operands(problem, t->o);
    for (int i = 0; i < NT_OPERANDS; i++)
        if (t->o[i].role != NT_ABSENT)
            REQUIRE((t->o[i].data = calloc(nt_operand_bytes(&t->o[i]) + 1, 1)) != NULL);
    REQUIRE(nt_operands_fill(op, problem, t->o, seed));
    return nt_run(op, problem, t->o, &t->call) == NINETAP_OK;
}

static void release(tensors *t) {
    for (int i = 0; i < NT_OPERANDS; i++)
        free(t->o[i].data);
}

static const nt_operand *an_output(const tensors *t, rng *r) {
    int i;
    do
        i = rng_int(r, 0, NT_OPERANDS - 1);
    while (t->o[i].role != NT_OUTPUT);
    return &t->o[i];
}

/* Another value, far off: where a bound is all there is, a bit may be within it. */
static void spoil(const nt_operand *o, rng *r) {
    const view *v = &o->view;
    const int64_t at = view_at(v, rng_int(r, 0, (int)v->n - 1), rng_int(r, 0, (int)v->c - 1),
                               rng_int(r, 0, (int)v->h - 1), rng_int(r, 0, (int)v->w - 1));
    unsigned char *element = (unsigned char *)o->data + (size_t)at * nt_bytes_of(o->element);
    if (o->element == NT_FLOATS)
        *(float *)(void *)element = rng_one_in(r, 3) ? NAN : 0x1.234p100F;
    else
        element[0] ^= 1;
}

/* Data that is finite: a NaN may stand for another. */
static void spoilt_outputs(const char *isa) {
    for (int i = 0; nt_operations[i] != NULL; i++) {
        const nt_operation *op = nt_operations[i];
        rng r = suite_rng(isa);
        for (int64_t k = suite_cases(300); k > 0; k--) {
            nt_problem problem;
            tensors t;
            op->draw(&r, 30e3, &problem);
            nt_problem_set_isa(op, &problem, isa);
            problem_set_int(op, &problem, "data", RNG_PICK(&r, DATA_INTEGER, DATA_RANDOM));
            REQUIRE(run(&t, op, &problem));
            REQUIRE(op->right(&problem, t.o, &t.call) && t.call.why[0] == '\0');
            spoil(an_output(&t, &r), &r);
            char text[NT_PROBLEM_TEXT];
            nt_problem_print(text, sizeof text, op, &problem);
            suite_require((!op->right(&problem, t.o, &t.call) && t.call.why[0] != '\0') ||
                          suite_wrong("not seen: %s", text));
            release(&t);
        }
    }
}

/* A plan that promised to be exact: what is rounded is out of its bound. */
static void broken_promises(const char *isa) {
    rng r = suite_rng(isa);
    int found = 0;
    for (int64_t k = suite_cases(200); k > 0; k--) {
        nt_problem problem = {{0}};
        tensors t;
        const conv_problem *p = (const conv_problem *)(const void *)&problem;
        nt_operation_conv3x3.draw(&r, 30e3, &problem);
        nt_problem_set_isa(&nt_operation_conv3x3, &problem, isa);
        problem_set_int(&nt_operation_conv3x3, &problem, "data", DATA_RANDOM);
        REQUIRE(run(&t, &nt_operation_conv3x3, &problem));
        t.call.info.error_bound = t.call.info.error_floor = 0;
        const bool ends = p->residual || p->desc.pool == NINETAP_POOL_MAX;
        const bool ok = nt_operation_conv3x3.right(&problem, t.o, &t.call);
        REQUIRE(ok || (!ends && strstr(t.call.why, "out of bounds") != NULL));
        found += !ok;
        release(&t);
    }
    REQUIRE(found > 0);
}

/* Whoever judges needs memory, too, and says so when there is none. */
static void no_memory_to_judge(const char *isa) {
    for (int i = 0; nt_operations[i] != NULL; i++) {
        const nt_operation *op = nt_operations[i];
        rng r = suite_rng(isa);
        for (int64_t n = suite_cases(60); n > 0; n--) {
            nt_problem problem;
            tensors t;
            op->draw(&r, 10e3, &problem);
            nt_problem_set_isa(op, &problem, isa);
            REQUIRE(run(&t, op, &problem));
            bool ok = false;
            for (int k = 1; !ok && k < 20; k++) {
                t.call.why[0] = '\0';
                allocations_fail(k, false);
                ok = op->right(&problem, t.o, &t.call);
                REQUIRE(allocations_tried() < k ? ok : !ok || t.call.why[0] == '\0');
            }
            REQUIRE(ok);
            release(&t);
        }
    }
}

/* One output by definition is what all of them are, a fused pool's too. */
static void single_outputs(void) {
    rng r = suite_rng("single_outputs");
    for (int i = 0; nt_operations[i] != NULL; i++)
        for (int64_t k = suite_cases(100); k > 0 && nt_operations[i]->exact != NULL; k--) {
            const nt_operation *op = nt_operations[i];
            nt_problem problem;
            tensors t;
            op->draw(&r, 10e3, &problem);
            problem_set_int(op, &problem, "data", DATA_RANDOM);
            problem_set_int(op, &problem, "residual", 0);
            REQUIRE(run(&t, op, &problem) && op->define(&problem, NT_FUSED, t.o));
            const nt_operand *dst = an_output(&t, &r);
            const view *v = &dst->view;
            for (int64_t e = 0; e < v->n * v->c * v->h * v->w; e++) {
                const int64_t at[4] = {e / v->w / v->h / v->c, e / v->w / v->h % v->c,
                                       e / v->w % v->h, e % v->w};
                double value, magnitude;
                op->exact(&problem, t.o, at, &value, &magnitude);
                const float got = ((float *)dst->data)[view_at(v, at[0], at[1], at[2], at[3])];
                REQUIRE(fabs((double)got - value) <= 1e-4 * (magnitude + 1e-3));
            }
            release(&t);
        }
}

/* What is printed is what is read back. */
static void texts(void) {
    rng r = suite_rng("texts");
    for (int i = 0; nt_operations[i] != NULL; i++)
        for (int64_t k = suite_cases(500); k > 0; k--) {
            const nt_operation *op = nt_operations[i];
            char text[NT_PROBLEM_TEXT], again[NT_PROBLEM_TEXT];
            nt_problem problem = {{0}}, parsed = {{0}};
            op->draw(&r, 300e3, &problem);
            nt_problem_set_isa(op, &problem, ninetap_isa_name(0));
            nt_problem_print(text, sizeof text, op, &problem);
            REQUIRE(parse_operation(text) == op);
            REQUIRE(parse_fields(text + strlen(op->name), op->fields, &parsed));
            nt_problem_print(again, sizeof again, op, &parsed);
            suite_require(strcmp(text, again) == 0 || suite_wrong("%s\n%s", text, again));
        }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "spoilt_outputs", .each_isa = spoilt_outputs},
        {.name = "broken_promises", .each_isa = broken_promises},
        {.name = "no_memory_to_judge", .each_isa = no_memory_to_judge},
        {.name = "single_outputs", .once = single_outputs},
        {.name = "texts", .once = texts},
        {0},
    };
    return problems_main("operations", tests, argc, argv);
}
