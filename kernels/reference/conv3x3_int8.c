/* 3x3 convolution of bytes as its definition. */
#include "core/build.h"

#include <math.h>
#include <string.h>

#include "reference/naive_conv.h"
#include "reference/reference.h"

static bool is_signed(ninetap_dtype type) {
    return type == NINETAP_S8;
}

static bool is_wide(ninetap_dtype type) {
    return type == NINETAP_S32 || type == NINETAP_F32;
}

/* To the nearest integer, halves to even, of a float below 2^23. */
static float to_even(float x) {
    const float down = floorf(x);
    const float rest = x - down;
    const bool up = rest > 0.5F || (rest == 0.5F && fmodf(down, 2.0F) != 0.0F);
    return up ? down + 1.0F : down;
}

/* The byte of that type for so many times its scale. */
static int32_t byte_of(float x, int32_t zero, ninetap_dtype type) {
    const float least = is_signed(type) ? -128.0F : 0.0F;
    const float greatest = is_signed(type) ? 127.0F : 255.0F;
    float value = x < -1000.0F ? -1000.0F : x > 1000.0F ? 1000.0F : x; /* past any byte and zero */
    value = to_even(value) + (float)zero;
    return (int32_t)(value < least ? least : value > greatest ? greatest : value);
}

static int32_t byte_of_real(float x, float scale, int32_t zero, ninetap_dtype type) {
    const double quotient = (double)x / (double)scale;
    const float most = (float)fmax(-1e9, fmin(1e9, quotient));
    return byte_of(most, zero, type);
}

static int32_t byte_at(const naive_conv *q, int64_t at) {
    const ninetap_quantization *z = q->d->quantization;
    if (at == INPUT_CONSTANT) {
        return byte_of_real(q->d->border_value, z->src_scale, z->src_zero, q->d->src_type);
    }
    return is_signed(q->d->src_type) ? ((const int8_t *)q->in)[at] : ((const uint8_t *)q->in)[at];
}

static int32_t sum_of_bytes(const naive_conv *q, int64_t n, int64_t o, int64_t oy, int64_t ox) {
    const int8_t *weights = q->weights;
    int64_t sum = q->bias == NULL ? 0 : ((const int32_t *)q->bias)[o];
    for (int64_t i = 0; i < q->group_ic; i++) {
        for (int64_t tap = 0; tap < 9; tap++) {
            const int64_t y = oy * q->stride + tap / 3 * q->dilation - q->d->pad[0];
            const int64_t x = ox * q->stride + tap % 3 * q->dilation - q->d->pad[1];
            const int64_t at = input_at(q, n, o / q->group_oc * q->group_ic + i, y, x);
            if (at != INPUT_NOTHING) {
                const int32_t above = byte_at(q, at) - q->d->quantization->src_zero;
                sum += (int64_t)above * weights[weight_at(q, o, i, tap / 3, tap % 3)];
            }
        }
    }
    return (int32_t)sum;
}

/* A limit of the activation as a byte. */
static int32_t limit_of(const ninetap_conv3x3_desc *d, float limit) {
    return byte_of_real(limit, d->quantization->dst_scale, d->quantization->dst_zero, d->dst_type);
}

static int32_t activated_byte(const ninetap_conv3x3_desc *d, int32_t y) {
    if (d->act == NINETAP_RELU || d->act == NINETAP_CLAMP) {
        const int32_t low = limit_of(d, d->act == NINETAP_RELU ? 0.0F : d->act_lo);
        y = y < low ? low : y;
    }
    if (d->act == NINETAP_CLAMP) {
        const int32_t high = limit_of(d, d->act_hi);
        y = y > high ? high : y;
    }
    return y;
}

void nt_reference_write_sum(const ninetap_conv3x3_desc *d, int64_t o, int32_t sum, int64_t at,
                            void *dst) {
    const ninetap_quantization *z = d->quantization;
    const float of_weights = z->weights_scale[z->weights_scales == 1 ? 0 : o];
    double scale = (double)z->src_scale * (double)of_weights;
    scale = is_wide(d->dst_type) ? scale : scale / (double)z->dst_scale;
    const float multiplier = (float)scale;
    const float rounded = (float)sum;
    const float product = rounded * multiplier;
    if (d->dst_type == NINETAP_S32) {
        ((int32_t *)dst)[at] = sum;
    } else if (d->dst_type == NINETAP_F32) {
        ((float *)dst)[at] = nt_reference_activation(d, product);
    } else {
        const int32_t y = activated_byte(d, byte_of(product, z->dst_zero, d->dst_type));
        ((uint8_t *)dst)[at] = (uint8_t)y;
    }
}

void nt_reference_conv3x3_int8(const ninetap_conv3x3_desc *d, const void *src,
                               const int8_t *weights, const int32_t *bias, void *dst) {
    const naive_conv q = naive_conv_of(d, d->dst_pitch, src, weights, bias);
    for (int64_t n = 0; n < d->n; n++) {
        for (int64_t o = 0; o < d->oc; o++) {
            for (int64_t y = 0; y < q.oh; y++) {
                for (int64_t x = 0; x < q.ow; x++) {
                    nt_reference_write_sum(d, o, sum_of_bytes(&q, n, o, y, x),
                                           element_at(&q.dst, n, o, y, x), dst);
                }
            }
        }
    }
}
