/* Body: what becomes of the sums of convolutions of integers. Needs a vocabulary. */
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

#endif

#if defined(NT_LANES) && !defined(NINETAP_QUANTIZE_BODY)
#define NINETAP_QUANTIZE_BODY

#include "simd/compiler.h"

#include <string.h>

ALWAYS_INLINE vf scaled_sums(const nt_quantized *to, v32 sums, v32 bias, vf multiplier) {
    const vf x = vf_mul(vf_of_v32(v32_add(sums, bias)), multiplier);
    return vf_min(vf_set1(to->hi), vf_max(vf_set1(to->lo), x));
}

/* ---- Bytes, lanes = channels ---- */

/* A vector of bytes. `last`: past the vector of sums that begins there, it is taken again. */
ALWAYS_INLINE v8 bytes_of_sums(const nt_quantized *to, const int32_t *sums, const int32_t *bias,
                               const float *multiplier, int64_t last) {
    v32 v[NT_V32S];
    v16 halves[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        const int64_t at = i * NT_LANES < last ? i * NT_LANES : last;
        v[i] = v32_of_vf(
            scaled_sums(to, v32_load(sums + at), v32_load(bias + at), vf_load(multiplier + at)));
    }
    v16_of_v32(halves, v);
    const bool is_signed = to->type == NINETAP_S8;
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        halves[i] = v16_add(halves[i], v16_set1(is_signed ? to->zero + 128 : to->zero));
    }
    return v8_xor(v8_parts_in_order(v8_of_v16(halves)), v8_set1(is_signed ? 0x80 : 0));
}

static void bytes_of_pixels(const nt_sums *b) {
    const nt_quantized to = *b->to;
    const int64_t channels = b->channels;
    for (int64_t p = 0; p < b->pixels; p++) {
        const int32_t *sums = b->sums + p * b->pixel;
        uint8_t *dst = (uint8_t *)b->dst + p * b->dst_pixel;
        int64_t c = 0;
        for (; c + NT_BYTES <= channels; c += NT_BYTES) {
            v8_store(dst + c, bytes_of_sums(&to, sums + c, b->bias + c, b->multiplier + c,
                                            NT_BYTES - NT_LANES));
        }
        if (c < channels) {
            const v8 bytes = bytes_of_sums(&to, sums + c, b->bias + c, b->multiplier + c,
                                           b->pixel - NT_LANES - c);
            v8_store_n(dst + c, bytes, (int)(channels - c));
        }
    }
}

/* Sums that lie side by side, of so few channels: several pixels at a time, the last ones again. */
static bool are_few(const nt_sums *b) {
    const int64_t pixels = NT_BYTES / b->channels;
    return b->channels == b->pixel && pixels > 1 && pixels * b->channels == NT_BYTES &&
           b->pixels >= pixels;
}

ALWAYS_INLINE void store_few(uint8_t *dst, int64_t dst_pixel, v8 bytes, int channels) {
    uint8_t all[NT_BYTES];
    v8_store(all, bytes);
    UNROLL
    for (int i = 0; i < NT_BYTES / channels; i++) {
        memcpy(dst + i * dst_pixel, all + i * channels, (size_t)channels);
    }
}

static void bytes_of_few(const nt_sums *b) {
    enum { LAST = NT_BYTES - NT_LANES };
    const nt_quantized to = *b->to;
    const int64_t channels = b->channels;
    const int64_t together = NT_BYTES / channels;
    int32_t bias[NT_BYTES];
    float multiplier[NT_BYTES];
    for (int i = 0; i < NT_BYTES; i++) {
        bias[i] = b->bias[i % channels];
        multiplier[i] = b->multiplier[i % channels];
    }
    for (int64_t p = 0; p < b->pixels; p += together) {
        const int64_t at = p < b->pixels - together ? p : b->pixels - together;
        const v8 bytes = bytes_of_sums(&to, b->sums + at * channels, bias, multiplier, LAST);
        uint8_t *dst = (uint8_t *)b->dst + at * b->dst_pixel;
        if (channels == NT_LANES) {
            store_few(dst, b->dst_pixel, bytes, NT_LANES);
        } else {
            store_few(dst, b->dst_pixel, bytes, NT_V32S > 1 ? 2 * NT_LANES : NT_LANES);
        }
    }
}

/* ---- Bytes, lanes = channels, turned to lanes = pixels ---- */

/* np pixels, at most NT_BYTES, of nc channels. */
ALWAYS_INLINE void bytes_of_square(const nt_sums *b, const nt_quantized *to, int64_t p, int64_t np,
                                   int64_t c, int64_t nc) {
    const v32 bias = v32_load(b->bias + c);
    const vf multiplier = vf_load(b->multiplier + c);
    v32 r[NT_LANES];
    UNROLL
    for (int k = 0; k < NT_LANES; k++) {
        v32 v[4];
        r[k] = bias;
        if (4 * k < np) {
            UNROLL
            for (int i = 0; i < 4; i++) {
                const int64_t at = p + (4 * k + i < np ? 4 * k + i : np - 1);
                const v32 sums = v32_load(b->sums + at * b->pixel + c);
                v[i] =
                    v32_add(v32_of_vf(scaled_sums(to, sums, bias, multiplier)), v32_set1(to->zero));
            }
            r[k] = v32_of_bytes(v);
        }
    }
    v32_transpose(r);
    UNROLL
    for (int j = 0; j < NT_LANES; j++) {
        uint8_t *dst = (uint8_t *)b->dst + (c + j) * b->dst_channel + p;
        if (j < nc && np == 4 * NT_LANES) {
            v32_store((int32_t *)(void *)dst, r[j]);
        } else if (j < nc) {
            int32_t all[NT_LANES];
            v32_store(all, r[j]);
            memcpy(dst, all, (size_t)np);
        }
    }
}

static void bytes_of_planes(const nt_sums *b) {
    enum { SIDE = 4 * NT_LANES };
    const nt_quantized to = *b->to;
    for (int64_t c = 0; c < b->channels; c += NT_LANES) {
        const int64_t nc = b->channels - c < NT_LANES ? b->channels - c : NT_LANES;
        int64_t p = 0;
        for (; p + SIDE <= b->pixels; p += SIDE) {
            bytes_of_square(b, &to, p, SIDE, c, nc);
        }
        const int64_t rest = b->pixels - p;
        if (rest > 0) {
            bytes_of_square(b, &to, p, rest, c, nc);
        }
    }
}

/* ---- Sums, and floats ---- */

ALWAYS_INLINE void store_wide(const nt_sums *b, int64_t at, v32 sums, v32 bias, vf multiplier,
                              int n) {
    if (b->to->type == NINETAP_S32) {
        v32_store_n((int32_t *)b->dst + at, v32_add(sums, bias), n);
    } else {
        vf_store_n((float *)b->dst + at, scaled_sums(b->to, sums, bias, multiplier), n);
    }
}

static void wide_pixels(const nt_sums *b) {
    for (int64_t p = 0; p < b->pixels; p++) {
        for (int64_t c = 0; c < b->channels; c += NT_LANES) {
            const int n = b->channels - c < NT_LANES ? (int)(b->channels - c) : NT_LANES;
            store_wide(b, p * b->dst_pixel + c, v32_load(b->sums + p * b->pixel + c),
                       v32_load(b->bias + c), vf_load(b->multiplier + c), n);
        }
    }
}

static void wide_planes(const nt_sums *b) {
    for (int64_t c = 0; c < b->channels; c += NT_LANES) {
        for (int64_t p = 0; p < b->pixels; p += NT_LANES) {
            const int n = b->pixels - p < NT_LANES ? (int)(b->pixels - p) : NT_LANES;
            v32 r[NT_LANES];
            UNROLL
            for (int i = 0; i < NT_LANES; i++) {
                r[i] = v32_load(b->sums + (p + (i < n ? i : 0)) * b->pixel + c);
            }
            v32_transpose(r);
            UNROLL
            for (int j = 0; j < NT_LANES; j++) {
                if (c + j < b->channels) {
                    store_wide(b, (c + j) * b->dst_channel + p, r[j], v32_set1(b->bias[c + j]),
                               vf_set1(b->multiplier[c + j]), n);
                }
            }
        }
    }
}

static void quantize(const nt_sums *sums) {
    const bool planes = sums->dst_channel != 1;
    const bool few = are_few(sums);
    if (sums->to->type == NINETAP_S32 || sums->to->type == NINETAP_F32) {
        (planes ? wide_planes : wide_pixels)(sums);
    } else {
        (planes ? bytes_of_planes : few ? bytes_of_few : bytes_of_pixels)(sums);
    }
}

#endif
