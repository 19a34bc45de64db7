/* The generator of everything random: the same numbers on every machine (splitmix64, Steele et al.
 * 2014). */
#ifndef NINETAP_RNG_H
#define NINETAP_RNG_H

#include <stdbool.h>
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

/* The number with which a sequence of that seed goes on after `i` others. */
static inline uint64_t rng_at(uint64_t seed, int64_t i) {
    rng r = {seed + (uint64_t)i * UINT64_C(0x9E3779B97F4A7C15)};
    return rng_next(&r);
}

/* lo <= result <= hi */
static inline int rng_int(rng *r, int lo, int hi) {
    return lo + (int)(rng_next(r) % (uint64_t)(hi - lo + 1));
}

/* True once in `n`. */
static inline int rng_one_in(rng *r, int n) {
    return rng_int(r, 1, n) == 1;
}

/* Uniform in [-1, 1), 24 bits: the number's upper 25 bits say which. */
static inline float rng_float_of(uint64_t number) {
    return (float)((int32_t)(number >> 39) - (1 << 24)) * 0x1p-24F;
}

static inline float rng_float(rng *r) {
    return rng_float_of(rng_next(r));
}

/* One of the values that are listed. */
#define RNG_PICK(r, ...) \
    (((const int[]){     \
        __VA_ARGS__})[rng_int(r, 0, (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)) - 1)])

#endif
