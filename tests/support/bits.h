/* Floats as bit patterns: the only comparison under which NaN equals itself and -0 is not +0. */
#ifndef TESTS_BITS_H
#define TESTS_BITS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Which NaN an operation on two NaNs gives differs between machines. */
static inline bool same_but_for_nan_payload(float a, float b) {
    return bits_of(a) == bits_of(b) || (isnan(a) && isnan(b));
}

#endif
