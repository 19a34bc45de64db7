/* Convolution once more, by another road than the reference: each output's taps are gathered into
 * one row and multiplied by the filter laid out the same way. It guards the reference. */
#ifndef TESTS_IM2COL_H
#define TESTS_IM2COL_H

#include "support/problems.h"
#include "selftest/view.h"

typedef struct im2col_result {
    double exact;          /* bias + sum, no activation */
    double magnitude;      /* |bias| + sum |w||x| */
    float fused, separate; /* in float, in the contract's order; no activation */
} im2col_result;

/* The output element (n, o, y, x). bias may be NULL. */
im2col_result im2col_output(const conv_problem *p, const float *src, const float *weights,
                            const float *bias, int64_t n, int64_t o, int64_t y, int64_t x);

#endif
