/* Softmax: its values, the same bits on every instruction set, and what is refused. */
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "core/dispatch.h"
#include "reference/reference.h"
#include "support/bits.h"
#include "support/buffer.h"
#include "support/suite.h"

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

typedef struct rows_case {
    int64_t rows, columns, src_pitch, dst_pitch;
    bool in_place;
    placement where;
    float spread; /* values in [-spread, spread) */
} rows_case;

static int64_t pitch_or(int64_t pitch, int64_t columns) {
    return pitch != 0 ? pitch : columns;
}

static buffer new_rows(const rows_case *c, int64_t pitch) {
    return buffer_new((size_t)((c->rows - 1) * pitch + c->columns) * sizeof(float), c->where, 0);
}

/* The difference to the largest is rounded once, which the exponential multiplies; then there are
 * the exponential's own error, the sum's and the quotient's. */
static bool close_enough(float got, double wanted, double difference) {
    const double relative = (fabs(difference) + 8.0) * 0x1p-24;
    return fabs((double)got - wanted) <= relative * wanted + 0x1p-149;
}

static bool check_values(const rows_case *c, const float *src, const float *got) {
    const int64_t sp = pitch_or(c->src_pitch, c->columns), dp = pitch_or(c->dst_pitch, c->columns);
    double *wanted = malloc((size_t)(c->rows * c->columns) * sizeof *wanted);
    if (wanted == NULL)
        abort();
    nt_reference_softmax_f64(c->rows, c->columns, src, c->src_pitch, wanted);
    bool ok = true;
    for (int64_t r = 0; r < c->rows && ok; r++) {
        float largest = -INFINITY;
        for (int64_t i = 0; i < c->columns; i++)
            largest = fmaxf(largest, src[r * sp + i]);
        for (int64_t i = 0; i < c->columns && ok; i++) {
            const float g = got[r * dp + i];
            ok = close_enough(g, wanted[r * c->columns + i],
                              (double)src[r * sp + i] - (double)largest) ||
                 suite_wrong("%lld x %lld, element (%lld, %lld): %.9g instead of %.9g",
                             (long long)c->rows, (long long)c->columns, (long long)r, (long long)i,
                             (double)g, wanted[r * c->columns + i]);
        }
    }
    free(wanted);
    return ok;
}

/* With the outputs forgotten, everything must be canaries. */
static bool check_gaps(const rows_case *c, const buffer *dst) {
    const int64_t pitch = pitch_or(c->dst_pitch, c->columns);
    float *p = dst->data;
    for (int64_t r = 0; r < c->rows; r++)
        for (int64_t i = 0; i < c->columns; i++)
            p[r * pitch + i] = from_bits(CANARY);
    for (size_t i = 0; i < dst->bytes / sizeof *p; i++)
        if (bits_of(p[i]) != CANARY)
            return suite_wrong("dst[%zu] is not an output, but was written", i);
    return buffer_margins_whole(dst) || suite_wrong("written beside dst");
}

/* On the ISA that is set, and the same bits on the scalar one. */
static bool check_rows(const rows_case *c, uint64_t seed) {
    const int64_t sp = pitch_or(c->src_pitch, c->columns), dp = pitch_or(c->dst_pitch, c->columns);
    const buffer src = new_rows(c, sp), scalar = new_rows(c, dp);
    const buffer dst = c->in_place ? new_rows(c, sp) : new_rows(c, dp);
    rng random = {seed};
    for (int64_t i = 0; i < c->rows * c->columns; i++)
        ((float *)src.data)[i / c->columns * sp + i % c->columns] = rng_float(&random) * c->spread;
    buffer_read_only(&src);
    const float *from = c->in_place ? dst.data : src.data;
    if (c->in_place)
        memcpy(dst.data, src.data, src.bytes);
    const char *isa = ninetap_isa();
    errno = 0;
    const ninetap_status status =
        ninetap_softmax_f32(c->rows, c->columns, from, c->src_pitch, dst.data, c->dst_pitch);
    bool ok = (status == NINETAP_OK && errno == 0) || suite_wrong("%s", ninetap_strerror(status));
    suite_require(ninetap_set_isa("scalar") == NINETAP_OK);
    ok = ok && ninetap_softmax_f32(c->rows, c->columns, src.data, c->src_pitch, scalar.data,
                                   c->dst_pitch) == NINETAP_OK;
    suite_require(ninetap_set_isa(isa) == NINETAP_OK);
    for (int64_t r = 0; r < c->rows && ok; r++)
        ok = memcmp((float *)dst.data + r * dp, (float *)scalar.data + r * dp,
                    (size_t)c->columns * sizeof(float)) == 0 ||
             suite_wrong("%lld x %lld, spread %g, seed %llu: row %lld differs from scalar's",
                         (long long)c->rows, (long long)c->columns, (double)c->spread,
                         (unsigned long long)seed, (long long)r);
    ok = ok && check_values(c, src.data, dst.data);
    ok = ok && check_gaps(c, &dst);
    buffer all[] = {src, scalar, dst};
    for (int i = 0; i < 3; i++)
        buffer_free(&all[i]);
    return ok;
}

/* Every tail of every vector and of the 16 sums, pitches, in place, flush to a guard page. */
static void every_tail(const char *isa) {
    static const float spreads[] = {0.0F, 1.0F, 30.0F, 200.0F, 3e38F};
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    const int total = 83 * 16;
    for (int i = 0; i < total; i++) {
        rows_case c = {.rows = 1 + i % 3, .columns = 1 + i % 83, .spread = spreads[i % 5]};
        const int rest = i / 83;
        c.src_pitch = rest & 1 ? c.columns + i % 7 : 0;
        c.dst_pitch = rest & 2 ? c.columns + i % 5 : 0;
        c.in_place = rest & 4;
        c.where = rest & 8 ? AT_START : AT_END;
        if (c.in_place)
            c.dst_pitch = c.src_pitch;
        if (suite_visits(i, total))
            suite_require(check_rows(&c, (uint64_t)i + 1));
    }
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
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
    if (feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW) == -1)
        return; /* a machine without traps */
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    for (int n = 1; n < 70; n++) {
        const rows_case c = {.rows = 2, .columns = n, .src_pitch = n + 3, .spread = 50.0F};
        suite_require(check_rows(&c, (uint64_t)n));
    }
}

static void no_traps(const char *isa) {
    suite_require(suite_child(run_with_traps, (void *)(uintptr_t)isa, 60));
}

/* Rows enough for several threads, for fewer than were asked for, for two, for one. */
static void threads_change_nothing(const char *isa) {
    static const rows_case cases[] = {
        {.rows = 401, .columns = 301, .dst_pitch = 307, .spread = 5.0F},
        {.rows = 2, .columns = 60000, .spread = 5.0F},
        {.rows = 1, .columns = 120000, .spread = 5.0F},
    };
    static const int threads[] = {1, 2, 3, 64};
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    for (int i = 0; i < 12; i++) {
#ifdef _OPENMP
        omp_set_num_threads(threads[i / 3]);
#else
        (void)threads;
#endif
        suite_require(check_rows(&cases[i % 3], 1));
    }
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
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
        {.name = "fingerprint", .each_isa = fingerprint},
        {.name = "special_rows", .each_isa = special_rows},
        {.name = "no_traps", .each_isa = no_traps},
        {.name = "threads_change_nothing", .each_isa = threads_change_nothing},
        {.name = "refused", .once = refused},
        {.name = "overlapping", .once = overlapping},
        {0},
    };
    return suite_main("softmax", tests, argc, argv);
}
