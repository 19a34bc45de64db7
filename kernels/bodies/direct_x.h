/* Template: direct convolution, lanes = output columns, for few channels and NCHW: the sums are
 * already rows of the output. Needs a vocabulary, direct_oc.h and epilogue.h.
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
#include "simd/compiler.h"
#include "targets/isa.h"

/* Adds one tap to F filters x N vectors, holding the inputs. `in`: the first row's, the second one
 * src_row behind. */
ALWAYS_INLINE void direct_x_inputs(vf *acc, const nt_x_strip *strip, const float *in,
                                   const float *weights, const int64_t *column, int F, int N, int V,
                                   bool fused) {
    const int early = early_input(F * N + N, fused);
    vf x[4];
    UNROLL
    for (int i = 0; i < N; i++) {
        x[i] = vf_load(in + i / V * strip->src_row + column[i % V]);
    }
    vs w = vs_load(weights);
    vs next = w;
    UNROLL
    for (int k = 0; k < F * N; k++) {
        const int f = k / N + early;
        if (k % N == 0) {
            w = next;
            if (f > 0 && f < F) {
                next = vs_load(weights + f);
            }
            w = early ? w : next;
        }
        acc[k] = multiply_add(x[k % N], w, acc[k], fused);
    }
}

/* ... holding the weights. */
ALWAYS_INLINE void direct_x_weights(vf *acc, const nt_x_strip *strip, const float *in,
                                    const float *weights, const int64_t *column, int F, int N,
                                    int V, bool fused) {
    const int early = early_input(F * N + F, fused);
    vs w[4];
    UNROLL
    for (int f = 0; f < F; f++) {
        w[f] = vs_load(weights + f);
    }
    vf x = vf_load(in);
    vf next = x;
    UNROLL
    for (int k = 0; k < F * N; k++) {
        const int i = k / F + early;
        if (k % F == 0) {
            x = next;
            if (i > 0 && i < N) {
                next = vf_load(in + i / V * strip->src_row + column[i % V]);
            }
            x = early ? x : next;
        }
        const int sum = k % F * N + k / F;
        acc[sum] = multiply_add(x, w[k % F], acc[sum], fused);
    }
}

/* The 2x2 maxima of two rows of V vectors from acc[i] on, by maxpool.h's rules, in the machine's
 * order. */
ALWAYS_INLINE vf direct_x_largest(const vf *acc, int i, int V, bool careful) {
    const vf tap[4] = {vf_evens(acc[i], acc[i + V - 1]), vf_odds(acc[i], acc[i + V - 1]),
                       vf_evens(acc[i + V], acc[i + 2 * V - 1]),
                       vf_odds(acc[i + V], acc[i + 2 * V - 1])};
    if (!careful) {
        return largest_of(tap);
    }
    vf best = tap[0];
    UNROLL
    for (int k = 1; k < 4; k++) {
        best = vf_select(wins(tap[k], best, true, false), tap[k], best);
    }
    return best;
}

/* ... of `filters` filters where there may be a NaN: in memory, as registers are short. */
static COLD void direct_x_pool_nan(float *sums, int filters, int V) {
    for (int f = 0; f < filters; f++) {
        vf row[4];
        for (int i = 0; i < 2 * V; i++) {
            row[i] = vf_load(sums + (f * 2 * V + i) * NT_LANES);
        }
        vf_store(sums + f * NT_LANES, direct_x_largest(row, 0, V, true));
    }
}

/* The 2x2 maxima of F filters, to the front of acc. */
ALWAYS_INLINE void direct_x_pool(vf *acc, int F, int V) {
    const int each = 2 * V;
    if (F == 1) { /* no branch: around a loop of one turn clang leaves sums in memory */
        acc[0] = vf_in_order(direct_x_largest(acc, 0, V, true));
        return;
    }
    vm nan = vm_nan(acc[0], acc[1]);
    UNROLL
    for (int i = 2; i < F * each; i += 2) {
        nan = vm_or(nan, vm_nan(acc[i], acc[i + 1]));
    }
    if (vm_any(nan)) {
        float sums[24 * NT_LANES];
        UNROLL
        for (int i = 0; i < F * each; i++) {
            vf_store(sums + i * NT_LANES, acc[i]);
        }
        direct_x_pool_nan(sums, F, V);
        UNROLL
        for (int f = 0; f < F; f++) {
            acc[f] = vf_load(sums + f * NT_LANES);
        }
    } else {
        UNROLL
        for (int f = 0; f < F; f++) {
            acc[f] = direct_x_largest(acc, f * each, V, false);
        }
    }
    UNROLL
    for (int f = 0; f < F; f++) {
        acc[f] = vf_in_order(acc[f]);
    }
}

ALWAYS_INLINE void direct_x_tile(const nt_x_strip *strip, const float *src, float *dst, int F,
                                 int R, int V, bool fused) {
    vf acc[32];
    UNROLL
    for (int i = 0; i < F * R * V; i++) {
        acc[i] = vf_zero();
    }
    const float *weights = strip->weights;
    const int64_t *tap = strip->tap;
    const int64_t channel = strip->src_channel;
    const int64_t column[3] = {0, strip->column[1], strip->column[2]};
    for (int64_t c = strip->channels; c > 0; c--) {
        NO_UNROLL
        for (int t = 0; t < 9; t++) {
            const float *in = src + tap[t];
            OPAQUE(in);
            if (F < R * V) {
                direct_x_weights(acc, strip, in, weights, column, F, R * V, V, fused);
            } else {
                direct_x_inputs(acc, strip, in, weights, column, F, R * V, V, fused);
            }
            weights += F;
        }
        src += channel;
    }
    vf bias[8];
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
        vf_store(dst + i / V * dst_channel + column[i % V], acc[i]);
    }
}

/* Row by row: what is written lies in the order of memory. */
ALWAYS_INLINE void direct_x(const nt_x_strip *shared, int F, int R, int V, bool fused) {
    const nt_x_strip own = *shared; /* stores of vectors may alias anything but locals */
    const nt_x_strip *strip = &own;
    const float *src = strip->src;
    float *dst = strip->dst;
    for (int64_t y = strip->rows; y > 0; y--) {
        const float *from = src;
        float *to = dst;
        for (int64_t t = strip->tiles; t > 0; t--) {
            direct_x_tile(strip, from, to, F, R, V, fused);
            from += V * NT_LANES;
            to += V * NT_LANES / R;
        }
        src += R * strip->src_row;
        dst += strip->dst_row;
    }
}

#define DIRECT_X_FUNCTION(name, F, R, V, fused)            \
    static void direct_x_##name(const nt_x_strip *strip) { \
        direct_x(strip, F, R, V, fused);                   \
    }
#define DIRECT_X_FUSED(F, V) DIRECT_X_FUNCTION(fused_##F##x##V, F, 1, V, true)
#define DIRECT_X_SEPARATE(F, V) DIRECT_X_FUNCTION(separate_##F##x##V, F, 1, V, false)
/* Two rows of V vectors, pooled. */
#define DIRECT_X_POOL_FUSED(F, V) DIRECT_X_FUNCTION(fused_pool_##F##x##V, F, 2, V, true)
#define DIRECT_X_POOL_SEPARATE(F, V) DIRECT_X_FUNCTION(separate_pool_##F##x##V, F, 2, V, false)

#define DIRECT_X_ENTRY(name, F, V, text) {F, V, "direct_" NT_ISA_NAME "_x" text, direct_x_##name},
#define DIRECT_X_ROW_FUSED(F, V) DIRECT_X_ENTRY(fused_##F##x##V, F, V, #F "x" #V)
#define DIRECT_X_ROW_SEPARATE(F, V) DIRECT_X_ENTRY(separate_##F##x##V, F, V, #F "x" #V)
#define DIRECT_X_POOL_ROW_FUSED(F, V) \
    DIRECT_X_ENTRY(fused_pool_##F##x##V, F, V, #F "x2x" #V "_pool")
#define DIRECT_X_POOL_ROW_SEPARATE(F, V) \
    DIRECT_X_ENTRY(separate_pool_##F##x##V, F, V, #F "x2x" #V "_pool")
