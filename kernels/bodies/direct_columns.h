/* Body: direct convolution, lanes = output columns, for few channels and NCHW: the sums are
 * already rows of the output. Needs a vocabulary and an arithmetic.
 *
 * A tile is F output channels x R rows x V vectors of columns; one call computes strip->tiles of
 * them side by side, down strip->rows rows. Of two rows the 2x2 maxima are stored.
 *
 *              x[0]  x[1]          R*V vectors of one tap's input
 *   filter 0   acc   acc  <-- w    one broadcast weight feeds R*V multiply-adds,
 *   filter 1   acc   acc  <-- w    one vector of input F of them
 *    ...
 *
 * Registers: F*R*V accumulators + the fewer of F weights and R*V inputs + 1 of the others. The
 * vectors' first columns are data: the last ones of a row overlap their neighbours instead of being
 * masked, and compute the same bits twice. */
#ifndef NINETAP_DIRECT_COLUMNS_H
#define NINETAP_DIRECT_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"
#include "core/epilogue.h"

/* Lanes = output columns: `filters` output channels x `vectors` vectors of columns, `tiles` times
 * side by side, down `rows` rows of dst. */
enum { NT_X_FILTERS = 8, NT_X_VECTORS = 3, NT_X_SUMS = 24 }; /* no tile has more */
enum { NT_X_HELD = 4 }; /* weights or inputs, whichever are fewer */
typedef struct nt_x_strip {
    const void *src; /* as in nt_oc_tile */
    const int64_t *tap;
    int64_t src_row;
    int64_t src_channel;
    int64_t channels;
    const void *weights; /* elements [channel / INPUTS][9][filters][INPUTS] */
    const float *bias;   /* [filters] */
    const nt_epilogue *epilogue;
    float *dst; /* [filter][row][column] */
    int64_t dst_channel, dst_row;
    int64_t rows, tiles;
    /* Where each vector of a tile starts, column[0] = 0. They may overlap in the last tile. */
    int64_t column[NT_X_VECTORS];
} nt_x_strip;
typedef void nt_x_fn(const nt_x_strip *strip);
typedef struct nt_x_kernel {
    int filters, vectors;
    nt_kernel_name name;
    nt_x_fn *run;
} nt_x_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "bodies/direct_pool.h"
#include "bodies/early_input.h"
#include "bodies/epilogue.h"
#include "simd/compiler.h"

/* Adds one tap to F filters x N vectors, holding the inputs. `in`: the first row's, the second one
 * src_row behind. */
ALWAYS_INLINE void ARITH(direct_x_inputs)(SUMS *acc, const nt_x_strip *strip, const ELEMENT *in,
                                          const ELEMENT *weights, const int64_t *column, int F,
                                          int N, int V) {
    const int early = early_input(F * N + N + PRODUCT);
    VECTOR x[NT_X_HELD];
    UNROLL
    for (int i = 0; i < N; i++) {
        x[i] = VECTOR_LOAD(in + i / V * strip->src_row + column[i % V] * INPUTS);
    }
    const int group = group_of(F);
    SINGLE single[2];
    GROUP several[2];
    if (group > 1) {
        several[0] = GROUP_LOAD(weights);
    } else {
        single[0] = SINGLE_LOAD(weights);
    }
    UNROLL
    for (int k = 0; k < F * N; k++) {
        const int f = k / N;
        const int load = f / group + early;
        if (k % (N * group) == 0 && load > 0 && load * group < F) {
            const ELEMENT *from = weights + group_start(load, F) * INPUTS;
            if (group > 1) {
                several[load % 2] = GROUP_LOAD(from);
            } else {
                single[load % 2] = SINGLE_LOAD(from);
            }
        }
        const int at = f - group_start(f / group, F);
        acc[k] = group > 1 ? ARITH(multiply_add_at)(x[k % N], several[f / group % 2], at, acc[k])
                           : ARITH(multiply_add)(x[k % N], single[f % 2], acc[k]);
    }
}

/* ... holding the weights. */
ALWAYS_INLINE void ARITH(direct_x_weights)(SUMS *acc, const nt_x_strip *strip, const ELEMENT *in,
                                           const ELEMENT *weights, const int64_t *column, int F,
                                           int N, int V) {
    const int early = early_input(F * N + F + PRODUCT);
    SINGLE w[NT_X_HELD];
    UNROLL
    for (int f = 0; f < F; f++) {
        w[f] = SINGLE_LOAD(weights + f * INPUTS);
    }
    VECTOR x = VECTOR_LOAD(in);
    VECTOR next = x;
    UNROLL
    for (int k = 0; k < F * N; k++) {
        const int i = k / F + early;
        if (k % F == 0) {
            x = next;
            if (i > 0 && i < N) {
                next = VECTOR_LOAD(in + i / V * strip->src_row + column[i % V] * INPUTS);
            }
            x = early ? x : next;
        }
        const int sum = k % F * N + k / F;
        acc[sum] = ARITH(multiply_add)(x, w[k % F], acc[sum]);
    }
}

ALWAYS_INLINE void ARITH(direct_x_tile)(const nt_x_strip *strip, const ELEMENT *src, float *dst,
                                        int F, int R, int V) {
    SUMS acc[NT_X_SUMS];
    UNROLL
    for (int i = 0; i < F * R * V; i++) {
        acc[i] = SUMS_ZERO();
    }
    const ELEMENT *weights = strip->weights;
    const int64_t *tap = strip->tap;
    const int64_t channel = strip->src_channel;
    const int64_t column[NT_X_VECTORS] = {0, strip->column[1], strip->column[2]};
    for (int64_t c = strip->channels; c > 0; c -= INPUTS) {
        NO_UNROLL
        for (int t = 0; t < 9; t++) {
            const ELEMENT *in = src + tap[t];
            OPAQUE(in);
            if (F < R * V) {
                ARITH(direct_x_weights)(acc, strip, in, weights, column, F, R * V, V);
            } else {
                ARITH(direct_x_inputs)(acc, strip, in, weights, column, F, R * V, V);
            }
            weights += F * INPUTS;
        }
        src += channel;
    }
    vf bias[NT_X_FILTERS];
    UNROLL
    for (int f = 0; f < F; f++) {
        bias[f] = vf_set1(strip->bias[f]);
    }
    const int64_t dst_channel = strip->dst_channel;
    if (R == 2) {
        direct_x_pool(acc, F, V);
        finish_all(acc, F, bias, 1, F, strip->epilogue);
        UNROLL
        for (int f = 0; f < F; f++) { /* a single vector's halves are alike */
            float *out = dst + f * dst_channel;
            vf_store_halves(out, out + (V == 1 ? 0 : column[1] / 2), acc[f]);
        }
        return;
    }
    finish_all(acc, F * V, bias, V, F, strip->epilogue);
    UNROLL
    for (int i = 0; i < F * V; i++) {
        vf_store(dst + column[i % V], acc[i]);
        if (i % V == V - 1) {
            dst += dst_channel;
            OPAQUE(dst);
        }
    }
}

/* Row by row: outputs are stored in the order of memory. */
ALWAYS_INLINE void ARITH(direct_x)(const nt_x_strip *shared, int F, int R, int V) {
    const nt_x_strip own = *shared; /* stores of vectors may alias anything but locals */
    const nt_x_strip *strip = &own;
    const ELEMENT *src = strip->src;
    float *dst = strip->dst;
    for (int64_t y = strip->rows; y > 0; y--) {
        const ELEMENT *from = src;
        float *to = dst;
        for (int64_t t = strip->tiles; t > 0; t--) {
            ARITH(direct_x_tile)(strip, from, to, F, R, V);
            from += V * VECTOR_ELEMENTS;
            to += V * NT_LANES / R;
        }
        src += R * strip->src_row;
        dst += strip->dst_row;
    }
}

#define DIRECT_X_FUNCTION(tile, F, R, V)                                                          \
    _Static_assert((F) <= NT_X_FILTERS && (V) <= NT_X_VECTORS, #tile);                            \
    _Static_assert((F) * (R) * (V) <= NT_X_SUMS, #tile);                                          \
    _Static_assert(((F) < (R) * (V) ? (F) : (R) * (V)) <= NT_X_HELD, #tile);                      \
    _Static_assert((R) == 1 || ((F) * (R) * (V) <= POOLED_SUMS && (V) <= POOLED_VECTORS), #tile); \
    static void ARITH_TILE(direct_x, tile)(const nt_x_strip *strip) {                             \
        ARITH(direct_x)(strip, F, R, V);                                                          \
    }
#define DIRECT_X_DEFINE(F, V) DIRECT_X_FUNCTION(F##x##V, F, 1, V)
/* Two rows of V vectors, pooled. */
#define DIRECT_X_POOL_DEFINE(F, V) DIRECT_X_FUNCTION(pool_##F##x##V, F, 2, V)

#define DIRECT_X_ENTRY(tile, F, V, text) \
    {F, V, "direct_" NT_ISA_NAME "_x" text, ARITH_TILE(direct_x, tile)},
#define DIRECT_X_ROW(F, V) DIRECT_X_ENTRY(F##x##V, F, V, #F "x" #V)
#define DIRECT_X_POOL_ROW(F, V) DIRECT_X_ENTRY(pool_##F##x##V, F, V, #F "x2x" #V "_pool")

#endif
