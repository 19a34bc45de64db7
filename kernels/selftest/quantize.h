/* Problems of quantization. */
#ifndef NINETAP_SELFTEST_QUANTIZE_H
#define NINETAP_SELFTEST_QUANTIZE_H

#include "selftest/operation.h"

typedef enum quantize_op { QUANTIZE_TO, QUANTIZE_BACK, QUANTIZE_RANGE, QUANTIZE_OPS } quantize_op;

typedef struct quantize_problem {
    int64_t rows, columns, scales;
    int op;      /* quantize_op; a range is of all rows */
    int type;    /* ninetap_dtype of the integers */
    float scale; /* scales from it to its double */
    int zeros;   /* 0: NULL; otherwise drawn from all of the type */
    int data;    /* data_kind, of bytes and numbers */
    const char *isa;
    int threads;
    int placement;
    int seed;
} quantize_problem;

enum { QUANTIZE_SRC, QUANTIZE_SCALE, QUANTIZE_ZERO, QUANTIZE_DST, QUANTIZE_LIMITS };

#endif
