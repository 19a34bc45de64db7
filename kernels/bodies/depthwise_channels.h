/* Template: depthwise convolution, lanes = channels. Needs a vocabulary and an arithmetic.
 *
 * One call computes R rows x P pixels of outputs, for every channel. Its input pixels come as a
 * table of pointers, which absorbs pitch, padding, border and what distance stride and dilation put
 * between neighbours. S says which outputs share inputs:
 *
 *   S = 1: R+2 x P+2 input pixels      S = 2: 2R+1 x 2P+1
 *   S = NT_DW_APART: none shared, 3R x 3P: any stride and dilation
 *
 * Registers: R*P sums, a row of input pixels, and the weights: nine that stay where there are
 * registers for them, else one at a time with R = 1. */
#ifndef NINETAP_DEPTHWISE_CHANNELS_H
#define NINETAP_DEPTHWISE_CHANNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"
#include "core/epilogue.h"

/* Depthwise, lanes = channels: `tiles` times `rows` x `pixels` neighbouring outputs. */
enum {
    NT_DW_APART = 3, /* as a stride: each output has nine inputs of its own */
    /* No tile has more sums, or inputs: */
    NT_DW_SUMS = 12,
    NT_DW_INPUT_ROWS = 4,
    NT_DW_INPUT_COLUMNS = 9
};
typedef struct nt_dw_tile {
    const float **input; /* [input row][input pixel]: where its channels lie; moves on */
    int64_t advance;     /* from a tile's input to the next one's */
    int64_t tiles;
    const float *weights; /* [channels / lanes][9][lanes] */
    const float *bias;    /* [channels] */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row, dst_column;
    int64_t channels;
} nt_dw_tile;
typedef void nt_dw_fn(const nt_dw_tile *tile);
typedef struct nt_dw_kernel {
    int rows, pixels;
    int stride; /* 1, 2: of neighbouring outputs; NT_DW_APART */
    nt_kernel_name name;
    nt_dw_fn *run;
} nt_dw_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "bodies/epilogue.h"
#include "simd/compiler.h"

/* The input rows (or columns) of so many outputs. */
#define DEPTHWISE_SPAN(outputs, S) (((outputs)-1) * (S) + 3)

/* Channels [c, c + n). */
ALWAYS_INLINE void ARITH(depthwise_vector)(const nt_dw_tile *tile, float *dst, int64_t c, int n,
                                           int R, int P, int S) {
    const float **input = tile->input;
    OPAQUE(input); /* or a small tile's pointers all stay in registers, and the rest on the stack */
    const ELEMENT *weights = tile->weights + 9 * c;
    SUMS acc[NT_DW_SUMS];
    UNROLL
    for (int i = 0; i < R * P; i++) {
        acc[i] = SUMS_ZERO();
    }
    UNROLL
    for (int i = 0; i < DEPTHWISE_SPAN(R, S); i++) {
        VECTOR x[NT_DW_INPUT_COLUMNS];
        UNROLL
        for (int k = 0; k < DEPTHWISE_SPAN(P, S); k++) {
            const ELEMENT *in = input[i * DEPTHWISE_SPAN(P, S) + k] + c;
            x[k] = n == NT_LANES ? VECTOR_LOAD(in) : VECTOR_LOAD_N(in, n);
        }
        UNROLL
        for (int u = 0; u < 3 * R * P; u++) {
            const int q = u / (3 * P);
            const int kx = u / P % 3;
            const int j = u % P;
            const int ky = i - q * S;
            if (ky >= 0 && ky < 3) {
                const VECTOR w = VECTOR_LOAD(weights + (ky * 3 + kx) * NT_LANES);
                acc[q * P + j] = ARITH(multiply_add_lanes)(x[j * S + kx], w, acc[q * P + j]);
            }
        }
    }
    const vf bias = vf_load(tile->bias + c);
    const nt_epilogue *epilogue = tile->epilogue;
    OPAQUE(epilogue); /* its limits need no registers before now */
    finish_all(acc, R * P, &bias, 1, 1, epilogue);
    const int64_t row = tile->dst_row;
    const int64_t column = tile->dst_column;
    UNROLL
    for (int i = 0; i < R * P; i++) {
        float *out = dst + i / P * row + i % P * column + c;
        if (n == NT_LANES) {
            vf_store(out, acc[i]);
        } else {
            vf_store_n(out, acc[i], n);
        }
    }
}

ALWAYS_INLINE void ARITH(depthwise)(const nt_dw_tile *tile, int R, int P, int S) {
    const int64_t whole = tile->channels / NT_LANES * NT_LANES;
    const int rest = (int)(tile->channels - whole);
    float *dst = tile->dst;
    for (int64_t t = tile->tiles; t > 0; t--) {
        for (int64_t c = 0; c < whole; c += NT_LANES) {
            ARITH(depthwise_vector)(tile, dst, c, NT_LANES, R, P, S);
        }
        if (rest > 0) {
            ARITH(depthwise_vector)(tile, dst, whole, rest, R, P, S);
        }
        for (int i = 0; i < DEPTHWISE_SPAN(R, S) * DEPTHWISE_SPAN(P, S); i++) {
            tile->input[i] += tile->advance;
        }
        dst += P * tile->dst_column;
    }
}

#define DEPTHWISE_STRIDE_1 1
#define DEPTHWISE_STRIDE_2 2
#define DEPTHWISE_STRIDE_apart NT_DW_APART
#define DEPTHWISE_FUNCTION(tile, R, P, S)                               \
    _Static_assert((R) * (P) <= NT_DW_SUMS, #tile);                     \
    _Static_assert(DEPTHWISE_SPAN(R, S) <= NT_DW_INPUT_ROWS, #tile);    \
    _Static_assert(DEPTHWISE_SPAN(P, S) <= NT_DW_INPUT_COLUMNS, #tile); \
    static void ARITH_TILE(depthwise, tile)(const nt_dw_tile *job) {    \
        ARITH(depthwise)(job, R, P, S);                                 \
    }
#define DEPTHWISE_DEFINE(R, P, S) DEPTHWISE_FUNCTION(R##x##P##s##S, R, P, DEPTHWISE_STRIDE_##S)
#define DEPTHWISE_ROW(R, P, S)                                           \
    {R, P, DEPTHWISE_STRIDE_##S, "depthwise_" NT_ISA_NAME "_" #R "x" #P, \
     ARITH_TILE(depthwise, R##x##P##s##S)},

#endif
