/* What repetitions of a measurement say. */
#ifndef NINETAP_BENCH_STATISTICS_H
#define NINETAP_BENCH_STATISTICS_H

#include <stddef.h>

/* Sorts the values; the one that `fraction` (0 ... 1) of them do not exceed: the nearest rank, and
 * for 0.5 the median, between the two middle ones if there are two. `count` is not 0. */
double statistics_quantile(double *values, size_t count, double fraction);

/* Probability that two samples of one distribution differ in their ranks at least as much as these:
 * the two-sided test of Mann and Whitney (1947), U taken as normal with its variance corrected for
 * ties and U for continuity; good from about 8 values each. 1 if memory is short, or nothing
 * differs: no evidence of a difference. */
double statistics_mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count);

/* The geometric mean of positive numbers, one by one. */
typedef struct geometric_mean {
    double log_sum;
    size_t count;
} geometric_mean;

void geometric_mean_add(geometric_mean *m, double value);
double geometric_mean_value(const geometric_mean *m); /* of none: 0 */

#endif
