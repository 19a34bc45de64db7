/* Body: dense layer, lanes = outputs. Needs a vocabulary and an arithmetic.
 *
 * One call computes P rows x K vectors of outputs: direct_channels.h's tile without the nine taps.
 * The weights of a panel lie in the order in which they are read, so that a single row is one
 * stream through memory:
 *
 *   P = 1    K sums, as many as hide the latency, and one load of an input for K of weights: K / (K
 *            + 1) of the loads are weights.
 *   P <= 4   the same weights are used for each of the rows, which are read in place
 *   P > 4    inputs are gathered CHUNK at a time: otherwise rows whose length is a power of two
 *            fall into one set of the L1 cache and are evicted before their next element is read
 *
 * Each sum runs over the inputs in their order: a tile cannot change a bit. */
#ifndef NINETAP_BODIES_DENSE_H
#define NINETAP_BODIES_DENSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/epilogue.h"

/* Dense layer, lanes = outputs: `rows` rows x `vectors` vectors of outputs. */
enum { NT_DENSE_ROWS = 12, NT_DENSE_VECTORS = 16, NT_DENSE_SUMS = 24 }; /* no tile has more */
typedef struct nt_dense_tile {
    const void *src; /* elements: arith/end.h; of integers bytes */
    int64_t src_row;
    int64_t in;          /* >= 1, in whole INPUTS; of integers any number of bytes */
    const void *weights; /* elements [in / INPUTS][vectors * lanes][INPUTS]; the next
                          * [vectors * lanes][INPUTS] may be read */
    const float *bias;   /* [vectors * lanes] */
    const nt_epilogue *epilogue;
    void *dst; /* floats; of integers the sums, all lanes, without bias and epilogue */
    int64_t dst_row;
    int last_lanes; /* lanes of the last vector that exist in dst */
    int sign, zero; /* of integers: as nt_arrange has them */
} nt_dense_tile;
typedef void nt_dense_fn(const nt_dense_tile *tile);
typedef struct nt_dense_kernel {
    int rows, vectors;
    nt_dense_fn *run;
} nt_dense_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "bodies/early_input.h"
#include "bodies/epilogue.h"
#include "bodies/arrange.h"
#include "simd/compiler.h"

#define DENSE_CHUNK (SUMS_ARE_PLAIN ? 64 : 16 * INPUTS)

#if SUMS_ARE_PLAIN
/* `n` bytes of P rows from the input `at` on as elements. */
ALWAYS_INLINE void ARITH(dense_gather)(const nt_dense_tile *tile, int64_t at, ELEMENT *chunk, int P,
                                       int64_t n) {
    const nt_arrange rows = {
        .src = (const uint8_t *)tile->src + at,
        .src_pixel = tile->src_row,
        .src_channel = 1,
        .pixels = P,
        .channels = n,
        .sign = tile->sign,
        .zero = tile->zero,
        .dst = chunk,
        .dst_pixel = DENSE_CHUNK,
    };
    ARRANGE(&rows);
}
#else
/* The next `n` inputs of P rows. */
ALWAYS_INLINE void ARITH(dense_gather)(const ELEMENT *src, int64_t row, ELEMENT *chunk, int P,
                                       int64_t n) {
    UNROLL
    for (int p = 0; p < P; p++) {
        const ELEMENT *from = src + p * row;
        ELEMENT *to = chunk + p * DENSE_CHUNK;
        if (n >= DENSE_CHUNK) {
            UNROLL
            for (int i = 0; i < DENSE_CHUNK; i += VECTOR_ELEMENTS) {
                VECTOR_STORE(to + i, VECTOR_LOAD(from + i));
            }
        } else {
            NO_UNROLL
            for (int i = 0; i < n; i += VECTOR_ELEMENTS) {
                const int rest = (int)n - i;
                VECTOR_STORE(
                    to + i,
                    VECTOR_LOAD_N(from + i, rest < VECTOR_ELEMENTS ? rest : VECTOR_ELEMENTS));
            }
        }
    }
}
#endif

/* `n` steps: returns where the weights go on. Where loads are early, weights are loaded as soon as
 * the register of an earlier one is free; so those behind the last ones are read, too. */
ALWAYS_INLINE const ELEMENT *ARITH(dense_steps)(SUMS *acc, const ELEMENT *in, int64_t row,
                                                const ELEMENT *weights, int64_t n, int P, int K) {
    const int early = early_input(P * K + K + PRODUCT);
    /* of weights; half of them where each is used once and all do not fit */
    const int held = !NT_LOADS_EARLY || P * K + K + PRODUCT < NT_REGISTERS ? K : K / 2;
    VECTOR kept[NT_DENSE_VECTORS];
    UNROLL
    for (int k = 0; k < held && NT_LOADS_EARLY; k++) {
        kept[k] = VECTOR_LOAD(weights + k * VECTOR_ELEMENTS);
    }
    NO_UNROLL
    for (; n > 0; n -= INPUTS) {
        VECTOR w[NT_DENSE_VECTORS];
        UNROLL
        for (int k = 0; k < K && !AS_WRITTEN && !NT_LOADS_EARLY; k++) {
            w[k] = VECTOR_LOAD(weights + k * VECTOR_ELEMENTS);
        }
        SINGLE single[2];
        single[0] = SINGLE_LOAD(in);
        UNROLL
        for (int i = 0; i < P * K; i++) { /* one loop, for clang: see direct_channels.h */
            const int load = i / K + early;
            if (i % K == 0 && load > 0 && load < P) {
                single[load % 2] = SINGLE_LOAD(in + load * row);
            }
            if (AS_WRITTEN && !NT_LOADS_EARLY && i < K) {
                w[i] = VECTOR_LOAD(weights + i * VECTOR_ELEMENTS);
            }
            const VECTOR weight = NT_LOADS_EARLY ? kept[i % K % held] : w[i % K];
            acc[i] = ARITH(multiply_add)(weight, single[i / K % 2], acc[i]);
            if (NT_LOADS_EARLY && i / K == P - 1) {
                kept[i % K % held] = VECTOR_LOAD(weights + (held + i % K) * VECTOR_ELEMENTS);
                IN_ORDER(kept[i % K % held]);
            }
        }
        weights += K * VECTOR_ELEMENTS;
        in += INPUTS;
    }
    return weights;
}

#if SUMS_ARE_PLAIN
ALWAYS_INLINE void ARITH(dense)(const nt_dense_tile *tile, int P, int K) {
    SUMS acc[NT_DENSE_SUMS];
    _Alignas(sizeof(VECTOR)) ELEMENT chunk[NT_DENSE_ROWS * DENSE_CHUNK];
    const ELEMENT *weights = tile->weights;
    UNROLL
    for (int i = 0; i < P * K; i++) {
        acc[i] = SUMS_ZERO();
    }
    for (int64_t at = 0; at < tile->in; at += BYTES * DENSE_CHUNK) {
        const int64_t left = tile->in - at;
        const int64_t n = left < BYTES * DENSE_CHUNK ? left : BYTES * DENSE_CHUNK;
        const ELEMENT *in = chunk;
        ARITH(dense_gather)(tile, at, chunk, P, n);
        OPAQUE(in); /* else the compiler addresses it by the stack pointer */
        weights = ARITH(dense_steps)(acc, in, DENSE_CHUNK, weights, (n + BYTES - 1) / BYTES, P, K);
    }
    SUM *dst = tile->dst;
    UNROLL
    for (int i = 0; i < P * K; i++) {
        SUMS_STORE(dst + i / K * tile->dst_row + i % K * NT_LANES, acc[i]);
    }
}
#else
ALWAYS_INLINE void ARITH(dense)(const nt_dense_tile *tile, int P, int K) {
    SUMS acc[NT_DENSE_SUMS];
    UNROLL
    for (int i = 0; i < P * K; i++) {
        acc[i] = SUMS_ZERO();
    }
    const ELEMENT *src = tile->src;
    const ELEMENT *weights = tile->weights;
    if (P <= 4) {
        ARITH(dense_steps)(acc, src, tile->src_row, weights, tile->in, P, K);
    } else {
        _Alignas(sizeof(VECTOR)) ELEMENT chunk[NT_DENSE_ROWS * DENSE_CHUNK];
        for (int64_t left = tile->in; left > 0; left -= DENSE_CHUNK) {
            const int64_t n = left < DENSE_CHUNK ? left : DENSE_CHUNK;
            const ELEMENT *in = chunk;
            ARITH(dense_gather)(src, tile->src_row, chunk, P, n);
            OPAQUE(in); /* else the compiler addresses it by the stack pointer */
            weights = ARITH(dense_steps)(acc, in, DENSE_CHUNK, weights, n, P, K);
            src += DENSE_CHUNK;
        }
    }
    vf bias[NT_DENSE_VECTORS];
    UNROLL
    for (int k = 0; k < K; k++) {
        bias[k] = vf_load(tile->bias + k * NT_LANES);
    }
    finish_all(acc, P * K, bias, 1, K, tile->epilogue);
    float *dst = tile->dst;
    const int64_t row = tile->dst_row;
    const int last = tile->last_lanes;
    UNROLL
    for (int i = 0; i < P * K; i++) {
        float *out = dst + i / K * row + i % K * NT_LANES;
        if (i % K < K - 1 || last == NT_LANES) {
            vf_store(out, acc[i]);
        } else {
            vf_store_n(out, acc[i], last);
        }
    }
}
#endif

#define DENSE_DEFINE(P, K)                                                      \
    _Static_assert((P) * (K) <= NT_DENSE_SUMS, #P "x" #K);                      \
    _Static_assert((P) <= NT_DENSE_ROWS && (K) <= NT_DENSE_VECTORS, #P "x" #K); \
    static void ARITH_TILE(dense, P##x##K)(const nt_dense_tile *tile) {         \
        ARITH(dense)(tile, P, K);                                               \
    }
#define DENSE_ROW(P, K) {P, K, ARITH_TILE(dense, P##x##K)},

#endif
