#include "page_tables.h"

#include <math.h>
#include <string.h>

#include "duration.h"

static const table_column result_columns[] = {
    {"benchmark",
     "operation/implementation/layout/shape/threads; the name by which it is run "
     "again",
     false},
    {"kernel", "what ran: of ours, family, instruction set and tile", false},
    {"min", "time of one run: the fastest repetition", true},
    {"median", "time of one run: the middle repetition", true},
    {"GFLOP/s",
     "multiplications and additions of the direct method, whatever the algorithm, by the "
     "fastest repetition",
     true},
    {"GB/s", "bytes of src, weights and dst, by the fastest repetition", true},
    {"% of limit",
     "how near to the roofline: the least time that the measured peak or bandwidth "
     "allows, divided by the fastest repetition; more than 100 is possible for "
     "algorithms with fewer operations",
     true},
    {"limit",
     "what that least time comes from: compute (the peak of multiply-adds) or memory (the "
     "bandwidth where the data fit)",
     false},
    {"x plain C", "how many times faster than plain C loops on one thread", true},
};

static void add_number(table *t, double value, int decimals) {
    if (value > 0) {
        table_add(t, TABLE_PLAIN, value, "%.*f", decimals, value);
    } else {
        table_add(t, TABLE_QUIET, NAN, "-");
    }
}

static void add_result(table *t, const result *r) {
    table_add_text(t, r->name);
    if (!(r->min > 0)) {
        table_add(t, TABLE_BAD, 0, "not timed: %s", *r->error != '\0' ? r->error : "no result");
        for (size_t i = 2; i < t->column_count; i++) {
            table_add(t, TABLE_QUIET, NAN, "-");
        }
        return;
    }
    const double times = r->reference_seconds / r->min;
    table_add_text(t, r->kernel);
    table_add(t, TABLE_PLAIN, r->min, "%s", duration_of(r->min).text);
    table_add(t, TABLE_PLAIN, r->median, "%s", duration_of(r->median).text);
    add_number(t, r->flops / r->min * 1e-9, 1);
    add_number(t, r->bytes / r->min * 1e-9, 1);
    add_number(t, 100 * r->bound_seconds / r->min, 1);
    table_add_text(t, r->bound);
    add_number(t, times, times < 100 ? 1 : 0);
}

void page_fill_results(table *t, const results *r) {
    table_begin(t, "Every measurement", result_columns,
                sizeof result_columns / sizeof *result_columns);
    for (size_t i = 0; i < r->count; i++) {
        /* What a peer does not offer is told once, below the verdict. */
        if (r->items[i].ours || r->items[i].min > 0) {
            add_result(t, &r->items[i]);
        }
    }
}

static const table_column fact_columns[] = {{"", NULL, false}, {"this run", NULL, false}};

void page_fill_facts(table *t, const results *r) {
    table_begin(t, "The machine", fact_columns, 2);
    for (size_t i = 0; i < r->fact_count; i++) {
        table_add_text(t, r->facts[i].key);
        table_add_text(t, r->facts[i].value);
    }
}

static const table_column limit_columns[] = {{"limit", NULL, false},
                                             {"threads", NULL, true},
                                             {"rate", NULL, true},
                                             {"working set", NULL, true}};

static void add_bytes(table *t, double bytes) {
    if (bytes >= 1 << 20) {
        table_add(t, TABLE_PLAIN, bytes, "%.0f MiB", bytes / (1 << 20));
    } else if (bytes > 0) {
        table_add(t, TABLE_PLAIN, bytes, "%.0f KiB", bytes / 1024);
    } else {
        table_add(t, TABLE_QUIET, NAN, "-");
    }
}

void page_fill_limits(table *t, const results *r) {
    table_begin(t, "What it can do at most, measured in this run", limit_columns,
                sizeof limit_columns / sizeof *limit_columns);
    for (size_t i = 0; i < r->limit_count; i++) {
        const limit *l = &r->limits[i];
        const bool flops = strcmp(l->kind, "flops") == 0;
        if (flops) {
            table_add(t, TABLE_PLAIN, 0, "multiply-adds, %s", l->where);
        } else {
            table_add(t, TABLE_PLAIN, 0, "%s, %s", l->kind, l->where);
        }
        table_add(t, TABLE_PLAIN, l->threads, "%d", l->threads);
        table_add(t, TABLE_PLAIN, l->rate, "%.1f %s", l->rate * 1e-9, flops ? "GFLOP/s" : "GB/s");
        add_bytes(t, l->bytes);
    }
}
