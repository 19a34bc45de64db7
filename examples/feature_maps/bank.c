#include "bank.h"

#include <stdio.h>

/* SplitMix64 (Steele, Lea and Flood 2014): rand() differs between C libraries. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static float uniform(uint64_t *state) {
    return (float)(next(state) >> 40) * 0x1p-23F - 1.0F;
}

int filter_bank(filter bank[MAX_FILTERS], int random, uint64_t seed) {
    for (int f = 0; f < NAMED_FILTERS; f++)
        bank[f] = named_filters[f];
    for (int r = 0; r < random; r++) {
        filter *f = &bank[NAMED_FILTERS + r];
        snprintf(f->name, sizeof f->name, "random %d", r + 1);
        for (int i = 0; i < 9; i++)
            f->weights[i] = uniform(&seed);
    }
    return NAMED_FILTERS + random;
}
