/* Results as Markdown: a page to post. */
#include <stdio.h>
#include <string.h>

#include "report/output.h"
#include "report/regret.h"
#include "report/result.h"
#include "report/table.h"
#include "report/verdict.h"

static bool put_facts(FILE *file, const results *r) {
    static const table_column columns[] = {{"what", false}, {"value", false}};
    table t;
    table_begin(&t, "Machine", columns, 2);
    for (size_t i = 0; i < r->fact_count; i++) {
        table_add(&t, "%s", r->facts[i].key);
        table_add(&t, "%s", r->facts[i].value);
    }
    return table_hand_out(file, &t, table_markdown);
}

static bool put_limits(FILE *file, const results *r) {
    static const table_column columns[] = {
        {"limit", false}, {"of", false}, {"threads", true}, {"rate", true}};
    table t;
    table_begin(&t, "Limits", columns, 4);
    for (size_t i = 0; i < r->limit_count; i++) {
        const limit *l = &r->limits[i];
        bool flops = strcmp(l->kind, "flops") == 0;
        table_add(&t, "%s", flops ? "multiply-adds" : l->kind);
        table_add(&t, "%s", l->where);
        table_add(&t, "%d", l->threads);
        table_add(&t, "%.1f %s", l->rate * 1e-9, flops ? "GFLOP/s" : "GB/s");
    }
    return table_hand_out(file, &t, table_markdown);
}

static void add_result(table *t, const result *r) {
    table_add(t, "%s", r->name);
    if (*r->error != '\0') {
        table_add(t, "%s", r->error);
        for (int i = 0; i < 4; i++) {
            table_add(t, " ");
        }
        return;
    }
    const bool moves = result_moves(r);
    table_add(t, "%s", duration_of(r->min).text);
    table_add(t, "%s", duration_of(r->median).text);
    table_add(t, "%.1f %s", (moves ? r->bytes : r->flops) / r->min * 1e-9,
              moves ? "GB/s" : "GFLOP/s");
    table_add(t, "%.1f %% %s", 100 * r->bound_seconds / r->min, r->bound);
    table_add(t, "%s", r->kernel);
}

static bool put_results(FILE *file, const results *r) {
    static const table_column columns[] = {{"benchmark", false},   {"min", true},
                                           {"median", true},       {"rate", true},
                                           {"of the limit", true}, {"kernel", false}};
    table t;
    table_begin(&t, "Benchmarks", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->count; i++) {
        add_result(&t, &r->items[i]);
    }
    return table_hand_out(file, &t, table_markdown);
}

bool results_write_markdown(const results *r, const char *path, char *why, size_t size) {
    output out;
    if (!output_open(&out, path, why, size)) {
        return false;
    }
    FILE *file = out.file;
    if (put_facts(file, r) && put_limits(file, r) && fusion_write(file, r, table_markdown) &&
        verdict_write(file, r, table_markdown) && regret_write(file, r, table_markdown) &&
        put_results(file, r)) {
        return output_close(&out, why, size);
    }
    output_discard(&out);
    snprintf(why, size, "%s: out of memory", path);
    return false;
}
