/* The caller's floating-point control word holds in every worker thread and is left as it was. */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"
#include "support/bits.h"
#include "support/control_word.h"
#include "support/suite.h"
#include "support/workload.h"

enum { IC = 16, SIDE = 28, OC = 24, SRC = IC * SIDE * SIDE, DST = OC * SIDE * SIDE };
static float src[SRC], weights[OC * IC * 9], first[DST], again[DST];

static void fill(float scale) {
    rng r = {5};
    for (int i = 0; i < SRC; i++)
        src[i] = rng_float(&r) * scale;
    for (int i = 0; i < OC * IC * 9; i++)
        weights[i] = rng_float(&r);
}

/* 0: direct; else Winograd's m. */
static void run(const char *isa, int m, int layout, int threads, float *dst) {
    const ninetap_conv3x3_desc d = {.n = 1,
                                    .ic = IC,
                                    .ih = SIDE,
                                    .iw = SIDE,
                                    .oc = OC,
                                    .pad = {1, 1, 1, 1},
                                    .layout = (ninetap_layout)layout,
                                    .algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + m / 2),
                                    .precision = m != 0 ? NINETAP_PRECISION_DEFAULT
                                                        : NINETAP_PRECISION_PORTABLE,
                                    .isa = isa,
                                    .threads = threads};
    const unsigned long before = control_word();
    REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
    REQUIRE(control_word() == before);
}

/* Under each rounding mode, set after the worker threads have been started under another. Every
 * sum has thousands of roundings, so each mode has bits of its own. Direct sums of rounded-up terms
 * are not below the rounded ones; Winograd's transforms subtract. */
static void check_modes(const char *isa, int m) {
    static const int mode[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    static float nearest[DST];
    fill(1.0F);
    for (int layout = 0; layout < 2; layout++)
        for (int i = 0; i < 4; i++) {
            REQUIRE(fesetround(mode[i]) == 0);
            run(isa, m, layout, 3, first);
            run(isa, m, layout, 1, again);
            REQUIRE(fegetround() == mode[i]);
            REQUIRE(fesetround(FE_TONEAREST) == 0);
            REQUIRE(memcmp(first, again, sizeof first) == 0);
            if (mode[i] == FE_TONEAREST)
                memcpy(nearest, first, sizeof first);
            int64_t differ = 0, wrong_side = 0;
            for (int k = 0; k < DST; k++) {
                differ += first[k] != nearest[k];
                wrong_side += m == 0 && mode[i] == FE_UPWARD && first[k] < nearest[k];
                wrong_side += m == 0 && mode[i] == FE_DOWNWARD && first[k] > nearest[k];
            }
            REQUIRE(mode[i] == FE_TONEAREST || (differ > DST / 2 && wrong_side == 0));
        }
}

static void modes(const char *isa) {
    for (int m = 0; m <= 6; m += 2)
        check_modes(isa, m);
}

static void check_flushing(const char *isa, int m) {
    fill(0x1p-130F); /* every operand is subnormal */
    for (int layout = 0; layout < 2; layout++) {
        run(isa, m, layout, 3, first);
        run(isa, m, layout, 1, again);
        REQUIRE(memcmp(first, again, sizeof first) == 0 && first[DST / 2] != 0);
        if (!flush_to_zero(true))
            return;
        run(isa, m, layout, 3, first);
        run(isa, m, layout, 1, again);
        flush_to_zero(false);
        REQUIRE(memcmp(first, again, sizeof first) == 0);
        for (int k = 0; k < DST; k++)
            REQUIRE(first[k] == 0);
    }
}

static void flushing(const char *isa) {
    for (int m = 0; m <= 6; m += 2)
        check_flushing(isa, m);
}

/* Pooling only chooses: no mode changes a bit, not even of a subnormal. */
static void pooling(const char *isa) {
    const ninetap_pool2x2_desc d = {
        .n = 1, .c = IC, .ih = SIDE, .iw = SIDE, .isa = isa, .threads = 3};
    fill(0x1p-130F);
    REQUIRE(ninetap_maxpool2x2_f32(&d, src, first, NULL) == NINETAP_OK);
    REQUIRE(fesetround(FE_UPWARD) == 0);
    const unsigned long before = control_word();
    REQUIRE(ninetap_maxpool2x2_f32(&d, src, again, NULL) == NINETAP_OK);
    REQUIRE(control_word() == before);
    REQUIRE(fesetround(FE_TONEAREST) == 0);
    REQUIRE(memcmp(first, again, sizeof(float) * IC * SIDE * SIDE / 4) == 0);
}

/* Averages round, in the mode that is set: in every thread, and as the reference does. */
static void averaging(const char *isa) {
    static const int mode[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    const ninetap_pool2x2_desc d = {
        .n = 1, .c = IC, .ih = SIDE, .iw = SIDE, .stride = 1, .isa = isa, .threads = 3};
    const size_t bytes = sizeof(float) * IC * (SIDE - 1) * (SIDE - 1);
    fill(1.0F);
    for (int i = 0; i < 8; i++) {
        REQUIRE(fesetround(mode[i / 2]) == 0);
        const unsigned long before = control_word();
        if (i % 2 == 0) {
            REQUIRE(ninetap_avgpool2x2_f32(&d, src, first) == NINETAP_OK);
            nt_reference_avgpool2x2_f32(&d, src, again);
        } else {
            REQUIRE(ninetap_mixedpool2x2_f32(&d, 0.3F, src, first) == NINETAP_OK);
            nt_reference_mixedpool2x2_f32(&d, 0.3F, src, again);
        }
        REQUIRE(control_word() == before);
        REQUIRE(fesetround(FE_TONEAREST) == 0);
        REQUIRE(memcmp(first, again, bytes) == 0);
    }
}

/* ---- Before the library has threads, and after ---- */

static void set_mode(int mode) {
    REQUIRE(fesetround(mode) == 0);
    flush_to_zero(true);
}

/* Every call gives in a team of three what it gives on one thread in the same mode; the team is
 * started in that mode, and goes on in another. */
static void team_in_modes(void *isa) {
    static const int mode[] = {FE_UPWARD, FE_DOWNWARD};
    for (int i = 0; i < 2; i++) {
        if (!suite_visits_costly(i, 2, 30))
            continue;
        set_mode(mode[i]);
        const unsigned long before = control_word();
        work_prepare(isa);
        suite_require(work_all(3));
        REQUIRE(control_word() == before && fegetround() == mode[i]);
    }
}

static void before_and_after_the_team(const char *isa) {
    suite_require(suite_child(team_in_modes, (void *)(uintptr_t)isa, 120));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        /* first: its children have no team yet */
        {.name = "before_and_after_the_team", .each_isa = before_and_after_the_team},
        {.name = "modes", .each_isa = modes},
        {.name = "flushing", .each_isa = flushing},
        {.name = "pooling", .each_isa = pooling},
        {.name = "averaging", .each_isa = averaging},
        {0},
    };
    return suite_main("rounding", tests, argc, argv);
}
