/* The packed input of integers: bytes less their zero as int16_t, two channels side by side. */
#include "core/build.h"
#include "conv3x3/strip.h"

/* Of NHWC: the channels of a pixel, and a 0 behind an odd number. */
static void pack_pixel(const nt_conv *c, const uint8_t *src, int sign, int zero, int16_t *out) {
    const int64_t channels = c->shape.group_ic;
    c->isa->widen(out, src, channels, sign, zero);
    if (channels % 2 != 0) {
        out[channels] = 0;
    }
}

/* Of NCHW: two channels, or one and zeros. */
static void pack_channels(const uint8_t *first, const uint8_t *second, int64_t count,
                          int64_t stride, int64_t step, int sign, int zero, int16_t *out) {
    for (int64_t j = 0; j < count; j++) {
        out[0] = (int16_t)((first[j * stride] ^ sign) - zero);
        out[1] = (int16_t)(second != NULL ? (second[j * stride] ^ sign) - zero : 0);
        out += step;
    }
}

void nt_pack_pairs(const nt_conv *c, const void *src, int64_t count, int64_t stride,
                   int64_t out_column, void *out) {
    const nt_conv_shape *s = &c->shape;
    const bool is_signed = c->desc.src_type == NINETAP_S8;
    const int sign = is_signed ? 0x80 : 0;
    const int zero = c->src_zero + sign;
    const uint8_t *in = src;
    int16_t *to = out;
    const int64_t step = 2 * out_column;
    if (c->desc.layout == NINETAP_NCHW) {
        for (int64_t i = 0; i < s->group_ic; i += 2) {
            const uint8_t *first = in + i * s->src.channel;
            const uint8_t *second = i + 1 < s->group_ic ? first + s->src.channel : NULL;
            pack_channels(first, second, count, stride, step, sign, zero, to + i);
        }
        return;
    }
    if (stride * s->src.column == s->group_ic && step == s->group_ic) {
        c->isa->widen(to, in, count * s->group_ic, sign, zero);
        return;
    }
    for (int64_t j = 0; j < count; j++) {
        pack_pixel(c, in + j * stride * s->src.column, sign, zero, to + j * step);
    }
}
