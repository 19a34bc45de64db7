/* Template: direct convolution, lanes = output channels. Needs a vocabulary and epilogue.h.
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
 * Registers: R*P*K accumulators + K weights + 1 input (+ 1 product without FMA). Loads per
 * multiply-add: 1/K + 1/(R*P). With two FMA pipes of latency 4, R*P*K >= 8 keeps them busy; the ISA
 * files choose.
 *
 * Each output's sum runs over channels, ky, kx: a tile never splits or reorders a sum, so its shape
 * cannot change a bit of the result. */
#include "simd/compiler.h"
#include "targets/isa.h"

ALWAYS_INLINE vf multiply_add(vf weights, vs input, vf sum, bool fused) {
#if NT_HAS_FMA
    sum = fused ? vf_fma1(weights, input, sum) : vf_add(sum, vf_mul1(weights, input));
#else
    (void)fused;
    sum = vf_add(sum, vf_mul1(weights, input));
#endif
    IN_ORDER(sum);
    return sum;
}

/* 1 where a second input is loaded while the first one is multiplied: for machines that do not go
 * on while they wait (NT_LOADS_EARLY), if it finds a register beside `others`, and one for a
 * product. */
ALWAYS_INLINE int early_input(int others, bool fused) {
    return NT_LOADS_EARLY && others + 2 + (fused ? 0 : 1) <= NT_REGISTERS ? 1 : 0;
}

ALWAYS_INLINE void direct_oc_store(const nt_oc_tile *tile, const vf *acc, int R, int P, int K) {
    float *dst = tile->dst;
    const int64_t row = tile->dst_row;
    const int64_t pixel = tile->dst_pixel;
    const int last = tile->bias == NULL ? NT_LANES : tile->last_lanes;
    UNROLL
    for (int i = 0; i < R * P * K; i++) {
        float *out = dst + i / (P * K) * row + i / K % P * pixel + i % K * NT_LANES;
        if (i % K < K - 1 || last == NT_LANES) {
            vf_store(out, acc[i]);
        } else {
            vf_store_n(out, acc[i], last);
        }
    }
}

/* The 2x2 maxima of two rows, by maxpool.h's rules, to the front of acc. */
ALWAYS_INLINE void direct_oc_pool(vf *acc, int P, int K) {
    vm nan = vm_nan(vf_zero(), vf_zero());
    UNROLL
    for (int i = 0; i < P * K; i += 1) {
        const int at = i / K * 2 * K + i % K; /* row by row: pairs of neighbours */
        nan = vm_or(nan, vm_nan(acc[at], acc[at + K]));
    }
    const bool careful = vm_any(nan);
    UNROLL
    for (int i = 0; i < P / 2 * K; i++) {
        const int at = i / K * 2 * K + i % K;
        const vf tap[4] = {acc[at], acc[at + K], acc[at + P * K], acc[at + P * K + K]};
        acc[i] = largest_of(tap);
        if (careful) {
            vf best = tap[0];
            UNROLL
            for (int k = 1; k < 4; k++) {
                best = vf_select(wins(tap[k], best, true, false), tap[k], best);
            }
            acc[i] = best;
        }
    }
}

ALWAYS_INLINE void direct_oc(const nt_oc_tile *tile, int R, int P, int K, bool apart, bool fused,
                             bool pooled) {
    vf acc[32];
    UNROLL
    for (int i = 0; i < R * P * K; i++) {
        acc[i] = vf_zero();
    }
    const float *src = tile->src;
    const float *weights = tile->weights;
    const int64_t *tap = tile->tap;
    const int64_t row = tile->src_row;
    const int64_t step = tile->src_pixel;
    const int64_t channel = tile->src_channel;
    const int early = early_input(R * P * K + K, fused);
    for (int64_t c = tile->channels; c > 0; c--) {
        NO_UNROLL
        for (int t = 0; t < 9; t++) {
            const float *in = src + tap[t];
            OPAQUE(in);
            vf w[4];
            UNROLL
            for (int k = 0; k < K; k++) {
                w[k] = vf_load(weights + k * NT_LANES);
            }
            weights += K * NT_LANES;
            /* one loop over rows, pixels and vectors: clang leaves sums in memory when a loop of
             * a nest has a single turn */
            const float *at = in;
            vs b = vs_load(at);
            vs next = b;
            UNROLL
            for (int i = 0; i < R * P * K; i++) {
                const int pixel = i / K + early;
                if (i % K == 0) {
                    b = next;
                    if (pixel > 0 && pixel < R * P) {
                        at =
                            pixel % P == 0 || !apart ? in + pixel / P * row + pixel % P : at + step;
                        next = vs_load(at);
                    }
                    b = early ? b : next;
                }
                acc[i] = multiply_add(w[i % K], b, acc[i], fused);
            }
        }
        src += channel;
    }
    if (pooled) {
        direct_oc_pool(acc, P, K);
        R = 1;
        P = P / 2;
    }
    if (tile->bias != NULL) {
        vf bias[4];
        UNROLL
        for (int k = 0; k < K; k++) {
            bias[k] = vf_load(tile->bias + k * NT_LANES);
        }
        finish_all(acc, R * P * K, bias, 1, K, tile->epilogue);
    }
    direct_oc_store(tile, acc, R, P, K);
}

#if NT_STEP_IN_LOAD
#define DIRECT_OC_NEAR(code)
#define DIRECT_OC_NEAR_NAME(name) direct_oc_##name
#else
#define DIRECT_OC_NEAR(code) code
#define DIRECT_OC_NEAR_NAME(name) direct_oc_##name##_near
#endif
#define DIRECT_OC_FUNCTION(name, R, P, K, fused, pooled)                         \
    DIRECT_OC_NEAR(static void direct_oc_##name##_near(const nt_oc_tile *tile) { \
        direct_oc(tile, R, P, K, false, fused, pooled);                          \
    })                                                                           \
    static void direct_oc_##name(const nt_oc_tile *tile) {                       \
        direct_oc(tile, R, P, K, true, fused, pooled);                           \
    }
#define DIRECT_OC_FUSED(R, P, K) DIRECT_OC_FUNCTION(fused_##R##x##P##x##K, R, P, K, true, false)
#define DIRECT_OC_SEPARATE(R, P, K) \
    DIRECT_OC_FUNCTION(separate_##R##x##P##x##K, R, P, K, false, false)
/* Two rows of P outputs, pooled. */
#define DIRECT_OC_POOL_FUSED(P, K) DIRECT_OC_FUNCTION(fused_pool_##P##x##K, 2, P, K, true, true)
#define DIRECT_OC_POOL_SEPARATE(P, K) \
    DIRECT_OC_FUNCTION(separate_pool_##P##x##K, 2, P, K, false, true)

#define DIRECT_OC_NAME_(rows, pixels, channels) "direct_" NT_ISA_NAME "_" rows #pixels "x" #channels
#define DIRECT_OC_NAME(rows, pixels, channels) DIRECT_OC_NAME_(rows, pixels, channels)
#define DIRECT_OC_ROWS_1 ""
#define DIRECT_OC_ROWS_2 "2x"
#define DIRECT_OC_ENTRY(R, P, K, function, pool)                  \
    {R,                                                           \
     P,                                                           \
     K,                                                           \
     DIRECT_OC_NAME(DIRECT_OC_ROWS_##R, P, NT_CHANNELS_##K) pool, \
     {DIRECT_OC_NEAR_NAME(function), direct_oc_##function}},
#define DIRECT_OC_ROW_FUSED(R, P, K) DIRECT_OC_ENTRY(R, P, K, fused_##R##x##P##x##K, "")
#define DIRECT_OC_ROW_SEPARATE(R, P, K) DIRECT_OC_ENTRY(R, P, K, separate_##R##x##P##x##K, "")
#define DIRECT_OC_POOL_ROW_FUSED(P, K) DIRECT_OC_ENTRY(2, P, K, fused_pool_##P##x##K, "_pool")
#define DIRECT_OC_POOL_ROW_SEPARATE(P, K) DIRECT_OC_ENTRY(2, P, K, separate_pool_##P##x##K, "_pool")
