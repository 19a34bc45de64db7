/* Many threads at once, and the same bits from all of them. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <sys/mman.h>
#endif

#include "core/dispatch.h"
#include "ninetap.h"
#include "support/problems.h"
#include "support/suite.h"
#include "targets/isa.h"

enum { THREADS = 8, SRC = 13 * 40 * 40, DST = 33 * 40 * 40, WEIGHTS = 33 * 13 * 9 };

static ninetap_algo algo; /* of every problem */

/* Large enough for several threads on any instruction set. */
static ninetap_conv3x3_desc large(int threads, ninetap_layout layout) {
    return (ninetap_conv3x3_desc){.n = 1,
                                  .ic = 13,
                                  .ih = 40,
                                  .iw = 40,
                                  .oc = 33,
                                  .pad = {1, 1, 1, 1},
                                  .layout = layout,
                                  .algo = algo,
                                  .threads = threads};
}

static float src[SRC], weights[WEIGHTS], expected[2][DST]; /* by layout, on one thread */

static void draw_inputs(void) {
    rng r = {3};
    for (int i = 0; i < SRC; i++)
        src[i] = rng_float(&r);
    for (int i = 0; i < WEIGHTS; i++)
        weights[i] = rng_float(&r);
}

static void prepare(ninetap_algo of) {
    algo = of;
    draw_inputs();
    for (int layout = 0; layout < 2; layout++) {
        const ninetap_conv3x3_desc d = large(1, (ninetap_layout)layout);
        REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, expected[layout]) == NINETAP_OK);
    }
}

static float *new_dst(void) {
    float *dst = calloc(DST, sizeof *dst);
    if (dst == NULL)
        abort();
    return dst;
}

/* Threads may not end a test: they say how it went, and the main thread requires it. */
typedef struct worker {
    pthread_t thread;
    pthread_barrier_t *start;
    const ninetap_conv3x3 *plan;
    float *dst;
    void *workspace;
    int part; /* of THREADS, or -1: a whole run */
    bool ok;
} worker;

static void *work(void *argument) {
    worker *w = argument;
    pthread_barrier_wait(w->start);
    ninetap_status status;
    if (w->part >= 0) {
        status = ninetap_conv3x3_run_part(w->plan, src, w->dst, w->workspace, w->part, THREADS);
    } else {
        status = ninetap_conv3x3_run(w->plan, src, w->dst, w->workspace);
    }
    w->ok = status == NINETAP_OK;
    return NULL;
}

/* Starts one thread for each worker, at once, and waits for all. */
static bool work_all(worker *workers, int count) {
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)count);
    for (int i = 0; i < count; i++) {
        workers[i].start = &start;
        REQUIRE(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    bool ok = true;
    for (int i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        ok &= workers[i].ok;
    }
    pthread_barrier_destroy(&start);
    return ok;
}

static bool right(const float *dst, int layout) {
    return memcmp(dst, expected[layout], sizeof expected[layout]) == 0;
}

/* One plan, eight runs at once: the library's own workspace, then one each; each run on one
 * thread, then on three. */
static void share_plan(ninetap_algo of) {
    prepare(of);
    for (int i = 0; i < 8; i++) {
        const int layout = i & 1, threads = i & 2 ? 3 : 1;
        const ninetap_conv3x3_desc d = large(threads, (ninetap_layout)layout);
        ninetap_conv3x3 *plan;
        worker workers[THREADS];
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        for (int k = 0; k < THREADS; k++)
            workers[k] =
                (worker){.plan = plan,
                         .dst = new_dst(),
                         .workspace = i & 4 ? malloc(ninetap_conv3x3_workspace(plan)) : NULL,
                         .part = -1};
        REQUIRE(work_all(workers, THREADS));
        for (int k = 0; k < THREADS; k++) {
            REQUIRE(right(workers[k].dst, layout));
            free(workers[k].dst);
            free(workers[k].workspace);
        }
        ninetap_conv3x3_free(plan);
    }
}

static void shared_plan(void) {
    share_plan(NINETAP_ALGO_DIRECT);
    share_plan(NINETAP_ALGO_WINOGRAD4);
}

/* The parts of one run on the caller's own threads. */
static void run_at_once(ninetap_algo of) {
    prepare(of);
    for (int i = 0; i < 4; i++) {
        const int layout = i & 1;
        const ninetap_conv3x3_desc d = large(1, (ninetap_layout)layout);
        ninetap_conv3x3 *plan;
        worker workers[THREADS];
        float *dst = new_dst();
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        for (int k = 0; k < THREADS; k++)
            workers[k] =
                (worker){.plan = plan,
                         .dst = dst,
                         .workspace = i & 2 ? malloc(ninetap_conv3x3_workspace(plan)) : NULL,
                         .part = k};
        REQUIRE(work_all(workers, THREADS));
        REQUIRE(right(dst, layout));
        for (int k = 0; k < THREADS; k++)
            free(workers[k].workspace);
        free(dst);
        ninetap_conv3x3_free(plan);
    }
}

static void parts_at_once(void) {
    run_at_once(NINETAP_ALGO_DIRECT);
    run_at_once(NINETAP_ALGO_WINOGRAD4);
}

/* ---- First use ---- */

#ifndef _WIN32 /* it needs processes */
enum { RUSH = 16 };
static ninetap_conv3x3 *_Atomic first_plan; /* made by whoever is first */
static pthread_barrier_t rush_start;

/* Makes the plan, or runs it as soon as there is one, and then something of every operation. */
static void *rush(void *dst) {
    pthread_barrier_wait(&rush_start);
    const ninetap_conv3x3_desc d = large(1, NINETAP_NHWC);
    ninetap_conv3x3 *plan = NULL, *expected_plan = NULL;
    if (ninetap_conv3x3_create(&plan, &d, weights, NULL) != NINETAP_OK)
        return NULL;
    if (!atomic_compare_exchange_strong(&first_plan, &expected_plan, plan)) {
        ninetap_conv3x3_free(plan);
        plan = expected_plan;
    }
    if (ninetap_conv3x3_run(plan, src, dst, NULL) != NINETAP_OK || !right(dst, NINETAP_NHWC))
        return NULL;
    float small[64], pooled[16];
    const ninetap_pool2x2_desc pool = {.n = 1, .c = 1, .ih = 8, .iw = 8};
    memcpy(small, src, sizeof small);
    return ninetap_maxpool2x2_f32(&pool, small, pooled, NULL) == NINETAP_OK &&
                   ninetap_softmax_f32(8, 8, small, 0, small, 0) == NINETAP_OK
               ? dst
               : NULL;
}

/* The library's very first calls come from sixteen threads at once. What they must give was made by
 * another process. */
static void race(void *unused) {
    (void)unused;
    pthread_t threads[RUSH];
    pthread_barrier_init(&rush_start, NULL, RUSH);
    for (int k = 0; k < RUSH; k++)
        REQUIRE(pthread_create(&threads[k], NULL, rush, new_dst()) == 0);
    for (int k = 0; k < RUSH; k++) {
        void *dst = NULL;
        pthread_join(threads[k], &dst);
        REQUIRE(dst != NULL);
        free(dst);
    }
    ninetap_conv3x3_free(first_plan);
}

static void expect_for_others(void *shared) {
    prepare(NINETAP_ALGO_AUTO);
    memcpy(shared, expected, sizeof expected);
}

/* This process has run nothing of the library yet, nor have its children when they race. */
static void first_use(void) {
    void *shared =
        mmap(NULL, sizeof expected, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    suite_require(suite_child(expect_for_others, shared, 60));
    memcpy(expected, shared, sizeof expected);
    munmap(shared, sizeof expected);
    draw_inputs();
    for (int i = 0; i < 20; i++)
        if (suite_visits_costly(i, 20, 10))
            suite_require(suite_child(race, NULL, 60));
}
#endif

static void *make_plan(void *argument) {
    const ninetap_conv3x3_desc d = large(3, NINETAP_NHWC);
    ninetap_conv3x3 **plan = argument;
    return ninetap_conv3x3_create(plan, &d, weights, NULL) == NINETAP_OK ? plan : NULL;
}

static void *free_plan(void *plan) {
    ninetap_conv3x3_free(plan);
    return NULL;
}

/* Made in one thread, run in another when that one has gone, and here, freed in a third. */
static void plan_travels(void) {
    prepare(NINETAP_ALGO_AUTO);
    ninetap_conv3x3 *plan = NULL;
    pthread_t maker;
    void *made;
    REQUIRE(pthread_create(&maker, NULL, make_plan, &plan) == 0);
    pthread_join(maker, &made);
    REQUIRE(made != NULL && plan != NULL);
    worker w = {.plan = plan, .dst = new_dst(), .part = -1};
    REQUIRE(work_all(&w, 1));
    REQUIRE(right(w.dst, NINETAP_NHWC));
    REQUIRE(ninetap_conv3x3_run(plan, src, w.dst, NULL) == NINETAP_OK);
    REQUIRE(right(w.dst, NINETAP_NHWC));
    free(w.dst);
    pthread_t third;
    REQUIRE(pthread_create(&third, NULL, free_plan, plan) == 0);
    pthread_join(third, NULL);
}

/* ---- The same bits for every number of threads ---- */

/* A third of a million multiply-adds for each lane: work for seven threads on any ISA. */
static void conv3x3_bits(const char *isa) {
    static const char *const shapes[] = {
        "ic=8 ih=18 iw=18 oc=20 pad=1,1,1,1",
        "ic=3 ih=40 iw=31 oc=19 pad=1,1,1,1 act=relu bias=1",
        "ic=20 ih=17 iw=17 oc=37 stride=2 pad=1,1,1,1",
        "ic=35 ih=30 iw=35 oc=35 groups=35 pad=1,1,1,1 act=hardswish",
        "ic=12 ih=21 iw=19 oc=18 groups=3 dilation=2 pad=2,2,2,2 border=reflect101",
        "ic=9 ih=17 iw=21 oc=20 pad=1,1,1,1 act=leaky act_slope=0.1 algo=winograd2",
    };
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    static const int threads[] = {1, 2, 3, 7};
    const int total = SHAPES * 4 * 2 * 3;
    for (int i = 0; i < total; i++) {
        conv_problem p = {.desc.n = 1, .seed = 1, .data = DATA_WIDE};
        suite_require(conv_parse(shapes[i % SHAPES], &p));
        p.desc.n = 1 + (int64_t)(330e3 * nt_find_isa(isa)->lanes / conv_macs(&p));
        p.desc.threads = threads[i / SHAPES % 4];
        p.desc.layout = (ninetap_layout)(i / SHAPES / 4 % 2);
        if (p.desc.algo == NINETAP_ALGO_AUTO)
            p.desc.precision = (ninetap_precision)(i / SHAPES / 8);
        else
            p.desc.algo += (ninetap_algo)(i / SHAPES / 8);
        p.desc.isa = isa;
        if (suite_visits_costly(i, total, 5))
            suite_require(check_conv3x3(&p));
    }
}

static void pool2x2_bits(const char *isa) {
    static const int threads[] = {1, 2, 3, 7};
    const int total = 4 * 2 * 2 * 2 * POOL_OPS;
    for (int i = 0; i < total; i++) {
        pool_problem p = {.op = i / 32, .alpha = 0.4F, .seed = 1, .data = DATA_EXTREME};
        suite_require(pool_parse("n=2 c=12 ih=101 iw=121 pad=1,0,0,1", &p));
        p.desc.threads = threads[i % 4];
        p.desc.layout = (ninetap_layout)(i / 4 % 2);
        p.desc.stride = 1 + i / 8 % 2;
        p.indices = i / 16 % 2;
        p.desc.isa = isa;
        if (suite_visits_costly(i, total, 5))
            suite_require(check_pool2x2(&p));
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
#ifndef _WIN32
        {.name = "first_use", .once = first_use}, /* before anything else has used the library */
#endif
        {.name = "shared_plan", .once = shared_plan},
        {.name = "parts_at_once", .once = parts_at_once},
        {.name = "plan_travels", .once = plan_travels},
        {.name = "conv3x3_bits", .each_isa = conv3x3_bits},
        {.name = "pool2x2_bits", .each_isa = pool2x2_bits},
        {0},
    };
    return suite_main("threads", tests, argc, argv);
}
