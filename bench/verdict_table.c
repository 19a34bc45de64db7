/* The verdict as tables. */
#include <math.h>
#include <string.h>

#include "duration.h"
#include "verdict.h"

/* ---- the table ---------------------------------------------------------------------------- */

static const table_column columns[] = {
    {"work",
     "the operation and its shape: channels x rows x columns - output channels (-dw: "
     "depthwise), then s stride, p padding, d dilation, g groups where unusual",
     false},
    {"threads", NULL, true},
    {"nchw: ours", "our fastest time on plain NCHW tensors", true},
    {"fastest peer",
     "the fastest other library that takes and gives plain NCHW tensors, its "
     "conversions counted",
     false},
    {"ratio", "its time divided by ours: above 1 ours is faster", true},
    {"nhwc: ours", "our fastest time on plain NHWC tensors", true},
    {"fastest peer", "the fastest other library on plain NHWC tensors", false},
    {"ratio", "its time divided by ours", true},
    {"any layout: peer",
     "the fastest other library in whatever layout suits it; `own` is an inner "
     "layout of its own, conversions not counted",
     false},
    {"ratio", "its time divided by our faster one of the two plain layouts", true},
};

static void add_time(table *t, const result *r) {
    if (r != NULL) {
        table_add(t, TABLE_PLAIN, r->min, "%s", duration_of(r->min).text);
    } else {
        table_add(t, TABLE_QUIET, NAN, "-");
    }
}

static void add_peer(table *t, const result *r, bool with_layout) {
    if (r == NULL) {
        table_add(t, TABLE_QUIET, NAN, "-");
        return;
    }
    table_add(t, TABLE_PLAIN, r->min, "%s %s%s%s", duration_of(r->min).text, r->implementation,
              with_layout ? " " : "", with_layout ? r->layout : "");
}

static void add_ratio(table *t, double ratio) {
    static const table_mood moods[] = {TABLE_BAD, TABLE_PLAIN, TABLE_GOOD};
    if (ratio > 0) {
        table_add(t, moods[1 + verdict_compare(ratio)], ratio, "%.2f", ratio);
    } else {
        table_add(t, TABLE_QUIET, NAN, "-");
    }
}

static void add_row(table *t, const verdict_row *row) {
    table_add(t, TABLE_PLAIN, 0, "%s %s%s", row->operation, row->shape, row->cold ? " cold" : "");
    table_add(t, TABLE_PLAIN, row->threads, "%d", row->threads);
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        const verdict_pair *pair = &row->pair[sense];
        if (sense != VERDICT_ANY) {
            add_time(t, pair->ours);
        }
        add_peer(t, pair->theirs, sense == VERDICT_ANY);
        add_ratio(t, pair->ratio);
    }
}

/* The smallest number of threads above `last`; 0: none. */
static int next_threads(const verdict *v, int last) {
    int next = 0;
    for (size_t i = 0; i < v->row_count; i++) {
        int threads = v->rows[i].threads;
        if (threads > last && (next == 0 || threads < next)) {
            next = threads;
        }
    }
    return next;
}

static void add_mean(table *t, const verdict *v, int threads) {
    table_add_text(t, "geometric mean");
    if (threads > 0) {
        table_add(t, TABLE_PLAIN, threads, "%d", threads);
    } else {
        table_add_text(t, "all");
    }
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        verdict_summary s = verdict_sum_up(v, sense, threads);
        if (sense != VERDICT_ANY) {
            table_add_text(t, "");
        }
        table_add(t, TABLE_PLAIN, 0, "faster %zu, slower %zu", s.faster, s.slower);
        add_ratio(t, s.mean);
    }
    t->footer_rows++;
}

static void add_worst(table *t, const verdict *v) {
    table_add_text(t, "worst case");
    table_add_text(t, "");
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        const verdict_row *worst = v->summary[sense].worst;
        if (sense != VERDICT_ANY) {
            table_add_text(t, "");
        }
        if (worst != NULL) {
            table_add(t, TABLE_PLAIN, 0, "%s t%d", worst->shape, worst->threads);
        } else {
            table_add(t, TABLE_QUIET, NAN, "-");
        }
        add_ratio(t, worst != NULL ? worst->pair[sense].ratio : 0);
    }
    t->footer_rows++;
}

void verdict_fill(table *t, const verdict *v) {
    table_begin(
        t, "Against the fastest other library (ratio: its time / ours, above 1 ours is faster)",
        columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < v->row_count; i++) {
        add_row(t, &v->rows[i]);
    }
    const int fewest = next_threads(v, 0);
    if (next_threads(v, fewest) > 0) {
        for (int threads = fewest; threads > 0; threads = next_threads(v, threads)) {
            add_mean(t, v, threads);
        }
    }
    add_mean(t, v, 0);
    add_worst(t, v);
}

/* ---- what was not timed ------------------------------------------------------------------- */

static const table_column untimed_columns[] = {{"implementation", NULL, false},
                                               {"layout", NULL, false},
                                               {"benchmarks", NULL, true},
                                               {"the first one's shape", NULL, false},
                                               {"why", NULL, false}};

/* Once for each implementation, layout and reason. */
void verdict_fill_untimed(table *t, const results *r) {
    table_begin(t, "Not timed", untimed_columns, sizeof untimed_columns / sizeof *untimed_columns);
    for (size_t i = 0; i < r->count; i++) {
        const result *first = &r->items[i];
        size_t before = 0, count = 0;
        for (size_t k = 0; k < r->count; k++) {
            const result *other = &r->items[k];
            bool same = strcmp(other->implementation, first->implementation) == 0 &&
                        strcmp(other->layout, first->layout) == 0 &&
                        strcmp(other->error, first->error) == 0;
            before += same && k < i;
            count += same;
        }
        if (*first->error != '\0' && before == 0) {
            table_add_text(t, first->implementation);
            table_add_text(t, first->layout);
            table_add(t, TABLE_PLAIN, (double)count, "%zu", count);
            table_add_text(t, first->shape);
            table_add_text(t, first->error);
        }
    }
}

/* ---- in print ----------------------------------------------------------------------------- */

typedef bool table_writer(FILE *, const table *);

static bool write_table(FILE *file, table *t, table_writer *write) {
    bool good = true;
    if (t->failed || table_rows(t) > 0) {
        fputc('\n', file);
        good = write(file, t);
    }
    table_free(t);
    return good;
}

static bool write_verdict(FILE *file, const results *r, table_writer *write) {
    verdict v;
    table t;
    if (!verdict_make(&v, r)) {
        return false;
    }
    bool good = true;
    if (v.row_count > 0) {
        verdict_fill(&t, &v);
        good = write_table(file, &t, write);
        verdict_fill_untimed(&t, r);
        good = write_table(file, &t, write) && good;
    }
    verdict_free(&v);
    return good;
}

bool verdict_print(FILE *file, const results *r) {
    return write_verdict(file, r, table_print);
}

bool verdict_markdown(FILE *file, const results *r) {
    return write_verdict(file, r, table_markdown);
}
