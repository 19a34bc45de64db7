/* What ninetap-bench makes of its measurements: the verdict, the regret, tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/regret.h"
#include "report/verdict.h"
#include "support/suite.h"

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
    REQUIRE(verdict_write(file, &r, table_print));
    fclose(file);
    REQUIRE(has(written, "conv3x3 64x56x56-64") && has(written, "800 us onednn own"));
    REQUIRE(has(written, "geometric mean") && has(written, "worst case"));
    REQUIRE(has(written, "opencv") && has(written, "is <wrong>"));
    REQUIRE(!has(written, "8x8x8-8"));

    file = text_open();
    REQUIRE(verdict_write(file, &none, table_print));
    fclose(file);
    REQUIRE(*written == '\0');
    results_free(&r);
}

/* ---- tables and text ---- */

static const table_column two_columns[] = {{"a|b", false}, {"n", true}};

static void tables(void) {
    table t;
    table_begin(&t, "T & t", two_columns, 2);
    table_add(&t, "<i>|\n");
    table_add(&t, "%.2f", 1.5);
    FILE *file = text_open();
    REQUIRE(table_markdown(file, &t));
    fclose(file);
    REQUIRE(has(written, "<i>\\| ") && occurrences(written, "\n") == 5);
    REQUIRE(has(written, "a\\|b") && has(written, "1.50"));

    file = text_open();
    t.failed = true;
    REQUIRE(!table_print(file, &t) && !table_markdown(file, &t));
    fclose(file);
    REQUIRE(*written == '\0');
    table_free(&t);
}

/* AUTO takes direct where winograd4 takes half the time, and in FAST winograd4 where winograd6
 * does; another shape is taken right, and one has nothing to choose from. */
static void add_choice(results *r, const char *shape, const char *how, const char *algorithm,
                       const char *choice, double time) {
    char name[96];
    snprintf(name, sizeof name, "conv3x3/avx2/nchw/%s/t1%s", shape, how);
    add(r, name, "avx2", "nchw", shape, 1, time, 1);
    result *added = &r->items[r->count - 1];
    free((void *)added->algorithm);
    free((void *)added->choice);
    added->algorithm = strdup(algorithm);
    added->choice = strdup(choice);
}

static void regrets(void) {
    results r = {0}, none = verdict_example();
    regret list[REGRETS];
    add_choice(&r, "8x8x8-8", "", "direct", "", 2.1e-3);
    add_choice(&r, "8x8x8-8", "/fast", "winograd4", "", 1e-3);
    add_choice(&r, "8x8x8-8", "/direct", "direct", "default fast", 2e-3);
    add_choice(&r, "8x8x8-8", "/winograd4", "winograd4", "default fast", 1e-3);
    add_choice(&r, "8x8x8-8", "/winograd6", "winograd6", "fast", 0.8e-3);
    add_choice(&r, "9x9x9-9", "", "direct", "", 1.1e-3);
    add_choice(&r, "9x9x9-9", "/direct", "direct", "default fast", 1e-3);
    add_choice(&r, "9x9x9-9", "/winograd2", "winograd2", "default fast", 2e-3);
    add_choice(&r, "9x9x9-9", "/winograd4", "winograd4", "", 0.5e-3); /* not accurate enough */
    add_choice(&r, "7x7x7-7", "", "direct", "", 1e-3);
    add_choice(&r, "7x7x7-7", "/direct", "direct", "default fast", 1e-3);
    REQUIRE(regret_make(list, &r) == 2);
    REQUIRE(strcmp(list[0].isa, "avx2") == 0 && strcmp(list[0].precision, "default") == 0);
    REQUIRE(list[0].count == 2 && near(list[0].worst, 1) && near(list[0].mean, sqrt(2) - 1));
    REQUIRE(has(list[0].taken->shape, "8x8x8-8") && has(list[0].fastest->name, "/winograd4"));
    REQUIRE(strcmp(list[1].precision, "fast") == 0 && list[1].count == 1);
    REQUIRE(near(list[1].worst, 0.25) && has(list[1].fastest->name, "/winograd6"));

    FILE *file = text_open();
    REQUIRE(regret_write(file, &r, table_print));
    fclose(file);
    REQUIRE(has(written, "41.42 %") && has(written, "100.0 %") && has(written, "winograd6"));
    file = text_open();
    REQUIRE(regret_write(file, &none, table_print));
    fclose(file);
    REQUIRE(*written == '\0');
    results_free(&none);
    results_free(&r);
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
    REQUIRE(fusion_write(file, &r, table_print));
    fclose(file);
    REQUIRE(has(written, "3x9x9-4+pool/t1") && has(written, "1.50"));
    REQUIRE(has(written, "failed") && occurrences(written, "unfused") == 0);
    file = text_open();
    REQUIRE(fusion_write(file, &none, table_print));
    fclose(file);
    REQUIRE(*written == '\0');
    results_free(&none);
    results_free(&r);
}

int main(int argc, char **argv) {
    const suite_test tests[] = {
        {"verdict_pairs", verdict_pairs, NULL},
        {"verdict_sums", verdict_sums, NULL},
        {"verdict_text", verdict_text, NULL},
        {"tables", tables, NULL},
        {"regrets", regrets, NULL},
        {"fusion", fusion, NULL},
        {NULL, NULL, NULL},
    };
    const int status = suite_main("bench_tables", tests, argc, argv);
    free(written);
    return status;
}
