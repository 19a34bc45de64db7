/* What the cases compute on: integer arithmetic from a seed, the same on every machine. */
#ifndef CHECK_DATA_H
#define CHECK_DATA_H

#include <stdint.h>

typedef enum data_kind {
    DATA_RANDOM = 0, /* [-1, 1), 24 bits */
    DATA_INTEGERS,   /* -3 .. 3: sums are exact, and maxima have ties */
    DATA_SPECIAL     /* random; one in 40 is a NaN, Inf, -0, denormal, or near the largest float */
} data_kind;

void data_floats(float *p, int64_t n, data_kind kind, uint64_t seed);
/* The same, but every third one is special. */
void data_special(float *p, int64_t n, uint64_t seed);
void data_bytes(uint8_t *p, int64_t n, uint64_t seed);
/* -1 .. below - 1. */
void data_indices(int64_t *p, int64_t n, int64_t below, uint64_t seed);

#endif
