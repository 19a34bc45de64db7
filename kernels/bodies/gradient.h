/* Body: sums of products over pixels, the gradients of weights. Needs a vocabulary and an
 * arithmetic.
 *
 * A convolution's weight gradient is, for each output channel and each tap of each input channel, a
 * sum over all output pixels. One call adds some rows of pixels to S x K vectors of such sums:
 *
 *                       v[0]  v[1]         K vectors of diff_dst at one pixel: lanes = channels
 *   single 0   b ---->  acc   acc
 *   single 1   b ---->  acc   acc          S inputs under that pixel, broadcast: a tap of an input
 *    ...                                   channel each
 *   single S-1 b ---->  acc   acc
 *
 * Of a dense layer the rows are the pixels, the lanes inputs, and the singles are of diff_dst.
 *
 * gradient_lanes is the depthwise kernel: the vector of sums s adds a vector of inputs, lane by
 * lane, and one more adds the diff_dst themselves.
 *
 * Registers: S*K accumulators + K vectors + 1 single (+ 1 product if it is rounded), and S
 * addresses of singles. Loads per multiply-add: 1/S + 1/K.
 *
 * A sum is continued from memory and left there, so neither a tile nor the number of pixels of a
 * call can change a bit of it. */
#ifndef NINETAP_BODIES_GRADIENT_H
#define NINETAP_BODIES_GRADIENT_H

#include <stdint.h>

enum { NT_GRADIENT_SINGLES = 10, NT_GRADIENT_VECTORS = 2 }; /* no tile has more */
typedef struct nt_gradient_tile {
    const float *singles;  /* of the first pixel: single s lies at singles + offset[s] */
    const int64_t *offset; /* [singles] */
    int64_t single_step;   /* from a pixel to the next one */
    int64_t single_row;    /* from a row to the next one */
    const float *vectors;  /* [vectors * lanes] of the first pixel */
    int64_t vector_step;   /* the same; rows follow each other */
    int64_t rows, pixels;  /* pixels of a row; both >= 1 */
    float *sums;           /* [singles][vectors * lanes] */
} nt_gradient_tile;
typedef void nt_gradient_fn(const nt_gradient_tile *tile);
typedef struct nt_gradient_kernel {
    int singles, vectors;
    nt_gradient_fn *run;
} nt_gradient_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "simd/compiler.h"

/* One pixel: the singles lie at `at` + x. */
ALWAYS_INLINE void ARITH(gradient_step)(vf *acc, const float *const *at, int64_t x,
                                        const float *vectors, int S, int K) {
    vf v[NT_GRADIENT_VECTORS];
    UNROLL
    for (int k = 0; k < K; k++) {
        v[k] = vf_load(vectors + k * NT_LANES);
    }
    vs single[2];
    single[0] = vs_load(at[0] + x);
    UNROLL
    for (int i = 0; i < S * K; i++) { /* one loop, for clang: see direct_channels.h */
        const int load = i / K + NT_LOADS_EARLY;
        if (i % K == 0 && load > 0 && load < S) {
            single[load % 2] = vs_load(at[load] + x);
        }
        acc[i] = ARITH(multiply_add)(v[i % K], single[i / K % 2], acc[i]);
    }
}

/* The same of vectors of inputs; the last sum is that of v. */
ALWAYS_INLINE void ARITH(gradient_lane_step)(vf *acc, const float *const *at, int64_t x,
                                             const float *vectors, int S) {
    const vf v = vf_load(vectors);
    UNROLL
    for (int s = 0; s < S; s++) {
        acc[s] = ARITH(multiply_add_lanes)(vf_load(at[s] + x), v, acc[s]);
        IN_ORDER(acc[s]);
    }
    acc[S] = vf_add(acc[S], v);
}

ALWAYS_INLINE void ARITH(gradient)(const nt_gradient_tile *tile, int S, int K, bool lanes) {
    vf acc[NT_GRADIENT_SINGLES * NT_GRADIENT_VECTORS];
    const float *at[NT_GRADIENT_SINGLES];
    float *sums = tile->sums;
    const int count = lanes ? S + 1 : S * K;
    UNROLL
    for (int s = 0; s < S; s++) {
        at[s] = tile->singles + tile->offset[s];
    }
    UNROLL
    for (int i = 0; i < count; i++) {
        acc[i] = vf_load(sums + i * NT_LANES);
    }
    const int64_t step = tile->single_step;
    const int64_t to_next_row = tile->single_row - tile->pixels * step;
    const int64_t vector_step = tile->vector_step;
    const float *vectors = tile->vectors;
    int64_t x = 0;
    NO_UNROLL
    for (int64_t rows = tile->rows; rows > 0; rows--) {
        NO_UNROLL
        for (int64_t pixels = tile->pixels; pixels > 0; pixels--) {
            if (lanes) {
                ARITH(gradient_lane_step)(acc, at, x, vectors, S);
            } else {
                ARITH(gradient_step)(acc, at, x, vectors, S, K);
            }
            x += step;
            vectors += vector_step;
        }
        x += to_next_row;
    }
    UNROLL
    for (int i = 0; i < count; i++) {
        vf_store(sums + i * NT_LANES, acc[i]);
    }
}

#define GRADIENT_DEFINE(S, K)                                                            \
    _Static_assert((S) <= NT_GRADIENT_SINGLES && (K) <= NT_GRADIENT_VECTORS, #S "x" #K); \
    static void ARITH_TILE(gradient, S##x##K)(const nt_gradient_tile *tile) {            \
        ARITH(gradient)(tile, S, K, false);                                              \
    }
#define GRADIENT_ROW(S, K) {S, K, ARITH_TILE(gradient, S##x##K)},

static void ARITH(gradient_lanes)(const nt_gradient_tile *tile) {
    ARITH(gradient)(tile, 9, 1, true);
}

#endif
