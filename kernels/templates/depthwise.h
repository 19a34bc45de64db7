/* Template: depthwise convolution in NHWC, lanes = channels, one output pixel a call. Needs a
 * vocabulary, direct_oc.h and epilogue.h. The nine tap pointers absorb stride, dilation, padding
 * and pitch: a tap in the padding points at a row of border values. */
#include "isa/compiler.h"
#include "isa/table.h"

ALWAYS_INLINE vf depthwise_sum(const nt_dw_pixel *pixel, int64_t c, int n, bool fused) {
    const float *weights = pixel->weights + c;
    vf sum = vf_zero();
    UNROLL
    for (int t = 0; t < 9; t++) {
        const float *in = pixel->tap[t] + c;
        const vf x = n == NT_LANES ? vf_load(in) : vf_load_n(in, n);
        const vf w = vf_load(weights + t * pixel->weights_pitch);
#if NT_HAS_FMA
        sum = fused ? vf_fma(x, w, sum) : vf_add(sum, vf_mul(x, w));
#else
        (void)fused;
        sum = vf_add(sum, vf_mul(x, w));
#endif
    }
    return sum;
}

ALWAYS_INLINE void depthwise(const nt_dw_pixel *pixel, bool fused) {
    const nt_epilogue *epilogue = pixel->epilogue;
    int64_t c = 0;
    for (; c + NT_LANES <= pixel->channels; c += NT_LANES) {
        const vf sum = depthwise_sum(pixel, c, NT_LANES, fused);
        vf_store(pixel->dst + c, finish(sum, vf_load(pixel->bias + c), epilogue->kind, epilogue));
    }
    const int n = (int)(pixel->channels - c);
    if (n > 0) {
        const vf sum = depthwise_sum(pixel, c, n, fused);
        vf_store_n(pixel->dst + c, finish(sum, vf_load(pixel->bias + c), epilogue->kind, epilogue),
                   n);
    }
}

#if NT_HAS_FMA
static void depthwise_fused(const nt_dw_pixel *pixel) {
    depthwise(pixel, true);
}
#endif
static void depthwise_separate(const nt_dw_pixel *pixel) {
    depthwise(pixel, false);
}
