/* Numbers that look random and are the same everywhere. */
#ifndef NINETAP_BENCH_RANDOM_H
#define NINETAP_BENCH_RANDOM_H

#include <stddef.h>

#include "selftest/rng.h"

/* The next one in [0, 1). */
static inline double random_unit(rng *r) {
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}

/* Both signs, magnitudes in [0.5, 1): no zeros and no denormals, which some CPUs multiply at
 * another speed. Their mean square is 7/12. */
static inline void random_fill(float *values, size_t count, uint64_t seed) {
    rng r = {seed};
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = rng_next(&r);
        float magnitude = 0.5F + (float)(bits >> 41) * 0x1p-24F;
        values[i] = (bits & 1) != 0 ? magnitude : -magnitude;
    }
}

#endif
