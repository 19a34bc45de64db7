/* The operations, in one list, for all who try them: the self-test, ninetap-check, the tests, the
 * fuzz target, the soak, the benchmark. A problem of an operation is a struct of its own: a
 * description, and how it is to be called. The benchmark reads this header as C++, too. */
#ifndef NINETAP_OPERATION_H
#define NINETAP_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/format.h"
#include "ninetap.h"
#include "reference/reference.h"
#include "selftest/data.h"
#include "selftest/field.h"
#include "selftest/rng.h"
#include "selftest/view.h"

typedef enum nt_role { NT_ABSENT = 0, NT_INPUT, NT_OUTPUT } nt_role;
typedef enum nt_element {
    NT_FLOATS = 0,
    NT_BYTES,
    NT_SHORTS,
    NT_INTEGERS,
    NT_INDICES,
    NT_DOUBLES
} nt_element;
typedef enum nt_nan_rule {
    NT_NAN_NONE = 0, /* there must be none */
    NT_NAN_ANY,      /* one that was computed may have any sign and payload */
    NT_NAN_BITS      /* one that was moved is the input's, bit for bit */
} nt_nan_rule;

/* A tensor of a call; a vector is 1 x 1 x 1 x n. */
typedef struct nt_operand {
    nt_role role;
    nt_element element;
    struct view view;
    int seed;        /* input: beside the problem's own */
    data_kind kind;  /* input */
    int largest;     /* input: of integers */
    nt_nan_rule nan; /* output */
    bool zeros;      /* output: of either sign they are the same */
    void *data;      /* whoever makes the call sets it; NULL: absent */
} nt_operand;

enum { NT_OPERANDS = 5, NT_PROBLEM_BYTES = 512, NT_PROBLEM_TEXT = 768 };

/* Room for any problem. */
typedef union nt_problem {
    unsigned char bytes[NT_PROBLEM_BYTES];
    int64_t aligned;
} nt_problem;

/* What a call gives besides its outputs. */
typedef struct nt_call {
    /* The caller's workspace, `slack` bytes away from alignment to its end; NULL: out of memory. */
    void *(*workspace)(void *user, size_t bytes, size_t slack);
    void *user;
    void *plan; /* of prepare */
    /* Of a plan; where there is none, algorithm is NULL. Every operation says its kernel and ISA.
     */
    ninetap_plan_info info;
    char why[200]; /* what is wrong, of whatever is; "": nothing */
} nt_call;

typedef struct nt_operation {
    const char *name;
    const nt_field *fields;
    size_t size, isa; /* of a problem; where its ISA's name stands */
    /* Draws a valid problem, of about `most` multiply-accumulates at most. Its ISA is NULL. */
    void (*draw)(rng *r, double most, void *problem);
    /* The tensors of its call. Returns the seed. */
    int (*operands)(const void *problem, nt_operand operands[NT_OPERANDS]);
    /* NULL, or changes inputs that were filled by their kinds. False: out of memory. */
    bool (*fill)(const void *problem, const nt_operand *operands);
    /* A call of the library in three steps, of which nt_run does all: what is made once
     * (call->plan, call->info), any number of runs, on any src and dst, and the end. Without a plan
     * the last is NULL. */
    ninetap_status (*prepare)(const void *problem, const nt_operand *operands, nt_call *call);
    ninetap_status (*run)(const void *problem, const nt_operand *operands, nt_call *call);
    void (*release)(nt_call *call);
    /* Makes the outputs by definition, with the arithmetic that DEFAULT and FAST precision have on
     * some machine. False: out of memory. */
    bool (*define)(const void *problem, nt_arithmetic usual, const nt_operand *operands);
    /* Whether the outputs of a call are right; otherwise call->why says where not. */
    bool (*right)(const void *problem, const nt_operand *operands, nt_call *call);
    /* NULL, or one output by definition, in double: the n, c, h, w of its view; with it |bias| +
     * sum |w||x|, which its error scales with. Not of a call with a residual. */
    void (*exact)(const void *problem, const nt_operand *operands, const int64_t at[4],
                  double *value, double *magnitude);
} nt_operation;

/* Ending with NULL. */
extern const nt_operation *const nt_operations[];
#define OPERATION(name) extern const nt_operation nt_operation_##name;
#include "selftest/list.h"

/* "conv3x3 n=1 ic=3 ..." */
void nt_problem_print(char *text, size_t size, const nt_operation *op, const void *problem);
void nt_problem_set_isa(const nt_operation *op, void *problem, const char *isa);

size_t nt_bytes_of(nt_element element);
static inline size_t nt_operand_bytes(const nt_operand *o) {
    return (size_t)nt_view_span(&o->view) * nt_bytes_of(o->element);
}
/* Calls `visit` with the offset of each element, in bytes, until it returns false. */
bool nt_operand_each(const nt_operand *o,
                     bool (*visit)(void *user, const nt_operand *o, size_t offset), void *user);
/* Fills the inputs; what lies in their gaps stays. False: out of memory. */
bool nt_operands_fill(const nt_operation *op, const void *problem, const nt_operand *operands,
                      int seed);
ninetap_status nt_run(const nt_operation *op, const void *problem, const nt_operand *operands,
                      nt_call *call);

/* ---- For the operations ---- */

/* An input's numbers in other places, so that the largest of them and the like stay as they are:
 * what a plan holds before its weights are set. To be freed. NULL: out of memory, or absent. */
float *nt_other_floats(const nt_operand *input);
/* Notes what is wrong, if it is the first; returns false. */
bool nt_wrong(nt_call *call, const char *format, ...) NT_PRINTF(2, 3);
/* The same of the element at an offset of an output: what it is, what it should be. */
bool nt_wrong_at(nt_call *call, const nt_operand *o, size_t offset, double wanted,
                 const char *rule);
/* Whether `got` is `wanted`, which is laid out alike, under the rule of its NaNs. */
bool nt_same(nt_call *call, const nt_operand *got, const void *wanted);
/* Whether the outputs are what `define` gives. */
bool nt_as_defined(const nt_operation *op, const void *problem, nt_arithmetic usual,
                   const nt_operand *operands, nt_call *call);
/* What `define` is to be told of a usable ISA. */
nt_arithmetic nt_usual_arithmetic(const char *isa);
/* Of a precision. */
nt_arithmetic nt_arithmetic_of(ninetap_precision precision, nt_arithmetic usual);
/* The relative error that k roundings can add up to (Higham, ch. 3). */
double nt_rounding_error(double k);

#endif
