/* A convolution of bytes to try: one of floats that has types, and its quantization. */
#ifndef NINETAP_SELFTEST_CONV3X3_INT8_H
#define NINETAP_SELFTEST_CONV3X3_INT8_H

#include "selftest/conv3x3.h"
#include "selftest/scales.h"

typedef struct int8_problem {
    conv_problem conv; /* without residual, `plain` and one shot */
    nt_scales scales;
} int8_problem;

/* The problem's description with what it points to. */
typedef struct int8_described {
    ninetap_conv3x3_desc desc;
    nt_described_scales scales;
} int8_described;
void nt_int8_describe(const int8_problem *p, int8_described *d);

#endif
