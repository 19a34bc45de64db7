/* With the floating-point exceptions unmasked, ordinary data raises none: neither idle lanes nor
 * gaps and guard regions, which are full of NaN, are worked on. In every thread: a team takes over
 * the caller's control word, traps and all. */
#include "support/problems.h"
#include "support/suite.h"
#include "support/traps.h"
#include "support/workload.h"

static void divide_by_zero(void *unused) {
    (void)unused;
    volatile float zero = 0.0F;
    traps_on();
    zero = 1.0F / zero;
}

/* Many ARM CPUs have no traps, and emulators ignore them. */
static bool machine_traps(void) {
    static int traps = -1;
    if (traps < 0) {
        traps = suite_child_dies(divide_by_zero, NULL);
        if (!traps)
            suite_not_tried("floating-point exceptions do not trap here");
    }
    return traps != 0;
}

static void run_random(void *isa) {
    rng r = suite_rng("traps");
    traps_on();
    for (int i = 0; i < 300; i++) {
        conv_problem p = conv_random(&r, isa, 50e3);
        suite_require(check_conv3x3(&p));
        pool_problem q = pool_random_of(&r, isa, (pool_op)(i % POOL_OPS));
        q.data = DATA_RANDOM;
        suite_require(check_pool2x2(&q));
        dense_problem d = dense_random(&r, isa, 1e9);
        d.data = i % 2 == 0 ? DATA_INTEGER : DATA_WIDE;
        suite_require(check_dense(&d));
    }
}

static void random_problems(const char *isa) {
    if (machine_traps())
        suite_require(suite_child(run_random, (void *)(uintptr_t)isa, 300));
}

static void run_workload(void *isa) {
    traps_on();
    work_prepare(isa);
    suite_require(work_all(3));
}

static void every_call(const char *isa) {
    if (machine_traps())
        suite_require(suite_child(run_workload, (void *)(uintptr_t)isa, 300));
}

/* Softmax in rows of every length up to several vectors, whose largest and smallest are far apart:
 * most exponentials underflow. */
static void run_softmax(void *isa) {
    enum { MOST = 100 };
    float src[MOST], dst[MOST];
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    traps_on();
    for (int n = 1; n <= MOST; n++) {
        for (int i = 0; i < n; i++)
            src[i] = (float)(i % 7 * 40 - 100);
        REQUIRE(ninetap_softmax_f32(1, n, src, 0, dst, 0) == NINETAP_OK);
    }
}

static void softmax(const char *isa) {
    if (machine_traps())
        suite_require(suite_child(run_softmax, (void *)(uintptr_t)isa, 60));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "every_call", .each_isa = every_call},
        {.name = "softmax", .each_isa = softmax},
        {0},
    };
    return suite_main("traps", tests, argc, argv);
}
