/* Body: depthwise convolution, lanes = channels. Needs a vocabulary and an arithmetic.
 *
 * One call computes tiles of R rows x P pixels of outputs, for every channel. The input pixels come
 * as a table of pointers, which absorbs pitch, padding, border and what distance stride and
 * dilation put between neighbours. S says which outputs share inputs:
 *
 *   S = 1: R+2 x P+2 input pixels      S = 2: 2R+1 x 2P+1
 *   S = NT_DW_APART: none shared, 3R x 3P: any stride and dilation
 *
 * Registers: R*P sums, a row of input pixels, and the weights: nine that stay where there are
 * registers for them, else one at a time with R = 1, for two vectors of channels in turns. */
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
    NT_DW_INPUT_COLUMNS = 9,
    NT_DW_TABLE = 128 /* input pixels of a row of tiles, at most */
};
typedef struct nt_dw_tile {
    /* [input row][input pixel]: where its channels lie. Tiles overlap in it as their inputs do. */
    const float *(*input)[NT_DW_TABLE];
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
/* Vectors of channels at a time: two where a tile would have too few sums for the multiply-adds in
 * flight. With pixels half a page apart it is a whole line of the cache that is read at once. */
#define DEPTHWISE_VECTORS(R, P) \
    (NT_FAST_FMA && PRODUCT == 0 && NT_REGISTERS == 16 && (R) * (P) <= 4 ? 2 : 1)

/* V vectors of channels from c on; n > 0: one vector, of which only n channels exist. */
ALWAYS_INLINE void ARITH(depthwise_vectors)(const nt_dw_tile *tile, const float *const *input,
                                            float *dst, int64_t c, int n, int R, int P, int S,
                                            int V) {
    /* else the compiler keeps all pointers of a small tile in registers, and other values on the
     * stack */
    OPAQUE(input);
    const bool whole = n == 0;
    const ELEMENT *weights = tile->weights + 9 * c;
    SUMS acc[NT_DW_SUMS];
    UNROLL
    for (int i = 0; i < V * R * P; i++) {
        acc[i] = SUMS_ZERO();
    }
    UNROLL
    for (int i = 0; i < V * DEPTHWISE_SPAN(R, S); i++) {
        const int row = i / V;
        const int v = i % V;
        if (V > 1) {
            OPAQUE_HERE(input); /* pointers are loaded again for the second vector */
        }
        VECTOR x[NT_DW_INPUT_COLUMNS];
        UNROLL
        for (int k = 0; k < DEPTHWISE_SPAN(P, S); k++) {
            const ELEMENT *in = input[row * NT_DW_TABLE + k] + c + v * NT_LANES;
            x[k] = whole ? VECTOR_LOAD(in) : VECTOR_LOAD_N(in, n);
        }
        UNROLL
        for (int u = 0; u < 3 * R * P; u++) {
            const int q = u / (3 * P);
            const int kx = u / P % 3;
            const int j = u % P;
            const int ky = row - q * S;
            if (ky >= 0 && ky < 3) {
                const VECTOR w = VECTOR_LOAD(weights + (9 * v + ky * 3 + kx) * NT_LANES);
                SUMS *sum = &acc[(v * R + q) * P + j];
                *sum = ARITH(multiply_add_lanes)(x[j * S + kx], w, *sum);
            }
        }
    }
    vf bias[2];
    UNROLL
    for (int v = 0; v < V; v++) {
        bias[v] = vf_load(tile->bias + c + v * NT_LANES);
    }
    const nt_epilogue *epilogue = tile->epilogue;
    OPAQUE(epilogue); /* its limits need no registers before now */
    finish_all(acc, V * R * P, bias, R * P, V, epilogue);
    const int64_t row = tile->dst_row;
    const int64_t column = tile->dst_column;
    UNROLL
    for (int i = 0; i < V * R * P; i++) {
        float *out = dst + i / P % R * row + i % P * column + c + i / (R * P) * NT_LANES;
        if (whole) {
            vf_store(out, acc[i]);
        } else {
            vf_store_n(out, acc[i], n);
        }
    }
}

ALWAYS_INLINE void ARITH(depthwise)(const nt_dw_tile *tile, int R, int P, int S) {
    const int V = DEPTHWISE_VECTORS(R, P);
    const float *const *input = tile->input[0];
    float *dst = tile->dst;
    /* no counter: registers are short */
    for (; input < tile->input[0] + tile->tiles * P * S; input += P * S) {
        OPAQUE(tile); /* else what follows from the number of channels is kept on the stack */
        int64_t c = 0;
        for (; c + V * NT_LANES <= tile->channels; c += V * NT_LANES) {
            ARITH(depthwise_vectors)(tile, input, dst, c, 0, R, P, S, V);
        }
        if (V > 1 && c + NT_LANES <= tile->channels) {
            ARITH(depthwise_vectors)(tile, input, dst, c, 0, R, P, S, 1);
            c += NT_LANES;
        }
        const int rest = (int)(tile->channels - c);
        if (rest > 0) {
            ARITH(depthwise_vectors)(tile, input, dst, c, rest, R, P, S, 1);
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
