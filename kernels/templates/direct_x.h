/* Template: direct convolution, lanes = output columns, for few channels and NCHW: the sums are
 * already rows of the output. Needs a vocabulary, direct_oc.h and epilogue.h.
 *
 * One call computes F output channels x V vectors of columns, down strip->rows rows.
 *
 *              x[0]  x[1]          V vectors of one tap's input
 *   filter 0   acc   acc  <-- w    one broadcast weight feeds V multiply-adds,
 *   filter 1   acc   acc  <-- w    one vector of input F of them
 *    ...
 *
 * Registers: F*V accumulators + V inputs + 1 weight. The vectors' first columns are data: the last
 * ones of a row overlap their neighbours instead of being masked, and compute the same bits twice.
 */
#include "isa/compiler.h"
#include "isa/table.h"

ALWAYS_INLINE void direct_x_row(const nt_x_strip *strip, const float *src, float *dst, int F, int V,
                                bool fused) {
    vf acc[32];
    UNROLL
    for (int i = 0; i < F * V; i++) {
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
            vf x[3];
            UNROLL
            for (int v = 0; v < V; v++) {
                x[v] = vf_load(in + column[v]);
            }
            UNROLL
            for (int f = 0; f < F; f++) {
                const vs w = vs_load(weights + f);
                UNROLL
                for (int v = 0; v < V; v++) {
                    acc[f * V + v] = multiply_add(x[v], w, acc[f * V + v], fused);
                }
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
    finish_all(acc, F * V, bias, V, F, strip->epilogue);
    const int64_t dst_channel = strip->dst_channel;
    UNROLL
    for (int i = 0; i < F * V; i++) {
        vf_store(dst + i / V * dst_channel + column[i % V], acc[i]);
    }
}

ALWAYS_INLINE void direct_x(const nt_x_strip *strip, int F, int V, bool fused) {
    const float *src = strip->src;
    float *dst = strip->dst;
    for (int64_t y = strip->rows; y > 0; y--) {
        direct_x_row(strip, src, dst, F, V, fused);
        src += strip->src_row;
        dst += strip->dst_row;
    }
}

#define DIRECT_X_DEFINE(F, V)                                                \
    WITH_FMA(static void direct_x_fused_##F##x##V(const nt_x_strip *strip) { \
        direct_x(strip, F, V, true);                                         \
    })                                                                       \
    static void direct_x_separate_##F##x##V(const nt_x_strip *strip) {       \
        direct_x(strip, F, V, false);                                        \
    }
#define DIRECT_X_ROW(F, V)                                                       \
    {F, V, FUSED_OR_NULL(direct_x_fused_##F##x##V), direct_x_separate_##F##x##V, \
     "direct_" NT_ISA_NAME "_x" #F "x" #V},
