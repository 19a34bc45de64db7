/* Template: depthwise convolution, lanes = channels. Needs a vocabulary, direct_oc.h and
 * epilogue.h.
 *
 * One call computes R rows x P pixels of outputs, for every channel. Its input pixels come as a
 * table of pointers, which absorbs pitch, padding, border and what distance stride and dilation put
 * between neighbours. S says which outputs share inputs:
 *
 *   S = 1: R+2 x P+2 input pixels      S = 2: 2R+1 x 2P+1
 *   S = 3: none shared, 3R x 3P: any stride and dilation
 *
 * Registers: R*P sums, a row of input pixels, and the weights: nine that stay where there are
 * registers for them, else one at a time with R = 1. */
#include "simd/compiler.h"
#include "targets/isa.h"

/* The input rows (or columns) of so many outputs. */
#define DEPTHWISE_SPAN(outputs, S) (((outputs)-1) * (S) + 3)

ALWAYS_INLINE vf multiply_add_lanes(vf x, vf w, vf sum, bool fused) {
#if NT_HAS_FMA
    if (fused) {
        return vf_fma(x, w, sum);
    }
#endif
    (void)fused;
    return vf_add(sum, vf_mul(x, w));
}

/* Channels [c, c + n). */
ALWAYS_INLINE void depthwise_vector(const nt_dw_tile *tile, float *dst, int64_t c, int n, int R,
                                    int P, int S, bool fused) {
    const float **input = tile->input;
    OPAQUE(input); /* or a small tile's pointers all stay in registers, and the rest on the stack */
    const float *weights = tile->weights + 9 * c;
    vf acc[16];
    UNROLL
    for (int i = 0; i < R * P; i++) {
        acc[i] = vf_zero();
    }
    UNROLL
    for (int i = 0; i < DEPTHWISE_SPAN(R, S); i++) {
        vf x[18];
        UNROLL
        for (int k = 0; k < DEPTHWISE_SPAN(P, S); k++) {
            const float *in = input[i * DEPTHWISE_SPAN(P, S) + k] + c;
            x[k] = n == NT_LANES ? vf_load(in) : vf_load_n(in, n);
        }
        UNROLL
        for (int u = 0; u < 3 * R * P; u++) {
            const int q = u / (3 * P);
            const int kx = u / P % 3;
            const int j = u % P;
            const int ky = i - q * S;
            if (ky >= 0 && ky < 3) {
                const vf w = vf_load(weights + (ky * 3 + kx) * NT_LANES);
                acc[q * P + j] = multiply_add_lanes(x[j * S + kx], w, acc[q * P + j], fused);
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

ALWAYS_INLINE void depthwise(const nt_dw_tile *tile, int R, int P, int S, bool fused) {
    const int64_t whole = tile->channels / NT_LANES * NT_LANES;
    const int rest = (int)(tile->channels - whole);
    float *dst = tile->dst;
    for (int64_t t = tile->tiles; t > 0; t--) {
        for (int64_t c = 0; c < whole; c += NT_LANES) {
            depthwise_vector(tile, dst, c, NT_LANES, R, P, S, fused);
        }
        if (rest > 0) {
            depthwise_vector(tile, dst, whole, rest, R, P, S, fused);
        }
        for (int i = 0; i < DEPTHWISE_SPAN(R, S) * DEPTHWISE_SPAN(P, S); i++) {
            tile->input[i] += tile->advance;
        }
        dst += P * tile->dst_column;
    }
}

#define DEPTHWISE_FUNCTION(name, R, P, S, fused)           \
    static void depthwise_##name(const nt_dw_tile *tile) { \
        depthwise(tile, R, P, S, fused);                   \
    }
#define DEPTHWISE_FUSED(R, P, S) DEPTHWISE_FUNCTION(fused_##R##x##P##s##S, R, P, S, true)
#define DEPTHWISE_SEPARATE(R, P, S) DEPTHWISE_FUNCTION(separate_##R##x##P##s##S, R, P, S, false)
#define DEPTHWISE_ENTRY(name, R, P, S) \
    {R, P, S, "depthwise_" NT_ISA_NAME "_" #R "x" #P, depthwise_##name},
#define DEPTHWISE_ROW_FUSED(R, P, S) DEPTHWISE_ENTRY(fused_##R##x##P##s##S, R, P, S)
#define DEPTHWISE_ROW_SEPARATE(R, P, S) DEPTHWISE_ENTRY(separate_##R##x##P##s##S, R, P, S)
