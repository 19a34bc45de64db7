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

#include "bodies/filter3x3_sums.h"

#include "bodies/filter3x3_around.h"

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

#define FILTER_KERNEL \
    { "filter3x3_" NT_ISA_NAME, NT_BYTES, filter_rows, filter_floats, filter_maxima, filter_evens }

#endif
