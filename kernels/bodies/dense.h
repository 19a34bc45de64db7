/* Template: dense layer, lanes = outputs. Needs a vocabulary, epilogue.h and direct_oc.h's
 * multiply_add.
 *
 * One call computes P rows x K vectors of outputs: direct_oc's tile without the nine taps. The
 * weights of a panel lie in the order in which they are read, so that a single row is one stream
 * through memory:
 *
 *   P = 1    K sums, as many as hide the latency, and one load of an input for K of weights: K / (K
 *            + 1) of the loads are weights.
 *   P <= 4   the same weights meet each of the rows, which are read where they lie
 *   P > 4    inputs are gathered CHUNK at a time: rows of a power of two would otherwise fall into
 *            one set of the L1 cache, and be gone before their next element is asked for.
 *
 * Each sum runs over the inputs in their order: a tile cannot change a bit. */
#include "simd/compiler.h"
#include "targets/isa.h"

enum { DENSE_CHUNK = 16, DENSE_ROWS = 12 };

/* The next `n` inputs of P rows. */
ALWAYS_INLINE void dense_gather(const float *src, int64_t row, float *chunk, int P, int64_t n) {
    UNROLL
    for (int p = 0; p < P; p++) {
        const float *from = src + p * row;
        float *to = chunk + p * DENSE_CHUNK;
        if (n >= DENSE_CHUNK) {
            UNROLL
            for (int i = 0; i < DENSE_CHUNK; i += NT_LANES) {
                vf_store(to + i, vf_load(from + i));
            }
        } else {
            NO_UNROLL
            for (int i = 0; i < n; i += NT_LANES) {
                const int rest = (int)n - i;
                vf_store(to + i, vf_load_n(from + i, rest < NT_LANES ? rest : NT_LANES));
            }
        }
    }
}

/* `n` steps: returns where the weights go on. */
ALWAYS_INLINE const float *dense_steps(vf *acc, const float *in, int64_t row, const float *weights,
                                       int64_t n, int P, int K, bool fused) {
    const int early = early_input(P * K + K, fused);
    NO_UNROLL
    for (; n > 0; n--) {
        vf w[16];
        UNROLL
        for (int k = 0; k < K && !AS_WRITTEN; k++) {
            w[k] = vf_load(weights + k * NT_LANES);
        }
        vs b = vs_load(in);
        vs next = b;
        UNROLL
        for (int i = 0; i < P * K; i++) { /* one loop, for clang: see direct_oc.h */
            const int p = i / K + early;
            if (i % K == 0) {
                b = next;
                if (p > 0 && p < P) {
                    next = vs_load(in + p * row);
                }
                b = early ? b : next;
            }
            if (AS_WRITTEN && i < K) {
                w[i] = vf_load(weights + i * NT_LANES);
            }
            acc[i] = multiply_add(w[i % K], b, acc[i], fused);
        }
        weights += K * NT_LANES;
        in++;
    }
    return weights;
}

ALWAYS_INLINE void dense(const nt_dense_tile *tile, int P, int K, bool fused) {
    vf acc[32];
    UNROLL
    for (int i = 0; i < P * K; i++) {
        acc[i] = vf_zero();
    }
    const float *src = tile->src;
    const float *weights = tile->weights;
    if (P <= 4) {
        dense_steps(acc, src, tile->src_row, weights, tile->in, P, K, fused);
    } else {
        _Alignas(sizeof(vf)) float chunk[DENSE_ROWS * DENSE_CHUNK];
        for (int64_t left = tile->in; left > 0; left -= DENSE_CHUNK) {
            const int64_t n = left < DENSE_CHUNK ? left : DENSE_CHUNK;
            const float *in = chunk;
            dense_gather(src, tile->src_row, chunk, P, n);
            OPAQUE(in); /* or its address would be the stack pointer */
            weights = dense_steps(acc, in, DENSE_CHUNK, weights, n, P, K, fused);
            src += DENSE_CHUNK;
        }
    }
    vf bias[16];
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

#define DENSE_FUNCTION(name, P, K, fused)                 \
    static void dense_##name(const nt_dense_tile *tile) { \
        dense(tile, P, K, fused);                         \
    }
#define DENSE_FUSED(P, K) DENSE_FUNCTION(fused_##P##x##K, P, K, true)
#define DENSE_SEPARATE(P, K) DENSE_FUNCTION(separate_##P##x##K, P, K, false)
#define DENSE_ROW_FUSED(P, K) {P, K, dense_fused_##P##x##K},
#define DENSE_ROW_SEPARATE(P, K) {P, K, dense_separate_##P##x##K},
