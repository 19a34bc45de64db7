/* Every allocation of the library fails in turn: once, and from then on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "core/workspace.h"
#include "support/allocations.h"
#include "support/problems.h"
#include "support/sanitizer.h"
#include "support/suite.h"
#include "support/workload.h"

enum { IC = 9, SIDE = 40, OC = 20, SRC = IC * SIDE * SIDE, DST = OC * SIDE * SIDE };
static float src[SRC], weights[OC * IC * 9], dst[DST], untouched[DST];

/* A shape that needs a workspace, each time a larger one than the library has kept. */
static ninetap_conv3x3_desc shape(int size, int layout) {
    return (ninetap_conv3x3_desc){.n = 1,
                                  .ic = IC,
                                  .ih = size,
                                  .iw = size,
                                  .oc = OC,
                                  .pad = {1, 1, 1, 1},
                                  .layout = (ninetap_layout)layout,
                                  .threads = 1};
}

static void arm(int at, bool on) {
    allocations_fail(at, on);
    memset(dst, 0x55, sizeof dst);
    memcpy(untouched, dst, sizeof dst);
}

static int calls; /* between the two */

static ninetap_status disarm(ninetap_status status) {
    calls = allocations_tried();
    if (status != NINETAP_OK)
        REQUIRE(status == NINETAP_ERR_NOMEM && memcmp(dst, untouched, sizeof dst) == 0);
    return status;
}

/* ---- Every operation and algorithm ---- */

#ifndef _WIN32 /* a process that has kept no workspace yet */
typedef struct attempt {
    int call, threads;
    bool on;
} attempt;

static bool all_zero(const float *p) {
    for (int i = 0; i < WORK_FLOATS; i++)
        if (p[i] != 0)
            return false;
    return true;
}

/* In a process that has kept no workspace yet. What comes out at last, of fresh memory that glibc
 * filled with junk (MALLOC_PERTURB_), is what comes out again, of a workspace used before. */
static void call_fails(void *argument) {
    static _Alignas(int64_t) float result[WORK_FLOATS], again[WORK_FLOATS];
    const attempt *a = argument;
    const int before = allocations_alive();
    int k = 1;
    for (;; k++) {
        arm(k, a->on);
        const ninetap_status status = disarm(work_do(a->call, a->threads, result));
        if (status == NINETAP_OK)
            break;
        REQUIRE(allocations_alive() == before && all_zero(result));
    }
    REQUIRE(calls < k); /* all of them were reached */
    REQUIRE(allocations_alive() <= before + 1);
    REQUIRE(k > work_allocates(a->call) && (k == 1 || work_allocates(a->call) > 0));
    REQUIRE(work_do(a->call, a->threads, again) == NINETAP_OK);
    REQUIRE(memcmp(result, again, sizeof result) == 0);
}

static void each_call(const char *isa) {
    work_inputs(isa);
    for (int i = 0; i < work_count() * 4; i++) {
        attempt a = {.call = i / 4, .on = i & 1, .threads = i & 2 ? 3 : 1};
        if (!suite_visits(i, work_count() * 4))
            continue;
        suite_require(suite_child(call_fails, &a, 60) ||
                      suite_wrong("%s threads=%d isa=%s", work_name(a.call), a.threads, isa));
    }
}

#endif

static void parts_fail(void) {
    int size = 12;
    int failures = 0;
    for (int i = 0; i < 4; i++, size += 7) {
        const ninetap_conv3x3_desc d = shape(size, i & 1);
        ninetap_conv3x3 *plan;
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        arm(1, i & 2);
        failures += disarm(ninetap_conv3x3_run_part(plan, src, dst, NULL, 0, 1)) != NINETAP_OK;
        REQUIRE(ninetap_conv3x3_run_part(plan, src, dst, NULL, 0, 1) == NINETAP_OK);
        ninetap_conv3x3_free(plan);
    }
    REQUIRE(failures > 0);
}

#ifndef _WIN32 /* a process that has not read its environment yet */
/* A plan that is made by measuring can always be made by predicting. */
static void tuned_create_fails(void *unused) {
    (void)unused;
    const ninetap_conv3x3_desc d = {.n = 1, .ic = 4, .ih = 9, .iw = 33, .oc = 4, .groups = 4};
    setenv("NINETAP_TUNE", "1", 1); /* before the library has read it */
    int k = 1;
    for (int tried = 3; k <= tried; k++) {
        ninetap_conv3x3 *plan = (ninetap_conv3x3 *)dst;
        const int before = allocations_alive();
        arm(k, k % 2 == 0);
        const ninetap_status status = disarm(ninetap_conv3x3_create(&plan, &d, weights, NULL));
        tried = calls > tried ? calls : tried;
        REQUIRE((status == NINETAP_OK) == (k > 2)); /* the plan, its weights */
        REQUIRE((plan == NULL) == (k <= 2));
        ninetap_conv3x3_free(plan);
        REQUIRE(allocations_alive() <= before + 1);
    }
    REQUIRE(k > 2 + 2 * 4); /* two candidates at least were tried, with what each needs */
}

static void tuned_create(void) {
    suite_require(suite_child(tuned_create_fails, NULL, 60));
}
#endif

static void one_shot_fails(void) {
    const ninetap_conv3x3_desc d = shape(SIDE, NINETAP_NHWC);
    int k = 1;
    for (;; k++) {
        const int before = allocations_alive();
        arm(k, true);
        if (disarm(ninetap_conv3x3_f32(&d, src, weights, NULL, dst)) == NINETAP_OK)
            break;
        REQUIRE(allocations_alive() <= before);
    }
    REQUIRE(k > 2);
}

/* With a workspace of the caller's, a run allocates nothing; neither does pooling. */
static void needs_no_memory(void) {
    for (int layout = 0; layout < 2; layout++) {
        const ninetap_conv3x3_desc d = shape(SIDE, layout);
        const ninetap_pool2x2_desc pool = {
            .n = 1, .c = IC, .ih = SIDE, .iw = SIDE, .layout = d.layout, .threads = 1};
        ninetap_conv3x3 *plan;
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        void *workspace = malloc(ninetap_conv3x3_workspace(plan));
        arm(1, true);
        REQUIRE(disarm(ninetap_conv3x3_run(plan, src, dst, workspace)) == NINETAP_OK);
        REQUIRE(calls == 0);
        for (pool_problem p = {.desc = pool}; p.op < POOL_OPS; p.op++) {
            static int64_t indices[IC * SIDE * SIDE];
            arm(1, true);
            const bool back = pool_goes_back(&p);
            REQUIRE(disarm(nt_pool_call(&p, back ? dst : src, back ? src : dst, indices)) ==
                    NINETAP_OK);
            REQUIRE(calls == 0);
        }
        free(workspace);
        ninetap_conv3x3_free(plan);
    }
}

/* A plan to run is all the memory that a dense layer needs. */
static void dense_one_shot_fails(void) {
    const ninetap_dense_desc d = {.n = 1, .in = OC, .out = IC * 9, .threads = 1};
    const int before = allocations_alive();
    int k = 1;
    for (;; k++) {
        arm(k, true);
        if (disarm(ninetap_dense_f32(&d, src, weights, NULL, dst)) == NINETAP_OK)
            break;
        REQUIRE(allocations_alive() == before);
    }
    REQUIRE(k == 3 && allocations_alive() == before);
    ninetap_dense *plan;
    REQUIRE(ninetap_dense_create(&plan, &d, weights, NULL) == NINETAP_OK);
    arm(1, true);
    REQUIRE(disarm(ninetap_dense_run(plan, src, dst)) == NINETAP_OK && calls == 0);
    ninetap_dense_free(plan);
}

/* The library's own workspaces: of any size that fits, as many as calls are under way, and not all
 * of them kept. */
static void workspaces(void) {
    enum { MANY = 70, KEPT = 64 };
    void *taken[MANY];
    REQUIRE(nt_aligned_alloc(SIZE_MAX) == NULL && nt_aligned_alloc(PTRDIFF_MAX) == NULL);
    REQUIRE(nt_workspace_take(SIZE_MAX) == NULL);
    const int before = allocations_alive();
    for (int i = 0; i < MANY; i++) {
        taken[i] = nt_workspace_take(100);
        REQUIRE(taken[i] != NULL && (uintptr_t)taken[i] % NT_ALIGNMENT == 0);
        memset(taken[i], i, 100);
    }
    for (int i = 0; i < MANY; i++)
        REQUIRE(*(unsigned char *)taken[i] == i);
    for (int i = 0; i < MANY; i++)
        nt_workspace_give(taken[i]);
    REQUIRE(allocations_alive() <= before + KEPT);
}

static void selftest_fails(void) {
    const int before = allocations_alive();
    for (int k = 1; k < 14; k++) {
        ninetap_selftest_report report = {.cases = -1};
        arm(k, true);
        const ninetap_status status = ninetap_selftest(&report);
        (void)allocations_tried();
        /* Out of memory for itself, or a failure of what it tested; never a crash. */
        REQUIRE(status == NINETAP_ERR_NOMEM || status == NINETAP_OK);
        REQUIRE(allocations_alive() <= before + 1); /* the library may keep a workspace */
    }
}

/* ---- ulimit -v ---- */

#ifndef _WIN32
/* The system itself refuses. (ASan's allocator would end the process, and qemu has no such
 * limit.) */
static void address_space_ends(void *unused) {
    (void)unused;
    enum { CHANNELS = 1024, COUNT = CHANNELS * CHANNELS * 9 }; /* 36 MiB */
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    const bool known = statm != NULL && fscanf(statm, "%ld", &pages) == 1;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    float *large = mmap(NULL, COUNT * sizeof(float), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(known && large != MAP_FAILED);
    fclose(statm);
    const struct rlimit limit = {.rlim_cur =
                                     (size_t)pages * page + COUNT * sizeof(float) + (8 << 20),
                                 .rlim_max = RLIM_INFINITY};
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    if (mmap(NULL, COUNT * sizeof(float), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
        MAP_FAILED) {
        suite_not_tried("address space is not limited here");
        return;
    }
    ninetap_conv3x3 *plan = NULL;
    ninetap_conv3x3_desc d = shape(20, NINETAP_NCHW);
    REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
    d.ic = d.oc = CHANNELS;
    for (int algo = 0; algo <= NINETAP_ALGO_WINOGRAD6; algo++) {
        d.algo = (ninetap_algo)algo;
        REQUIRE(ninetap_conv3x3_create(&plan, &d, large, NULL) == NINETAP_ERR_NOMEM);
        REQUIRE(plan == NULL);
    }
    d = shape(20, NINETAP_NHWC);
    REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
}

static void short_address_space(void) {
    if (!ADDRESS_SANITIZER)
        suite_require(suite_child(address_space_ends, NULL, 60));
}
#endif

int main(int argc, char **argv) {
    /* The first ones fork while no workspace has been kept. */
    static const suite_test tests[] = {
#ifndef _WIN32
        {.name = "tuned_create", .once = tuned_create},
        {.name = "each_call", .each_isa = each_call},
#endif
#ifndef _WIN32
        {.name = "short_address_space", .once = short_address_space},
#endif
        {.name = "parts_fail", .once = parts_fail},
        {.name = "one_shot_fails", .once = one_shot_fails},
        {.name = "needs_no_memory", .once = needs_no_memory},
        {.name = "dense_one_shot_fails", .once = dense_one_shot_fails},
        {.name = "workspaces", .once = workspaces},
        {.name = "selftest_fails", .once = selftest_fails},
        {0},
    };
    return suite_main("allocation", tests, argc, argv);
}
