/* SplitMix64 (Steele, Lea and Flood 2014): rand() differs between C libraries. The state is any
 * number. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

/* From -1 to just below 1. */
static inline float random_signed(uint64_t *state) {
    return (float)(random_next(state) >> 40) * 0x1p-23F - 1.0F;
}

/* From 0 to `below` - 1; the bias is below below / 2^32. */
static inline uint32_t random_below(uint64_t *state, uint32_t below) {
    return (uint32_t)((random_next(state) >> 32) * below >> 32);
}

#endif
