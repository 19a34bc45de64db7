#include <math.h>
#include <string.h>

#include "compare.h"
#include "duration.h"
#include "table.h"

/* What a limit may differ by, from run to run on one machine. */
#define LIMIT_TOLERANCE 0.05

#define LOUD_FLOOR 0.05

static const char *const outcome_names[COMPARE_OUTCOMES] = {"", "untested", "faster", "SLOWER"};

/* ---- are these runs of one machine? ------------------------------------------------------- */

static void put_difference(FILE *file, size_t *count, const char *what, const char *old_text,
                           const char *new_text) {
    if ((*count)++ == 0) {
        fputs("\nThe runs were not made alike; the comparison is of this as well:\n", file);
    }
    fprintf(file, "  %s: %s -> %s\n", what, old_text, new_text);
}

static void put_part(FILE *file, const char *which, const results *r) {
    const char *how = results_fact(r, RESULT_INTERRUPTED);
    if (how != NULL) {
        fprintf(file, "\nThe %s run is a part of one, interrupted %s\n", which, how);
    }
}

/* Of the moment, not of the machine. */
static bool is_passing(const char *key) {
    return strcmp(key, "date") == 0 || strcmp(key, "load") == 0 ||
           strcmp(key, RESULT_INTERRUPTED) == 0;
}

static void put_facts(FILE *file, size_t *count, const results *old_run, const results *new_run) {
    for (size_t i = 0; i < new_run->fact_count; i++) {
        const fact *f = &new_run->facts[i];
        const char *before = results_fact(old_run, f->key);
        if (before != NULL && !is_passing(f->key) && strcmp(before, f->value) != 0) {
            put_difference(file, count, f->key, before, f->value);
        }
    }
}

static void put_limits(FILE *file, size_t *count, const results *old_run, const results *new_run) {
    for (size_t i = 0; i < new_run->limit_count; i++) {
        const limit *l = &new_run->limits[i];
        const limit *before = results_limit(old_run, l->kind, l->where, l->threads);
        if (before == NULL || !(before->rate > 0) || !(l->rate > 0) ||
            fabs(log(l->rate / before->rate)) < log1p(LIMIT_TOLERANCE)) {
            continue;
        }
        char what[96], old_text[32], new_text[32];
        const char *unit = strcmp(l->kind, "flops") == 0 ? "GFLOP/s" : "GB/s";
        snprintf(what, sizeof what, "%s %s, threads: %d", l->kind, l->where, l->threads);
        snprintf(old_text, sizeof old_text, "%.1f %s", before->rate * 1e-9, unit);
        snprintf(new_text, sizeof new_text, "%.1f %s", l->rate * 1e-9, unit);
        put_difference(file, count, what, old_text, new_text);
    }
}

/* ---- the table ---------------------------------------------------------------------------- */

static const table_column columns[] = {
    {"benchmark", NULL, false},  {"old median", NULL, true},
    {"new median", NULL, true},  {"median new/old", NULL, true},
    {"min new/old", NULL, true}, {"p", NULL, true},
    {"", NULL, false},
};

static void add_row(table *t, const comparison *c) {
    static const table_mood moods[COMPARE_OUTCOMES] = {TABLE_PLAIN, TABLE_QUIET, TABLE_GOOD,
                                                       TABLE_BAD};
    table_add_text(t, c->new_one->name);
    table_add_text(t, duration_of(c->old_one->median).text);
    table_add_text(t, duration_of(c->new_one->median).text);
    table_add(t, moods[c->outcome], c->median_ratio, "%.3f", c->median_ratio);
    table_add(t, moods[c->outcome], c->min_ratio, "%.3f", c->min_ratio);
    if (c->outcome == COMPARE_UNTESTED) {
        table_add_text(t, "-");
    } else {
        table_add(t, TABLE_PLAIN, c->p, c->p < 0.0001 ? "%.0e" : "%.4f", c->p);
    }
    table_add(t, moods[c->outcome], c->outcome, "%s%s", outcome_names[c->outcome],
              c->new_one->ours ? "" : " (peer)");
}

/* What changed comes last, next to the summary. */
static bool put_table(FILE *file, const compare *c) {
    table t;
    table_begin(&t, "Time of the new run over that of the old one (below 1: faster now)", columns,
                sizeof columns / sizeof *columns);
    for (int outcome = 0; outcome < COMPARE_OUTCOMES; outcome++) {
        for (size_t i = 0; i < c->count; i++) {
            if ((int)c->items[i].outcome == outcome) {
                add_row(&t, &c->items[i]);
            }
        }
    }
    bool good = table_print(file, &t);
    table_free(&t);
    return good;
}

static void put_summary(FILE *file, const compare *c) {
    fprintf(file, "\n%zu faster, %zu slower, %zu unchanged; geometric mean of new/old %.3f\n",
            c->ours[COMPARE_IMPROVED], c->ours[COMPARE_REGRESSED], c->ours[COMPARE_UNCHANGED],
            geometric_mean_value(&c->mean));
    if (c->ours[COMPARE_UNTESTED] > 0) {
        fprintf(file, "%zu untested: a verdict takes at least %d repetitions in both runs\n",
                c->ours[COMPARE_UNTESTED], COMPARE_LEAST_REPETITIONS);
    }
    fprintf(
        file,
        "changed: p < %g (Mann-Whitney), median and minimum both by more than the noise floor,\n"
        "%.1f %% (how far apart 95 %% of the benchmarks' two halves are; at least %g %%)\n",
        COMPARE_SIGNIFICANT, 100 * c->floor, 100 * COMPARE_LEAST_FLOOR);
    if (c->floor > LOUD_FLOOR) {
        fputs("So much noise hides most changes: try a quiet machine, or more repetitions.\n",
              file);
    }
    if (c->peers.count > 0) {
        fprintf(file, "the peers, as a check: geometric mean of new/old %.3f over %zu\n",
                geometric_mean_value(&c->peers), c->peers.count);
    }
}

compare_status compare_print(FILE *file, const results *old_run, const results *new_run) {
    compare c;
    if (!compare_make(&c, old_run, new_run)) {
        return COMPARE_FAILED;
    }
    compare_status status = c.ours[COMPARE_REGRESSED] > 0 ? COMPARE_SLOWER : COMPARE_OK;
    if (c.count == 0) {
        fputs("Nothing to compare: the two runs have no benchmark in common\n", file);
        status = COMPARE_FAILED;
    } else if (put_table(file, &c)) {
        size_t differences = 0;
        put_summary(file, &c);
        put_part(file, "old", old_run);
        put_part(file, "new", new_run);
        put_facts(file, &differences, old_run, new_run);
        put_limits(file, &differences, old_run, new_run);
    } else {
        status = COMPARE_FAILED;
    }
    compare_free(&c);
    return status;
}
