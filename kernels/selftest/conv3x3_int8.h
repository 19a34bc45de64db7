/* A convolution of bytes to try: one of floats that has types, and its quantization. */
#ifndef NINETAP_SELFTEST_CONV3X3_INT8_H
#define NINETAP_SELFTEST_CONV3X3_INT8_H

#include "selftest/conv3x3.h"

typedef struct int8_problem {
    conv_problem conv; /* without residual, `plain` and one shot */
    float src_scale, weights_scale, dst_scale;
    int src_zero, dst_zero;
    int64_t scales; /* of weights: 1, or a channel's each; the description's own count */
} int8_problem;

enum { INT8_SCALES = 512 };

/* The problem's description with what it points to. Scales of channels are weights_scale times 1 to
 * 1 + 6/8; those past INT8_SCALES are not there. */
typedef struct int8_described {
    ninetap_conv3x3_desc desc;
    ninetap_quantization quantization;
    float scale[INT8_SCALES];
} int8_described;
void nt_int8_describe(const int8_problem *p, int8_described *d);

#endif
