/* The verdict, and what fusing brings, as tables. */
#include <string.h>

#include "report/verdict.h"

/* ---- against the fastest other library ---------------------------------------------------- */

static const table_column columns[] = {
    {"work", false},         {"threads", true}, {"nchw: ours", true},
    {"fastest peer", false}, {"ratio", true},   {"nhwc: ours", true},
    {"fastest peer", false}, {"ratio", true},   {"any layout: peer", false},
    {"ratio", true},
};

static void add_peer(table *t, const result *r, bool with_layout) {
    if (r == NULL) {
        table_add(t, "-");
        return;
    }
    table_add(t, "%s %s%s%s", duration_of(r->min).text, r->implementation, with_layout ? " " : "",
              with_layout ? r->layout : "");
}

static void add_ratio(table *t, double ratio) {
    if (ratio > 0) {
        table_add(t, "%.2f", ratio);
    } else {
        table_add(t, "-");
    }
}

static void add_verdict_row(table *t, const verdict_row *row) {
    table_add(t, "%s %s%s", row->operation, row->shape, row->cold ? " cold" : "");
    table_add(t, "%d", row->threads);
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        const verdict_pair *pair = &row->pair[sense];
        if (sense != VERDICT_ANY) {
            table_add(t, "%s", pair->ours != NULL ? duration_of(pair->ours->min).text : "-");
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

/* Of all numbers of threads if it is 0. */
static void add_mean(table *t, const verdict *v, int threads) {
    table_add(t, "geometric mean");
    if (threads > 0) {
        table_add(t, "%d", threads);
    } else {
        table_add(t, "all");
    }
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        verdict_summary s = verdict_sum_up(v, sense, threads);
        if (sense != VERDICT_ANY) {
            table_add(t, " ");
        }
        table_add(t, "faster %zu, slower %zu", s.faster, s.slower);
        add_ratio(t, s.mean);
    }
    t->footer_rows++;
}

static void add_worst(table *t, const verdict *v) {
    table_add(t, "worst case");
    table_add(t, " ");
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        const verdict_row *worst = v->summary[sense].worst;
        if (sense != VERDICT_ANY) {
            table_add(t, " ");
        }
        if (worst != NULL) {
            table_add(t, "%s t%d", worst->shape, worst->threads);
        } else {
            table_add(t, "-");
        }
        add_ratio(t, worst != NULL ? worst->pair[sense].ratio : 0);
    }
    t->footer_rows++;
}

static void fill_verdict(table *t, const verdict *v) {
    table_begin(
        t, "Against the fastest other library (ratio: its time / ours, above 1 ours is faster)",
        columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < v->row_count; i++) {
        add_verdict_row(t, &v->rows[i]);
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

static const table_column untimed_columns[] = {{"implementation", false},
                                               {"layout", false},
                                               {"benchmarks", true},
                                               {"the first one's shape", false},
                                               {"why", false}};

/* Once for each implementation, layout and reason. */
static void fill_untimed(table *t, const results *r) {
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
            table_add(t, "%s", first->implementation);
            table_add(t, "%s", first->layout);
            table_add(t, "%zu", count);
            table_add(t, "%s", first->shape);
            table_add(t, "%s", first->error);
        }
    }
}

bool verdict_write(FILE *file, const results *r, table_writer *write) {
    verdict v;
    table t;
    if (!verdict_make(&v, r)) {
        return false;
    }
    bool good = true;
    if (v.row_count > 0) {
        fill_verdict(&t, &v);
        good = table_hand_out(file, &t, write);
        fill_untimed(&t, r);
        good = table_hand_out(file, &t, write) && good;
    }
    verdict_free(&v);
    return good;
}

/* ---- fused poolings ----------------------------------------------------------------------- */

static const char unfused[] = "/unfused";

static const table_column fusion_columns[] = {{"convolution, ReLU and pooling", false},
                                              {"one call", true},
                                              {"two calls", true},
                                              {"ratio", true}};

/* The benchmark of that name without "/unfused"; NULL: there is none. */
static const result *in_one_call(const results *r, const char *name, const char *word) {
    const size_t before = (size_t)(word - name);
    for (size_t i = 0; i < r->count; i++) {
        const char *other = r->items[i].name;
        if (strncmp(other, name, before) == 0 &&
            strcmp(other + before, word + strlen(unfused)) == 0) {
            return &r->items[i];
        }
    }
    return NULL;
}

static void add_fusion_row(table *t, const result *one, const result *two) {
    const bool timed = one->min > 0;
    table_add(t, "%s", one->name);
    table_add(t, "%s",
              timed                        ? duration_of(one->min).text
              : result_is_not_offered(one) ? "not offered"
                                           : "failed");
    table_add(t, "%s", duration_of(two->min).text);
    add_ratio(t, timed ? two->min / one->min : 0);
}

bool fusion_write(FILE *file, const results *r, table_writer *write) {
    table t;
    table_begin(&t, "Pooling fused into the convolution (ratio: two calls / one)", fusion_columns,
                sizeof fusion_columns / sizeof *fusion_columns);
    for (size_t i = 0; i < r->count; i++) {
        const result *two = &r->items[i];
        const char *word = two->ours && two->min > 0 ? strstr(two->name, unfused) : NULL;
        const result *one = word != NULL ? in_one_call(r, two->name, word) : NULL;
        if (one != NULL) {
            add_fusion_row(&t, one, two);
        }
    }
    return table_hand_out(file, &t, write);
}
