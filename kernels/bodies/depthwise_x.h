/* Template: depthwise convolution, lanes = output columns: a plane of NCHW. Needs a vocabulary,
 * depthwise.h and epilogue.h.
 *
 * R output rows at a time, so that an input row is loaded once for up to three of them. Nothing is
 * copied: the table of input rows absorbs the border above and below; beside the plane one column
 * is missing at most, and is shifted into the first or the last vector. The last vector of a row
 * steps back to end with it.
 *
 * Registers: 9 weights, R sums, 3 input vectors. */
#include "simd/compiler.h"
#include "targets/isa.h"

/* The three taps of a row, for the outputs [x, x + NT_LANES). */
ALWAYS_INLINE void depthwise_x_taps(const nt_dw_plane *plane, const float *row, int64_t x, int S,
                                    bool edge, vf taps[3]) {
    const float *in = row + x * S - plane->left;
    const bool first = edge && plane->left && x == 0;
    const bool last = edge && plane->right && x + NT_LANES == plane->columns;
    const float *left = plane->left_fill < 0 ? &plane->constant : row + plane->left_fill;
    const float *right = plane->right_fill < 0 ? &plane->constant : row + plane->right_fill;
    if (S == 1) {
        taps[1] = vf_load(in + 1);
        taps[0] = first ? vf_prepend(taps[1], vf_set1(*left)) : vf_load(in);
        taps[2] = last ? vf_append(taps[1], vf_set1(*right)) : vf_load(in + 2);
    } else if (last || !plane->left) {
        const vf a = vf_load(in);
        const vf b = vf_load(in + NT_LANES);
        taps[0] = vf_even(a, b);
        taps[1] = vf_odd(a, b);
        taps[2] = vf_append(taps[0], vf_set1(last ? *right : in[2 * NT_LANES]));
    } else {
        const vf a = vf_load(in + 1);
        const vf b = vf_load(in + 1 + NT_LANES);
        taps[1] = vf_even(a, b);
        taps[2] = vf_odd(a, b);
        taps[0] = vf_prepend(taps[2], vf_set1(first ? *left : *in));
    }
}

ALWAYS_INLINE void depthwise_x_vector(const nt_dw_plane *plane, const float *const *row, float *dst,
                                      int64_t x, const vf w[9], int R, int S, bool fused,
                                      bool edge) {
    OPAQUE(x); /* one index for all rows, not a pointer each: registers are short */
    vf acc[8];
    UNROLL
    for (int q = 0; q < R; q++) {
        acc[q] = vf_zero();
    }
    UNROLL
    for (int i = 0; i < DEPTHWISE_SPAN(R, S); i++) {
        vf taps[3];
        depthwise_x_taps(plane, row[i], x, S, edge, taps);
        UNROLL
        for (int u = 0; u < 3 * R; u++) {
            const int ky = i - u / 3 * S;
            if (ky >= 0 && ky < 3) {
                acc[u / 3] = multiply_add_lanes(taps[u % 3], w[ky * 3 + u % 3], acc[u / 3], fused);
            }
        }
    }
    const nt_epilogue *epilogue = plane->epilogue;
    OPAQUE(epilogue); /* its limits need no registers before now */
    const vf bias = vf_set1(plane->bias);
    finish_all(acc, R, &bias, 1, 1, epilogue);
    const int64_t dst_row = plane->dst_row;
    UNROLL
    for (int q = 0; q < R; q++) {
        vf_store(dst + q * dst_row + x, acc[q]);
    }
}

/* R output rows. */
ALWAYS_INLINE void depthwise_x_rows(const nt_dw_plane *plane, const float *const *row, float *dst,
                                    const vf w[9], int R, int S, bool fused) {
    const int64_t last = plane->columns - NT_LANES;
    depthwise_x_vector(plane, row, dst, 0, w, R, S, fused, true);
    for (int64_t x = NT_LANES; x < last; x += NT_LANES) {
        depthwise_x_vector(plane, row, dst, x, w, R, S, fused, false);
    }
    if (last > 0) {
        depthwise_x_vector(plane, row, dst, last, w, R, S, fused, true);
    }
}

ALWAYS_INLINE void depthwise_x(const nt_dw_plane *plane, int R, int S, bool fused) {
    const float *const *row = plane->row;
    float *dst = plane->dst;
    vf w[9];
    UNROLL
    for (int t = 0; t < 9; t++) {
        w[t] = vf_set1(plane->weights[t]);
    }
    int64_t y = plane->rows;
    for (; y >= R; y -= R) {
        depthwise_x_rows(plane, row, dst, w, R, S, fused);
        row += R * S;
        dst += R * plane->dst_row;
    }
    for (; y > 0; y--) {
        depthwise_x_rows(plane, row, dst, w, 1, S, fused);
        row += S;
        dst += plane->dst_row;
    }
}

#define DEPTHWISE_X_FUNCTION(name, R, S, fused)                \
    static void depthwise_x_##name(const nt_dw_plane *plane) { \
        depthwise_x(plane, R, S, fused);                       \
    }
#define DEPTHWISE_X_FUSED(R, S) DEPTHWISE_X_FUNCTION(fused_##R##s##S, R, S, true)
#define DEPTHWISE_X_SEPARATE(R, S) DEPTHWISE_X_FUNCTION(separate_##R##s##S, R, S, false)
#define DEPTHWISE_X_ENTRY(name, R, S) {R, S, "depthwise_" NT_ISA_NAME "_x" #R, depthwise_x_##name},
#define DEPTHWISE_X_ROW_FUSED(R, S) DEPTHWISE_X_ENTRY(fused_##R##s##S, R, S)
#define DEPTHWISE_X_ROW_SEPARATE(R, S) DEPTHWISE_X_ENTRY(separate_##R##s##S, R, S)
