#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the noise floor ---------------------------------------------------------------------- */

static double median(const double *values, size_t count, double *scratch) {
    memcpy(scratch, values, count * sizeof *values);
    return statistics_quantile(scratch, count, 0.5);
}

/* How far apart the halves' medians are, as the logarithm of their ratio. */
static double unrest(const result *r, double *scratch) {
    size_t half = r->count / 2;
    double first = median(r->seconds, half, scratch);
    double second = median(r->seconds + half, r->count - half, scratch);
    return fabs(log(second / first));
}

static size_t most_repetitions(const compare *c) {
    size_t most = 0;
    for (size_t i = 0; i < c->count; i++) {
        const comparison *item = &c->items[i];
        most = item->old_one->count > most ? item->old_one->count : most;
        most = item->new_one->count > most ? item->new_one->count : most;
    }
    return most;
}

static bool find_floor(compare *c) {
    c->floor = COMPARE_LEAST_FLOOR;
    double *scratch = malloc((most_repetitions(c) + 1) * sizeof *scratch);
    double *apart = malloc((2 * c->count + 1) * sizeof *apart);
    size_t count = 0;
    bool good = scratch != NULL && apart != NULL;
    for (size_t i = 0; good && i < c->count; i++) {
        const result *both[] = {c->items[i].old_one, c->items[i].new_one};
        for (int k = 0; k < 2; k++) {
            if (both[k]->count >= COMPARE_LEAST_REPETITIONS) {
                apart[count++] = unrest(both[k], scratch);
            }
        }
    }
    if (count > 0) {
        c->floor = fmax(COMPARE_LEAST_FLOOR, expm1(statistics_quantile(apart, count, 0.95)));
    }
    free(apart);
    free(scratch);
    return good;
}

/* ---- one benchmark ------------------------------------------------------------------------ */

static compare_outcome outcome_of(const comparison *c, double floor) {
    if (c->old_one->count < COMPARE_LEAST_REPETITIONS ||
        c->new_one->count < COMPARE_LEAST_REPETITIONS) {
        return COMPARE_UNTESTED;
    }
    double least = fmin(c->median_ratio, c->min_ratio), most = fmax(c->median_ratio, c->min_ratio);
    if (c->p >= COMPARE_SIGNIFICANT) {
        return COMPARE_UNCHANGED;
    }
    return least > 1 + floor        ? COMPARE_REGRESSED
           : most < 1 / (1 + floor) ? COMPARE_IMPROVED
                                    : COMPARE_UNCHANGED;
}

static const result *find(const results *r, const char *name) {
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->items[i].name, name) == 0 && r->items[i].min > 0) {
            return &r->items[i];
        }
    }
    return NULL;
}

static void pair_up(compare *c, const results *old_run, const results *new_run) {
    for (size_t i = 0; i < new_run->count; i++) {
        const result *new_one = &new_run->items[i];
        const result *old_one = new_one->min > 0 ? find(old_run, new_one->name) : NULL;
        if (old_one == NULL) {
            continue;
        }
        c->items[c->count++] = (comparison){
            .old_one = old_one,
            .new_one = new_one,
            .median_ratio = new_one->median / old_one->median,
            .min_ratio = new_one->min / old_one->min,
            .p = statistics_mann_whitney(old_one->seconds, old_one->count, new_one->seconds,
                                         new_one->count),
        };
    }
}

bool compare_make(compare *c, const results *old_run, const results *new_run) {
    *c = (compare){.items = calloc(new_run->count + 1, sizeof *c->items)};
    if (c->items == NULL) {
        return false;
    }
    pair_up(c, old_run, new_run);
    if (!find_floor(c)) {
        compare_free(c);
        return false;
    }
    for (size_t i = 0; i < c->count; i++) {
        comparison *item = &c->items[i];
        item->outcome = outcome_of(item, c->floor);
        if (item->new_one->ours) {
            c->ours[item->outcome]++;
        }
        geometric_mean_add(item->new_one->ours ? &c->mean : &c->peers, item->median_ratio);
    }
    return true;
}

void compare_free(compare *c) {
    free(c->items);
    *c = (compare){0};
}
