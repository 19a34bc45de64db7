/* Body: rows of a 3x3 filter. Needs a vocabulary.
 *
 *   row[0]  . . . a b c . .     Channels are interleaved: the neighbours of a value in its row lie
 *   row[1]  . . . d e f . .     `step` values away, so one body serves any number of channels. A
 *   row[2]  . . . g h i . .     vector of values at a time, each with nine loads.
 *
 * Sums of bytes are of 16 bits where no sum can leave them, else of 32; taps come in pairs, for
 * which x86 has an instruction. Floats, and bytes whose sums are floats (walk.c converts each row
 * once), are summed tap by tap. */
#ifndef NINETAP_FILTER3X3_BODY_H
#define NINETAP_FILTER3X3_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"

typedef enum nt_filter_sums {
    NT_SUMS_16,    /* bytes; coefficients of 8 bits */
    NT_SUMS_32,    /* bytes; of 16 bits */
    NT_SUMS_LARGE, /* bytes; of more: the integers are high * 2^12 + low */
    NT_SUMS_FLOAT  /* rows of floats */
} nt_filter_sums;
typedef enum nt_filter_norm { NT_NORM_NONE, NT_NORM_L1, NT_NORM_L2 } nt_filter_norm;
typedef enum nt_filter_to { NT_TO_U8, NT_TO_S16, NT_TO_F32 } nt_filter_to;

/* What is computed; the same for all rows. */
typedef struct nt_filter {
    nt_filter_sums sums;
    nt_filter_norm norm; /* of two kernels; NONE: of the first alone */
    nt_filter_to to;
    int integer[2][9], high[2][9];
    float factor[2][9];
    /* Without a float in between: (sum + delta) / 2^shift, rounded; of a norm 0, and only L1. */
    bool exact, absolute;
    int shift, addend;
    float unit, scale, delta; /* sum * unit (a norm's sums), * scale, + delta */
} nt_filter;

typedef struct nt_filter_rows {
    const nt_filter *filter;
    const void *const *row; /* the middle of the first window of each, from that above the first */
    int64_t rows;           /* of outputs */
    void *dst;
    int64_t dst_row; /* bytes */
    int64_t n;       /* values; of fewer than a vector, that of the rows behind them is read */
    int64_t step;    /* from a value to its neighbour */
} nt_filter_rows;

typedef struct nt_filter_kernel {
    nt_kernel_name name;
    int values; /* of a vector */
    void (*rows)(const nt_filter_rows *rows);
    void (*floats)(float *dst, const uint8_t *src, int64_t n); /* dst[i] = src[i] */
    /* The maxima of two rows' values and their neighbours, upper[i], upper[i + step] and below;
     * reads and writes whole vectors. dst may be upper. */
    void (*maxima)(nt_filter_to type, void *dst, const void *upper, const void *lower, int64_t n,
                   int64_t step);
    /* dst[i] = src[2 * i], elements of 1 or 4 bytes */
    void (*evens)(void *dst, const void *src, int64_t n, int bytes);
} nt_filter_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_FILTER3X3_BODY)
#define NINETAP_FILTER3X3_BODY

#include "bodies/maximum.h"
#include "simd/compiler.h"

#include <string.h>

/* One of the rows. */
typedef struct filter_line {
    const void *row[3];
    void *dst;
    int64_t n, step;
} filter_line;

/* ---- From sums to values ---- */

ALWAYS_INLINE void store_16(const nt_filter *f, void *dst, v16 v[NT_V16S]) {
    if (f->to == NT_TO_U8) {
        v8_store(dst, v8_of_v16(v));
    } else {
        v16_store_all(dst, v);
    }
}

ALWAYS_INLINE void finish_16(const nt_filter *f, void *dst, v16 v[NT_V16S]) {
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        v[i] = f->shift > 0 ? v16_rounded(v[i], f->shift) : v[i];
        v[i] = f->absolute ? v16_abs(v[i]) : v[i];
    }
    store_16(f, dst, v);
}

ALWAYS_INLINE void finish_32(const nt_filter *f, void *dst, v32 v[NT_V32S]) {
    v16 halves[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        v[i] = f->shift > 0 ? v32_rounded(v[i], f->shift) : v[i];
        v[i] = f->absolute ? v32_abs(v[i]) : v[i];
    }
    v16_of_v32(halves, v);
    store_16(f, dst, halves);
}

/* v: in the order of memory, or not. */
ALWAYS_INLINE void finish_floats(const nt_filter *f, void *dst, vf v[NT_V32S], bool in_order) {
    const bool bytes = f->to == NT_TO_U8;
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        v[i] = f->scale != 1.0F ? vf_mul(v[i], vf_set1(f->scale)) : v[i];
        v[i] = vf_add(v[i], vf_set1(f->delta));
        v[i] = f->absolute ? vf_abs(v[i]) : v[i];
    }
    if (f->to == NT_TO_F32) {
        if (!in_order) {
            vf_all_in_order(v);
        }
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            vf_store((float *)dst + i * NT_LANES, v[i]);
        }
        return;
    }
    if (in_order) {
        vf_all_unordered(v);
    }
    v32 whole[NT_V32S];
    v16 halves[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V32S; i++) { /* a NaN becomes the lowest */
        v[i] = vf_max(v[i], vf_set1(bytes ? 0.0F : -32768.0F));
        whole[i] = v32_of_vf(vf_min(v[i], vf_set1(bytes ? 255.0F : 32767.0F)));
    }
    v16_of_v32(halves, whole);
    store_16(f, dst, halves);
}

/* Of two sums in each lane. */
ALWAYS_INLINE void norm_of(const nt_filter *f, vf x[NT_V32S], const vf y[NT_V32S]) {
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        const vf squares = vf_add(vf_mul(x[i], x[i]), vf_mul(y[i], y[i]));
        x[i] = f->norm == NT_NORM_L1 ? vf_add(vf_abs(x[i]), vf_abs(y[i])) : vf_sqrt(squares);
    }
}

/* ---- Sums of 16 bits ---- */

/* Taps 2*i and 2*i + 1 of the window at x; the last one is alone. */
ALWAYS_INLINE void load_pair(const filter_line *r, int64_t x, int i, v8 pair[2]) {
    for (int k = 0; k < 2; k++) {
        const int tap = 2 * i + k < 9 ? 2 * i + k : 8;
        pair[k] = v8_load((const uint8_t *)r->row[tap / 3] + x + (tap % 3 - 1) * r->step);
    }
}

ALWAYS_INLINE void set_pairs_8(const int integer[9], t8 pairs[5]) {
    UNROLL
    for (int i = 0; i < 5; i++) {
        pairs[i] = t8_set(integer[2 * i], i < 4 ? integer[2 * i + 1] : 0);
    }
}

ALWAYS_INLINE void sum_16(const filter_line *r, int64_t x, const t8 pairs[5], int addend,
                          v16 sum[NT_V16S]) {
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        sum[i] = v16_set1(addend);
    }
    UNROLL
    for (int i = 0; i < 5; i++) {
        v8 pair[2];
        load_pair(r, x, i, pair);
        v16_add_products(sum, pair[0], pair[1], pairs[i]);
    }
}

/* At most six taps other than 0, in their order; fewer: the middle, times 0. */
typedef struct few_taps {
    int row[6], column[6];
    t8 pairs[3];
} few_taps;

ALWAYS_INLINE bool find_few_taps(const int integer[9], few_taps *few) {
    int by[6] = {0};
    int count = 0;
    for (int i = 0; i < 6; i++) {
        few->row[i] = 1;
        few->column[i] = 0;
    }
    for (int tap = 0; tap < 9; tap++) {
        if (integer[tap] != 0) {
            if (count == 6) {
                return false;
            }
            few->row[count] = tap / 3;
            few->column[count] = tap % 3 - 1;
            by[count++] = integer[tap];
        }
    }
    for (int i = 0; i < 3; i++) {
        few->pairs[i] = t8_set(by[2 * i], by[2 * i + 1]);
    }
    return true;
}

ALWAYS_INLINE void few_16_at(const nt_filter *f, const uint8_t *const at[6], const t8 pairs[3],
                             int64_t x, void *dst) {
    v16 sum[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        sum[i] = v16_set1(f->addend);
    }
    UNROLL
    for (int i = 0; i < 3; i++) {
        v16_add_products(sum, v8_load(at[2 * i] + x), v8_load(at[2 * i + 1] + x), pairs[i]);
    }
    finish_16(f, dst, sum);
}

/* ---- Sums of 32 bits ---- */

ALWAYS_INLINE void sum_32(const filter_line *r, int64_t x, const int by[9], v32 sum[NT_V32S]) {
    UNROLL
    for (int i = 0; i < 5; i++) {
        v8 pair[2];
        load_pair(r, x, i, pair);
        v32_add_products(sum, pair[0], pair[1], t16_set(by[2 * i], i < 4 ? by[2 * i + 1] : 0));
    }
}

ALWAYS_INLINE void integers_at(const nt_filter *f, const filter_line *r, int64_t x, int kernel,
                               bool large, v32 sum[NT_V32S]) {
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        sum[i] = v32_set1(0);
    }
    if (large) {
        sum_32(r, x, f->high[kernel], sum);
        for (int doubled = 0; doubled < 12; doubled++) {
            UNROLL
            for (int i = 0; i < NT_V32S; i++) {
                sum[i] = v32_add(sum[i], sum[i]);
            }
        }
    }
    sum_32(r, x, f->integer[kernel], sum);
}

/* ---- Sums of floats ---- */

ALWAYS_INLINE void set_factors(const float factor[9], vf by[9]) {
    UNROLL
    for (int tap = 0; tap < 9; tap++) {
        by[tap] = vf_set1(factor[tap]);
    }
}

ALWAYS_INLINE void floats_at(const filter_line *r, int64_t x, const vf by[9], vf sum[NT_V32S]) {
    UNROLL
    for (int tap = 0; tap < 9; tap++) {
        const float *at = (const float *)r->row[tap / 3] + x + (tap % 3 - 1) * r->step;
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            /* a sum that starts at +0 differs in the sign of zero alone, which delta decides */
            const vf product = vf_mul(vf_load(at + i * NT_LANES), by[tap]);
            sum[i] = tap == 0 ? product : vf_add(sum[i], product);
        }
    }
}

/* ---- A vector of values, and rows of them ---- */

/* What needs no float: one kernel, or L1 of two. */
ALWAYS_INLINE void exact_16_at(const nt_filter *f, const filter_line *r, int64_t x, t8 pairs[2][5],
                               void *dst, bool both) {
    v16 sum[NT_V16S];
    sum_16(r, x, pairs[0], f->addend, sum);
    if (both) {
        v16 other[NT_V16S];
        sum_16(r, x, pairs[1], 0, other);
        UNROLL
        for (int i = 0; i < NT_V16S; i++) {
            sum[i] = v16_add(v16_abs(sum[i]), v16_abs(other[i]));
        }
        store_16(f, dst, sum);
        return;
    }
    finish_16(f, dst, sum);
}

/* Integers of 32 bits, and what becomes of them as floats. */
ALWAYS_INLINE void wide_at(const nt_filter *f, const filter_line *r, int64_t x, void *dst,
                           bool large, bool both) {
    v32 sum[NT_V32S];
    vf v[NT_V32S];
    integers_at(f, r, x, 0, large, sum);
    if (!both) {
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            sum[i] = v32_add(sum[i], v32_set1(f->addend));
        }
        if (f->exact) {
            finish_32(f, dst, sum);
            return;
        }
    }
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        v[i] = vf_of_v32(sum[i]);
    }
    if (both) {
        vf w[NT_V32S];
        integers_at(f, r, x, 1, large, sum);
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            v[i] = vf_mul(v[i], vf_set1(f->unit));
            w[i] = vf_mul(vf_of_v32(sum[i]), vf_set1(f->unit));
        }
        norm_of(f, v, w);
    }
    finish_floats(f, dst, v, false);
}

ALWAYS_INLINE void float_at(const nt_filter *f, const filter_line *r, int64_t x, const vf by[9],
                            void *dst) {
    vf v[NT_V32S];
    floats_at(r, x, by, v);
    finish_floats(f, dst, v, true);
}

ALWAYS_INLINE void float_norm_at(const nt_filter *f, const filter_line *r, int64_t x, void *dst) {
    vf by[9];
    vf v[NT_V32S];
    vf w[NT_V32S];
    set_factors(f->factor[0], by);
    floats_at(r, x, by, v);
    set_factors(f->factor[1], by);
    floats_at(r, x, by, w);
    norm_of(f, v, w);
    finish_floats(f, dst, v, true);
}

/* AT(x, dst) for all vectors of the row. The last one ends where the row does; of a row that is
 * shorter, the rest goes nowhere. */
#define FILTER_LINE(r, AT)                                                        \
    do {                                                                          \
        if ((r)->n < NT_BYTES) {                                                  \
            char whole[4 * NT_BYTES];                                             \
            AT(0, whole);                                                         \
            memcpy((r)->dst, whole, (size_t)((r)->n * size));                     \
            break;                                                                \
        }                                                                         \
        int64_t x = 0;                                                            \
        for (; x <= (r)->n - NT_BYTES; x += NT_BYTES) {                           \
            AT(x, (char *)(r)->dst + x * size);                                   \
        }                                                                         \
        if (x < (r)->n) {                                                         \
            AT((r)->n - NT_BYTES, (char *)(r)->dst + ((r)->n - NT_BYTES) * size); \
        }                                                                         \
    } while (0)

ALWAYS_INLINE filter_line line_of(const nt_filter_rows *rows, int64_t y) {
    return (filter_line){.row = {rows->row[y], rows->row[y + 1], rows->row[y + 2]},
                         .dst = (char *)rows->dst + y * rows->dst_row,
                         .n = rows->n,
                         .step = rows->step};
}

/* A copy of what is pointed to: a store to dst cannot change it. */
#define FILTER_COPY(all)                     \
    const nt_filter filter = *(all)->filter; \
    const nt_filter *f = &filter;            \
    const int size = f->to == NT_TO_F32 ? 4 : f->to == NT_TO_S16 ? 2 : 1

#define FILTER_ROWS(all, AT)                      \
    for (int64_t y = 0; y < (all)->rows; y++) {   \
        const filter_line line = line_of(all, y); \
        const filter_line *r = &line;             \
        FILTER_LINE(r, AT);                       \
    }

OUTLINED void rows_of_floats(const nt_filter_rows *all) {
    FILTER_COPY(all);
    vf by[9];
    set_factors(f->factor[0], by);
#define FLOAT_AT(x, dst) float_at(f, r, x, by, dst)
    FILTER_ROWS(all, FLOAT_AT)
}

OUTLINED void rows_of_float_norms(const nt_filter_rows *all) {
    FILTER_COPY(all);
#define FLOAT_NORM_AT(x, dst) float_norm_at(f, r, x, dst)
    FILTER_ROWS(all, FLOAT_NORM_AT)
}

OUTLINED void rows_of_32(const nt_filter_rows *all) {
    FILTER_COPY(all);
#define WIDE_AT(x, dst) wide_at(f, r, x, dst, false, false)
    FILTER_ROWS(all, WIDE_AT)
}

OUTLINED void rows_of_32_norms(const nt_filter_rows *all) {
    FILTER_COPY(all);
#define WIDE_NORM_AT(x, dst) wide_at(f, r, x, dst, false, true)
    FILTER_ROWS(all, WIDE_NORM_AT)
}

OUTLINED void rows_of_large(const nt_filter_rows *all) {
    FILTER_COPY(all);
#define LARGE_AT(x, dst) wide_at(f, r, x, dst, true, f->norm != NT_NORM_NONE)
    FILTER_ROWS(all, LARGE_AT)
}

OUTLINED void rows_of_few(const nt_filter_rows *all, const few_taps *taps) {
    FILTER_COPY(all);
    const few_taps few = *taps;
    for (int64_t y = 0; y < all->rows; y++) {
        const filter_line line = line_of(all, y);
        const filter_line *r = &line;
        const uint8_t *at[6];
        UNROLL
        for (int i = 0; i < 6; i++) {
            at[i] = (const uint8_t *)r->row[few.row[i]] + few.column[i] * r->step;
        }
#define FEW_AT(x, dst) few_16_at(f, at, few.pairs, x, dst)
        FILTER_LINE(r, FEW_AT);
    }
}

OUTLINED void rows_of_16(const nt_filter_rows *all) {
    FILTER_COPY(all);
    t8 pairs[2][5];
    set_pairs_8(f->integer[0], pairs[0]);
#define ONE_AT(x, dst) exact_16_at(f, r, x, pairs, dst, false)
    FILTER_ROWS(all, ONE_AT)
}

OUTLINED void rows_of_16_norms(const nt_filter_rows *all) {
    FILTER_COPY(all);
    t8 pairs[2][5];
    set_pairs_8(f->integer[0], pairs[0]);
    set_pairs_8(f->integer[1], pairs[1]);
#define BOTH_AT(x, dst) exact_16_at(f, r, x, pairs, dst, true)
    FILTER_ROWS(all, BOTH_AT)
}

static void filter_rows(const nt_filter_rows *all) {
    const nt_filter *f = all->filter;
    const bool both = f->norm != NT_NORM_NONE;
    few_taps few;
    if (f->sums == NT_SUMS_FLOAT) {
        (both ? rows_of_float_norms : rows_of_floats)(all);
    } else if (f->sums == NT_SUMS_32) {
        (both ? rows_of_32_norms : rows_of_32)(all);
    } else if (f->sums == NT_SUMS_LARGE) {
        rows_of_large(all);
    } else if (both) {
        rows_of_16_norms(all);
    } else if (find_few_taps(f->integer[0], &few)) {
        rows_of_few(all, &few);
    } else {
        rows_of_16(all);
    }
}

/* ---- What surrounds a filter ---- */

/* Whole vectors, behind n too. */
static void filter_floats(float *dst, const uint8_t *src, int64_t n) {
    for (int64_t x = 0; x < n; x += NT_BYTES) {
        vf v[NT_V32S];
        vf_of_v8(v, v8_load(src + x));
        vf_all_in_order(v);
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            vf_store(dst + x + i * NT_LANES, v[i]);
        }
    }
}

ALWAYS_INLINE void maxima_of_floats(float *dst, const float *upper, const float *lower, int64_t n,
                                    int64_t step) {
    for (int64_t x = 0; x < n; x += NT_LANES) {
        const vf taps[4] = {vf_load(upper + x), vf_load(upper + x + step), vf_load(lower + x),
                            vf_load(lower + x + step)};
        vf_store(dst + x, largest_or_nan(taps));
    }
}

static void filter_maxima(nt_filter_to type, void *dst, const void *upper, const void *lower,
                          int64_t n, int64_t step) {
    if (type == NT_TO_F32) {
        maxima_of_floats(dst, upper, lower, n, step);
    } else if (type == NT_TO_U8) {
        const uint8_t *a = upper;
        const uint8_t *b = lower;
        for (int64_t x = 0; x < n; x += NT_BYTES) {
            const v8 left = v8_max_u8(v8_load(a + x), v8_load(b + x));
            const v8 right = v8_max_u8(v8_load(a + x + step), v8_load(b + x + step));
            v8_store((uint8_t *)dst + x, v8_max_u8(left, right));
        }
    } else {
        const int16_t *a = upper;
        const int16_t *b = lower;
        const int lanes = NT_BYTES / NT_V16S;
        for (int64_t x = 0; x < n; x += lanes) {
            const v16 left = v16_max(v16_load(a + x), v16_load(b + x));
            const v16 right = v16_max(v16_load(a + x + step), v16_load(b + x + step));
            v16_store((int16_t *)dst + x, v16_max(left, right));
        }
    }
}

static void filter_evens(void *dst, const void *src, int64_t n, int bytes) {
    if (bytes == 4) {
        const float *a = src;
        float *b = dst;
        int64_t x = 0;
        for (; x <= n - NT_LANES; x += NT_LANES) {
            vf_store(b + x, vf_even(vf_load(a + 2 * x), vf_load(a + 2 * x + NT_LANES)));
        }
        for (; x < n; x++) {
            memcpy(b + x, a + 2 * x, sizeof *b);
        }
        return;
    }
    const uint8_t *a = src;
    uint8_t *b = dst;
    int64_t x = 0;
    for (; x <= n - NT_BYTES; x += NT_BYTES) {
        v8_store(b + x, v8_even(v8_load(a + 2 * x), v8_load(a + 2 * x + NT_BYTES)));
    }
    for (; x < n; x++) {
        b[x] = a[2 * x];
    }
}

#define FILTER_KERNEL \
    { "filter3x3_" NT_ISA_NAME, NT_BYTES, filter_rows, filter_floats, filter_maxima, filter_evens }

#endif
