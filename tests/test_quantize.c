/* Quantization: against the reference, by hand, and what is refused. One problem:
 *     test_operations --case 'quantize rows=2 columns=10 scales=1 type=u8 scale=0.1 seed=1' */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/dispatch.h"
#include "support/bits.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/traps.h"
#include "targets/isa.h"

static const ninetap_dtype types[] = {NINETAP_U8, NINETAP_S8, NINETAP_S32};

/* ---- Rows ---- */

/* Every tail of every vector, flush to a guard page on either side. */
static void every_tail(const char *isa) {
    enum { COLUMNS = 150, WAYS = 6 };
    static const int ops[WAYS] = {QUANTIZE_TO,   QUANTIZE_TO,   QUANTIZE_BACK,
                                  QUANTIZE_BACK, QUANTIZE_BACK, QUANTIZE_RANGE};
    static const int of[WAYS] = {0, 1, 0, 1, 2, 0};
    static const float scales[] = {0x1p-6F, 0.0173F};
    const int total = COLUMNS * WAYS * 8;
    for (int i = 0; i < total; i++) {
        const int rest = i / COLUMNS / WAYS;
        const quantize_problem p = {.rows = 1 + (rest & 1) * 2,
                                    .columns = 1 + i % COLUMNS,
                                    .scales = 1 + (rest & 1) * (i % 3),
                                    .op = ops[i / COLUMNS % WAYS],
                                    .type = (int)types[of[i / COLUMNS % WAYS]],
                                    .scale = scales[rest >> 1 & 1],
                                    .zeros = of[i / COLUMNS % WAYS] != 2 && i % 4 != 0,
                                    .data = i % 5 == 0 ? DATA_OFTEN : DATA_RANDOM,
                                    .isa = isa,
                                    .placement = rest & 4 ? AT_START : AT_END,
                                    .seed = i + 1};
        if (suite_visits(i, total))
            suite_require(check_quantize(&p));
    }
}

static void drawn(const char *isa) {
    check_drawn(&nt_operation_quantize, isa, 400, 1e9);
}

/* Shares that begin and end within rows. */
static void threads_change_nothing(const char *isa) {
    static const int64_t shapes[][3] = {{1, 300001, 1}, {401, 901, 401}, {3, 90000, 2}};
    for (int i = 0; i < 3 * 5; i++) {
        const quantize_problem p = {.rows = shapes[i % 3][0],
                                    .columns = shapes[i % 3][1],
                                    .scales = shapes[i % 3][2],
                                    .op = i / 3 < 2 ? QUANTIZE_TO : QUANTIZE_BACK,
                                    .type = (int)types[i / 3 < 2 ? i / 3 : i / 3 - 2],
                                    .scale = 0.01F,
                                    .data = DATA_RANDOM,
                                    .isa = isa,
                                    .threads = 2 + i % 3,
                                    .seed = i + 1};
        suite_require(check_quantize(&p));
    }
}

static void run_with_traps(void *isa) {
    if (!traps_on())
        return; /* a machine without traps */
    for (int i = 0; i < 3 * 70; i++) {
        const quantize_problem p = {.rows = 2,
                                    .columns = 1 + i / 3,
                                    .scales = 2,
                                    .op = i % 3,
                                    .type = NINETAP_S8,
                                    .scale = 0.5F,
                                    .zeros = 1,
                                    .data = DATA_RANDOM,
                                    .isa = isa,
                                    .seed = i};
        suite_require(check_quantize(&p));
    }
}

static void no_traps(const char *isa) {
    suite_require(suite_child(run_with_traps, (void *)(uintptr_t)isa, 60));
}

/* ---- By hand ---- */

static void by_hand(const char *isa) {
    enum { N = 16 };
    static const float src[N] = {0,    1,    -1,  3,   -3,   5,   1000,     -1000,
                                 -264, -265, 246, 247, -0.F, NAN, INFINITY, -INFINITY};
    static const uint8_t to_u8[N] = {132, 132, 132, 134, 130, 134, 255, 0,
                                     0,   0,   255, 255, 132, 0,   255, 0};
    static const int8_t to_s8[N] = {4,    4,    4,   6,   2, 6,    127, -128,
                                    -128, -128, 127, 127, 4, -128, 127, -128};
    const float scale = 2.0F;
    const int32_t u8_zero = 132, s8_zero = 4;
    uint8_t u8[N];
    int8_t s8[N];
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    REQUIRE(ninetap_quantize(1, N, src, NINETAP_U8, &scale, &u8_zero, 1, u8) == NINETAP_OK);
    REQUIRE(ninetap_quantize(1, N, src, NINETAP_S8, &scale, &s8_zero, 1, s8) == NINETAP_OK);
    REQUIRE(memcmp(u8, to_u8, sizeof u8) == 0 && memcmp(s8, to_s8, sizeof s8) == 0);
    const int32_t sums[3] = {16777217, INT32_MIN, -3};
    const float wanted[3] = {33554432.0F, -4294967296.0F, -6.0F};
    float got[3];
    REQUIRE(ninetap_dequantize(1, 3, NINETAP_S32, sums, &scale, NULL, 1, got) == NINETAP_OK);
    REQUIRE(memcmp(got, wanted, sizeof got) == 0);
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
}

/* Each byte stands for a number that stands for it. */
static void there_and_back(const char *isa) {
    enum { BYTES = 256 };
    static const float scales[] = {1.0F, 0.1F, 0.0173F, 3e-39F, 1e36F};
    uint8_t bytes[BYTES], back[BYTES];
    float numbers[BYTES];
    for (int i = 0; i < BYTES; i++)
        bytes[i] = (uint8_t)i;
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    for (int i = 0; i < 5 * 2 * BYTES; i++) {
        const ninetap_dtype type = types[i / 5 % 2];
        const int32_t zero = i / 10 - (type == NINETAP_S8 ? 128 : 0);
        const float *scale = &scales[i % 5];
        REQUIRE(ninetap_dequantize(1, BYTES, type, bytes, scale, &zero, 1, numbers) == NINETAP_OK);
        REQUIRE(bits_of(numbers[(uint8_t)zero]) == 0);
        REQUIRE(ninetap_quantize(1, BYTES, numbers, type, scale, &zero, 1, back) == NINETAP_OK);
        REQUIRE(memcmp(bytes, back, sizeof bytes) == 0);
    }
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
}

/* Whatever the lane: NaNs are passed over, infinities are not. */
static void ranges(const char *isa) {
    float x[80];
    float lo, hi;
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    for (int n = 1; n <= 80; n++)
        for (int at = 0; at < n; at++) {
            static const float special[] = {7.5F, -7.5F, NAN, INFINITY, -INFINITY};
            for (int k = 0; k < 5; k++) {
                for (int i = 0; i < n; i++)
                    x[i] = i % 2 == 0 ? 1.0F : NAN;
                x[at] = special[k];
                REQUIRE(ninetap_range(n, x, &lo, &hi) == NINETAP_OK);
                REQUIRE(lo == (special[k] < 0 ? special[k] : 0.0F));
                const float others = at != 0 || n > 2 ? 1.0F : 0.0F;
                REQUIRE(hi == (special[k] >= 1 ? special[k] : others));
                REQUIRE(bits_of(lo) != bits_of(-0.0F));
            }
        }
    lo = hi = 1.0F;
    REQUIRE(ninetap_range(0, NULL, &lo, &hi) == NINETAP_OK && lo == 0.0F && hi == 0.0F);
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
}

/* ---- Scale and zero ---- */

/* The first three are ONNX's test_dynamicquantizelinear, _max_adjusted and _min_adjusted. */
static const struct {
    float lo, hi;
    ninetap_dtype type;
    int symmetric;
    float scale;
    int32_t zero;
} choices[] = {
    {-2.5F, 2.0F, NINETAP_U8, 0, 4.5F / 255.0F, 142},
    {-4.0F, -1.0F, NINETAP_U8, 0, 4.0F / 255.0F, 255},
    {1.0F, 4.0F, NINETAP_U8, 0, 4.0F / 255.0F, 0},
    {-2.55F, 2.55F, NINETAP_U8, 0, 5.1F / 255.0F, 128}, /* 127.5 to even */
    {-2.5F, 2.0F, NINETAP_S8, 0, 4.5F / 255.0F, 14},
    {-2.5F, 2.0F, NINETAP_S8, 1, 2.5F / 127.0F, 0},
    {-1.0F, 2.0F, NINETAP_U8, 1, 2.0F / 127.0F, 128},
    {3.0F, 4.0F, NINETAP_S8, 1, 4.0F / 127.0F, 0},
    {0.0F, 0.0F, NINETAP_U8, 0, 1.0F, 0},
    {-0.0F, 0.0F, NINETAP_S8, 0, 1.0F, -128},
    {0.0F, 0.0F, NINETAP_S8, 1, 1.0F, 0},
    {0.0F, 1e-40F, NINETAP_U8, 0, FLT_MIN, 0},
    {-1e-40F, 0.0F, NINETAP_U8, 0, FLT_MIN, 0},
    {-1.5e38F, 1.5e38F, NINETAP_U8, 0, 3e38F / 255.0F, 128},
    {0.0F, FLT_MAX, NINETAP_S8, 1, FLT_MAX / 127.0F, 0},
};

static void chosen(void) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        float scale = 0;
        int32_t zero = 0;
        REQUIRE(ninetap_choose_quantization(choices[i].lo, choices[i].hi, choices[i].type,
                                            choices[i].symmetric, &scale, &zero) == NINETAP_OK);
        suite_require((scale == choices[i].scale && zero == choices[i].zero) ||
                      suite_wrong("row %zu: %a, %d", i, (double)scale, (int)zero));
    }
}

/* Numbers within the range are off by half a step at most, where rounding the zero cuts an end off
 * by one. */
static void chosen_holds(void) {
    rng r = {5};
    for (int i = 0; i < 2000; i++) {
        const float a = ldexpf(rng_float(&r), rng_int(&r, -30, 30));
        const float b = ldexpf(rng_float(&r), rng_int(&r, -30, 30));
        const float lo = a < b ? a : b, hi = a < b ? b : a;
        const ninetap_dtype type = types[i % 2];
        const float numbers[4] = {lo, hi, lo / 2 + hi / 2, 0.0F};
        float scale, back[4];
        int32_t zero;
        uint8_t bytes[4];
        REQUIRE(ninetap_choose_quantization(lo, hi, type, i / 2 % 2, &scale, &zero) == NINETAP_OK);
        REQUIRE(ninetap_quantize(1, 4, numbers, type, &scale, &zero, 1, bytes) == NINETAP_OK);
        REQUIRE(ninetap_dequantize(1, 4, type, bytes, &scale, &zero, 1, back) == NINETAP_OK);
        for (int k = 0; k < 4; k++)
            suite_require(fabsf(back[k] - numbers[k]) <= 1.0001F * scale ||
                          suite_wrong("%a .. %a: %a back as %a", (double)lo, (double)hi,
                                      (double)numbers[k], (double)back[k]));
        REQUIRE(bits_of(back[3]) == 0);
    }
}

static void not_chosen(void) {
    static const float ranges[][2] = {{NAN, 1},       {-1, NAN},           {1, -1},
                                      {0, INFINITY},  {-INFINITY, 0},      {-FLT_MAX, FLT_MAX},
                                      {FLT_MAX, NAN}, {INFINITY, INFINITY}};
    float scale = 7;
    int32_t zero = 7;
    for (int i = 0; i < 8 * 2; i++)
        REQUIRE(ninetap_choose_quantization(ranges[i / 2][0], ranges[i / 2][1], NINETAP_S8, i % 2,
                                            &scale, &zero) == NINETAP_ERR_ARG);
    static const struct {
        int type;
        ninetap_status status;
    } other[] = {{NINETAP_F32, NINETAP_ERR_UNSUPPORTED},
                 {NINETAP_S16, NINETAP_ERR_UNSUPPORTED},
                 {NINETAP_S32, NINETAP_ERR_UNSUPPORTED},
                 {5, NINETAP_ERR_ARG},
                 {-1, NINETAP_ERR_ARG}};
    for (int i = 0; i < 5; i++)
        REQUIRE(ninetap_choose_quantization(0, 1, (ninetap_dtype)other[i].type, 0, &scale, &zero) ==
                other[i].status);
    const ninetap_dtype u8 = NINETAP_U8;
    REQUIRE(ninetap_choose_quantization(0, 1, u8, 0, NULL, &zero) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_choose_quantization(0, 1, u8, 0, &scale, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_choose_quantization(0, 1, u8, 0, (float *)(void *)((char *)&scale + 1),
                                        &zero) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_choose_quantization(0, 1, u8, 0, &scale, (int32_t *)(void *)&scale) ==
            NINETAP_ERR_ALIAS);
    REQUIRE(scale == 7 && zero == 7);
}

/* ---- What is refused ---- */

static const struct {
    int64_t rows, columns, scales;
    int type;
    float scale;
    int32_t zero;
    ninetap_status to, back;
} table[] = {
    {-1, 3, 1, NINETAP_U8, 1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, -3, 1, NINETAP_U8, 1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 0, NINETAP_U8, 1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, -1, NINETAP_U8, 1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, 5, 1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, -1, 1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_U8, 0, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_U8, -1, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_U8, NAN, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_U8, INFINITY, 0, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_U8, 1, -1, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_U8, 1, 256, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_S8, 1, -129, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_S8, 1, 128, NINETAP_ERR_ARG, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_S32, 1, 1, NINETAP_ERR_UNSUPPORTED, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_S32, 1, -1, NINETAP_ERR_UNSUPPORTED, NINETAP_ERR_ARG},
    {2, 3, 1, NINETAP_F32, 1, 0, NINETAP_ERR_UNSUPPORTED, NINETAP_ERR_UNSUPPORTED},
    {2, 3, 1, NINETAP_S16, 1, 0, NINETAP_ERR_UNSUPPORTED, NINETAP_ERR_UNSUPPORTED},
    {2, 0, 1, NINETAP_U8, 1, 0, NINETAP_ERR_SHAPE, NINETAP_ERR_SHAPE},
    {0, 0, 1, NINETAP_U8, 1, 0, NINETAP_ERR_SHAPE, NINETAP_ERR_SHAPE},
    {INT64_MAX, 3, 1, NINETAP_U8, 1, 0, NINETAP_ERR_OVERFLOW, NINETAP_ERR_OVERFLOW},
    {2, INT64_MAX, 1, NINETAP_U8, 1, 0, NINETAP_ERR_OVERFLOW, NINETAP_ERR_OVERFLOW},
    {INT64_C(1) << 31, INT64_C(1) << 31, 1, NINETAP_U8, 1, 0, NINETAP_ERR_OVERFLOW,
     NINETAP_ERR_OVERFLOW},
    {2, 3, INT64_MAX, NINETAP_U8, 1, 0, NINETAP_ERR_OVERFLOW, NINETAP_ERR_OVERFLOW},
    {0, 3, 1, NINETAP_U8, -1, 999, NINETAP_OK, NINETAP_OK},
};

static void refused(void) {
    static const float numbers[16];
    static const int32_t integers[16];
    unsigned char dst[64], untouched[64];
    memset(dst, 0x55, sizeof dst);
    memcpy(untouched, dst, sizeof dst);
    float *floats = (float *)(void *)dst;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const ninetap_dtype type = (ninetap_dtype)table[i].type;
        const float *scale = &table[i].scale;
        const int32_t *zero = &table[i].zero;
        const ninetap_status to = ninetap_quantize(table[i].rows, table[i].columns, numbers, type,
                                                   scale, zero, table[i].scales, dst);
        const ninetap_status back = ninetap_dequantize(
            table[i].rows, table[i].columns, type, integers, scale, zero, table[i].scales, floats);
        suite_require(
            (to == table[i].to && back == table[i].back) ||
            suite_wrong("row %zu: %s, %s", i, ninetap_strerror(to), ninetap_strerror(back)));
        REQUIRE(memcmp(dst, untouched, sizeof dst) == 0);
    }
    /* The last of several is looked at, too. */
    const float scales[2] = {1, 0}, good[2] = {1, 1};
    const int32_t zeros[2] = {0, 256};
    const ninetap_dtype u8 = NINETAP_U8;
    REQUIRE(ninetap_quantize(1, 3, numbers, u8, scales, NULL, 2, dst) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, numbers, u8, good, zeros, 2, dst) == NINETAP_ERR_ARG);
    REQUIRE(memcmp(dst, untouched, sizeof dst) == 0);
}

static void bad_pointers(void) {
    static const float one[4] = {1, 1, 1, 1};
    static const int32_t zero[4];
    const ninetap_dtype u8 = NINETAP_U8, s32 = NINETAP_S32;
    float x[64] = {0}, *odd = (float *)(void *)((char *)x + 3);
    int32_t *odd_integer = (int32_t *)(void *)((char *)x + 2);
    float lo = 7, hi = 7;
    REQUIRE(ninetap_quantize(1, 3, NULL, u8, one, zero, 1, x) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, x, u8, NULL, zero, 1, x + 9) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, x, u8, one, zero, 1, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, odd, u8, one, zero, 1, x + 9) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, x, u8, odd, zero, 1, x + 9) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, x, u8, one, odd_integer, 1, x + 9) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_quantize(1, 3, x, u8, one, zero, 1, (char *)(x + 9) + 1) == NINETAP_OK);
    REQUIRE(ninetap_dequantize(1, 3, u8, NULL, one, zero, 1, x) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dequantize(1, 3, u8, zero, one, zero, 1, odd) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dequantize(1, 3, s32, odd, one, zero, 1, x + 9) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dequantize(1, 3, u8, odd, one, zero, 1, x + 9) == NINETAP_OK);
    REQUIRE(ninetap_range(-1, x, &lo, &hi) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_range(3, NULL, &lo, &hi) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_range(3, odd, &lo, &hi) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_range(3, x, NULL, &hi) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_range(3, x, &lo, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_range(INT64_MAX, x, &lo, &hi) == NINETAP_ERR_OVERFLOW);
    REQUIRE(ninetap_range(3, x, &lo, &lo) == NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_range(3, x, &x[2], &hi) == NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_range(3, x, &lo, &x[0]) == NINETAP_ERR_ALIAS);
    REQUIRE(lo == 7 && hi == 7);
    REQUIRE(ninetap_range(3, x, &x[3], &x[4]) == NINETAP_OK);
}

/* By one byte at either end, with each of what is read. */
static void overlapping(void) {
    enum { ROWS = 2, COLUMNS = 5, BYTES = ROWS * COLUMNS, AT = 16 };
    union {
        float numbers[64];
        int32_t integers[64];
        uint8_t bytes[256];
    } m;
    for (int i = 0; i < 64; i++)
        m.numbers[i] = 1.0F;
    static const float one[ROWS] = {1, 1};
    const ninetap_dtype u8 = NINETAP_U8;
    for (int shift = -BYTES; shift <= 4 * BYTES; shift++) {
        const ninetap_status status = ninetap_quantize(ROWS, COLUMNS, m.numbers + AT, u8, one, NULL,
                                                       ROWS, m.bytes + 4 * AT + shift);
        REQUIRE(status == (shift == -BYTES || shift == 4 * BYTES ? NINETAP_OK : NINETAP_ERR_ALIAS));
        for (int i = 0; i < 64; i++)
            m.numbers[i] = 1.0F;
    }
    static const float src[BYTES];
    for (int shift = 1 - BYTES; shift < 4 * ROWS; shift++) {
        uint8_t *dst = m.bytes + 4 * AT + shift;
        REQUIRE(ninetap_quantize(ROWS, COLUMNS, src, u8, m.numbers + AT, NULL, ROWS, dst) ==
                NINETAP_ERR_ALIAS);
        memset(m.integers, 0, sizeof m.integers);
        REQUIRE(ninetap_quantize(ROWS, COLUMNS, src, u8, one, m.integers + AT, ROWS, dst) ==
                NINETAP_ERR_ALIAS);
        for (int i = 0; i < 64; i++)
            m.numbers[i] = 1.0F;
    }
    for (int at = 0; at <= BYTES; at++) /* the bytes of the source within the floats of dst */
        REQUIRE(
            ninetap_dequantize(1, BYTES, u8, m.bytes + 4 * AT - at, one, NULL, 1, m.numbers + AT) ==
            (at == BYTES ? NINETAP_OK : NINETAP_ERR_ALIAS));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "every_tail", .each_isa = every_tail},
        {.name = "drawn", .each_isa = drawn},
        {.name = "threads_change_nothing", .each_isa = threads_change_nothing},
        {.name = "no_traps", .each_isa = no_traps},
        {.name = "by_hand", .each_isa = by_hand},
        {.name = "there_and_back", .each_isa = there_and_back},
        {.name = "ranges", .each_isa = ranges},
        {.name = "chosen", .once = chosen},
        {.name = "chosen_holds", .once = chosen_holds},
        {.name = "not_chosen", .once = not_chosen},
        {.name = "refused", .once = refused},
        {.name = "bad_pointers", .once = bad_pointers},
        {.name = "overlapping", .once = overlapping},
        {0},
    };
    return problems_main("quantize", tests, argc, argv);
}
