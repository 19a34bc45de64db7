#include "filters.h"

#include <stdio.h>

#define NINTH (1.0F / 9)

static const filter named[NAMED_FILTERS] = {
    {"identity", {0, 0, 0, 0, 1, 0, 0, 0, 0}},
    {"sharpen", {0, -1, 0, -1, 5, -1, 0, -1, 0}},
    {"box", {NINTH, NINTH, NINTH, NINTH, NINTH, NINTH, NINTH, NINTH, NINTH}},
    {"Gaussian", {0.0625F, 0.125F, 0.0625F, 0.125F, 0.25F, 0.125F, 0.0625F, 0.125F, 0.0625F}},
    {"Sobel x", {-1, 0, 1, -2, 0, 2, -1, 0, 1}},
    {"Sobel y", {-1, -2, -1, 0, 0, 0, 1, 2, 1}},
    {"Laplacian", {0, 1, 0, 1, -4, 1, 0, 1, 0}},
    {"emboss", {-2, -1, 0, -1, 1, 1, 0, 1, 2}},
};

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
        bank[f] = named[f];
    for (int r = 0; r < random; r++) {
        filter *f = &bank[NAMED_FILTERS + r];
        snprintf(f->name, sizeof f->name, "random %d", r + 1);
        for (int i = 0; i < 9; i++)
            f->weights[i] = uniform(&seed);
    }
    return NAMED_FILTERS + random;
}
