/* AVX-512 on a machine without it: the intrinsics that kernels/targets/avx512.c uses, by SIMDe,
 * which makes them of AVX2's. Included in front of that file where NINETAP_EMULATE_AVX512 is set;
 * for tests only. Here are those that SIMDe 0.7 lacks, or rounds twice (fmadd); masked loads and
 * stores touch the chosen lanes alone, as the instructions do. */
#ifndef NINETAP_EMULATE_AVX512_H
#define NINETAP_EMULATE_AVX512_H

#define SIMDE_ENABLE_NATIVE_ALIASES
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#endif
#include <simde/x86/avx512.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#include <stdint.h>
#include <string.h>

#include "avx_vnni.h"

/* NAME(fallback, mask, from): lanes of `from` where mask has a bit, of fallback elsewhere. */
#define EMULATE_LOAD(name, vector, element, count, mask_type)                             \
    static __attribute__((noinline, unused)) vector name(vector fallback, mask_type mask, \
                                                         const void *from) {              \
        element lanes[count];                                                             \
        memcpy(lanes, &fallback, sizeof lanes);                                           \
        for (int i = 0; i < (count); i++) {                                               \
            if (mask >> i & 1) {                                                          \
                memcpy(&lanes[i], (const char *)from + (size_t)i * sizeof(element),       \
                       sizeof lanes[i]);                                                  \
            }                                                                             \
        }                                                                                 \
        memcpy(&fallback, lanes, sizeof lanes);                                           \
        return fallback;                                                                  \
    }
#define EMULATE_STORE(name, vector, element, count, mask_type)                                \
    static __attribute__((noinline, unused)) void name(void *to, mask_type mask, vector v) {  \
        element lanes[count];                                                                 \
        memcpy(lanes, &v, sizeof lanes);                                                      \
        for (int i = 0; i < (count); i++) {                                                   \
            if (mask >> i & 1) {                                                              \
                memcpy((char *)to + (size_t)i * sizeof(element), &lanes[i], sizeof lanes[i]); \
            }                                                                                 \
        }                                                                                     \
    }
EMULATE_LOAD(emulated_load_ps, __m512, float, 16, __mmask16)
EMULATE_LOAD(emulated_load_epi8, __m512i, int8_t, 64, __mmask64)
EMULATE_LOAD(emulated_load_epi64, __m512i, int64_t, 8, __mmask8)
EMULATE_STORE(emulated_store_ps, __m512, float, 16, __mmask16)
EMULATE_STORE(emulated_store_epi8, __m512i, int8_t, 64, __mmask64)
EMULATE_STORE(emulated_store_epi64, __m512i, int64_t, 8, __mmask8)

/* a[0] .. a[n - 1] behind b's, from element `by` on. */
#define EMULATE_ALIGN(name, element, count)                                               \
    static __attribute__((noinline, unused)) __m512i name(__m512i a, __m512i b, int by) { \
        element both[2 * (count)];                                                        \
        memcpy(both, &b, sizeof b);                                                       \
        memcpy(both + (count), &a, sizeof a);                                             \
        memcpy(&a, both + by, sizeof a);                                                  \
        return a;                                                                         \
    }
EMULATE_ALIGN(emulated_align_epi32, int32_t, 16)
EMULATE_ALIGN(emulated_align_epi64, int64_t, 8)

/* The same within each quarter. */
static __attribute__((noinline)) __m512i emulated_align_epi8(__m512i a, __m512i b, int by) {
    for (size_t at = 0; at < sizeof a; at += 16) {
        char both[32];
        memcpy(both, (const char *)&b + at, 16);
        memcpy(both + 16, (const char *)&a + at, 16);
        memcpy((char *)&a + at, both + by, 16);
    }
    return a;
}

/* Half by half. */
static inline __m256 emulated_half(const __m512 *v, int i) {
    __m256 half;
    memcpy(&half, (const char *)v + (size_t)i * sizeof half, sizeof half);
    return half;
}
static inline __m256 emulated_extract(__m512 v, int i) {
    return emulated_half(&v, i);
}
static inline __m512 emulated_whole(__m256 low, __m256 high) {
    __m512 v;
    memcpy(&v, &low, sizeof low);
    memcpy((char *)&v + sizeof low, &high, sizeof high);
    return v;
}
static inline __m512 emulated_fmadd_ps(__m512 a, __m512 b, __m512 c) {
    return emulated_whole(
        _mm256_fmadd_ps(emulated_half(&a, 0), emulated_half(&b, 0), emulated_half(&c, 0)),
        _mm256_fmadd_ps(emulated_half(&a, 1), emulated_half(&b, 1), emulated_half(&c, 1)));
}
static inline __m512 emulated_max_ps(__m512 a, __m512 b) {
    return emulated_whole(_mm256_max_ps(emulated_half(&a, 0), emulated_half(&b, 0)),
                          _mm256_max_ps(emulated_half(&a, 1), emulated_half(&b, 1)));
}
static inline __m512 emulated_min_ps(__m512 a, __m512 b) {
    return emulated_whole(_mm256_min_ps(emulated_half(&a, 0), emulated_half(&b, 0)),
                          _mm256_min_ps(emulated_half(&a, 1), emulated_half(&b, 1)));
}

static inline __m512i emulated_sra_epi32(__m512i v, __m128i by) {
    __m256i half[2];
    memcpy(half, &v, sizeof v);
    half[0] = _mm256_sra_epi32(half[0], by);
    half[1] = _mm256_sra_epi32(half[1], by);
    memcpy(&v, half, sizeof v);
    return v;
}
static inline __m512 emulated_cvtepi32_ps(__m512i v) {
    __m256i half[2];
    memcpy(half, &v, sizeof v);
    return emulated_whole(_mm256_cvtepi32_ps(half[0]), _mm256_cvtepi32_ps(half[1]));
}
static inline __m512i emulated_cvtps_epi32(__m512 v) {
    const __m256i half[2] = {_mm256_cvtps_epi32(emulated_half(&v, 0)),
                             _mm256_cvtps_epi32(emulated_half(&v, 1))};
    __m512i whole;
    memcpy(&whole, half, sizeof whole);
    return whole;
}
static inline __m512i emulated_cvtepu8_epi16(__m256i v) {
    const __m256i half[2] = {_mm256_cvtepu8_epi16(_mm256_castsi256_si128(v)),
                             _mm256_cvtepu8_epi16(_mm256_extracti128_si256(v, 1))};
    __m512i whole;
    memcpy(&whole, half, sizeof whole);
    return whole;
}
static inline __m512i emulated_cvtepu8_epi32(__m128i v) {
    const __m256i half[2] = {_mm256_cvtepu8_epi32(v),
                             _mm256_cvtepu8_epi32(_mm_unpackhi_epi64(v, v))};
    __m512i whole;
    memcpy(&whole, half, sizeof whole);
    return whole;
}
static inline __m128i emulated_cvtepi32_epi8(__m512i v) {
    int32_t lanes[16];
    char bytes[16];
    memcpy(lanes, &v, sizeof lanes);
    for (int i = 0; i < 16; i++) {
        bytes[i] = (char)lanes[i];
    }
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

static inline __m512i emulated_dpbusd_epi32(__m512i sum, __m512i a, __m512i b) {
    __m256i s[2];
    __m256i x[2];
    __m256i y[2];
    memcpy(s, &sum, sizeof sum);
    memcpy(x, &a, sizeof a);
    memcpy(y, &b, sizeof b);
    s[0] = emulated_dpbusd(s[0], x[0], y[0]);
    s[1] = emulated_dpbusd(s[1], x[1], y[1]);
    memcpy(&sum, s, sizeof sum);
    return sum;
}

#undef _mm512_dpbusd_epi32
#undef _mm512_sra_epi32
#undef _mm512_cvtepi32_ps
#undef _mm512_cvtps_epi32
#undef _mm512_cvtepu8_epi16
#undef _mm512_cvtepu8_epi32
#undef _mm512_cvtepi32_epi8
#define _mm512_dpbusd_epi32(sum, a, b) emulated_dpbusd_epi32(sum, a, b)
#define _mm512_sra_epi32(v, by) emulated_sra_epi32(v, by)
#define _mm512_cvtepi32_ps(v) emulated_cvtepi32_ps(v)
#define _mm512_cvtps_epi32(v) emulated_cvtps_epi32(v)
#define _mm512_cvtepu8_epi16(v) emulated_cvtepu8_epi16(v)
#define _mm512_cvtepu8_epi32(v) emulated_cvtepu8_epi32(v)
#define _mm512_cvtepi32_epi8(v) emulated_cvtepi32_epi8(v)
#undef _kor_mask16
#undef _kandn_mask16
#undef _mm512_fmadd_ps
#undef _mm512_max_ps
#undef _mm512_min_ps
#undef _mm512_madd_epi16
#define _mm512_madd_epi16(a, b) simde_mm512_madd_epi16(a, b) /* that of SIMDe 0.7 takes four */
#define _mm512_fmadd_ps(a, b, c) emulated_fmadd_ps(a, b, c)
#define _mm512_max_ps(a, b) emulated_max_ps(a, b)
#define _mm512_min_ps(a, b) emulated_min_ps(a, b)
#define _mm512_maskz_loadu_ps(mask, p) emulated_load_ps(_mm512_setzero_ps(), mask, p)
#define _mm512_mask_loadu_ps(fill, mask, p) emulated_load_ps(fill, mask, p)
#define _mm512_maskz_loadu_epi8(mask, p) emulated_load_epi8(_mm512_setzero_si512(), mask, p)
#define _mm512_mask_loadu_epi8(fill, mask, p) emulated_load_epi8(fill, mask, p)
#define _mm512_maskz_loadu_epi64(mask, p) emulated_load_epi64(_mm512_setzero_si512(), mask, p)
#define _mm512_mask_storeu_ps(p, mask, v) emulated_store_ps(p, mask, v)
#define _mm512_mask_storeu_epi8(p, mask, v) emulated_store_epi8(p, mask, v)
#define _mm512_mask_storeu_epi64(p, mask, v) emulated_store_epi64(p, mask, v)
#define _mm512_alignr_epi32(a, b, by) emulated_align_epi32(a, b, by)
#define _mm512_alignr_epi64(a, b, by) emulated_align_epi64(a, b, by)
#define _mm512_alignr_epi8(a, b, by) emulated_align_epi8(a, b, by)
#define _mm512_shuffle_f32x4(a, b, order) simde_mm512_shuffle_f32x4(a, b, order)
#define _mm512_extractf32x8_ps(v, half) emulated_extract(v, half)
#define _mm512_stream_ps(p, v) _mm512_storeu_ps(p, v)
#define _mm512_stream_si512(p, v) _mm512_storeu_si512(p, v)
#define _kor_mask16(a, b) ((__mmask16)((a) | (b)))
#define _kandn_mask16(a, b) ((__mmask16)(~(a) & (b)))

#endif
