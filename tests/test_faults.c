/* Every allocation of the library fails in turn: once, and from then on. */
#include <stdlib.h>
#include <string.h>

#include "support/allocations.h"
#include "support/check_pool2x2.h"
#include "support/suite.h"

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

static void create_fails(void) {
    for (int i = 0; i < 4; i++) {
        const ninetap_conv3x3_desc d = shape(20, i & 1);
        int failures = 0;
        for (int k = 1;; k++) {
            ninetap_conv3x3 *plan = (ninetap_conv3x3 *)dst;
            const int before = allocations_alive();
            arm(k, i & 2);
            if (disarm(ninetap_conv3x3_create(&plan, &d, weights, NULL)) == NINETAP_OK) {
                REQUIRE(calls < k && failures > 0); /* all of them were reached */
                ninetap_conv3x3_free(plan);
                REQUIRE(allocations_alive() == before);
                break;
            }
            failures++;
            REQUIRE(plan == NULL && allocations_alive() == before);
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
            const int before = allocations_alive();
            arm(k, i & 2);
            const ninetap_status status = disarm(ninetap_conv3x3_run(plan, src, dst, NULL));
            if (status == NINETAP_OK)
                break;
            failures++;
            REQUIRE(allocations_alive() <= before);
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
            const int before = allocations_alive();
            arm(k, on);
            const ninetap_status status = disarm(ninetap_dense_create(&plan, &d, weights, NULL));
            if (status == NINETAP_OK) {
                arm(1, true);
                REQUIRE(disarm(ninetap_dense_run(plan, src, dst)) == NINETAP_OK && calls == 0);
                ninetap_dense_free(plan);
                REQUIRE(allocations_alive() == before && failures > 1);
                break;
            }
            failures++;
            REQUIRE(plan == NULL && allocations_alive() == before);
            arm(k, on);
            REQUIRE(disarm(ninetap_dense_f32(&d, src, weights, NULL, dst)) != NINETAP_OK);
            REQUIRE(allocations_alive() == before);
        }
    }
    arm(1, true);
    REQUIRE(disarm(ninetap_softmax_f32(IC, SIDE, src, 0, dst, 0)) == NINETAP_OK && calls == 0);
}

static void selftest_fails(void) {
    for (int k = 1; k < 14; k++) {
        ninetap_selftest_report report = {.cases = -1};
        const int before = allocations_alive();
        arm(k, true);
        const ninetap_status status = ninetap_selftest(&report);
        (void)allocations_tried();
        /* Out of memory for itself, or a failure of what it tested; never a crash. */
        REQUIRE(status == NINETAP_ERR_NOMEM || status == NINETAP_OK);
        REQUIRE(allocations_alive() <= before + 1); /* the library may keep a workspace */
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "create_fails", .once = create_fails},
        {.name = "run_fails", .once = run_fails},
        {.name = "one_shot_fails", .once = one_shot_fails},
        {.name = "needs_no_memory", .once = needs_no_memory},
        {.name = "dense_fails", .once = dense_fails},
        {.name = "selftest_fails", .once = selftest_fails},
        {0},
    };
    return suite_main("faults", tests, argc, argv);
}
