#include "statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double statistics_quantile(double *values, size_t count, double fraction) {
    qsort(values, count, sizeof *values, by_value);
    if (fraction == 0.5) {
        return (values[(count - 1) / 2] + values[count / 2]) / 2;
    }
    double rank = ceil(fraction * (double)count);
    return values[rank < 1 ? 0 : (size_t)rank - 1];
}

/* ---- Mann-Whitney ------------------------------------------------------------------------- */

typedef struct observation {
    double value;
    bool first; /* sample */
} observation;

static int by_observation(const void *a, const void *b) {
    return by_value(&((const observation *)a)->value, &((const observation *)b)->value);
}

typedef struct ranks {
    double first_sum; /* of the first sample */
    double ties;      /* sum of t^3 - t over every run of t equal values */
} ranks;

/* Equal values share the mean of the ranks they span. */
static ranks rank(observation *all, size_t count) {
    ranks r = {0};
    qsort(all, count, sizeof *all, by_observation);
    for (size_t from = 0, to; from < count; from = to) {
        size_t firsts = 0;
        for (to = from; to < count && all[to].value == all[from].value; to++) {
            firsts += all[to].first;
        }
        double t = (double)(to - from), mean_rank = ((double)(from + 1) + (double)to) / 2;
        r.first_sum += (double)firsts * mean_rank;
        r.ties += t * t * t - t;
    }
    return r;
}

double statistics_mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count) {
    const size_t count = a_count + b_count;
    observation *all = count > 0 ? malloc(count * sizeof *all) : NULL;
    if (all == NULL) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        all[i] = (observation){.value = i < a_count ? a[i] : b[i - a_count], .first = i < a_count};
    }
    ranks r = rank(all, count);
    free(all);

    const double m = (double)a_count, n = (double)b_count, both = m + n;
    double u = r.first_sum - m * (m + 1) / 2;
    double variance = m * n / 12 * (both + 1 - r.ties / (both * (both - 1)));
    double distance = fabs(u - m * n / 2) - 0.5;
    if (!(variance > 0) || distance <= 0) {
        return 1;
    }
    return erfc(distance / sqrt(2 * variance));
}

/* ---- geometric mean ----------------------------------------------------------------------- */

void geometric_mean_add(geometric_mean *m, double value) {
    m->log_sum += log(value);
    m->count++;
}

double geometric_mean_value(const geometric_mean *m) {
    return m->count > 0 ? exp(m->log_sum / (double)m->count) : 0;
}
