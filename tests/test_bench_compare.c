/* What ninetap-bench makes of its measurements: statistics, the verdict, the comparison of two
 * runs, tables and pages, pictures' scripts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "crossover.h"
#include "drawing.h"
#include "fusion.h"
#include "html.h"
#include "page.h"
#include "plot.h"
#include "room.h"
#include "statistics.h"
#include "support/suite.h"
#include "table.h"
#include "theme.h"
#include "verdict.h"

/* ---- support ---- */

static bool near(double value, double expected) {
    return fabs(value - expected) <= 1e-9 * fabs(expected);
}

/* What was written to a stream, kept until the next one is opened. */
static char *written;

static FILE *text_open(void) {
    static size_t size;
    free(written);
    written = NULL;
    FILE *file = open_memstream(&written, &size);
    REQUIRE(file != NULL);
    return file;
}

static bool has(const char *text, const char *part) {
    return strstr(text, part) != NULL;
}

static int occurrences(const char *text, const char *part) {
    int count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* A result of `seconds`, each 1 + i % 5 / 1000 times `time`, so that min is `time`. */
static void add(results *r, const char *name, const char *implementation, const char *layout,
                const char *shape, int threads, double time, size_t repetitions) {
    double seconds[64];
    REQUIRE(repetitions <= 64);
    for (size_t i = 0; i < repetitions; i++)
        seconds[i] = time * (1 + (double)(i % 5) / 1000);
    const bool ours = strcmp(implementation, "avx2") == 0 || strcmp(implementation, "sse2") == 0;
    const result one = {.name = name,
                        .operation = "conv3x3",
                        .implementation = implementation,
                        .layout = layout,
                        .shape = shape,
                        .algorithm = "",
                        .kernel = "kernel",
                        .ours = ours,
                        .threads = threads,
                        .count = time > 0 ? repetitions : 0,
                        .seconds = seconds,
                        .min = time,
                        .median = time * 1.002,
                        .flops = 1e6,
                        .bytes = 1e5,
                        .bound_seconds = time / 2,
                        .bound = "compute",
                        .error = time > 0 ? "" : "output [0][1] is <wrong>"};
    REQUIRE(results_add(r, &one));
}

/* ---- statistics ---- */

static void quantiles(void) {
    double odd[] = {5, 1, 3}, even[] = {4, 1, 3, 2}, one[] = {7}, twenty[20];
    REQUIRE(statistics_quantile(odd, 3, 0.5) == 3);
    REQUIRE(statistics_quantile(even, 4, 0.5) == 2.5);
    REQUIRE(even[0] == 1 && even[3] == 4);
    REQUIRE(statistics_quantile(one, 1, 0.5) == 7 && statistics_quantile(one, 1, 0.95) == 7);
    for (int i = 0; i < 20; i++)
        twenty[i] = 20 - i;
    REQUIRE(statistics_quantile(twenty, 20, 0.95) == 19);
    REQUIRE(statistics_quantile(twenty, 20, 0) == 1 && statistics_quantile(twenty, 20, 1) == 20);

    geometric_mean mean = {0};
    REQUIRE(geometric_mean_value(&mean) == 0);
    geometric_mean_add(&mean, 0.5);
    geometric_mean_add(&mean, 8);
    REQUIRE(near(geometric_mean_value(&mean), 2));
}

/* Expected: U's mean and variance over all ways to split the values in two, enumerated; the first
 * pair is also SciPy's example of its mannwhitneyu. */
static void mann_whitney(void) {
    const double males[] = {19, 22, 16, 29, 24}, females[] = {20, 11, 17, 12};
    REQUIRE(near(statistics_mann_whitney(males, 5, females, 4), 0.11134688653314048));
    REQUIRE(near(statistics_mann_whitney(females, 4, males, 5), 0.11134688653314048));
    const double a[] = {1, 2, 2, 3, 3, 4, 5}, b[] = {2, 3, 4, 5, 5, 6, 7};
    REQUIRE(near(statistics_mann_whitney(a, 7, b, 7), 0.0800924246840345));
    const double low[] = {1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6},
                 high[] = {2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6};
    REQUIRE(near(statistics_mann_whitney(low, 7, high, 7), 0.0021650293330383796));
}

static void mann_whitney_without_evidence(void) {
    const double a[] = {3, 3, 3, 3}, b[] = {3, 3, 3};
    REQUIRE(statistics_mann_whitney(a, 4, b, 3) == 1);
    REQUIRE(statistics_mann_whitney(a, 4, b, 0) == 1);
    REQUIRE(statistics_mann_whitney(a, 0, b, 3) == 1);
    REQUIRE(statistics_mann_whitney(a, 0, b, 0) == 1);
    const double same[] = {1, 2, 3, 4, 5};
    REQUIRE(statistics_mann_whitney(same, 5, same, 5) == 1);
}

/* ---- the verdict ---- */

/* Two shapes with peers, one of ours alone, one peer that is wrong. */
static results verdict_example(void) {
    results r = {0};
    add(&r, "a1", "avx2", "nchw", "64x56x56-64", 1, 2e-3, 3);
    add(&r, "a2", "sse2", "nchw", "64x56x56-64", 1, 4e-3, 3);
    add(&r, "a3", "avx2", "nhwc", "64x56x56-64", 1, 1e-3, 3);
    add(&r, "a4", "onednn", "nchw", "64x56x56-64", 1, 3e-3, 3);
    add(&r, "a5", "ncnn", "nchw", "64x56x56-64", 1, 1e-3, 3);
    add(&r, "a6", "onednn", "nhwc", "64x56x56-64", 1, 4e-3, 3);
    add(&r, "a7", "onednn", "own", "64x56x56-64", 1, 8e-4, 3);
    add(&r, "a8", "opencv", "nhwc", "64x56x56-64", 1, 0, 3);
    add(&r, "b1", "avx2", "nhwc", "3x224x224-64", 2, 1e-3, 3);
    add(&r, "b2", "xnnpack", "nhwc", "3x224x224-64", 2, 2e-3, 3);
    add(&r, "c1", "avx2", "nchw", "8x8x8-8", 1, 1e-6, 3);
    return r;
}

static void verdict_pairs(void) {
    results r = verdict_example();
    verdict v;
    REQUIRE(verdict_make(&v, &r));
    REQUIRE(v.row_count == 2);
    const verdict_row *a = &v.rows[0], *b = &v.rows[1];
    REQUIRE(strcmp(a->shape, "64x56x56-64") == 0 && a->threads == 1 && b->threads == 2);

    REQUIRE(strcmp(a->pair[VERDICT_NCHW].ours->name, "a1") == 0);
    REQUIRE(strcmp(a->pair[VERDICT_NCHW].theirs->name, "a5") == 0);
    REQUIRE(near(a->pair[VERDICT_NCHW].ratio, 0.5));
    REQUIRE(near(a->pair[VERDICT_NHWC].ratio, 4));
    REQUIRE(strcmp(a->pair[VERDICT_ANY].ours->name, "a3") == 0);
    REQUIRE(strcmp(a->pair[VERDICT_ANY].theirs->name, "a7") == 0);
    REQUIRE(near(a->pair[VERDICT_ANY].ratio, 0.8));

    REQUIRE(b->pair[VERDICT_NCHW].ours == NULL && b->pair[VERDICT_NCHW].ratio == 0);
    REQUIRE(near(b->pair[VERDICT_ANY].ratio, 2));
    verdict_free(&v);
    results_free(&r);
}

static void verdict_sums(void) {
    results r = verdict_example();
    verdict v;
    REQUIRE(verdict_make(&v, &r));
    const verdict_summary *nchw = &v.summary[VERDICT_NCHW], *any = &v.summary[VERDICT_ANY];
    REQUIRE(nchw->count == 1 && nchw->faster == 0 && nchw->slower == 1 && near(nchw->mean, 0.5));
    REQUIRE(any->count == 2 && any->faster == 1 && any->slower == 1);
    REQUIRE(near(any->mean, sqrt(0.8 * 2)));
    REQUIRE(any->worst == &v.rows[0]);
    REQUIRE(near(verdict_sum_up(&v, VERDICT_ANY, 2).mean, 2));
    REQUIRE(verdict_sum_up(&v, VERDICT_NCHW, 2).worst == NULL);
    REQUIRE(verdict_compare(1.004) == 0 && verdict_compare(0.996) == 0);
    REQUIRE(verdict_compare(1.006) == 1 && verdict_compare(0.994) == -1);
    verdict_free(&v);
    results_free(&r);
}

static void verdict_text(void) {
    results r = verdict_example(), none = {0};
    FILE *file = text_open();
    REQUIRE(verdict_print(file, &r));
    fclose(file);
    REQUIRE(has(written, "conv3x3 64x56x56-64") && has(written, "800 us onednn own"));
    REQUIRE(has(written, "geometric mean") && has(written, "worst case"));
    REQUIRE(has(written, "opencv") && has(written, "is <wrong>"));
    REQUIRE(!has(written, "8x8x8-8"));

    file = text_open();
    REQUIRE(verdict_print(file, &none) && verdict_markdown(file, &none));
    fclose(file);
    REQUIRE(*written == '\0');
    results_free(&r);
}

/* ---- two runs ---- */

enum { REPETITIONS = 12 };

static compare_outcome outcome(double ratio, size_t repetitions, bool peer) {
    results before = {0}, after = {0};
    const char *who = peer ? "onednn" : "avx2";
    add(&before, "x", who, "nchw", "8x8x8-8", 1, 1e-3, repetitions);
    add(&after, "x", who, "nchw", "8x8x8-8", 1, 1e-3 * ratio, repetitions);
    compare c;
    REQUIRE(compare_make(&c, &before, &after) && c.count == 1);
    const comparison item = c.items[0];
    REQUIRE(near(item.median_ratio, ratio) && near(item.min_ratio, ratio));
    REQUIRE(c.floor == COMPARE_LEAST_FLOOR);
    REQUIRE(c.ours[item.outcome] == (peer ? 0 : 1));
    REQUIRE((peer ? c.peers : c.mean).count == 1 && (peer ? c.mean : c.peers).count == 0);
    compare_free(&c);
    results_free(&before);
    results_free(&after);
    return item.outcome;
}

static void compare_outcomes(void) {
    REQUIRE(outcome(1, REPETITIONS, false) == COMPARE_UNCHANGED);
    REQUIRE(outcome(1.1, REPETITIONS, false) == COMPARE_REGRESSED);
    REQUIRE(outcome(0.9, REPETITIONS, false) == COMPARE_IMPROVED);
    REQUIRE(outcome(1.1, REPETITIONS, true) == COMPARE_REGRESSED);
    /* Significant, but below the floor. */
    REQUIRE(outcome(1.008, REPETITIONS, false) == COMPARE_UNCHANGED);
    REQUIRE(outcome(1.1, COMPARE_LEAST_REPETITIONS, false) == COMPARE_REGRESSED);
    REQUIRE(outcome(1.1, COMPARE_LEAST_REPETITIONS - 1, false) == COMPARE_UNTESTED);
    REQUIRE(outcome(1.1, 0, false) == COMPARE_UNTESTED); /* only aggregates were reported */
}

/* A run whose second half is 20 % slower can show no change of 10 %. */
static void compare_floor(void) {
    results before = {0}, after = {0};
    add(&before, "x", "avx2", "nchw", "8x8x8-8", 1, 1e-3, REPETITIONS);
    add(&after, "x", "avx2", "nchw", "8x8x8-8", 1, 1.1e-3, REPETITIONS);
    for (size_t i = REPETITIONS / 2; i < REPETITIONS; i++)
        after.items[0].seconds[i] *= 1.2;
    compare c;
    REQUIRE(compare_make(&c, &before, &after));
    REQUIRE(c.floor > 0.19 && c.floor < 0.21);
    REQUIRE(c.items[0].outcome == COMPARE_UNCHANGED);
    compare_free(&c);
    results_free(&before);
    results_free(&after);
}

/* The minimum says nothing changed: other work disturbed one of the runs. */
static void compare_minimum(void) {
    results before = {0}, after = {0};
    add(&before, "x", "avx2", "nchw", "8x8x8-8", 1, 1e-3, REPETITIONS);
    add(&after, "x", "avx2", "nchw", "8x8x8-8", 1, 1.1e-3, REPETITIONS);
    after.items[0].seconds[3] = after.items[0].min = 1e-3;
    compare c;
    REQUIRE(compare_make(&c, &before, &after));
    REQUIRE(c.items[0].p < COMPARE_SIGNIFICANT && c.items[0].outcome == COMPARE_UNCHANGED);
    compare_free(&c);
    results_free(&before);
    results_free(&after);
}

static void compare_text(void) {
    results before = {0}, after = {0}, none = {0};
    add(&before, "x", "avx2", "nchw", "8x8x8-8", 1, 1e-3, REPETITIONS);
    add(&before, "y", "avx2", "nchw", "8x8x8-8", 1, 0, REPETITIONS);
    add(&after, "x", "avx2", "nchw", "8x8x8-8", 1, 2e-3, REPETITIONS);
    add(&after, "y", "avx2", "nchw", "8x8x8-8", 1, 1e-3, REPETITIONS);
    add(&after, "z", "avx2", "nchw", "8x8x8-8", 1, 1e-3, REPETITIONS);
    REQUIRE(results_add_fact(&before, "CPU", "one") && results_add_fact(&after, "CPU", "other"));
    REQUIRE(results_add_fact(&before, "date", "1") && results_add_fact(&after, "date", "2"));
    REQUIRE(results_add_limit(&before, &(limit){"flops", "avx2", 1, 1e11, 0}));
    REQUIRE(results_add_limit(&after, &(limit){"flops", "avx2", 1, 8e10, 0}));

    FILE *file = text_open();
    REQUIRE(compare_print(file, &before, &after) == COMPARE_SLOWER);
    fclose(file);
    REQUIRE(has(written, "0 faster, 1 slower, 0 unchanged") && has(written, "SLOWER"));
    REQUIRE(has(written, "CPU: one -> other") && !has(written, "date"));
    REQUIRE(has(written, "100.0 GFLOP/s -> 80.0 GFLOP/s"));

    file = text_open();
    REQUIRE(compare_print(file, &before, &before) == COMPARE_OK);
    fclose(file);
    REQUIRE(!has(written, "not made alike"));

    file = text_open();
    REQUIRE(compare_print(file, &before, &none) == COMPARE_FAILED);
    REQUIRE(compare_print(file, &none, &before) == COMPARE_FAILED);
    fclose(file);
    results_free(&before);
    results_free(&after);
}

/* ---- tables and text ---- */

static const table_column two_columns[] = {{"a<b", "x > \"y\"", false}, {"n", NULL, true}};

static void tables(void) {
    table t;
    table_begin(&t, "T & t", two_columns, 2);
    table_add_text(&t, "<i>|\n");
    table_add(&t, TABLE_BAD, 1.5, "%.2f", 1.5);
    FILE *file = text_open();
    REQUIRE(html_table(file, &t, true));
    fclose(file);
    REQUIRE(has(written, "&lt;i&gt;|") && !has(written, "<i>") && has(written, "T &amp; t"));
    REQUIRE(has(written, "title=\"x &gt; &quot;y&quot;\"") && has(written, "a&lt;b"));
    REQUIRE(has(written, "class=\"number bad\" data-value=\"1.5\">1.50<"));

    file = text_open();
    REQUIRE(table_markdown(file, &t));
    fclose(file);
    REQUIRE(has(written, "<i>\\| ") && occurrences(written, "\n") == 5);

    file = text_open();
    t.failed = true;
    REQUIRE(!html_table(file, &t, true) && !table_print(file, &t) && !table_markdown(file, &t));
    fclose(file);
    REQUIRE(*written == '\0');
    table_free(&t);
}

static void escaping(void) {
    FILE *file = text_open();
    html_text(file, "<&>\"'\x01 \xc3\xa9");
    fclose(file);
    REQUIRE(strcmp(written, "&lt;&amp;&gt;&quot;&#39;&#xFFFD; \xc3\xa9") == 0);

    file = text_open();
    drawing_put_string(file, "it's `rm`\n$x");
    drawing_put_field(file, "a\t\"b\"");
    fclose(file);
    REQUIRE(strcmp(written, "'it''s `rm` $x'a  b ") == 0);
}

/* ---- pictures ---- */

static void spreading(void) {
    drawing_mark marks[] = {{.wanted = 50}, {.wanted = 52}, {.wanted = 10}, {.wanted = 99}};
    REQUIRE(drawing_spread(marks, 4, 10, 0, 100) == 4);
    REQUIRE(marks[0].y == 10 && near(marks[1].y, 46) && near(marks[2].y, 56) && marks[3].y == 99);

    drawing_mark many[50];
    for (int i = 0; i < 50; i++)
        many[i] = (drawing_mark){.wanted = 30 + i};
    REQUIRE(drawing_spread(many, 50, 10, 0, 100) == 11);
    REQUIRE(many[0].wanted == 30 && many[10].wanted == 79);
    REQUIRE(near(many[10].y, 100) && fabs(many[0].y) < 1e-9);
    REQUIRE(drawing_spread(many, 0, 10, 0, 100) == 0);
}

static void places(void) {
    room r = {.bounds = {0, 0, 100, 100}};
    place p;
    REQUIRE(room_find(&r, 20, 50, 40, &p) && strcmp(p.side, "left") == 0);
    REQUIRE(room_find(&r, 65, 50, 40, &p) && strcmp(p.side, "left") != 0);
    REQUIRE(!room_find(&r, 50, 50, 200, &p));
    room_take(&r, r.bounds);
    REQUIRE(!room_find(&r, 20, 80, 5, &p));
    room_free(&r);
}

static bool has_picture(const results *r, const char *name) {
    picture_list list;
    bool found = false;
    REQUIRE(picture_list_make(&list, r));
    for (size_t i = 0; i < list.count; i++)
        found = found || strcmp(list.items[i].name, name) == 0;
    picture_list_free(&list);
    return found;
}

/* A curve takes five points of ours; other shapes, threads and peers are none of them. */
static void sweeps(void) {
    static const char *const sizes[] = {"64x28x28-64s2", "64x32x32-64s2", "64x28x28-64s2",
                                        "64x56x57-64s2", "64x40x40-64",   "64x48x48-64s2",
                                        "64x56x56-64s2", "64x64x64-64s2"};
    static const char *const channels[] = {"1x28x28-1", "2x28x28-2", "3x28x28-3",
                                           "4x28x28-4", "4x28x28-8", "8x28x28-8"};
    results r = {0};
    for (size_t i = 0; i < 7; i++)
        add(&r, "x", "avx2", "nchw", sizes[i], 1, 1e-3, 1);
    add(&r, "x", "onednn", "nchw", sizes[7], 1, 1e-3, 1);
    add(&r, "x", "avx2", "nchw", sizes[7], 2, 1e-3, 1);
    REQUIRE(!has_picture(&r, "size-conv3x3-64xSxS-64s2-t1"));
    add(&r, "x", "avx2", "nchw", sizes[7], 1, 1e-3, 1);
    REQUIRE(has_picture(&r, "size-conv3x3-64xSxS-64s2-t1"));
    REQUIRE(!has_picture(&r, "size-conv3x3-64xSxS-64s2-t2"));
    for (size_t i = 0; i < 6; i++) {
        REQUIRE(!has_picture(&r, "channels-conv3x3-Cx28x28-C-t1"));
        add(&r, "x", "avx2", "nchw", channels[i], 1, 1e-3, 1);
    }
    REQUIRE(has_picture(&r, "channels-conv3x3-Cx28x28-C-t1"));
    REQUIRE(!has_picture(&r, "peers-t2") && !has_picture(&r, "roofline-t1"));
    results_free(&r);
}

/* A map of three sizes and three numbers of channels: winograd4 is fastest from 16 channels on,
 * winograd6 from 32 on; AUTO takes direct for all but the last, FAST winograd6 for all. */
static results map_example(void) {
    static const char *const manners[] = {"",           "/fast",      "/direct",
                                          "/winograd2", "/winograd4", "/winograd6"};
    static const double times[][6] = {{8, 0, 8, 9, 9, 9}, {8, 0, 8, 5, 4, 6}, {0, 0, 8, 5, 4, 2}};
    results r = {0};
    for (int cell = 0; cell < 9; cell++) {
        const int size = 7 << cell % 3, channels = 8 << cell / 3;
        for (int i = 0; i < 6; i++) {
            char shape[32], name[96];
            snprintf(shape, sizeof shape, "%dx%dx%d-%d", channels, size, size, channels);
            snprintf(name, sizeof name, "conv3x3/avx2/nchw/%s/t1%s", shape, manners[i]);
            const double time = times[cell / 3][i] * 1e-3;
            add(&r, name, "avx2", "nchw", shape, 1, time > 0 ? time : 4e-3, 1);
            result *added = &r.items[r.count - 1];
            free((void *)added->algorithm);
            added->algorithm = strdup(i == 1 ? "winograd6" : cell < 8 ? "direct" : "winograd4");
        }
    }
    return r;
}

static void map_cells(void) {
    results r = map_example();
    crossover c;
    REQUIRE(crossover_make(&c, &r, &r.items[0]) && c.count == 9);
    REQUIRE(c.size_count == 3 && c.sizes[2] == 28 && c.channel_count == 3 && c.channels[0] == 8);
    const crossover_cell *first = &c.cells[0], *middle = &c.cells[4], *last = &c.cells[8];
    REQUIRE(crossover_best(first, false) == 0 && crossover_loss(first, false) == 0);
    REQUIRE(crossover_best(middle, false) == 2 && crossover_best(middle, true) == 2);
    REQUIRE(near(crossover_loss(middle, false), 1) && near(crossover_loss(middle, true), 0.5));
    REQUIRE(crossover_best(last, false) == 2 && crossover_best(last, true) == 3);
    REQUIRE(crossover_loss(last, false) == 0 && crossover_loss(last, true) == 0);
    REQUIRE(crossover_has(&c, &r.items[0]));
    r.items[0].threads = 2;
    REQUIRE(!crossover_has(&c, &r.items[0]));
    crossover_free(&c);
    results_free(&r);
}

static void map_pictures(void) {
    results r = map_example(), few = {0};
    REQUIRE(has_picture(&r, "crossover-avx2-nchw-t1"));
    REQUIRE(!has_picture(&r, "crossover-avx2-nhwc-t1"));
    /* Two rows more, with which a column has five points and would make a curve. */
    static const char *const more[] = {"64x14x14-64", "128x14x14-128"};
    for (size_t i = 0; i < 2; i++) {
        add(&r, "conv3x3/avx2/nchw/x/t1/direct", "avx2", "nchw", more[i], 1, 1e-3, 1);
    }
    REQUIRE(has_picture(&r, "crossover-avx2-nchw-t1"));
    REQUIRE(!has_picture(&r, "channels-conv3x3-Cx14x14-C-t1"));
    /* Rows and columns that only cross are no map: then they are curves. */
    static const char *const cross[] = {"4x14x14-4", "8x14x14-8",   "16x14x14-16", "32x14x14-32",
                                        "8x7x7-8",   "64x14x14-64", "8x28x28-8",   "8x20x20-8"};
    for (size_t i = 0; i < 8; i++)
        add(&few, "conv3x3/avx2/nchw/x/t1/direct", "avx2", "nchw", cross[i], 1, 1e-3, 1);
    REQUIRE(!has_picture(&few, "crossover-avx2-nchw-t1"));
    REQUIRE(has_picture(&few, "channels-conv3x3-Cx14x14-C-t1"));
    results_free(&few);
    results_free(&r);
}

static char *file_text(const char *directory, const char *name) {
    char path[256], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    REQUIRE(file != NULL);
    REQUIRE(getdelim(&text, &size, '\0', file) > 0);
    fclose(file);
    return text;
}

static void remove_directory(const char *directory) {
    char command[256];
    snprintf(command, sizeof command, "rm -r %s", directory);
    REQUIRE(system(command) == 0); /* NOLINT(bugprone-command-processor): mkdtemp's own name */
}

static void dark_pictures(void) {
    char directory[] = "/tmp/ninetap-test-XXXXXX", path[64];
    REQUIRE(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/a.svg", directory);
    FILE *file = fopen(path, "w");
    REQUIRE(file != NULL);
    fputs("<?xml?>\n<svg\n x='1'>\n<title>t</title><desc>Produced by</desc><defs id='gpPt5'/>"
          "<use href='#gpPt5'/><g font-family=\"sans-serif:Bold\"/></svg>\n",
          file);
    fclose(file);
    const theme_words words = {"me", "A < B", "words"};
    char why[512];
    REQUIRE(theme_svg(path, path, &words, why, sizeof why));
    char *text = file_text(directory, "a.svg");
    REQUIRE(has(text, "<title>A &lt; B</title>") && has(text, "<desc>words</desc>"));
    REQUIRE(!has(text, "Produced") && has(text, "prefers-color-scheme:dark"));
    REQUIRE(has(text, "id='me-gpPt5'") && has(text, "'#me-gpPt5'"));
    REQUIRE(has(text, "font-family=\"sans-serif\" font-weight=\"bold\""));
    free(text);
    REQUIRE(!theme_svg("/nonexistent/a.svg", path, &words, why, sizeof why));
    REQUIRE(!theme_svg(path, "/nonexistent/a.svg", &words, why, sizeof why));
    remove_directory(directory);
}

static void write_without_gnuplot(void *argument) {
    const char *directory = argument;
    char why[512] = "";
    results r = verdict_example(), none = {0};
    REQUIRE(results_add_fact(&r, "CPU", "<script>alert('&')</script>"));
    REQUIRE(results_add_limit(&r, &(limit){"flops", "avx2", 1, 1e9, 0}));
    setenv("PATH", "/nonexistent", 1);
    REQUIRE(!plot_write(directory, &r, why, sizeof why));
    REQUIRE(has(why, "apt-get install gnuplot"));
    char *text = file_text(directory, "peers-t1.gp");
    REQUIRE(has(text, "ncnn 0.50"));
    free(text);
    free(file_text(directory, "peers-t1.tsv"));
    free(file_text(directory, "roofline-t1-limits.tsv"));

    REQUIRE(page_write(directory, &r, why, sizeof why));
    text = file_text(directory, "index.html");
    REQUIRE(has(text, "&lt;script&gt;alert(&#39;&amp;&#39;)") && !has(text, "<script>alert"));
    REQUIRE(has(text, "Not drawn") && has(text, "output [0][1] is &lt;wrong&gt;"));
    free(text);

    REQUIRE(plot_write(directory, &none, why, sizeof why));
    REQUIRE(page_write(directory, &none, why, sizeof why));
    text = file_text(directory, "index.html");
    REQUIRE(!has(text, "Who is fastest") && has(text, "</html>"));
    free(text);
    REQUIRE(!page_write("/nonexistent/a", &r, why, sizeof why) && has(why, "/nonexistent/a"));
    REQUIRE(!plot_write("/nonexistent/a", &r, why, sizeof why) && has(why, "/nonexistent/a"));
    results_free(&r);
}

static void draw_map(void *argument) {
    const char *directory = argument;
    char why[512] = "";
    results r = map_example();
    setenv("PATH", "/nonexistent", 1);
    REQUIRE(!plot_write(directory, &r, why, sizeof why) && has(why, "apt-get install gnuplot"));
    char *text = file_text(directory, "crossover-avx2-nchw-t1.tsv");
    REQUIRE(has(text, "0\t7\t8\t0\t1\tdirect\t0\t"));
    REQUIRE(has(text, "0\t14\t16\t2\t2\tdirect\t1\t"));
    REQUIRE(has(text, "1\t14\t16\t2\t2\twinograd6\t0.5\t"));
    REQUIRE(has(text, "1\t28\t32\t3\t4\twinograd6\t0\t"));
    REQUIRE(occurrences(text, "\n") == 1 + 2 * 9);
    free(text);
    text = file_text(directory, "crossover-avx2-nchw-t1.gp");
    REQUIRE(has(text, "'4.00'") && has(text, "'+50%'") && has(text, "'+100%'"));
    REQUIRE(occurrences(text, "'+50%'") == 3);
    free(text);
    results_free(&r);
}

static void maps(void) {
    char directory[] = "/tmp/ninetap-test-XXXXXX";
    REQUIRE(mkdtemp(directory) != NULL);
    REQUIRE(suite_child(draw_map, directory, 60));
    remove_directory(directory);
}

static void fusion(void) {
    results r = {0}, none = verdict_example();
    add(&r, "conv3x3/avx2/nchw/3x9x9-4+pool/t1", "avx2", "nchw", "3x9x9-4+pool", 1, 2e-3, 3);
    add(&r, "conv3x3/avx2/nchw/3x9x9-4+pool/t1/unfused", "avx2", "nchw", "3x9x9-4+pool", 1, 3e-3,
        3);
    add(&r, "conv3x3/avx2/nhwc/3x9x9-4+pool/t1/cold", "avx2", "nhwc", "3x9x9-4+pool", 1, 0, 3);
    add(&r, "conv3x3/avx2/nhwc/3x9x9-4+pool/t1/unfused/cold", "avx2", "nhwc", "3x9x9-4+pool", 1,
        4e-3, 3);
    FILE *file = text_open();
    REQUIRE(fusion_print(file, &r));
    fclose(file);
    REQUIRE(has(written, "3x9x9-4+pool/t1") && has(written, "1.50"));
    REQUIRE(has(written, "failed") && occurrences(written, "unfused") == 0);
    file = text_open();
    REQUIRE(fusion_print(file, &none) && fusion_markdown(file, &none));
    fclose(file);
    REQUIRE(*written == '\0');
    results_free(&none);
    results_free(&r);
}

static void pages(void) {
    char directory[] = "/tmp/ninetap-test-XXXXXX";
    REQUIRE(mkdtemp(directory) != NULL);
    REQUIRE(suite_child(write_without_gnuplot, directory, 60));
    remove_directory(directory);
}

int main(int argc, char **argv) {
    const suite_test tests[] = {
        {"quantiles", quantiles, NULL},
        {"mann_whitney", mann_whitney, NULL},
        {"mann_whitney_without_evidence", mann_whitney_without_evidence, NULL},
        {"verdict_pairs", verdict_pairs, NULL},
        {"verdict_sums", verdict_sums, NULL},
        {"verdict_text", verdict_text, NULL},
        {"compare_outcomes", compare_outcomes, NULL},
        {"compare_floor", compare_floor, NULL},
        {"compare_minimum", compare_minimum, NULL},
        {"compare_text", compare_text, NULL},
        {"tables", tables, NULL},
        {"escaping", escaping, NULL},
        {"spreading", spreading, NULL},
        {"places", places, NULL},
        {"sweeps", sweeps, NULL},
        {"dark_pictures", dark_pictures, NULL},
        {"map_cells", map_cells, NULL},
        {"map_pictures", map_pictures, NULL},
        {"maps", maps, NULL},
        {"fusion", fusion, NULL},
        {"pages", pages, NULL},
        {NULL, NULL, NULL},
    };
    const int status = suite_main("bench_compare", tests, argc, argv);
    free(written);
    return status;
}
