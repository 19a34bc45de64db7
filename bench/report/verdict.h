/* Who is fastest: ours against the peers measured in the same run, by the minimum of each one's
 * repetitions. A ratio is their time divided by ours, so above 1 ours is faster.
 *
 * Three comparisons for every operation, shape and number of threads, because users have three
 * questions: what if my tensors are NCHW (peers' reorders counted), what if they are NHWC (as
 * well), and what if I keep everything in whatever layout the peer likes best? In the last one the
 * peer may use any layout, and ours is still confined to the faster of the two plain ones. */
#ifndef NINETAP_BENCH_VERDICT_H
#define NINETAP_BENCH_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/result.h"
#include "report/table.h"

typedef enum verdict_sense {
    VERDICT_NCHW,
    VERDICT_NHWC,
    VERDICT_ANY,
    VERDICT_SENSES
} verdict_sense;

typedef struct verdict_pair {
    const result *ours, *theirs; /* the fastest ones; NULL: none was timed */
    double ratio;                /* 0 unless there are both */
} verdict_pair;

typedef struct verdict_row {
    const char *operation, *shape;
    int threads;
    bool cold;
    verdict_pair pair[VERDICT_SENSES];
} verdict_row;

typedef struct verdict_summary {
    size_t count, faster, slower; /* pairs compared; those whose ratio is not 1.00 */
    double mean;                  /* geometric; 0 of none */
    const verdict_row *worst;     /* NULL of none */
} verdict_summary;

typedef struct verdict {
    size_t row_count;  /* 0 without peers */
    verdict_row *rows; /* in the results' order */
    verdict_summary summary[VERDICT_SENSES];
} verdict;

/* The results must outlive the verdict. False if memory is short. */
bool verdict_make(verdict *v, const results *r);
void verdict_free(verdict *v);

/* Of the rows on that many threads; 0: of all. */
verdict_summary verdict_sum_up(const verdict *v, verdict_sense sense, int threads);

/* 1 if ours is faster, -1 if the peer is, by the ratio to two decimals, as it is shown: 0 where
 * that is 1.00. */
int verdict_compare(double ratio);

/* "nchw", "nhwc", "any layout" */
const char *verdict_sense_name(verdict_sense sense);

/* A row for each of the verdict's, then the geometric means and the worst cases; what was not
 * timed, and why. Nothing at all without peers. False if memory is short. */
bool verdict_write(FILE *file, const results *r, table_writer *write);

/* What fusing a pooling into its convolution brings: ours in one call against ours in two, a row
 * for each pair of which the two calls were timed. Nothing at all without such pairs. */
bool fusion_write(FILE *file, const results *r, table_writer *write);

#endif
