/* The filters of a layer. */
#ifndef BANK_H
#define BANK_H

#include <stdint.h>

#include "filters.h"

enum { MAX_RANDOM_FILTERS = 24, MAX_FILTERS = NAMED_FILTERS + MAX_RANDOM_FILTERS };

/* Writes the named filters, then `random` ones with weights from -1 to 1; returns how many. The
 * same seed gives the same filters everywhere. */
int filter_bank(filter bank[MAX_FILTERS], int random, uint64_t seed);

#endif
