/* A softmax with cross entropy to try, and how it is to be called. */
#ifndef NINETAP_SELFTEST_CROSS_ENTROPY_H
#define NINETAP_SELFTEST_CROSS_ENTROPY_H

#include "selftest/operation.h"

enum { WANT_PROBABILITIES = 1, WANT_DIFF = 2, WANT_LOSS = 4, WANT_ALL = 7 };

typedef struct entropy_problem {
    int64_t rows, columns;
    float spread; /* logits in [-spread, spread), drawn with `seed` */
    int want;     /* which outputs: at least one */
    int over;     /* 0, or the one of them that takes the place of the logits */
    const char *isa;
    int threads;
    int fail;      /* 0, or which allocation fails */
    int placement; /* of every buffer */
    int seed;
} entropy_problem;

enum { ENTROPY_LOGITS, ENTROPY_PROBABILITIES, ENTROPY_DIFF, ENTROPY_LOSS, ENTROPY_LABEL };

#endif
