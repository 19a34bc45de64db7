/* Every allocation of the library fails in turn: once, and from then on. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/workspace.h"
#include "support/check_pool2x2.h"
#include "support/suite.h"

/* The linker sends the library's calls here (-Wl,--wrap). */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *p, size_t bytes);
int __real_posix_memalign(void **p, size_t alignment, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
void __real_free(void *p);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *p, size_t bytes);
int __wrap_posix_memalign(void **p, size_t alignment, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
void __wrap_free(void *p);

static atomic_int calls, live; /* allocations tried, and not yet freed */
static int fail_at;            /* the call that fails, counted from 1; 0: none */
static bool fail_on;           /* and all after it */

static bool allowed(void) {
    const int call = atomic_fetch_add(&calls, 1) + 1;
    return fail_at == 0 || (fail_on ? call < fail_at : call != fail_at);
}

static void *counted(void *p) {
    atomic_fetch_add(&live, p != NULL);
    return p;
}

void *__wrap_malloc(size_t bytes) {
    return allowed() ? counted(__real_malloc(bytes)) : NULL;
}
void *__wrap_calloc(size_t count, size_t bytes) {
    return allowed() ? counted(__real_calloc(count, bytes)) : NULL;
}
void *__wrap_realloc(void *p, size_t bytes) {
    if (!allowed())
        return NULL;
    atomic_fetch_sub(&live, p != NULL);
    return counted(__real_realloc(p, bytes));
}
int __wrap_posix_memalign(void **p, size_t alignment, size_t bytes) {
    if (!allowed())
        return ENOMEM;
    const int error = __real_posix_memalign(p, alignment, bytes);
    atomic_fetch_add(&live, error == 0);
    return error;
}
void *__wrap_aligned_alloc(size_t alignment, size_t bytes) {
    return allowed() ? counted(__real_aligned_alloc(alignment, bytes)) : NULL;
}
void __wrap_free(void *p) {
    atomic_fetch_sub(&live, p != NULL);
    __real_free(p);
}

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
    calls = 0;
    fail_on = on;
    fail_at = at;
    memset(dst, 0x55, sizeof dst);
    memcpy(untouched, dst, sizeof dst);
}

static ninetap_status disarm(ninetap_status status) {
    fail_at = 0;
    if (status != NINETAP_OK)
        REQUIRE(status == NINETAP_ERR_NOMEM && memcmp(dst, untouched, sizeof dst) == 0);
    return status;
}

static void create_fails(void) {
    for (int i = 0; i < 8; i++) {
        ninetap_conv3x3_desc d = shape(20, i & 1);
        if (i >= 4) /* depthwise plans have tables besides */
            d.groups = d.oc = d.ic;
        int failures = 0;
        for (int k = 1;; k++) {
            ninetap_conv3x3 *plan = (ninetap_conv3x3 *)dst;
            const int before = live;
            arm(k, i & 2);
            if (disarm(ninetap_conv3x3_create(&plan, &d, weights, NULL)) == NINETAP_OK) {
                REQUIRE(calls < k && failures > 0); /* all of them were reached */
                ninetap_conv3x3_free(plan);
                REQUIRE(live == before);
                break;
            }
            failures++;
            REQUIRE(plan == NULL && live == before);
        }
    }
}

static void run_fails(void) {
    int size = 12;
    int failures = 0;
    for (int i = 0; i < 4; i++, size += 7) {
        const ninetap_conv3x3_desc d = shape(size, i & 1);
        ninetap_conv3x3 *plan;
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        for (int k = 1;; k++) {
            const int before = live;
            arm(k, i & 2);
            const ninetap_status status = disarm(ninetap_conv3x3_run(plan, src, dst, NULL));
            if (status == NINETAP_OK)
                break;
            failures++;
            REQUIRE(live <= before);
            arm(1, true);
            REQUIRE(disarm(ninetap_conv3x3_run_part(plan, src, dst, NULL, 0, 1)) != NINETAP_OK);
        }
        ninetap_conv3x3_free(plan);
    }
    REQUIRE(failures > 0);
}

static void one_shot_fails(void) {
    const ninetap_conv3x3_desc d = shape(SIDE, NINETAP_NHWC);
    int k = 1;
    for (;; k++) {
        const int before = live;
        arm(k, true);
        if (disarm(ninetap_conv3x3_f32(&d, src, weights, NULL, dst)) == NINETAP_OK)
            break;
        REQUIRE(live <= before);
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
        for (pool_problem p = {.desc = pool}; p.op <= POOL_UNPOOL; p.op++) {
            static int64_t indices[IC * SIDE * SIDE];
            arm(1, true);
            REQUIRE(disarm(pool_call(&p, p.op == POOL_UNPOOL ? dst : src,
                                     p.op == POOL_UNPOOL ? src : dst, indices)) == NINETAP_OK);
            REQUIRE(calls == 0);
        }
        free(workspace);
        ninetap_conv3x3_free(plan);
    }
}

static void dense_fails(void) {
    const ninetap_dense_desc d = {.n = 1, .in = OC, .out = IC * 9, .threads = 1};
    for (int on = 0; on < 2; on++) {
        int failures = 0;
        for (int k = 1;; k++) {
            ninetap_dense *plan = (ninetap_dense *)dst;
            const int before = live;
            arm(k, on);
            const ninetap_status status = disarm(ninetap_dense_create(&plan, &d, weights, NULL));
            if (status == NINETAP_OK) {
                arm(1, true);
                REQUIRE(disarm(ninetap_dense_run(plan, src, dst)) == NINETAP_OK && calls == 0);
                ninetap_dense_free(plan);
                REQUIRE(live == before && failures > 1);
                break;
            }
            failures++;
            REQUIRE(plan == NULL && live == before);
            arm(k, on);
            REQUIRE(disarm(ninetap_dense_f32(&d, src, weights, NULL, dst)) != NINETAP_OK);
            REQUIRE(live == before);
        }
    }
    arm(1, true);
    REQUIRE(disarm(ninetap_softmax_f32(IC, SIDE, src, 0, dst, 0)) == NINETAP_OK && calls == 0);
}

/* Plans that are made by measuring: memory that is short costs candidates, or the plan. The
 * environment is read once, so this is tried in a child that has not called the library. */
static void tuned(void *nothing) {
    (void)nothing;
    setenv("NINETAP_TUNE", "1", 1);
    const ninetap_conv3x3_desc d = shape(20, NINETAP_NHWC);
    for (int on = 0; on < 2; on++) {
        int failures = 0;
        for (int k = 1;; k++) {
            ninetap_conv3x3 *plan = NULL;
            const int before = live;
            arm(k, on);
            const ninetap_status status = ninetap_conv3x3_create(&plan, &d, weights, NULL);
            const bool reached = calls >= k;
            fail_at = 0;
            REQUIRE(status == (plan != NULL ? NINETAP_OK : NINETAP_ERR_NOMEM));
            failures += status != NINETAP_OK;
            ninetap_conv3x3_free(plan);
            REQUIRE(live <= before + 1); /* the library may keep a workspace */
            if (!reached)
                break;
        }
        REQUIRE(failures > 0);
    }
}

static void tune_fails(void) {
    REQUIRE(suite_child(tuned, NULL, 120));
}

/* The library's own workspaces: of any size that fits, as many as calls are under way, and not all
 * of them kept. */
static void workspaces(void) {
    enum { MANY = 70, KEPT = 64 };
    void *taken[MANY];
    REQUIRE(nt_aligned_alloc(SIZE_MAX) == NULL && nt_aligned_alloc(PTRDIFF_MAX) == NULL);
    REQUIRE(nt_workspace_take(SIZE_MAX) == NULL);
    const int before = live;
    for (int i = 0; i < MANY; i++) {
        taken[i] = nt_workspace_take(100);
        REQUIRE(taken[i] != NULL && (uintptr_t)taken[i] % NT_ALIGNMENT == 0);
        memset(taken[i], i, 100);
    }
    for (int i = 0; i < MANY; i++)
        REQUIRE(*(unsigned char *)taken[i] == i);
    for (int i = 0; i < MANY; i++)
        nt_workspace_give(taken[i]);
    REQUIRE(live <= before + KEPT);
}

static void selftest_fails(void) {
    for (int k = 1; k < 14; k++) {
        ninetap_selftest_report report = {.cases = -1};
        const int before = live;
        arm(k, true);
        const ninetap_status status = ninetap_selftest(&report);
        fail_at = 0;
        /* Out of memory for itself, or a failure of what it tested; never a crash. */
        REQUIRE(status == NINETAP_ERR_NOMEM || status == NINETAP_OK);
        REQUIRE(live <= before + 1); /* the library may keep a workspace */
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "tune_fails", .once = tune_fails}, /* first: the library was not called yet */
        {.name = "create_fails", .once = create_fails},
        {.name = "run_fails", .once = run_fails},
        {.name = "one_shot_fails", .once = one_shot_fails},
        {.name = "needs_no_memory", .once = needs_no_memory},
        {.name = "dense_fails", .once = dense_fails},
        {.name = "workspaces", .once = workspaces},
        {.name = "selftest_fails", .once = selftest_fails},
        {0},
    };
    return suite_main("faults", tests, argc, argv);
}
