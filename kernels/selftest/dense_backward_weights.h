/* A weight gradient of a dense layer to try. */
#ifndef NINETAP_SELFTEST_DENSE_BACKWARD_WEIGHTS_H
#define NINETAP_SELFTEST_DENSE_BACKWARD_WEIGHTS_H

#include "selftest/conv3x3_backward_weights.h"

/* Its members and operands are those of a convolution's. */
typedef struct dense_gradient_problem {
    ninetap_dense_desc desc;
    int data;
    int bias;
    int accumulate;
    int fail;
    int placement;
    int seed;
} dense_gradient_problem;

#endif
