/* A softmax to try, and how it is to be called. */
#ifndef NINETAP_SELFTEST_SOFTMAX_H
#define NINETAP_SELFTEST_SOFTMAX_H

#include "selftest/operation.h"

typedef struct softmax_problem {
    int64_t rows, columns, src_pitch, dst_pitch;
    float spread; /* values in [-spread, spread), drawn with `seed` */
    int in_place; /* then the pitches are equal */
    const char *isa;
    int threads;
    int placement; /* of every buffer */
    int seed;
} softmax_problem;

enum { SOFTMAX_SRC, SOFTMAX_DST };

#endif
