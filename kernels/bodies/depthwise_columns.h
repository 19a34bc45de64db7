/* Body: depthwise convolution, lanes = output columns: planes of NCHW. Needs a vocabulary, an
 * arithmetic, and depthwise_channels.h before it.
 *
 * R output rows at a time, so that an input row is loaded once for up to three of them. Nothing is
 * copied: the table of input rows absorbs the border above and below; beside the plane one column
 * is missing at most, and is shifted into the first or the last vector. The last vector of a row
 * steps back to end with it, and so do the last R rows of a plane.
 *
 * Registers: 9 weights, R sums, 3 input vectors. */
#ifndef NINETAP_DEPTHWISE_COLUMNS_H
#define NINETAP_DEPTHWISE_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"
#include "core/epilogue.h"

/* Where the value is that stands in for a missing column: (the row's address & mask) + at. */
typedef struct nt_dw_fill {
    uintptr_t mask, at;
} nt_dw_fill;
enum { NT_DW_X_ROWS = 8 }; /* no kernel has more */
/* Depthwise, lanes = output columns: rows of the planes of neighbouring channels. */
typedef struct nt_dw_planes {
    const float **row;    /* [input row]: where column 0 of the first plane lies; moves on: */
    int64_t from, to;     /* these rows by */
    int64_t advance;      /* from a plane to the next one */
    const float *weights; /* [planes][9] */
    const float *bias;    /* [planes] */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_plane, dst_row;
    int64_t planes, rows, columns; /* of the output; columns >= lanes */
    int left, right;               /* columns that the first and the last window lack: 0, 1 */
    nt_dw_fill left_fill, right_fill;
} nt_dw_planes;
typedef void nt_dw_x_fn(nt_dw_planes *job); /* moves on what moves with the planes */
typedef struct nt_dw_x_kernel {
    int rows, stride;
    nt_kernel_name name;
    nt_dw_x_fn *run;
} nt_dw_x_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "bodies/epilogue.h"
#include "simd/compiler.h"

/* No branch: whether a row has the value, or the border, is the same for all. */
ALWAYS_INLINE vf ARITH(depthwise_x_fill)(const nt_dw_fill *fill, const float *row) {
    return vf_set1(*(const float *)(((uintptr_t)row & fill->mask) + fill->at));
}

/* Tap kx of a row for the outputs of a vector, whose first window begins at column x; the first
 * (last) window lacks its first (last) column. A stride of two leaves them unordered. */
ALWAYS_INLINE vf ARITH(depthwise_x_tap)(const nt_dw_planes *job, const float *row, int64_t x,
                                        int kx, int S, bool first, bool last) {
    const float *in = row + x;
    if (S == 1) {
        return kx == 0 && first
                   ? vf_prepend(vf_load(in + 1), ARITH(depthwise_x_fill)(&job->left_fill, row))
               : kx == 2 && last
                   ? vf_append(vf_load(in + 1), ARITH(depthwise_x_fill)(&job->right_fill, row))
                   : vf_load(in + kx);
    }
    const vf b = vf_load(in + NT_LANES);
    if (kx == 2 && !NT_NATURAL_ORDER) {
        const vf behind = last ? vf_append(b, ARITH(depthwise_x_fill)(&job->right_fill, row))
                               : vf_load(in + NT_LANES + 1);
        return vf_odd_unordered(vf_load(in + 1), behind);
    }
    const vf a = first ? vf_prepend(vf_load(in + 1), ARITH(depthwise_x_fill)(&job->left_fill, row))
                       : vf_load(in);
    if (kx == 1) {
        return vf_odd_unordered(a, b);
    }
    const vf even = vf_even_unordered(a, b);
    return kx == 0 ? even
                   : vf_append(even, last ? ARITH(depthwise_x_fill)(&job->right_fill, row)
                                          : vf_set1(in[2 * NT_LANES]));
}

/* The outputs [x, x + NT_LANES) of R rows. */
ALWAYS_INLINE void ARITH(depthwise_x_vector)(const nt_dw_planes *job, const float *const *row,
                                             float *dst, int64_t x, const vf w[9], int R, int S,
                                             bool first, bool last) {
    OPAQUE(job); /* else more of it is held than there are registers */
    int64_t at = x * S - job->left;
    OPAQUE(at); /* one index for all rows, not a pointer each: registers are short */
    OPAQUE(row);
    vf acc[NT_DW_X_ROWS];
    UNROLL
    for (int q = 0; q < R; q++) {
        acc[q] = vf_zero();
    }
    UNROLL
    for (int i = 0; i < DEPTHWISE_SPAN(R, S); i++) {
        UNROLL
        for (int u = 0; u < 3 * R; u++) {
            const int kx = u / R;
            const int q = u % R;
            const int ky = i - q * S;
            const vf tap = ARITH(depthwise_x_tap)(job, row[i], at, kx, S, first, last);
            if (ky >= 0 && ky < 3) {
                acc[q] = ARITH(multiply_add_lanes)(tap, w[ky * 3 + kx], acc[q]);
            }
        }
    }
    const nt_epilogue *epilogue = job->epilogue;
    OPAQUE(epilogue); /* its limits need no registers before now */
    const vf biases = vf_set1(*job->bias);
    finish_all(acc, R, &biases, 1, 1, epilogue);
    const int64_t dst_row = job->dst_row;
    UNROLL
    for (int q = 0; q < R; q++) {
        vf_store(dst + q * dst_row + x, S == 1 ? acc[q] : vf_in_order(acc[q]));
    }
}

/* R output rows from row y on. */
ALWAYS_INLINE void ARITH(depthwise_x_rows)(const nt_dw_planes *job, int64_t y, const vf w[9], int R,
                                           int S) {
    const float *const *row = job->row + y * S;
    float *dst = job->dst + y * job->dst_row;
    const int64_t last = job->columns - NT_LANES;
    const int64_t stop = job->right ? last : job->columns;
    int64_t x = 0;
    if (job->left) {
        if (job->right && last == 0) {
            ARITH(depthwise_x_vector)(job, row, dst, 0, w, R, S, true, true);
            return;
        }
        ARITH(depthwise_x_vector)(job, row, dst, 0, w, R, S, true, false);
        x = NT_LANES;
    }
    for (; x < stop; x += NT_LANES) {
        const int64_t at = x < last ? x : last;
        ARITH(depthwise_x_vector)(job, row, dst, at, w, R, S, false, false);
    }
    if (job->right) {
        ARITH(depthwise_x_vector)(job, row, dst, last, w, R, S, false, true);
    }
}

ALWAYS_INLINE void ARITH(depthwise_x_plane)(const nt_dw_planes *job, int R, int S) {
    vf w[9];
    UNROLL
    for (int t = 0; t < 9; t++) {
        w[t] = vf_set1(job->weights[t]);
    }
    int64_t y = 0;
    while (y + R <= job->rows) {
        ARITH(depthwise_x_rows)(job, y, w, R, S);
        y += R;
        const int64_t rest = job->rows - y;
        y -= rest > 1 && rest < R ? R - rest : 0;
    }
    for (; y < job->rows; y++) {
        ARITH(depthwise_x_rows)(job, y, w, 1, S);
    }
}

ALWAYS_INLINE void ARITH(depthwise_x)(nt_dw_planes *job, int R, int S) {
    for (; job->planes > 0; job->planes--) {
        ARITH(depthwise_x_plane)(job, R, S);
        job->weights += 9;
        job->bias++;
        job->dst += job->dst_plane;
        for (int64_t i = job->from; i < job->to; i++) {
            job->row[i] += job->advance;
        }
    }
}

#define DEPTHWISE_X_DEFINE(R, S)                                              \
    _Static_assert((R) <= NT_DW_X_ROWS && ((S) == 1 || (S) == 2), #R "s" #S); \
    static void ARITH_TILE(depthwise_x, R##s##S)(nt_dw_planes * job) {        \
        ARITH(depthwise_x)(job, R, S);                                        \
    }
#define DEPTHWISE_X_ROW(R, S) \
    {R, S, "depthwise_" NT_ISA_NAME "_x" #R, ARITH_TILE(depthwise_x, R##s##S)},

#endif
