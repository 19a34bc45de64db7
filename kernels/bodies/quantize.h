/* Body: convolutions of integers before and behind their kernels. Needs a vocabulary. */
#ifndef NINETAP_BODIES_QUANTIZE_H
#define NINETAP_BODIES_QUANTIZE_H

#include <stdint.h>

#include "core/quantize.h"

/* Sums [pixels][channels], what becomes of them, and where it goes. */
typedef struct nt_sums {
    const int32_t *sums; /* whole vectors of channels */
    int64_t pixel;       /* pitch of their rows */
    int64_t pixels, channels;
    const int32_t *bias; /* [channels], in whole vectors */
    const float *multiplier;
    const nt_quantized *to;
    void *dst;
    int64_t dst_pixel, dst_channel; /* in elements; one of them is 1 */
} nt_sums;
typedef void nt_quantize_fn(const nt_sums *sums);

/* dst[i] = (src[i] ^ sign) - zero, 0 <= i < n. */
typedef void nt_widen_fn(int16_t *dst, const uint8_t *src, int64_t n, int sign, int zero);

#endif

#if defined(NT_LANES) && !defined(NINETAP_QUANTIZE_BODY)
#define NINETAP_QUANTIZE_BODY

#include "simd/compiler.h"

/* n lanes of them to dst. */
ALWAYS_INLINE void store_quantized(const nt_sums *b, int64_t at, v32 sums, v32 bias, vf multiplier,
                                   int n) {
    const nt_quantized *to = b->to;
    const v32 biased = v32_add(sums, bias);
    if (to->type == NINETAP_S32) {
        v32_store_n((int32_t *)b->dst + at, biased, n);
        return;
    }
    vf x = vf_mul(vf_of_v32(biased), multiplier);
    x = vf_min(vf_set1(to->hi), vf_max(vf_set1(to->lo), x));
    if (to->type == NINETAP_F32) {
        vf_store_n((float *)b->dst + at, x, n);
        return;
    }
    v32_store_bytes((uint8_t *)b->dst + at, v32_add(v32_of_vf(x), v32_set1(to->zero)), n);
}

static void quantize_pixels(const nt_sums *b) {
    for (int64_t p = 0; p < b->pixels; p++) {
        for (int64_t c = 0; c < b->channels; c += NT_LANES) {
            const int n = b->channels - c < NT_LANES ? (int)(b->channels - c) : NT_LANES;
            store_quantized(b, p * b->dst_pixel + c, v32_load(b->sums + p * b->pixel + c),
                            v32_load(b->bias + c), vf_load(b->multiplier + c), n);
        }
    }
}

/* A square of them, transposed. */
ALWAYS_INLINE void quantize_square(const nt_sums *b, int64_t p, int64_t c, int np, int nc) {
    v32 r[NT_LANES];
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        r[i] = v32_load(b->sums + (p + (i < np ? i : 0)) * b->pixel + c);
    }
    v32_transpose(r);
    UNROLL
    for (int j = 0; j < NT_LANES; j++) {
        if (j < nc) {
            store_quantized(b, (c + j) * b->dst_channel + p, r[j], v32_set1(b->bias[c + j]),
                            vf_set1(b->multiplier[c + j]), np);
        }
    }
}

/* The last whole square overlaps the one before it. */
static void quantize_planes(const nt_sums *b) {
    for (int64_t c = 0; c < b->channels; c += NT_LANES) {
        const int nc = b->channels - c < NT_LANES ? (int)(b->channels - c) : NT_LANES;
        int64_t p = 0;
        for (; p + NT_LANES <= b->pixels; p += NT_LANES) {
            quantize_square(b, p, c, NT_LANES, nc);
        }
        if (p < b->pixels && p > 0) {
            quantize_square(b, b->pixels - NT_LANES, c, NT_LANES, nc);
        } else if (p < b->pixels) {
            quantize_square(b, p, c, (int)(b->pixels - p), nc);
        }
    }
}

static void quantize(const nt_sums *sums) {
    (sums->dst_channel == 1 ? quantize_pixels : quantize_planes)(sums);
}

static void widen(int16_t *dst, const uint8_t *src, int64_t n, int sign, int zero) {
    enum { STEP = NT_BYTES / NT_V16S };
    int64_t i = 0;
    for (; i + STEP <= n; i += STEP) {
        const v16 v = v16_xor(v16_load_bytes(src + i), v16_set1(sign));
        v16_store(dst + i, v16_add(v, v16_set1(-zero)));
    }
    for (; i < n; i++) {
        dst[i] = (int16_t)((src[i] ^ sign) - zero);
    }
}

#endif
