/* Body: bytes to elements of four of them, each ^ sign. Needs a vocabulary. */
#include "bodies/arrange.h"

#if defined(NT_QUADS) && !defined(NINETAP_INTERLEAVE_BODY)
#define NINETAP_INTERLEAVE_BODY

#include "simd/compiler.h"

/* Channels lie side by side. */
static void interleave_pixels(const nt_arrange *w) {
    const v8 sign = v8_set1((uint8_t)w->sign);
    const int64_t channels = w->channels;
    const uint8_t *src = w->src;
    uint8_t *dst = w->dst;
    int64_t left = (w->pixels - 1) * w->src_pixel + channels; /* bytes of src */
    for (int64_t p = 0; p < w->pixels; p++) {
        for (int64_t c = 0; c < channels; c += NT_BYTES) {
            const v8 bytes =
                left - c >= NT_BYTES ? v8_load(src + c) : v8_load_n(src + c, (int)(left - c));
            v8_store(dst + c, v8_xor(bytes, sign));
        }
        src += w->src_pixel;
        dst += 4 * w->dst_pixel;
        left -= w->src_pixel;
    }
}

/* Lanes = pixels, of four channels each, turned to lanes = elements. */
static void interleave_square(const nt_arrange *w, int64_t p, int64_t c) {
    const v32 sign = v32_set1(w->sign * 0x01010101);
    const uint8_t *src = w->src + p;
    v32 r[NT_LANES];
    NO_UNROLL
    for (int k = 0; k < NT_LANES; k++) {
        v32 bytes[4];
        UNROLL
        for (int i = 0; i < 4; i++) {
            const int64_t channel = c + 4 * k + i;
            bytes[i] = v32_set1(0);
            if (channel < w->channels) {
                bytes[i] = v32_load_bytes(src + channel * w->src_channel);
            }
        }
        r[k] = v32_xor(v32_of_bytes(bytes), sign);
    }
    v32_transpose(r);
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        v32_store((int32_t *)w->dst + (p + i) * w->dst_pixel + c / 4, r[i]);
    }
}

static void interleave_planes(const nt_arrange *w) {
    enum { STEP = 4 * NT_LANES };
    int64_t p = 0;
    for (; p + NT_LANES <= w->pixels; p += NT_LANES) {
        /* what is written behind the last channels is overwritten */
        for (int64_t c = (w->channels - 1) / STEP * STEP; c >= 0; c -= STEP) {
            interleave_square(w, p, c);
        }
    }
    for (; p < w->pixels; p++) {
        uint8_t *dst = (uint8_t *)w->dst + 4 * p * w->dst_pixel;
        int64_t c = 0;
        for (; c < w->channels; c++) {
            dst[c] = (uint8_t)(w->src[p + c * w->src_channel] ^ w->sign);
        }
        for (; c % 4 != 0; c++) {
            dst[c] = 0;
        }
    }
}

static void interleave(const nt_arrange *job) {
    nt_arrange w = *job;
    if (w.src_channel == 1 && w.src_pixel == w.channels && 4 * w.dst_pixel == w.channels) {
        w.channels *= w.pixels; /* without a gap: as one pixel */
        w.pixels = 1;
    }
    (w.src_channel == 1 ? interleave_pixels : interleave_planes)(&w);
}

#endif
