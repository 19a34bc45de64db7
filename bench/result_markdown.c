/* Results as Markdown: a page to post. */
#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "fusion.h"
#include "output.h"
#include "result.h"
#include "table.h"
#include "verdict.h"

static bool put_facts(FILE *file, const results *r) {
    static const table_column columns[] = {{.title = "what"}, {.title = "value"}};
    table t;
    table_begin(&t, "Machine", columns, 2);
    for (size_t i = 0; i < r->fact_count; i++) {
        table_add_text(&t, r->facts[i].key);
        table_add_text(&t, r->facts[i].value);
    }
    bool good = table_markdown(file, &t);
    table_free(&t);
    return good;
}

static bool put_limits(FILE *file, const results *r) {
    static const table_column columns[] = {{.title = "limit"},
                                           {.title = "of"},
                                           {.title = "threads", .number = true},
                                           {.title = "rate", .number = true}};
    table t;
    table_begin(&t, "Limits", columns, 4);
    for (size_t i = 0; i < r->limit_count; i++) {
        const limit *l = &r->limits[i];
        bool flops = strcmp(l->kind, "flops") == 0;
        table_add_text(&t, flops ? "multiply-adds" : l->kind);
        table_add_text(&t, l->where);
        table_add(&t, TABLE_PLAIN, l->threads, "%d", l->threads);
        table_add(&t, TABLE_PLAIN, l->rate, "%.1f %s", l->rate * 1e-9, flops ? "GFLOP/s" : "GB/s");
    }
    bool good = table_markdown(file, &t);
    table_free(&t);
    return good;
}

static void add_result(table *t, const result *r) {
    table_add_text(t, r->name);
    if (*r->error != '\0') {
        table_add_text(t, r->error);
        for (int i = 0; i < 4; i++) {
            table_add_text(t, "");
        }
        return;
    }
    bool moves = result_moves(r);
    double rate = (moves ? r->bytes : r->flops) / r->min;
    table_add(t, TABLE_PLAIN, r->min, "%s", duration_of(r->min).text);
    table_add(t, TABLE_PLAIN, r->median, "%s", duration_of(r->median).text);
    table_add(t, TABLE_PLAIN, rate, "%.1f %s", rate * 1e-9, moves ? "GB/s" : "GFLOP/s");
    table_add(t, TABLE_PLAIN, r->bound_seconds / r->min, "%.1f %% %s",
              100 * r->bound_seconds / r->min, r->bound);
    table_add_text(t, r->kernel);
}

static bool put_results(FILE *file, const results *r) {
    static const table_column columns[] = {
        {.title = "benchmark"},
        {.title = "min", .number = true},
        {.title = "median", .number = true},
        {.title = "rate", .number = true},
        {.title = "of the limit", .number = true},
        {.title = "kernel"},
    };
    table t;
    table_begin(&t, "Benchmarks", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->count; i++) {
        add_result(&t, &r->items[i]);
    }
    bool good = table_markdown(file, &t);
    table_free(&t);
    return good;
}

bool results_write_markdown(const results *r, const char *path, char *why, size_t size) {
    output out;
    if (!output_open(&out, path, why, size)) {
        return false;
    }
    bool filled = true;
    bool (*const parts[])(FILE *, const results *) = {put_facts, put_limits, fusion_markdown,
                                                      verdict_markdown, put_results};
    for (size_t i = 0; filled && i < sizeof parts / sizeof *parts; i++) {
        filled = parts[i](out.file, r);
        fputc('\n', out.file);
    }
    if (!filled) {
        output_discard(&out);
        snprintf(why, size, "%s: out of memory", path);
        return false;
    }
    return output_close(&out, why, size);
}
