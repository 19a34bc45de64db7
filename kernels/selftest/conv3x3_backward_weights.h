/* A weight gradient of a convolution to try. */
#ifndef NINETAP_SELFTEST_CONV3X3_BACKWARD_WEIGHTS_H
#define NINETAP_SELFTEST_CONV3X3_BACKWARD_WEIGHTS_H

#include "selftest/operation.h"

typedef struct conv_gradient_problem {
    ninetap_conv3x3_desc desc;
    int data; /* data_kind; what follows from it is drawn with `seed` */
    int bias; /* its gradient is asked for, too */
    int accumulate;
    int fail;      /* k: the library's k-th allocation fails; 0: none */
    int placement; /* of every buffer */
    int seed;
} conv_gradient_problem;

/* BEFORE: with accumulate, what the weights' gradient is; that of the bias has its first values. */
enum { GRADIENT_SRC, GRADIENT_DIFF_DST, GRADIENT_BEFORE, GRADIENT_WEIGHTS, GRADIENT_BIAS };

/* With accumulate, before a call: the outputs are what BEFORE says. */
void nt_gradient_set_before(const nt_operand *o);
/* Of a finite output: whether it is as near to `value` as so many products and sums allow. */
bool nt_gradient_is_near(const nt_operand *o, int64_t at, double terms, double value,
                         double magnitude, nt_call *call);

#endif
