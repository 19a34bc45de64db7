/* A caller who uses OpenMP too, and settings that give smaller teams than a plan was made for.
 * ctest runs it again under the environment variables of OpenMP. */
#include <omp.h>
#include <pthread.h>
#ifndef _WIN32
#include <sched.h>
#endif
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "support/workload.h"

enum { TEAM = 4 };

static void prepare(void) {
    work_prepare(ninetap_isa_name(0));
}

static bool right(int call, float *dst) {
    memset(dst, 0, WORK_FLOATS * sizeof *dst);
    return work_do(call, 3, dst) == NINETAP_OK && work_right(call, dst);
}

/* Every member makes each call; then a task is made for each. *threads: the most there ever were.
 */
static int wrong_in_region(float *const dst[TEAM], int *threads) {
    int wrong = 0, most = 0;
#pragma omp parallel num_threads(TEAM) reduction(+ : wrong) reduction(max : most)
    for (int call = 0; call < work_count(); call++) {
        wrong += !right(call, dst[omp_get_thread_num()]);
        const int now = suite_threads();
        most = now > most ? now : most;
    }
    *threads = most;
#pragma omp parallel num_threads(TEAM)
#pragma omp single
    for (int call = 0; call < work_count(); call++) {
#pragma omp task firstprivate(call) shared(wrong)
        if (!right(call, dst[omp_get_thread_num()])) {
#pragma omp atomic
            wrong++;
        }
    }
    return wrong;
}

/* A region has the cores already: no call in it starts a team of its own. */
static void in_region(int levels) {
    float *dst[TEAM];
    for (int i = 0; i < TEAM; i++) {
        dst[i] = calloc(WORK_FLOATS, sizeof(float));
        REQUIRE(dst[i] != NULL);
    }
    omp_set_max_active_levels(levels);
    prepare();
    int members = 0;
#pragma omp parallel num_threads(TEAM) reduction(+ : members)
    members++;
    const int before = suite_threads();
    int most = 0;
    REQUIRE(wrong_in_region(dst, &most) == 0);
    REQUIRE(most <= before);
    for (int i = 0; i < TEAM; i++)
        free(dst[i]);
}

static void region_of_one_level(void *unused) {
    (void)unused;
    in_region(1);
}

static void region_of_two_levels(void *unused) {
    (void)unused;
    in_region(2);
}

/* Each in a process without a team from before. */
static void regions_and_tasks(void) {
    suite_require(suite_child(region_of_one_level, NULL, 120));
    suite_require(suite_child(region_of_two_levels, NULL, 120));
}

/* ---- Threads that come and go ---- */

static void *one_call(void *ok) {
    float *dst = malloc(WORK_FLOATS * sizeof *dst);
    static _Atomic int next;
    *(bool *)ok = dst != NULL && right(next++ % work_count(), dst);
    free(dst);
    return NULL;
}

static void threads_that_exit(void) {
    enum { THREADS = 40, FEW = 12 };
    prepare();
    const int before = suite_threads();
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        bool ok = false;
        REQUIRE(pthread_create(&thread, NULL, one_call, &ok) == 0);
        pthread_join(thread, NULL);
        REQUIRE(ok);
    }
    REQUIRE(suite_threads() <= before + FEW); /* their teams left with them */
}

/* ---- Counts that change ---- */

/* A plan made for as many threads as OpenMP says; how many it says changes, then it runs. */
static void count_changes_after_create(void) {
    enum { IC = 13, SIDE = 40, OC = 33 };
    static const int counts[] = {7, 1, 3, 2};
    static float src[IC * SIDE * SIDE], weights[OC * IC * 9];
    static float dst[OC * SIDE * SIDE], expected[OC * SIDE * SIDE];
    rng r = {7};
    for (int i = 0; i < IC * SIDE * SIDE; i++)
        src[i] = rng_float(&r);
    for (int i = 0; i < OC * IC * 9; i++)
        weights[i] = rng_float(&r);
    const int usual = omp_get_max_threads();
    for (int i = 0; i < 2 * 4 * 4 * 2; i++) {
        const int at_create = counts[i / 2 % 4], at_run = counts[i / 8 % 4];
        if (!suite_visits_costly(i, 2 * 4 * 4 * 2, 4))
            continue;
        ninetap_conv3x3_desc d = {
            .n = 1, .ic = IC, .ih = SIDE, .iw = SIDE, .oc = OC, .pad = {1, 1, 1, 1}};
        d.algo = i % 2 == 0 ? NINETAP_ALGO_DIRECT : NINETAP_ALGO_WINOGRAD4;
        d.threads = 1;
        REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, expected) == NINETAP_OK);
        d.threads = 0;
        ninetap_conv3x3 *plan = NULL;
        omp_set_dynamic(i / 32);
        omp_set_num_threads(at_create);
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        omp_set_num_threads(at_run);
        memset(dst, 0, sizeof dst);
        REQUIRE(ninetap_conv3x3_run(plan, src, dst, NULL) == NINETAP_OK);
        REQUIRE(memcmp(dst, expected, sizeof dst) == 0);
        ninetap_conv3x3_free(plan);
    }
    omp_set_dynamic(0);
    omp_set_num_threads(usual);
}

#ifndef _WIN32
/* The process is confined to one of its CPUs while it runs. */
static void confine(void *unused) {
    (void)unused;
    cpu_set_t all, one;
    CPU_ZERO(&one);
    REQUIRE(sched_getaffinity(0, sizeof all, &all) == 0);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
        if (CPU_ISSET(i, &all))
            CPU_SET(i, &one);
    suite_require(work_all(3));
    REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
    suite_require(work_all(3) && work_all(0) && work_all(1));
    omp_set_dynamic(1);
    suite_require(work_all(3) && work_all(0));
    REQUIRE(sched_setaffinity(0, sizeof all, &all) == 0);
    suite_require(work_all(3));
}

static void one_cpu(void) {
    prepare();
    suite_require(suite_child(confine, NULL, 120));
}
#endif

int main(int argc, char **argv) {
    /* Those that fork come before this process has threads. */
    static const suite_test tests[] = {
        {.name = "regions_and_tasks", .once = regions_and_tasks},
#ifndef _WIN32
        {.name = "one_cpu", .once = one_cpu},
#endif
        {.name = "threads_that_exit", .once = threads_that_exit},
        {.name = "count_changes_after_create", .once = count_changes_after_create},
        {0},
    };
    return suite_main("openmp", tests, argc, argv);
}
