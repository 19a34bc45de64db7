/* Body: direct convolution, lanes = output channels. Needs a vocabulary and an arithmetic.
 *
 * One call computes a full tile of R rows x P pixels x K vectors of output channels. NHWC's outputs
 * are finished here; NCHW's leave as plain sums, to be turned by block.h.
 *
 *                      w[0]  w[1]            K vectors of weights of one tap
 *   pixel 0   b ---->  acc   acc
 *   pixel 1   b ---->  acc   acc             one broadcast input feeds K multiply-adds,
 *    ...                                     one vector of weights R*P of them
 *   pixel P-1 b ---->  acc   acc
 *
 * Pixels are src_pixel apart: 1 in a plane, the channels of an NHWC image. Where that step takes
 * instructions of its own (NT_STEP_IN_LOAD) there is a second function for planes.
 *
 * Registers: R*P*K accumulators + K weights + 1 input (+ 1 product if it is rounded). Loads per
 * multiply-add: 1/K + 1/(R*P). With two FMA pipes of latency 4, R*P*K >= 8 keeps them busy; the ISA
 * files choose.
 *
 * Each output's sum runs over channels, ky, kx: a tile never splits or reorders a sum, so its shape
 * cannot change a bit of the result. */
#ifndef NINETAP_DIRECT_CHANNELS_H
#define NINETAP_DIRECT_CHANNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"
#include "core/epilogue.h"

/* Lanes = output channels: `rows` x `pixels` neighbouring outputs x `vectors` vectors of channels.
 * An output pixel's tap t lies at src + tap[t]. Elements and INPUTS are the arithmetic's
 * (arith/end.h). */
enum { NT_OC_SUMS = 32, NT_OC_VECTORS = 4 }; /* no tile has more */
typedef struct nt_oc_tile {
    const void *src;     /* elements [channel][...]: tap 0 of the first pixel is at src + tap[0] */
    const int64_t *tap;  /* `taps` offsets, in elements; then src_channel + tap[0] */
    int taps;            /* 9; fewer of a phase (conv3x3/direct_phases.c) */
    int64_t src_row;     /* from an output row to the next one */
    int64_t src_pixel;   /* from a pixel to the next one; run[0]: 1 */
    int64_t src_channel; /* from INPUTS channels to the next ones */
    int64_t channels;    /* input channels, >= 1, in whole INPUTS */
    const void *weights; /* elements [channel / INPUTS][taps][vectors * lanes][INPUTS]; the next
                          * [vectors * lanes][INPUTS] may be read */
    int64_t ahead;       /* > 0: tiles of several vectors, not pooled, prefetch weights so many
                          * bytes before they read them */
    const float *bias;   /* [vectors * lanes]; NULL: the plain sums are wanted, every lane; of
                          * integers they always are */
    const nt_epilogue *epilogue;
    void *dst; /* sums */
    int64_t dst_row, dst_pixel;
    int last_lanes; /* with a bias: lanes of the last vector that exist in dst */
} nt_oc_tile;
typedef void nt_oc_fn(const nt_oc_tile *tile);
typedef struct nt_oc_kernel {
    int rows, pixels, vectors;
    nt_kernel_name name;
    nt_oc_fn *run[2]; /* [1]: for pixels apart */
} nt_oc_kernel;

#endif

#ifdef ARITH /* the body, once for each arithmetic */

#include "bodies/direct_pool.h"
#include "bodies/early_input.h"
#include "bodies/epilogue.h"
#include "simd/compiler.h"

ALWAYS_INLINE void ARITH(direct_oc_store)(const nt_oc_tile *tile, const SUMS *acc, int R, int P,
                                          int K) {
    SUM *dst = tile->dst;
    const int64_t row = tile->dst_row;
    const int64_t pixel = tile->dst_pixel;
    const int last = SUMS_ARE_PLAIN || tile->bias == NULL ? NT_LANES : tile->last_lanes;
    UNROLL
    for (int i = 0; i < R * P * K; i++) {
        SUM *out = dst + i / (P * K) * row + i / K % P * pixel + i % K * NT_LANES;
        if (i % K < K - 1 || last == NT_LANES) {
            SUMS_STORE(out, acc[i]);
        } else {
            SUMS_STORE_N(out, acc[i], last);
        }
    }
}

/* The cache lines of a channel's weights, which are read `ahead` bytes later. */
ALWAYS_INLINE void ARITH(direct_oc_prefetch)(const ELEMENT *weights, int64_t ahead, int taps,
                                             int K) {
    enum { LINE = 64 };
    const char *from = (const char *)weights + ahead;
    const char *end = from + taps * K * VECTOR_ELEMENTS * (int)sizeof(ELEMENT);
    NO_UNROLL
    for (; from < end; from += LINE) {
        __builtin_prefetch(from, 0, 3);
    }
}

/* Adds one tap: its first input lies at `in`, its weights are in w. Where loads are early, w
 * becomes the next tap's weights, which lie at `weights`, and the result is where its first input
 * lies, src + *next. */
ALWAYS_INLINE const ELEMENT *ARITH(direct_oc_tap)(const nt_oc_tile *tile, SUMS *acc, VECTOR *w,
                                                  const ELEMENT *in, const ELEMENT *weights,
                                                  const ELEMENT *src, const int64_t *next,
                                                  const int64_t *step, int R, int P, int K,
                                                  bool apart) {
    const int others = R * P * K + K + PRODUCT;
    /* Of pixels apart a load adds the distance, which makes it a cycle late: two are loaded ahead.
     */
    const int early = apart && P > 1 && early_input(others + 1) == 1 ? 2 : early_input(others);
    const int group = apart ? 1 : group_of(P);
    const int loads = (P + group - 1) / group; /* of a row */
    /* Where no register is left for that, two pointers move by turns. */
    const bool turns = apart && R == 1 && early == 1 && P > 1;
    const ELEMENT *at[2] = {in, in};
    SINGLE single[3];
    GROUP several[2];
    int64_t offset = 0;
    if (group > 1) {
        several[0] = GROUP_LOAD(in);
    } else {
        single[0] = SINGLE_LOAD(in);
    }
    if (early == 2) {
        single[1] = SINGLE_LOAD(in + step[1]);
    }
    if (turns) {
        at[0] += step[2];
        COMPUTED_HERE(at[0]);
    }
    /* one loop over rows, pixels and vectors: in nested loops, one of which runs once, clang keeps
     * the sums in memory */
    UNROLL
    for (int i = 0; i < R * P * K; i++) {
        const int k = i % K;
        const int x = i / K % P;
        const int here = i / K / P * loads + x / group;
        const int load = here + early;
        if (k == 0 && x % group == 0 && load > 0 && load < R * loads) {
            const int column = load % loads;
            const int turn = turns ? column % 2 : 0;
            const ELEMENT *row = in + load / loads * tile->src_row;
            const ELEMENT *from = row + group_start(column, P) * INPUTS;
            if (apart && column == 0) {
                COMPUTED_HERE(row);
                from = at[0] = row;
            } else if (turns) {
                from = at[turn] = column == 1 ? in + step[1] : at[turn];
            } else if (apart) {
                from = at[0] + step[early ? column : 1];
                at[0] = early ? at[0] : from;
            }
            if (group > 1) {
                several[load % 2] = GROUP_LOAD(from);
            } else {
                single[load % 3] = SINGLE_LOAD(from);
            }
            if (turns) {
                at[turn] += step[2];
                COMPUTED_HERE(at[turn]);
            }
        }
        acc[i] = group == 1 ? ARITH(multiply_add)(w[k], single[here % 3], acc[i])
                            : ARITH(multiply_add_at)(w[k], several[here % 2],
                                                     x - group_start(x / group, P), acc[i]);
        if (NT_LOADS_EARLY && i == R * P * K / 4) {
            offset = *next;
            COMPUTED_HERE(offset);
        }
        if (NT_LOADS_EARLY && i == R * P * K * 3 / 4) {
            src += offset;
            COMPUTED_HERE(src);
        }
        if (NT_LOADS_EARLY && i >= (R * P - 1) * K) {
            w[k] = VECTOR_LOAD(weights + k * VECTOR_ELEMENTS);
            IN_ORDER(w[k]);
        }
    }
    return src;
}

ALWAYS_INLINE void ARITH(direct_oc)(const nt_oc_tile *tile, int R, int P, int K, bool apart,
                                    bool pooled) {
    SUMS acc[NT_OC_SUMS];
    UNROLL
    for (int i = 0; i < R * P * K; i++) {
        acc[i] = SUMS_ZERO();
    }
    const ELEMENT *src = tile->src;
    const ELEMENT *weights = tile->weights;
    const int64_t channel = tile->src_channel;
    int64_t step[NT_OC_SUMS]; /* from a pixel to the others */
    const int steps = apart ? P : 1;
    UNROLL
    for (int x = 1; x < steps; x++) {
        step[x] = x * tile->src_pixel;
        COMPUTED_HERE(step[x]);
    }
    const ELEMENT *in = src + tile->tap[0];
    VECTOR w[NT_OC_VECTORS];
    UNROLL
    for (int k = 0; k < K && NT_LOADS_EARLY; k++) {
        w[k] = VECTOR_LOAD(weights + k * VECTOR_ELEMENTS);
    }
    /* small calls would notice the branch, and what only these tiles compute fits in L2 */
    const bool prefetches = K > 1 && !pooled;
    const int64_t ahead = prefetches ? tile->ahead : 0;
    for (int64_t c = tile->channels; c > 0; c -= INPUTS) {
        if (prefetches && ahead > 0) {
            ARITH(direct_oc_prefetch)(weights, ahead, tile->taps, K);
        }
        const int64_t *tap = tile->tap;
        int t = tile->taps;
        NO_UNROLL
        do { /* not for: clang would keep sums on the stack, in case there is no tap */
            in = NT_LOADS_EARLY ? in : src + *tap;
            OPAQUE(in);
            UNROLL
            for (int k = 0; k < K && !NT_LOADS_EARLY; k++) {
                w[k] = VECTOR_LOAD(weights + k * VECTOR_ELEMENTS);
            }
            weights += K * VECTOR_ELEMENTS;
            tap++;
            in = ARITH(direct_oc_tap)(tile, acc, w, in, weights, src, tap, step, R, P, K, apart);
        } while (--t > 0);
        src += channel;
    }
    if (pooled) {
        SUMS_POOL(acc, P, K);
        R = 1;
        P = P / 2;
    }
    if (!SUMS_ARE_PLAIN && tile->bias != NULL) {
        SUMS_FINISH(tile, acc, R * P * K, K);
    }
    ARITH(direct_oc_store)(tile, acc, R, P, K);
}

#if NT_STEP_IN_LOAD
#define DIRECT_OC_NEAR(code)
#define DIRECT_OC_NEAR_TILE(tile) ARITH_TILE(direct_oc, tile)
#else
#define DIRECT_OC_NEAR(code) code
#define DIRECT_OC_NEAR_TILE(tile) ARITH_TILE(direct_oc, tile##_near)
#endif
/* For pixels apart alone. */
#define DIRECT_OC_APART_DEFINE(R, P, K)                                                        \
    _Static_assert((R) * (P) * (K) <= NT_OC_SUMS && (K) <= NT_OC_VECTORS, "sums of integers"); \
    static void ARITH_TILE(direct_oc, R##x##P##x##K)(const nt_oc_tile *job) {                  \
        ARITH(direct_oc)(job, R, P, K, true, false);                                           \
    }
#define DIRECT_OC_FUNCTION(tile, R, P, K, pooled)                                 \
    _Static_assert((R) * (P) * (K) <= NT_OC_SUMS && (K) <= NT_OC_VECTORS, #tile); \
    DIRECT_OC_NEAR(static void DIRECT_OC_NEAR_TILE(tile)(const nt_oc_tile *job) { \
        ARITH(direct_oc)(job, R, P, K, false, pooled);                            \
    })                                                                            \
    static void ARITH_TILE(direct_oc, tile)(const nt_oc_tile *job) {              \
        ARITH(direct_oc)(job, R, P, K, true, pooled);                             \
    }
#define DIRECT_OC_DEFINE(R, P, K) DIRECT_OC_FUNCTION(R##x##P##x##K, R, P, K, false)
/* Two rows of P outputs, pooled. */
#define DIRECT_OC_POOL_DEFINE(P, K) DIRECT_OC_FUNCTION(pool_##P##x##K, 2, P, K, true)

#define DIRECT_OC_NAME_(rows, pixels, channels) "direct_" NT_ISA_NAME "_" rows #pixels "x" #channels
#define DIRECT_OC_NAME(rows, pixels, channels) DIRECT_OC_NAME_(rows, pixels, channels)
#define DIRECT_OC_ROWS_1 ""
#define DIRECT_OC_ROWS_2 "2x"
#define DIRECT_OC_ENTRY(R, P, K, tile, pool)                      \
    {R,                                                           \
     P,                                                           \
     K,                                                           \
     DIRECT_OC_NAME(DIRECT_OC_ROWS_##R, P, NT_CHANNELS_##K) pool, \
     {DIRECT_OC_NEAR_TILE(tile), ARITH_TILE(direct_oc, tile)}},
#define DIRECT_OC_ROW(R, P, K) DIRECT_OC_ENTRY(R, P, K, R##x##P##x##K, "")
#define DIRECT_OC_APART_ROW(R, P, K)                                    \
    {R,                                                                 \
     P,                                                                 \
     K,                                                                 \
     DIRECT_OC_NAME(DIRECT_OC_ROWS_##R, P, NT_CHANNELS_##K) ARITH_NAME, \
     {NULL, ARITH_TILE(direct_oc, R##x##P##x##K)}},
#define DIRECT_OC_POOL_ROW(P, K) DIRECT_OC_ENTRY(2, P, K, pool_##P##x##K, "_pool")

#endif
