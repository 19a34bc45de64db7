/* Problems of each operation by their own types: to write, draw and check them. */
#ifndef TESTS_PROBLEMS_H
#define TESTS_PROBLEMS_H

#include "selftest/act_backward.h"
#include "selftest/conv3x3.h"
#include "selftest/conv3x3_int8.h"
#include "selftest/dense_backward_weights.h"
#include "selftest/cross_entropy.h"
#include "selftest/dense_int8.h"
#include "selftest/filter3x3.h"
#include "selftest/pool2x2.h"
#include "selftest/quantize.h"
#include "selftest/softmax.h"
#include "support/buffer.h"
#include "support/parse.h"

/* Runs a problem and holds everything it does against the reference. Buffers between guard pages,
 * inputs read-only. Checked: the output size, what describe says, every output (bit for bit
 * wherever the contract fixes the bits; otherwise the same as a plain run of the plan's algorithm,
 * and within describe's error bound), and that nothing else was written; where an allocation is to
 * fail, that nothing was. False: the reason and a rerun line are on stderr. */
bool check_problem(const nt_operation *op, const void *problem);

/* Checks problems that are drawn; a failure ends the test. */
void check_drawn(const nt_operation *op, const char *isa, int64_t cases, double most);

/* main's work: `--case 'conv3x3 n=1 ...'` runs one problem, anything else is suite_main's. */
struct suite_test;
int problems_main(const char *group, const struct suite_test *tests, int argc, char **argv);
/* For tests of integers: false where NINETAP_PAIRS asks for the only kernels that there are. */
bool problems_differ(void);

/* PROBLEMS(conv, conv3x3) declares conv_parse, conv_print, conv_random, check_conv3x3. */
#define PROBLEMS(type, name)                                                               \
    static inline bool type##_parse(const char *text, type##_problem *p) {                 \
        return parse_fields(text, nt_operation_##name.fields, p);                          \
    }                                                                                      \
    static inline void type##_print(char text[NT_PROBLEM_TEXT], const type##_problem *p) { \
        nt_fields_print(text, NT_PROBLEM_TEXT, nt_operation_##name.fields, p);             \
    }                                                                                      \
    static inline type##_problem type##_random(rng *r, const char *isa, double most) {     \
        type##_problem p;                                                                  \
        nt_operation_##name.draw(r, most, &p);                                             \
        nt_problem_set_isa(&nt_operation_##name, &p, isa);                                 \
        return p;                                                                          \
    }                                                                                      \
    static inline bool check_##name(const type##_problem *p) {                             \
        return check_problem(&nt_operation_##name, p);                                     \
    }
PROBLEMS(act, act_backward)
PROBLEMS(conv, conv3x3)
PROBLEMS(int8, conv3x3_int8)
PROBLEMS(pool, pool2x2)
PROBLEMS(entropy, cross_entropy)
PROBLEMS(dense, dense)
PROBLEMS(dense_int8, dense_int8)
PROBLEMS(softmax, softmax)
PROBLEMS(filter, filter3x3)
PROBLEMS(quantize, quantize)

static inline pool_problem pool_random_of(rng *r, const char *isa, pool_op op) {
    pool_problem p = pool_random(r, isa, 1e9);
    p.op = (int)op;
    return p;
}

#endif
