/* A dense layer of bytes to try: one of floats that has types, and its quantization. */
#ifndef NINETAP_SELFTEST_DENSE_INT8_H
#define NINETAP_SELFTEST_DENSE_INT8_H

#include "selftest/dense.h"

typedef struct dense_int8_problem {
    dense_problem dense; /* never one shot */
    float src_scale, weights_scale, dst_scale;
    int src_zero, dst_zero;
    int64_t scales; /* of weights: 1, or an output's each; the description's own count */
} dense_int8_problem;

enum { DENSE_SCALES = 512 };

/* The problem's description with what it points to. Scales of outputs are weights_scale times 1 to
 * 1 + 6/8; those past DENSE_SCALES are not there. */
typedef struct dense_int8_described {
    ninetap_dense_desc desc;
    ninetap_quantization quantization;
    float scale[DENSE_SCALES];
} dense_int8_described;
void nt_dense_int8_describe(const dense_int8_problem *p, dense_int8_described *d);

#endif
