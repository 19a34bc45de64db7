/* Softmax: its values, the same bits on every instruction set, and what is refused. One
 * problem:
 *     test_operations --case 'softmax rows=2 columns=10 spread=5 isa=avx2 seed=1' */
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "core/dispatch.h"
#include "support/bits.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/traps.h"
#include "targets/isa.h"

/* ---- The exponential ---- */

/* In units of the last place of the result, which has no more than those of 2^-149. */
static double error_in_ulp(float got, double wanted) {
    int exponent;
    (void)frexp(wanted, &exponent);
    return fabs((double)got - wanted) / ldexp(1.0, exponent < -125 ? -149 : exponent - 24);
}

/* A sample of all floats from -104.5 to 0; the header says less than 1 ulp. */
static void exponential(const char *isa) {
    enum { N = 1000 };
    static float x[N], y[N];
    uint32_t bits = bits_of(-0.0F);
    for (bool more = true; more;) {
        int n = 0;
        for (; n < N && more; n++, bits += 1511) {
            x[n] = from_bits(bits);
            more = x[n] > -104.5F;
        }
        nt_find_isa(isa)->softmax.exponentials(y, x, n, 0.0F);
        for (int i = 0; i < n; i++)
            suite_require(error_in_ulp(y[i], exp((double)x[i])) < 1.0 ||
                          suite_wrong("exp(%a) = %a on %s", (double)x[i], (double)y[i], isa));
    }
}

/* ---- Rows ---- */

/* Every tail of every vector and of the 16 sums, pitches, in place, flush to a guard page. */
static void every_tail(const char *isa) {
    static const float spreads[] = {0.0F, 1.0F, 30.0F, 200.0F, 3e38F};
    const int total = 83 * 16;
    for (int i = 0; i < total; i++) {
        softmax_problem p = {.rows = 1 + i % 3,
                             .columns = 1 + i % 83,
                             .spread = spreads[i % 5],
                             .isa = isa,
                             .seed = i + 1};
        const int rest = i / 83;
        p.src_pitch = rest & 1 ? p.columns + i % 7 : 0;
        p.dst_pitch = rest & 2 ? p.columns + i % 5 : 0;
        p.in_place = rest & 4;
        p.placement = rest & 8 ? AT_START : AT_END;
        if (p.in_place)
            p.dst_pitch = p.src_pitch;
        if (suite_visits(i, total))
            suite_require(check_softmax(&p));
    }
}

static void random_problems(const char *isa) {
    check_drawn(&nt_operation_softmax, isa, 500, 1e9);
}

/* One number for the bits of many results, the same on every machine. */
static void fingerprint(const char *isa) {
    enum { N = 20000 };
    static float x[N];
    rng r = {7};
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    for (int columns = 1; columns < 200; columns += 11) {
        const int rows = N / columns;
        for (int i = 0; i < N; i++)
            x[i] = rng_float(&r), x[i] = ldexpf(x[i], rng_int(&r, -3, 7));
        REQUIRE(ninetap_softmax_f32(rows, columns, x, 0, x, 0) == NINETAP_OK);
        for (int i = 0; i < rows * columns; i++)
            hash = (hash ^ bits_of(x[i])) * UINT64_C(0x100000001B3); /* FNV-1a */
    }
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
    suite_require(hash == UINT64_C(0xC478A6C0BADC4FCF) ||
                  suite_wrong("fingerprint %016llx", (unsigned long long)hash));
}

/* A NaN, +Inf, or nothing but -Inf: NaN throughout; some -Inf: 0 there. */
static void special_rows(const char *isa) {
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    for (int n = 1; n <= 50; n++)
        for (int at = 0; at < n; at++) {
            float x[50], y[50], without[50];
            static const float special[] = {NAN, INFINITY};
            for (int k = 0; k < 2; k++) {
                for (int i = 0; i < n; i++)
                    x[i] = (float)(i % 5);
                x[at] = special[k];
                REQUIRE(ninetap_softmax_f32(1, n, x, 0, y, 0) == NINETAP_OK);
                for (int i = 0; i < n; i++)
                    REQUIRE(isnan(y[i]));
            }
            x[at] = -INFINITY;
            REQUIRE(ninetap_softmax_f32(1, n, x, 0, y, 0) == NINETAP_OK);
            x[at] = -1000.0F;
            REQUIRE(ninetap_softmax_f32(1, n, x, 0, without, 0) == NINETAP_OK);
            REQUIRE(n == 1 ? isnan(y[0]) : bits_of(y[at]) == 0);
            REQUIRE(n == 1 || memcmp(y, without, (size_t)n * sizeof *y) == 0);
            for (int i = 0; i < n; i++)
                x[i] = -INFINITY;
            REQUIRE(ninetap_softmax_f32(1, n, x, 0, y, 0) == NINETAP_OK);
            for (int i = 0; i < n; i++)
                REQUIRE(isnan(y[i]));
        }
    const float one = -3e38F;
    float result = 0;
    REQUIRE(ninetap_softmax_f32(1, 1, &one, 0, &result, 0) == NINETAP_OK && result == 1.0F);
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
}

static void run_with_traps(void *isa) {
    if (!traps_on())
        return; /* a machine without traps */
    for (int n = 1; n < 70; n++) {
        const softmax_problem p = {
            .rows = 2, .columns = n, .src_pitch = n + 3, .spread = 50.0F, .isa = isa, .seed = n};
        suite_require(check_softmax(&p));
    }
}

static void no_traps(const char *isa) {
    suite_require(suite_child(run_with_traps, (void *)(uintptr_t)isa, 60));
}

/* Rows enough for several threads, for fewer than were asked for, for two, for one. */
static void threads_change_nothing(const char *isa) {
    static const softmax_problem problems[] = {
        {.rows = 401, .columns = 301, .dst_pitch = 307, .spread = 5.0F, .seed = 1},
        {.rows = 2, .columns = 60000, .spread = 5.0F, .seed = 1},
        {.rows = 1, .columns = 120000, .spread = 5.0F, .seed = 1},
    };
    static const int threads[] = {1, 2, 3, 64};
    for (int i = 0; i < 12; i++) {
        softmax_problem p = problems[i % 3];
        p.isa = isa;
#ifdef _OPENMP
        omp_set_num_threads(threads[i / 3]);
#else
        (void)threads;
#endif
        suite_require(check_softmax(&p));
    }
}

/* ---- What is refused ---- */

static void refused(void) {
    static const struct {
        int64_t rows, columns, src_pitch, dst_pitch;
        ninetap_status status;
    } table[] = {
        {-1, 3, 0, 0, NINETAP_ERR_ARG},
        {2, -3, 0, 0, NINETAP_ERR_ARG},
        {2, 3, -1, 0, NINETAP_ERR_ARG},
        {2, 3, 0, -1, NINETAP_ERR_ARG},
        {2, 0, 0, 0, NINETAP_ERR_SHAPE},
        {0, 0, 0, 0, NINETAP_ERR_SHAPE},
        {2, 3, 2, 0, NINETAP_ERR_SHAPE},
        {2, 3, 0, 2, NINETAP_ERR_SHAPE},
        {2, INT64_MAX, 0, 0, NINETAP_ERR_OVERFLOW},
        {INT64_MAX, 3, 0, 0, NINETAP_ERR_OVERFLOW},
        {3, 3, INT64_MAX, 0, NINETAP_ERR_OVERFLOW},
        {3, 3, 0, INT64_MAX, NINETAP_ERR_OVERFLOW},
        {0, 3, 0, 0, NINETAP_OK},
    };
    float x[16] = {0}, y[16], untouched[16];
    memset(y, 0x55, sizeof y);
    memcpy(untouched, y, sizeof y);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const ninetap_status status = ninetap_softmax_f32(
            table[i].rows, table[i].columns, x, table[i].src_pitch, y, table[i].dst_pitch);
        suite_require(status == table[i].status ||
                      suite_wrong("row %zu: %s", i, ninetap_strerror(status)));
        REQUIRE(memcmp(y, untouched, sizeof y) == 0);
    }
    REQUIRE(ninetap_softmax_f32(2, 3, NULL, 0, y, 0) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_f32(2, 3, x, 0, NULL, 0) == NINETAP_ERR_ARG);
    for (int k = 1; k < 4; k++) {
        const float *odd = (const float *)(const void *)((const char *)x + k);
        float *odd_too = (float *)(void *)((char *)y + k);
        REQUIRE(ninetap_softmax_f32(2, 3, odd, 0, y, 0) == NINETAP_ERR_ARG);
        REQUIRE(ninetap_softmax_f32(2, 3, x, 0, odd_too, 0) == NINETAP_ERR_ARG);
    }
    REQUIRE(memcmp(y, untouched, sizeof y) == 0);
}

/* In place only as a whole. */
static void overlapping(void) {
    float x[64] = {0};
    for (int shift = -8; shift <= 8; shift++) {
        const bool apart = shift <= -8 || shift >= 8; /* two rows of 3, 5 apart: 8 elements */
        const ninetap_status status = ninetap_softmax_f32(2, 3, x + 20, 5, x + 20 + shift, 5);
        REQUIRE(status == (shift == 0 || apart ? NINETAP_OK : NINETAP_ERR_ALIAS));
    }
    REQUIRE(ninetap_softmax_f32(2, 3, x, 5, x, 4) == NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_softmax_f32(1, 3, x, 5, x, 4) == NINETAP_OK);
    REQUIRE(ninetap_softmax_f32(2, 3, x, 0, x, 3) == NINETAP_OK);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "exponential", .each_isa = exponential},
        {.name = "every_tail", .each_isa = every_tail},
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "fingerprint", .each_isa = fingerprint},
        {.name = "special_rows", .each_isa = special_rows},
        {.name = "no_traps", .each_isa = no_traps},
        {.name = "threads_change_nothing", .each_isa = threads_change_nothing},
        {.name = "refused", .once = refused},
        {.name = "overlapping", .once = overlapping},
        {0},
    };
    return problems_main("softmax", tests, argc, argv);
}
