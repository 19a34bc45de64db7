#include "core/build.h"

#include "selftest/scales.h"

void nt_scales_describe(const nt_scales *scales, nt_described_scales *d) {
    d->quantization = (ninetap_quantization){
        .src_scale = scales->src_scale,
        .src_zero = scales->src_zero,
        .weights_scale = d->scale,
        .weights_scales = scales->count,
        .dst_scale = scales->dst_scale,
        .dst_zero = scales->dst_zero,
    };
    for (int i = 0; i < NT_MOST_SCALES; i++) {
        d->scale[i] = scales->weights_scale * (1.0F + (float)(i % 7) * 0.125F);
    }
}

static int draw_zero(rng *r, ninetap_dtype type) {
    const int lowest = type == NINETAP_S8 ? -128 : 0;
    return lowest + RNG_PICK(r, 0, 255, 128, rng_int(r, 0, 255));
}

/* Scales are powers of two, with which many sums are halfway between two bytes, or others. */
void nt_scales_draw(rng *r, int64_t channels, nt_scales *scales, ninetap_dtype *src,
                    ninetap_dtype *weights, ninetap_dtype *dst) {
    static const unsigned char to[] = {NINETAP_U8, NINETAP_U8,  NINETAP_S8,
                                       NINETAP_S8, NINETAP_S32, NINETAP_F32};
    static const float dst_scales[] = {0x1p-4F, 0x1p-2F, 0.05F, 0.3F, 1.7F};
    *src = rng_one_in(r, 2) ? NINETAP_U8 : NINETAP_S8;
    *weights = NINETAP_S8;
    *dst = (ninetap_dtype)to[rng_int(r, 0, 5)];
    scales->src_zero = draw_zero(r, *src);
    scales->dst_zero = draw_zero(r, *dst);
    const bool even = rng_one_in(r, 2);
    scales->src_scale = even ? 0x1p-6F : 0.0173F;
    scales->weights_scale = even ? 0x1p-7F : 0.0091F;
    scales->dst_scale = dst_scales[rng_int(r, 0, 4)];
    scales->count = rng_one_in(r, 2) && channels <= NT_MOST_SCALES ? channels : 1;
}

nt_element nt_element_of(ninetap_dtype type) {
    return type == NINETAP_F32 ? NT_FLOATS : type == NINETAP_S32 ? NT_INTEGERS : NT_BYTES;
}
