#include "fusion.h"

#include <math.h>
#include <string.h>

#include "duration.h"

static const char unfused[] = "/unfused";

static const table_column columns[] = {
    {"convolution, ReLU and pooling", NULL, false},
    {"one call", "our convolution with the pooling in it", true},
    {"two calls", "our convolution, then our pooling", true},
    {"ratio", "the time of two calls divided by that of one: above 1 fusing is faster", true},
};

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

static void add_row(table *t, const result *one, const result *two) {
    static const table_mood moods[] = {TABLE_BAD, TABLE_PLAIN, TABLE_GOOD};
    table_add_text(t, one->name);
    if (!(one->min > 0)) {
        table_add(t, TABLE_QUIET, NAN, "%s", result_is_not_offered(one) ? "not offered" : "failed");
        table_add_text(t, duration_of(two->min).text);
        table_add(t, TABLE_QUIET, NAN, "-");
        return;
    }
    const double ratio = two->min / one->min;
    table_add(t, TABLE_PLAIN, one->min, "%s", duration_of(one->min).text);
    table_add(t, TABLE_PLAIN, two->min, "%s", duration_of(two->min).text);
    table_add(t, moods[1 + (ratio >= 1.005) - (ratio < 0.995)], ratio, "%.2f", ratio);
}

void fusion_fill(table *t, const results *r) {
    table_begin(t, "Pooling fused into the convolution (ratio: two calls / one)", columns,
                sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->count; i++) {
        const result *two = &r->items[i];
        const char *word = two->ours && two->min > 0 ? strstr(two->name, unfused) : NULL;
        const result *one = word != NULL ? in_one_call(r, two->name, word) : NULL;
        if (one != NULL) {
            add_row(t, one, two);
        }
    }
}

typedef bool table_writer(FILE *, const table *);

static bool write_table(FILE *file, const results *r, table_writer *write) {
    table t;
    bool good = true;
    fusion_fill(&t, r);
    if (t.failed || table_rows(&t) > 0) {
        fputc('\n', file);
        good = write(file, &t);
    }
    table_free(&t);
    return good;
}

bool fusion_print(FILE *file, const results *r) {
    return write_table(file, r, table_print);
}

bool fusion_markdown(FILE *file, const results *r) {
    return write_table(file, r, table_markdown);
}
