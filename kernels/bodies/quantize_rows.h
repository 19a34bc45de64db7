/* Body: numbers to bytes and back, and the range of numbers. Needs a vocabulary. */
#ifndef NINETAP_QUANTIZE_ROWS_H
#define NINETAP_QUANTIZE_ROWS_H

#include <stdint.h>

/* One scale and one zero. Bytes are unsigned here: those of S8 are turned over by `sign`, and their
 * zero is larger by 128. */
typedef struct nt_quantizer {
    float scale;
    int zero;
    uint8_t sign; /* 0x80 of S8, 0 of U8 */
} nt_quantizer;

/* n >= 1 elements each. */
typedef struct nt_rows_kernel {
    void (*quantize)(uint8_t *dst, const float *src, int64_t n, const nt_quantizer *q);
    void (*dequantize)(float *dst, const uint8_t *src, int64_t n, const nt_quantizer *q);
    void (*scale)(float *dst, const int32_t *src, int64_t n, float scale);
    /* Widens lo <= 0 <= hi. */
    void (*range)(const float *src, int64_t n, float *lo, float *hi);
    const char *name;
} nt_rows_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_QUANTIZE_ROWS_BODY)
#define NINETAP_QUANTIZE_ROWS_BODY

#include "simd/compiler.h"

/* How many of the lanes from element `at` on exist. */
ALWAYS_INLINE int rows_lanes(int64_t n, int64_t at) {
    return n - at >= NT_LANES ? NT_LANES : n > at ? (int)(n - at) : 0;
}

/* The limits come before the rounding, so that what is converted fits. vf_max's second operand
 * stands for a NaN. */
ALWAYS_INLINE v8 rows_bytes(vf x[NT_V32S], const nt_quantizer *q) {
    const vf scale = vf_set1(q->scale);
    const vf least = vf_set1((float)-q->zero);
    const vf greatest = vf_set1((float)(255 - q->zero));
    v32 integers[NT_V32S];
    v16 halves[NT_V16S];
    vf_all_unordered(x);
    UNROLL
    for (int v = 0; v < NT_V32S; v++) {
        const vf inside = vf_min(vf_max(vf_div(x[v], scale), least), greatest);
        integers[v] = v32_add(v32_of_vf(inside), v32_set1(q->zero));
    }
    v16_of_v32(halves, integers);
    return v8_xor(v8_of_v16(halves), v8_set1(q->sign));
}

static void rows_quantize(uint8_t *dst, const float *src, int64_t n, const nt_quantizer *q) {
    const nt_quantizer kept = *q; /* dst may be anything, says its type */
    vf x[NT_V32S];
    int64_t i = 0;
    for (; i + NT_BYTES <= n; i += NT_BYTES) {
        UNROLL
        for (int v = 0; v < NT_V32S; v++) {
            x[v] = vf_load(src + i + v * NT_LANES);
        }
        v8_store(dst + i, rows_bytes(x, &kept));
    }
    if (i < n) {
        UNROLL
        for (int v = 0; v < NT_V32S; v++) {
            const int64_t at = i + v * NT_LANES;
            x[v] = vf_load_or(src + (at < n ? at : i), rows_lanes(n, at), vf_zero());
        }
        v8_store_n(dst + i, rows_bytes(x, &kept), (int)(n - i));
    }
}

/* The difference is exact. */
ALWAYS_INLINE void rows_numbers(vf x[NT_V32S], v8 bytes, const nt_quantizer *q) {
    const vf scale = vf_set1(q->scale);
    const vf zero = vf_set1((float)q->zero);
    vf_of_v8(x, v8_xor(bytes, v8_set1(q->sign)));
    vf_all_in_order(x);
    UNROLL
    for (int v = 0; v < NT_V32S; v++) {
        x[v] = vf_mul(vf_sub(x[v], zero), scale);
    }
}

static void rows_dequantize(float *dst, const uint8_t *src, int64_t n, const nt_quantizer *q) {
    vf x[NT_V32S];
    int64_t i = 0;
    for (; i + NT_BYTES <= n; i += NT_BYTES) {
        rows_numbers(x, v8_load(src + i), q);
        UNROLL
        for (int v = 0; v < NT_V32S; v++) {
            vf_store(dst + i + v * NT_LANES, x[v]);
        }
    }
    if (i < n) {
        const v8 any = v8_set1((uint8_t)(q->zero & 0xFF) ^ q->sign);
        rows_numbers(x, v8_load_or(src + i, (int)(n - i), any), q);
        UNROLL
        for (int v = 0; v < NT_V32S; v++) {
            const int64_t at = i + v * NT_LANES;
            if (at < n) {
                vf_store_n(dst + at, x[v], rows_lanes(n, at));
            }
        }
    }
}

static void rows_scale(float *dst, const int32_t *src, int64_t n, float scale) {
    const vf by = vf_set1(scale);
    int64_t i = 0;
    for (; i + NT_LANES <= n; i += NT_LANES) {
        vf_store(dst + i, vf_mul(vf_of_v32(v32_load(src + i)), by));
    }
    for (; i < n; i++) {
        dst[i] = (float)src[i] * scale;
    }
}

ALWAYS_INLINE void rows_widen(vf *least, vf *most, vf x) {
    *least = vf_min(x, *least);
    *most = vf_max(x, *most);
}

static void rows_range(const float *src, int64_t n, float *lo, float *hi) {
    enum { CHAINS = 4 };
    vf least[CHAINS];
    vf most[CHAINS];
    float lows[NT_LANES];
    float highs[NT_LANES];
    UNROLL
    for (int v = 0; v < CHAINS; v++) {
        least[v] = vf_set1(*lo);
        most[v] = vf_set1(*hi);
    }
    int64_t i = 0;
    for (; i + CHAINS * NT_LANES <= n; i += CHAINS * NT_LANES) {
        UNROLL
        for (int v = 0; v < CHAINS; v++) {
            rows_widen(&least[v], &most[v], vf_load(src + i + v * NT_LANES));
        }
    }
    for (; i < n; i += NT_LANES) {
        rows_widen(&least[0], &most[0], vf_load_or(src + i, rows_lanes(n, i), vf_zero()));
    }
    for (int v = 1; v < CHAINS; v++) {
        rows_widen(&least[0], &most[0], least[v]);
        rows_widen(&least[0], &most[0], most[v]);
    }
    vf_store(lows, least[0]);
    vf_store(highs, most[0]);
    for (int lane = 0; lane < NT_LANES; lane++) {
        *lo = lows[lane] < *lo ? lows[lane] : *lo;
        *hi = highs[lane] > *hi ? highs[lane] : *hi;
    }
}

#define ROWS_KERNEL \
    { rows_quantize, rows_dequantize, rows_scale, rows_range, "quantize_" NT_ISA_NAME }

#endif
