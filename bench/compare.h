/* What changed between two runs of the same benchmarks, beyond noise.
 *
 * A benchmark counts as changed if all of this holds:
 *   - the test of Mann and Whitney gives the two runs' repetitions p < 0.01 to come from one
 *     distribution; below 9 repetitions in either run there is no verdict;
 *   - the ratio of the medians and that of the minima both lie beyond the noise floor, on the same
 *     side of 1.
 * The noise floor comes from the runs themselves: the first half of a benchmark's repetitions ought
 * to have the median of the second half. How far apart the two are, for every benchmark of both
 * runs: the floor is what 95 % of them stay below, at least 1 %. */
#ifndef NINETAP_BENCH_COMPARE_H
#define NINETAP_BENCH_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "result.h"
#include "statistics.h"

#define COMPARE_LEAST_REPETITIONS 9
#define COMPARE_SIGNIFICANT 0.01
#define COMPARE_LEAST_FLOOR 0.01

typedef enum compare_outcome {
    COMPARE_UNCHANGED,
    COMPARE_UNTESTED, /* too few repetitions */
    COMPARE_IMPROVED,
    COMPARE_REGRESSED,
    COMPARE_OUTCOMES
} compare_outcome;

typedef struct comparison {
    const result *old_one, *new_one;
    double median_ratio, min_ratio; /* new time / old time */
    double p;                       /* 1 if untested */
    compare_outcome outcome;
} comparison;

typedef struct compare {
    size_t count; /* of benchmarks timed in both runs, in the new one's order */
    comparison *items;
    double floor; /* 0.02: medians that differ by up to 2 % are noise */
    size_t ours[COMPARE_OUTCOMES];
    geometric_mean mean, peers; /* of the median ratios: ours; the peers', whose code is the same */
} compare;

/* The results must outlive it. False if memory is short. */
bool compare_make(compare *c, const results *old_run, const results *new_run);
void compare_free(compare *c);

typedef enum compare_status {
    COMPARE_OK,
    COMPARE_SLOWER, /* at least one of ours regressed; peers do not count */
    COMPARE_FAILED  /* nothing in common, or memory is short */
} compare_status;

/* The table, the summary, and a warning where the machines differ. */
compare_status compare_print(FILE *file, const results *old_run, const results *new_run);

#endif
