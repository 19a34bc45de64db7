/* Which algorithm is fastest where: the map of ours over the size of square maps and the number of
 * channels, as many out as in, of benchmarks that name the algorithm, and what AUTO took there. */
#ifndef NINETAP_BENCH_CROSSOVER_H
#define NINETAP_BENCH_CROSSOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

/* direct winograd2 winograd4 winograd6. Without FAST the last one is no choice. */
enum { CROSSOVER_ALGORITHMS = 4, CROSSOVER_MOST = 32 };
extern const char *const crossover_names[CROSSOVER_ALGORITHMS];

typedef struct crossover_cell {
    size_t column, row;                   /* of sizes and channels */
    double seconds[CROSSOVER_ALGORITHMS]; /* 0: not timed */
    int taken[2];                         /* what AUTO took, in default precision and in FAST; -1:
                                             not known */
} crossover_cell;

typedef struct crossover {
    const char *isa, *layout;
    int threads;
    double sizes[CROSSOVER_MOST], channels[CROSSOVER_MOST]; /* rising */
    size_t size_count, channel_count, count;
    crossover_cell *cells;
} crossover;

/* Of the lines like `like`: ISA, layout, threads. No cell where there is no map: of fewer than
 * three sizes or numbers of channels, or less than half full. False if memory is short. */
bool crossover_make(crossover *c, const results *r, const result *like);
void crossover_free(crossover *c);

/* Whether the result is in the map: its shape, ISA, layout and threads. */
bool crossover_has(const crossover *c, const result *r);

/* The fastest one in the cell; -1: none was timed. */
int crossover_best(const crossover_cell *cell, bool fast);
/* How much longer than the fastest what AUTO took takes: 0.1 is 10 % longer; 0 where not known. */
double crossover_loss(const crossover_cell *cell, bool fast);

#endif
