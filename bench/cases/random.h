/* Numbers that look random and are the same everywhere. */
#ifndef NINETAP_BENCH_RANDOM_H
#define NINETAP_BENCH_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood 2014): the next number of the sequence. */
static inline uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* The next one in [0, 1). */
static inline double random_unit(uint64_t *state) {
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* Both signs, magnitudes in [0.5, 1): no zeros and no denormals, which some CPUs multiply at
 * another speed. Their mean square is 7/12. */
static inline void random_fill(float *values, size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = random_next(&seed);
        float magnitude = 0.5F + (float)(bits >> 41) * 0x1p-24F;
        values[i] = (bits & 1) != 0 ? magnitude : -magnitude;
    }
}

#endif
