/* Template: depthwise convolution, lanes = output columns: a plane of NCHW. Needs a vocabulary, an
 * arithmetic, and depthwise_channels.h before it.
 *
 * R output rows at a time, so that an input row is loaded once for up to three of them. Nothing is
 * copied: the table of input rows absorbs the border above and below; beside the plane one column
 * is missing at most, and is shifted into the first or the last vector. The last vector of a row
 * steps back to end with it.
 *
 * Registers: 9 weights, R sums, 3 input vectors. */
#ifndef NINETAP_DEPTHWISE_COLUMNS_H
#define NINETAP_DEPTHWISE_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"
#include "core/epilogue.h"

/* Depthwise, lanes = output columns: rows of one channel's plane. */
enum { NT_DW_X_ROWS = 8 }; /* no kernel has more */
typedef struct nt_dw_plane {
    const float *const *row; /* [input row]: where its column 0 lies */
    const float *weights;    /* [9] */
    float bias;
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row;
    int64_t rows, columns;         /* of the output; columns >= lanes */
    int left, right;               /* columns that the first and the last window lack: 0, 1 */
    int64_t left_fill, right_fill; /* the columns that stand in for them, < 0: `constant` */
    float constant;
} nt_dw_plane;
typedef void nt_dw_x_fn(const nt_dw_plane *plane);
typedef struct nt_dw_x_kernel {
    int rows, stride;
    nt_kernel_name name;
    nt_dw_x_fn *run;
} nt_dw_x_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "bodies/epilogue.h"
#include "simd/compiler.h"

/* The three taps of a row, for the outputs [x, x + NT_LANES). */
ALWAYS_INLINE void ARITH(depthwise_x_taps)(const nt_dw_plane *plane, const float *row, int64_t x,
                                           int S, bool edge, vf taps[3]) {
    const float *in = row + x * S - plane->left;
    const bool first = edge && plane->left && x == 0;
    const bool last = edge && plane->right && x + NT_LANES == plane->columns;
    const float *left = plane->left_fill < 0 ? &plane->constant : row + plane->left_fill;
    const float *right = plane->right_fill < 0 ? &plane->constant : row + plane->right_fill;
    if (S == 1) {
        taps[1] = vf_load(in + 1);
        taps[0] = first ? vf_prepend(taps[1], vf_set1(*left)) : vf_load(in);
        taps[2] = last ? vf_append(taps[1], vf_set1(*right)) : vf_load(in + 2);
    } else if (last || !plane->left) {
        const vf a = vf_load(in);
        const vf b = vf_load(in + NT_LANES);
        taps[0] = vf_even(a, b);
        taps[1] = vf_odd(a, b);
        taps[2] = vf_append(taps[0], vf_set1(last ? *right : in[2 * NT_LANES]));
    } else {
        const vf a = vf_load(in + 1);
        const vf b = vf_load(in + 1 + NT_LANES);
        taps[1] = vf_even(a, b);
        taps[2] = vf_odd(a, b);
        taps[0] = vf_prepend(taps[2], vf_set1(first ? *left : *in));
    }
}

ALWAYS_INLINE void ARITH(depthwise_x_vector)(const nt_dw_plane *plane, const float *const *row,
                                             float *dst, int64_t x, const vf w[9], int R, int S,
                                             bool edge) {
    OPAQUE(x); /* one index for all rows, not a pointer each: registers are short */
    vf acc[NT_DW_X_ROWS];
    UNROLL
    for (int q = 0; q < R; q++) {
        acc[q] = vf_zero();
    }
    UNROLL
    for (int i = 0; i < DEPTHWISE_SPAN(R, S); i++) {
        vf taps[3];
        ARITH(depthwise_x_taps)(plane, row[i], x, S, edge, taps);
        UNROLL
        for (int u = 0; u < 3 * R; u++) {
            const int ky = i - u / 3 * S;
            if (ky >= 0 && ky < 3) {
                acc[u / 3] = ARITH(multiply_add_lanes)(taps[u % 3], w[ky * 3 + u % 3], acc[u / 3]);
            }
        }
    }
    const nt_epilogue *epilogue = plane->epilogue;
    OPAQUE(epilogue); /* its limits need no registers before now */
    const vf bias = vf_set1(plane->bias);
    finish_all(acc, R, &bias, 1, 1, epilogue);
    const int64_t dst_row = plane->dst_row;
    UNROLL
    for (int q = 0; q < R; q++) {
        vf_store(dst + q * dst_row + x, acc[q]);
    }
}

/* R output rows. */
ALWAYS_INLINE void ARITH(depthwise_x_rows)(const nt_dw_plane *plane, const float *const *row,
                                           float *dst, const vf w[9], int R, int S) {
    const int64_t last = plane->columns - NT_LANES;
    ARITH(depthwise_x_vector)(plane, row, dst, 0, w, R, S, true);
    for (int64_t x = NT_LANES; x < last; x += NT_LANES) {
        ARITH(depthwise_x_vector)(plane, row, dst, x, w, R, S, false);
    }
    if (last > 0) {
        ARITH(depthwise_x_vector)(plane, row, dst, last, w, R, S, true);
    }
}

ALWAYS_INLINE void ARITH(depthwise_x)(const nt_dw_plane *plane, int R, int S) {
    const float *const *row = plane->row;
    float *dst = plane->dst;
    vf w[9];
    UNROLL
    for (int t = 0; t < 9; t++) {
        w[t] = vf_set1(plane->weights[t]);
    }
    int64_t y = plane->rows;
    for (; y >= R; y -= R) {
        ARITH(depthwise_x_rows)(plane, row, dst, w, R, S);
        row += R * S;
        dst += R * plane->dst_row;
    }
    for (; y > 0; y--) {
        ARITH(depthwise_x_rows)(plane, row, dst, w, 1, S);
        row += S;
        dst += plane->dst_row;
    }
}

#define DEPTHWISE_X_DEFINE(R, S)                                              \
    _Static_assert((R) <= NT_DW_X_ROWS && ((S) == 1 || (S) == 2), #R "s" #S); \
    static void ARITH_TILE(depthwise_x, R##s##S)(const nt_dw_plane *plane) {  \
        ARITH(depthwise_x)(plane, R, S);                                      \
    }
#define DEPTHWISE_X_ROW(R, S) \
    {R, S, "depthwise_" NT_ISA_NAME "_x" #R, ARITH_TILE(depthwise_x, R##s##S)},

#endif
