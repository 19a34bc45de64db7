/* Body: bytes to pairs of 16 bits, (byte ^ sign) - zero. Needs a vocabulary. */
#include "bodies/arrange.h"

#if defined(NT_LANES) && !defined(NINETAP_WIDEN_BODY)
#define NINETAP_WIDEN_BODY

#include "simd/compiler.h"

/* Channels [from, channels) of a pixel, one at a time. */
static void widen_rest(const nt_arrange *w, int64_t pixel, int64_t from) {
    int16_t *dst = (int16_t *)w->dst + 2 * pixel * w->dst_pixel;
    for (int64_t c = from; c < w->channels; c++) {
        const uint8_t byte = w->src[pixel * w->src_pixel + c * w->src_channel];
        dst[c] = (int16_t)((byte ^ w->sign) - w->zero);
    }
    if (w->channels % 2 != 0) {
        dst[w->channels] = 0;
    }
}

/* Channels lie side by side. A vector that begins in a pixel may end in the ones behind it: the
 * last odd channel's neighbour has a weight of 0. */
static void widen_pixels(const nt_arrange *w) {
    enum { STEP = NT_BYTES / NT_V16S };
    const v16 sign = v16_set1(w->sign);
    const v16 zero = v16_set1(-w->zero);
    const int64_t src_pixel = w->src_pixel;
    const int64_t dst_pixel = 2 * w->dst_pixel;
    const int64_t channels = w->channels;
    const uint8_t *src = w->src;
    int16_t *dst = w->dst;
    int64_t room = (w->pixels - 1) * src_pixel + channels - STEP;
    int64_t p = 0;
    for (; p < w->pixels && room >= 0; p++) {
        int64_t c = 0;
        do {
            v16_store(dst + c, v16_add(v16_xor(v16_load_bytes(src + c), sign), zero));
            c += STEP;
        } while (c < channels && c <= room);
        if (c < channels) {
            widen_rest(w, p, c);
        }
        src += src_pixel;
        dst += dst_pixel;
        room -= src_pixel;
    }
    for (; p < w->pixels; p++) {
        widen_rest(w, p, 0);
    }
}

/* Lanes = pixels, of two channels each, turned to lanes = pairs of channels. */
ALWAYS_INLINE void widen_square(const nt_arrange *w, int64_t p, int64_t c) {
    const v32 sign = v32_set1(w->sign);
    const v32 zero = v32_set1(-w->zero);
    const uint8_t *src = w->src + p;
    v32 r[NT_LANES];
    UNROLL
    for (int k = 0; k < NT_LANES; k++) {
        v32 half[2];
        UNROLL
        for (int i = 0; i < 2; i++) {
            const int64_t channel = c + 2 * k + i;
            half[i] = v32_set1(0);
            if (channel < w->channels) {
                const v32 bytes = v32_load_bytes(src + channel * w->src_channel);
                half[i] = v32_add(v32_xor(bytes, sign), zero);
            }
        }
        r[k] = v32_of_halves(half[0], half[1]);
    }
    v32_transpose(r);
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        v32_store((int32_t *)w->dst + (p + i) * w->dst_pixel + c / 2, r[i]);
    }
}

static void widen_planes(const nt_arrange *w) {
    enum { STEP = 2 * NT_LANES };
    int64_t p = 0;
    for (; p + NT_LANES <= w->pixels; p += NT_LANES) {
        /* what is written behind the last channels is overwritten */
        for (int64_t c = (w->channels - 1) / STEP * STEP; c >= 0; c -= STEP) {
            widen_square(w, p, c);
        }
    }
    for (; p < w->pixels; p++) {
        widen_rest(w, p, 0);
    }
}

static void widen(const nt_arrange *job) {
    nt_arrange w = *job;
    if (w.src_channel == 1 && w.src_pixel == w.channels && 2 * w.dst_pixel == w.channels) {
        w.channels *= w.pixels; /* without a gap: as one pixel */
        w.pixels = 1;
    }
    (w.src_channel == 1 ? widen_pixels : widen_planes)(&w);
}

#endif
