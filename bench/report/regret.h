/* By how much what AUTO takes is slower than the fastest candidate, where a run timed both: a line
 * for each instruction set and precision. */
#ifndef NINETAP_BENCH_REGRET_H
#define NINETAP_BENCH_REGRET_H

#include "report/result.h"
#include "report/table.h"

typedef struct regret {
    const char *isa, *precision;
    size_t count;                  /* of shapes, in each layout and on each number of threads */
    double mean, worst;            /* 0.02: slower by 2 %; the mean is geometric */
    const result *taken, *fastest; /* of the worst; what is taken is AUTO's own benchmark */
} regret;

enum { REGRETS = 16 };

/* How many there are; at most REGRETS. They point into the results. */
size_t regret_make(regret list[REGRETS], const results *r);

/* Nothing at all where there is none. False if memory is short. */
bool regret_write(FILE *file, const results *r, table_writer *write);

#endif
