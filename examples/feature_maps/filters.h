#ifndef FILTERS_H
#define FILTERS_H

#include <stdint.h>

enum {
    NAMED_FILTERS = 8,
    MAX_RANDOM_FILTERS = 24,
    MAX_FILTERS = NAMED_FILTERS + MAX_RANDOM_FILTERS
};

typedef struct filter {
    char name[24];
    float weights[9]; /* [row][column], a cross-correlation: not flipped */
} filter;

/* Writes the named filters, then `random` ones with weights from -1 to 1; returns how many. The
 * same seed gives the same filters everywhere. */
int filter_bank(filter bank[MAX_FILTERS], int random, uint64_t seed);

#endif
