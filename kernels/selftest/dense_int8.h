/* A dense layer of bytes to try: one of floats that has types, and its quantization. */
#ifndef NINETAP_SELFTEST_DENSE_INT8_H
#define NINETAP_SELFTEST_DENSE_INT8_H

#include "selftest/dense.h"
#include "selftest/scales.h"

typedef struct dense_int8_problem {
    dense_problem dense; /* never one shot */
    nt_scales scales;
} dense_int8_problem;

/* The problem's description with what it points to. */
typedef struct dense_int8_described {
    ninetap_dense_desc desc;
    nt_described_scales scales;
} dense_int8_described;
void nt_dense_int8_describe(const dense_int8_problem *p, dense_int8_described *d);

#endif
