/* The dense layer against the reference. One problem:
 *     test_operations --case 'dense n=1 in=784 out=10 isa=avx2 seed=1' */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"
#include "reference/reference.h"
#include "support/bits.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/traps.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

/* ---- Values ---- */

/* Each kernel is the one that runs for its own size, with every tail of its last vector. */
static void every_kernel_of(const nt_isa *isa, const nt_kernels *kernels,
                            ninetap_precision precision) {
    static const int ins[] = {1, 2, 15, 16, 17, 35};
    for (int i = 0; i < kernels->dense_count; i++) {
        const nt_dense_kernel *k = &kernels->dense[i];
        for (int lacking = 0; lacking < isa->lanes; lacking++) {
            dense_problem p = {.desc = {.n = k->rows, .isa = isa->name, .threads = 1},
                               .data = DATA_WIDE,
                               .bias = lacking % 2,
                               .placement = lacking / 2 % 2,
                               .seed = i + 1};
            p.desc.in = ins[(i + lacking) % 6];
            p.desc.out = k->vectors * isa->lanes - lacking;
            p.desc.precision = precision;
            p.desc.act = (ninetap_act)(lacking % 5);
            p.desc.act_lo = -1.0F, p.desc.act_hi = 1.0F, p.desc.act_slope = 0.25F;
            suite_require(check_dense(&p));
        }
        static const float weights[16 * 16 * 35];
        const ninetap_dense_desc d = {.n = k->rows,
                                      .in = 1,
                                      .out = k->vectors * isa->lanes,
                                      .isa = isa->name,
                                      .threads = 1,
                                      .precision = precision};
        ninetap_dense *plan;
        REQUIRE(ninetap_dense_create(&plan, &d, weights, NULL) == NINETAP_OK);
        REQUIRE(plan->kernel[0][0] == k->run);
        ninetap_dense_free(plan);
    }
}

static void every_kernel(const char *name) {
    const nt_isa *isa = nt_find_isa(name);
    every_kernel_of(isa, isa->separate, NINETAP_PRECISION_PORTABLE);
    if (isa->fused != NULL)
        every_kernel_of(isa, isa->fused, NINETAP_PRECISION_EXACT);
    const nt_kernels *fastest = isa->fast_fma ? isa->fused : isa->separate;
    every_kernel_of(isa, fastest, NINETAP_PRECISION_DEFAULT);
    every_kernel_of(isa, fastest, NINETAP_PRECISION_FAST);
}

/* Rows and outputs around every boundary of tiles and panels. */
static void sizes(const char *name) {
    const nt_isa *isa = nt_find_isa(name);
    const int total = 33 * 35 * 3;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        const int vectors = i / 33 % 35, around = i / 33 / 35 - 1;
        dense_problem p = {.desc = {.n = 1 + i % 33, .in = 1 + i % 37, .isa = name, .threads = 1},
                           .data = i % 2 ? DATA_WIDE : DATA_INTEGER,
                           .bias = 1,
                           .placement = i / 2 % 2,
                           .seed = i + 1};
        p.desc.out = vectors * isa->lanes + around;
        p.desc.precision = (ninetap_precision)(i % 3);
        if (suite_visits(i, total) && p.desc.out > 0)
            failures += !check_dense(&p);
    }
    suite_require(failures == 0);
}

static void random_problems(const char *isa) {
    check_drawn(&nt_operation_dense, isa, 1500, 1e9);
}

/* Products of -0, or that underflow to it, and a bias of -0: the result is +0. */
static void no_negative_zero(const char *isa) {
    static const float values[] = {0.0F, -0.0F, 0x1p-100F};
    float src[3] = {0}, weights[3 * 40], bias[40], dst[40];
    for (int i = 0; i < 12; i++) {
        const ninetap_dense_desc d = {.n = 1, .in = 3, .out = 40, .isa = isa};
        const float src_value = values[i % 3], size = src_value == 0.0F ? 1.0F : src_value;
        if (src_value != 0.0F && i / 3 % 2 == 0)
            continue; /* nothing negative */
        for (int k = 0; k < 3; k++)
            src[k] = src_value;
        for (int k = 0; k < 120; k++)
            weights[k] = i / 3 % 2 ? -size : size;
        for (int k = 0; k < 40; k++)
            bias[k] = values[i / 6];
        REQUIRE(ninetap_dense_f32(&d, src, weights, bias, dst) == NINETAP_OK);
        for (int k = 0; k < 40; k++)
            REQUIRE(bits_of(dst[k]) == 0);
    }
}

/* With the exceptions unmasked, ordinary data raises none: idle lanes and gaps, all NaN, are not
 * worked on. */
static void run_with_traps(void *isa) {
    if (!traps_on())
        return; /* a machine without traps */
    rng r = suite_rng("traps");
    for (int i = 0; i < 300; i++) {
        dense_problem p = dense_random(&r, isa, 1e9);
        p.desc.threads = 1;
        p.data = DATA_WIDE;
        if (suite_visits(i, 300))
            suite_require(check_dense(&p));
    }
}

static void no_traps(const char *isa) {
    suite_require(suite_child(run_with_traps, (void *)(uintptr_t)isa, 300));
}

/* ---- Threads ---- */

/* Enough for seven threads, in rows and in a single one. */
static void threads_change_nothing(const char *isa) {
    static const int threads[] = {1, 2, 3, 7};
    const int64_t lanes = nt_find_isa(isa)->lanes;
    for (int i = 0; i < 4 * 2 * 3; i++) {
        dense_problem p = {.desc = {.n = i / 4 % 2 == 0 ? 1 : 30, .in = 333, .isa = isa},
                           .data = DATA_WIDE,
                           .bias = 1,
                           .seed = 1};
        p.desc.out = (330000 * lanes / p.desc.n) / 333 + 5;
        p.desc.threads = threads[i % 4];
        p.desc.precision = (ninetap_precision)(i / 8);
        suite_require(check_dense(&p));
    }
}

/* The caller's rounding holds in every worker. */
static void rounding(const char *isa) {
    static const int mode[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (int i = 0; i < 6; i++) {
        dense_problem p = {.desc = {.n = 1, .in = 333, .isa = isa, .threads = 1 + i % 2 * 2},
                           .data = DATA_WIDE,
                           .seed = 1};
        p.desc.out = 200 * nt_find_isa(isa)->lanes;
        p.desc.precision = NINETAP_PRECISION_PORTABLE;
        REQUIRE(fesetround(mode[i / 2]) == 0);
        const bool ok = check_dense(&p);
        const int after = fegetround();
        REQUIRE(fesetround(FE_TONEAREST) == 0);
        REQUIRE(ok && after == mode[i / 2]);
    }
}

enum { IN = 300, OUT = 500, RUNS = 8 };
static float src[IN], weights[IN * OUT], expected[OUT], results[RUNS][OUT];
static const ninetap_dense *shared;

static void *run_shared(void *dst) {
    return ninetap_dense_run(shared, src, dst) == NINETAP_OK ? dst : NULL;
}

static void shared_plan(void) {
    rng r = {1};
    for (int i = 0; i < IN; i++)
        src[i] = rng_float(&r);
    for (int i = 0; i < IN * OUT; i++)
        weights[i] = rng_float(&r);
    for (int threads = 1; threads < 4; threads += 2) {
        const ninetap_dense_desc d = {.n = 1, .in = IN, .out = OUT, .threads = threads};
        ninetap_dense *plan;
        pthread_t runner[RUNS];
        REQUIRE(ninetap_dense_create(&plan, &d, weights, NULL) == NINETAP_OK);
        REQUIRE(ninetap_dense_run(plan, src, expected) == NINETAP_OK);
        shared = plan;
        for (int i = 0; i < RUNS; i++)
            REQUIRE(pthread_create(&runner[i], NULL, run_shared, results[i]) == 0);
        for (int i = 0; i < RUNS; i++) {
            void *done;
            pthread_join(runner[i], &done);
            REQUIRE(done == results[i] && memcmp(done, expected, sizeof expected) == 0);
        }
        ninetap_dense_free(plan);
    }
}

/* ---- What is refused ---- */

typedef struct row {
    const char *change; /* of n=2 in=3 out=4 */
    ninetap_status status;
} row;

static const row rows[] = {
    {"n=-1", NINETAP_ERR_ARG},
    {"in=-1", NINETAP_ERR_ARG},
    {"out=-1", NINETAP_ERR_ARG},
    {"out=-9223372036854775808", NINETAP_ERR_ARG},
    {"threads=-1", NINETAP_ERR_ARG},
    {"act=5", NINETAP_ERR_ARG},
    {"act=-1", NINETAP_ERR_ARG},
    {"precision=4", NINETAP_ERR_ARG},
    {"precision=-1", NINETAP_ERR_ARG},
    {"act=clamp act_lo=1 act_hi=0", NINETAP_ERR_ARG},
    {"act=clamp act_lo=nan act_hi=0", NINETAP_ERR_ARG},
    {"src_pitch=-1", NINETAP_ERR_ARG},
    {"dst_pitch=-1", NINETAP_ERR_ARG},
    {"src_type=5", NINETAP_ERR_ARG},
    {"weights_type=5", NINETAP_ERR_ARG},
    {"dst_type=-1", NINETAP_ERR_ARG},
    {"reserved=1,0,0,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,1,0,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,1,0,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,1,0,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,1,0,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,1,0,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,0,1,0", NINETAP_ERR_ARG},
    {"reserved=0,0,0,0,0,0,0,1", NINETAP_ERR_ARG},
    {"in=0", NINETAP_ERR_SHAPE},
    {"out=0", NINETAP_ERR_SHAPE},
    {"n=0 in=0", NINETAP_ERR_SHAPE},
    {"src_pitch=2", NINETAP_ERR_SHAPE},
    {"dst_pitch=3", NINETAP_ERR_SHAPE},
    {"n=9223372036854775807", NINETAP_ERR_OVERFLOW},
    {"in=9223372036854775807", NINETAP_ERR_OVERFLOW},
    {"out=9223372036854775807", NINETAP_ERR_OVERFLOW},
    {"in=3037000500 out=3037000500", NINETAP_ERR_OVERFLOW},
    {"n=0 in=3037000500 out=3037000500", NINETAP_ERR_OVERFLOW},
    {"in=4294967296 out=4294967296", NINETAP_ERR_OVERFLOW},
    {"n=256 in=268435456 out=268435456", NINETAP_ERR_OVERFLOW}, /* multiply-adds only */
    {"src_pitch=9223372036854775807 n=3", NINETAP_ERR_OVERFLOW},
    {"dst_pitch=9223372036854775807 n=3", NINETAP_ERR_OVERFLOW},
    {"isa=none", NINETAP_ERR_UNSUPPORTED},
    {"src_type=s8 weights_type=s8 dst_type=s8", NINETAP_ERR_ARG},
};

static void refused(void) {
    float x[8] = {1}, w[16] = {1}, y[8], untouched[8];
    memset(y, 0x55, sizeof y);
    memcpy(untouched, y, sizeof y);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dense_problem p = {.desc = {.n = 2, .in = 3, .out = 4}};
        if (strncmp(rows[i].change, "isa=", 4) == 0)
            p.desc.isa = rows[i].change + 4;
        else
            REQUIRE(dense_parse(rows[i].change, &p));
        suite_case("test_operations", rows[i].change);
        ninetap_dense *plan = (ninetap_dense *)y;
        errno = 0;
        REQUIRE(ninetap_dense_create(&plan, &p.desc, w, NULL) == rows[i].status && plan == NULL);
        REQUIRE(ninetap_dense_f32(&p.desc, x, w, NULL, y) == rows[i].status && errno == 0);
        REQUIRE(memcmp(y, untouched, sizeof y) == 0);
    }
}

enum { ARENA = 64 };
static float arena[ARENA], before[ARENA];
static const ninetap_dense_desc small = {.n = 2, .in = 3, .out = 4};

static void fill_arena(void) {
    for (int i = 0; i < ARENA; i++)
        before[i] = arena[i] = (float)(i % 7 - 3);
}

static bool arena_whole(void) {
    return memcmp(arena, before, sizeof arena) == 0;
}

static void *off(void *pointer, int bytes) {
    return (char *)pointer + bytes;
}

#define REFUSED(call) REQUIRE((call) == NINETAP_ERR_ARG && arena_whole())

static void bad_pointers(void) {
    float *x = arena, *w = arena + 10, *b = arena + 30, *y = arena + 40;
    fill_arena();
    ninetap_dense *plan = NULL;
    REFUSED(ninetap_dense_create(NULL, &small, w, b));
    plan = (ninetap_dense *)arena;
    REFUSED(ninetap_dense_create(&plan, NULL, w, b));
    REQUIRE(plan == NULL);
    REFUSED(ninetap_dense_create(&plan, &small, NULL, b));
    REFUSED(ninetap_dense_run(NULL, x, y));
    REFUSED(ninetap_dense_f32(NULL, x, w, b, y));
    REFUSED(ninetap_dense_f32(&small, NULL, w, b, y));
    REFUSED(ninetap_dense_f32(&small, x, NULL, b, y));
    REFUSED(ninetap_dense_f32(&small, x, w, b, NULL));
    REQUIRE(ninetap_dense_create(&plan, &small, w, b) == NINETAP_OK);
    ninetap_dense *none = NULL;
    REFUSED(ninetap_dense_run(plan, NULL, y));
    REFUSED(ninetap_dense_run(plan, x, NULL));
    for (int k = 1; k < 4; k++) {
        REFUSED(ninetap_dense_create(&none, &small, off(w, k), b));
        REFUSED(ninetap_dense_create(&none, &small, w, off(b, k)));
        REFUSED(ninetap_dense_run(plan, off(x, k), y));
        REFUSED(ninetap_dense_run(plan, x, off(y, k)));
        REFUSED(ninetap_dense_f32(&small, x, w, b, off(y, k)));
    }
    ninetap_dense_free(plan);
    ninetap_dense_free(NULL);
}

/* dst of eight floats over one input: by one element on either side, right on it, and apart. */
static void over(int input, int size, const float *x, const float *w, const float *b) {
    const int at[] = {input - 7, input + size - 1, input, input - 8, input + size};
    for (int i = 0; i < 5; i++) {
        fill_arena();
        const ninetap_status status = ninetap_dense_f32(&small, x, w, b, arena + at[i]);
        REQUIRE(status == (i < 3 ? NINETAP_ERR_ALIAS : NINETAP_OK) && arena_whole() == (i < 3));
    }
}

static void overlapping(void) {
    static const float zeros[16];
    float *const middle = arena + 20;
    over(20, 6, middle, zeros, zeros);
    over(20, 12, zeros, middle, zeros);
    over(20, 4, zeros, zeros, middle);
    ninetap_dense *plan;
    fill_arena();
    REQUIRE(ninetap_dense_create(&plan, &small, zeros, NULL) == NINETAP_OK);
    REQUIRE(ninetap_dense_run(plan, middle, middle) == NINETAP_ERR_ALIAS && arena_whole());
    REQUIRE(ninetap_dense_run(plan, middle, middle + 6) == NINETAP_OK);
    ninetap_dense_free(plan);
}

static void no_rows(void) {
    ninetap_dense_desc d = small;
    ninetap_dense *plan;
    d.n = 0;
    fill_arena();
    REQUIRE(ninetap_dense_create(&plan, &d, arena, NULL) == NINETAP_OK);
    REQUIRE(ninetap_dense_run(plan, arena, arena) == NINETAP_OK);
    REQUIRE(ninetap_dense_run(plan, NULL, NULL) == NINETAP_OK);
    REQUIRE(ninetap_dense_f32(&d, arena, arena, NULL, arena) == NINETAP_OK && arena_whole());
    ninetap_dense_free(plan);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "every_kernel", .each_isa = every_kernel},
        {.name = "sizes", .each_isa = sizes},
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "no_negative_zero", .each_isa = no_negative_zero},
        {.name = "no_traps", .each_isa = no_traps},
        {.name = "threads_change_nothing", .each_isa = threads_change_nothing},
        {.name = "rounding", .each_isa = rounding},
        {.name = "shared_plan", .once = shared_plan},
        {.name = "refused", .once = refused},
        {.name = "bad_pointers", .once = bad_pointers},
        {.name = "overlapping", .once = overlapping},
        {.name = "no_rows", .once = no_rows},
        {0},
    };
    return problems_main("dense", tests, argc, argv);
}
