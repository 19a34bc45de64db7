/* A small seeded generator: the same numbers on every machine (splitmix64, Steele et al. 2014). */
#ifndef TESTS_RNG_H
#define TESTS_RNG_H

#include <stdint.h>

typedef struct rng {
    uint64_t state;
} rng;

static inline uint64_t rng_next(rng *r) {
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* lo <= result <= hi */
static inline int rng_int(rng *r, int lo, int hi) {
    return lo + (int)(rng_next(r) % (uint64_t)(hi - lo + 1));
}

/* True once in `n`. */
static inline int rng_one_in(rng *r, int n) {
    return rng_int(r, 1, n) == 1;
}

/* Uniform in [-1, 1), 24 bits. */
static inline float rng_float(rng *r) {
    return (float)((int32_t)(rng_next(r) >> 39) - (1 << 24)) * 0x1p-24F;
}

#endif
