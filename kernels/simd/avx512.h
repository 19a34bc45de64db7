/* The vector vocabulary for AVX-512 F, BW, DQ, VL. See words.h for the words. */
#ifndef NINETAP_SIMD_AVX512_H
#define NINETAP_SIMD_AVX512_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#include "simd/compiler.h"
#include "simd/features.h"
#include "simd/natural_order.h"

#define NT_ISA_NAME "avx512"
#define NT_LANES 16
#define NT_BYTES 64
#define NT_CHANNELS_1 16
#define NT_CHANNELS_2 32
#define NT_REGISTERS 32
#define NT_STEP_IN_LOAD 1
#define NT_LOADS_EARLY 0
#define NT_CACHE_HINTS 1
#define NT_HAS_FMA 1
#define NT_FAST_FMA 1

typedef __m512 vf;
typedef __m512 vs;
typedef __mmask16 vm;
typedef __m512i v8;
typedef __m512i v16;
typedef __m512i v32;
typedef __m512i t8;
typedef __m512i t16;
#define NT_V16S 2
#define NT_PAIRS_APART 0
#if !defined(__clang__) || defined(__AVX512BW__) /* see avx2.h */
#define NT_QUADS "avx512vnni"
#define NT_QUADS_SIGNED 0
typedef __m512i vq;
#endif
#define NT_V32S 4

#include "simd/words.h"

static inline vf vf_zero(void) {
    return _mm512_setzero_ps();
}
static inline vf vf_set1(float x) {
    return _mm512_set1_ps(x);
}
static inline vf vf_load(const float *p) {
    return _mm512_loadu_ps(p);
}
static inline void vf_store(float *p, vf v) {
    _mm512_storeu_ps(p, v);
}
static inline __mmask16 first_lanes(int n) {
    return (__mmask16)((1U << (unsigned)n) - 1U);
}
static inline vf vf_load_n(const float *p, int n) {
    return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
static inline vf vf_load_or(const float *p, int n, vf fill) {
    return _mm512_mask_loadu_ps(fill, first_lanes(n), p);
}
static inline void vf_store_n(float *p, vf v, int n) {
    _mm512_mask_storeu_ps(p, first_lanes(n), v);
}
static inline void vf_stream(float *p, vf v) {
    _mm512_stream_ps(p, v);
}
static inline void vf_stream_end(void) {
    _mm_sfence();
}

static inline vf vf_add(vf a, vf b) {
    return _mm512_add_ps(a, b);
}
static inline vf vf_sub(vf a, vf b) {
    return _mm512_sub_ps(a, b);
}
static inline vf vf_mul(vf a, vf b) {
    return _mm512_mul_ps(a, b);
}
static inline vf vf_div(vf a, vf b) {
    return _mm512_div_ps(a, b);
}
static inline vf vf_fma(vf a, vf b, vf c) {
    return _mm512_fmadd_ps(a, b, c);
}
static inline vf vf_max(vf a, vf b) {
    return _mm512_max_ps(a, b);
}
static inline vf vf_min(vf a, vf b) {
    return _mm512_min_ps(a, b);
}

static inline vs vs_load(const float *p) {
    return _mm512_set1_ps(*p);
}
static inline vf vf_fma1(vf a, vs b, vf c) {
    return _mm512_fmadd_ps(a, b, c);
}
static inline vf vf_mul1(vf a, vs b) {
    return _mm512_mul_ps(a, b);
}

static inline vm vm_gt(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
}
static inline vm vm_nan(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q);
}
static inline vm vm_same(vf a, vf b) {
    return _mm512_cmpeq_epi32_mask(_mm512_castps_si512(a), _mm512_castps_si512(b));
}
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_castsi512_ps(_mm512_add_epi32(
        _mm512_set1_epi32((int)first), _mm512_mullo_epi32(lane, _mm512_set1_epi32((int)step))));
}
static inline vm vm_or(vm a, vm b) {
    return _kor_mask16(a, b);
}
static inline vm vm_and_not(vm a, vm b) {
    return _kandn_mask16(b, a);
}
static inline bool vm_any(vm m) {
    return m != 0;
}
static inline vf vf_select(vm m, vf a, vf b) {
    return _mm512_mask_blend_ps(m, b, a);
}
static inline void store_eight_indices(int64_t *index, __mmask8 lanes, __m512i i, __mmask8 right,
                                       int64_t right_index, __mmask8 lower, int64_t lower_index) {
    i = _mm512_mask_add_epi64(i, right, i, _mm512_set1_epi64(right_index));
    i = _mm512_mask_add_epi64(i, lower, i, _mm512_set1_epi64(lower_index));
    _mm512_mask_storeu_epi64(index, lanes, i);
}
static inline void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                                  int64_t right_index, vm lower, int64_t lower_index) {
    const __mmask16 lanes = first_lanes(n);
    const __m512i i = _mm512_add_epi64(
        _mm512_set1_epi64(first),
        _mm512_mullo_epi64(_mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7), _mm512_set1_epi64(step)));
    store_eight_indices(index, (__mmask8)lanes, i, (__mmask8)right, right_index, (__mmask8)lower,
                        lower_index);
    store_eight_indices(index + 8, (__mmask8)(lanes >> 8),
                        _mm512_add_epi64(i, _mm512_set1_epi64(8 * step)), (__mmask8)(right >> 8),
                        right_index, (__mmask8)(lower >> 8), lower_index);
}

static inline vf vf_two_to(vf t) {
    const __m512i exponent = _mm512_slli_epi32(_mm512_castps_si512(t), 23);
    return _mm512_castsi512_ps(_mm512_add_epi32(exponent, _mm512_set1_epi32(0x3F800000)));
}

static inline vf vf_even(vf a, vf b) {
    const __m512i index =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    return _mm512_permutex2var_ps(a, index, b);
}
static inline vf vf_odd(vf a, vf b) {
    const __m512i index =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return _mm512_permutex2var_ps(a, index, b);
}
NATURAL_ORDER(vf)
static inline void vf_store_halves(float *p, float *q, vf v) {
    _mm256_storeu_ps(p, _mm512_castps512_ps256(v));
    _mm256_storeu_ps(q, _mm512_extractf32x8_ps(v, 1));
}
static inline vf vf_prepend(vf v, vf fill) {
    return _mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(v), _mm512_castps_si512(fill), 15));
}
static inline vf vf_append(vf v, vf fill) {
    return _mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(fill), _mm512_castps_si512(v), 1));
}
static inline vf eight_words(const int64_t *p, __mmask8 lanes) {
    return _mm512_castsi512_ps(_mm512_maskz_loadu_epi64(lanes, p));
}
static inline vf vf_low_words(const int64_t *p, int n) {
    const __mmask16 lanes = first_lanes(n);
    return vf_even(eight_words(p, (__mmask8)lanes), eight_words(p + 8, (__mmask8)(lanes >> 8)));
}
static inline vf vf_high_words(const int64_t *p, int n) {
    const __mmask16 lanes = first_lanes(n);
    return vf_odd(eight_words(p, (__mmask8)lanes), eight_words(p + 8, (__mmask8)(lanes >> 8)));
}
static inline vf vf_zip_low(vf a, vf b) {
    const __m512i index = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    return _mm512_permutex2var_ps(a, index, b);
}
static inline vf vf_zip_high(vf a, vf b) {
    const __m512i index =
        _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    return _mm512_permutex2var_ps(a, index, b);
}
/* 4x4 blocks within the quarters, then a 4x4 transposition of the quarters: 64 shuffles. */
static inline void vf_transpose(vf r[NT_LANES]) {
    vf t[NT_LANES];
    UNROLL
    for (int i = 0; i < 16; i += 4) {
        const __m512 a = _mm512_unpacklo_ps(r[i], r[i + 1]);
        const __m512 b = _mm512_unpackhi_ps(r[i], r[i + 1]);
        const __m512 c = _mm512_unpacklo_ps(r[i + 2], r[i + 3]);
        const __m512 d = _mm512_unpackhi_ps(r[i + 2], r[i + 3]);
        t[i] = _mm512_shuffle_ps(a, c, 0x44);
        t[i + 1] = _mm512_shuffle_ps(a, c, 0xEE);
        t[i + 2] = _mm512_shuffle_ps(b, d, 0x44);
        t[i + 3] = _mm512_shuffle_ps(b, d, 0xEE);
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        const __m512 a = _mm512_shuffle_f32x4(t[i], t[i + 4], 0x88);
        const __m512 b = _mm512_shuffle_f32x4(t[i], t[i + 4], 0xDD);
        const __m512 c = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0x88);
        const __m512 d = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0xDD);
        r[i] = _mm512_shuffle_f32x4(a, c, 0x88);
        r[i + 4] = _mm512_shuffle_f32x4(b, d, 0x88);
        r[i + 8] = _mm512_shuffle_f32x4(a, c, 0xDD);
        r[i + 12] = _mm512_shuffle_f32x4(b, d, 0xDD);
    }
}

/* ---- bytes ---- */

static inline v8 v8_set1(uint8_t x) {
    return _mm512_set1_epi8((char)x);
}
static inline v8 v8_load(const uint8_t *p) {
    return _mm512_loadu_si512(p);
}
static inline void v8_store(uint8_t *p, v8 v) {
    _mm512_storeu_si512(p, v);
}
static inline __mmask64 first_bytes(int n) {
    return n >= NT_BYTES ? ~(__mmask64)0 : ((__mmask64)1 << n) - 1;
}
static inline v8 v8_load_n(const uint8_t *p, int n) {
    return _mm512_maskz_loadu_epi8(first_bytes(n), p);
}
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    return _mm512_mask_loadu_epi8(fill, first_bytes(n), p);
}
static inline void v8_store_n(uint8_t *p, v8 v, int n) {
    _mm512_mask_storeu_epi8(p, first_bytes(n), v);
}
static inline void v8_stream(uint8_t *p, v8 v) {
    _mm512_stream_si512((__m512i *)(void *)p, v);
}

static inline v8 v8_max_u8(v8 a, v8 b) {
    return _mm512_max_epu8(a, b);
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    return _mm512_max_epi8(a, b);
}
static inline v8 v8_gt_u8(v8 a, v8 b) {
    return _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(a, b));
}
static inline v8 v8_gt_s8(v8 a, v8 b) {
    return _mm512_movm_epi8(_mm512_cmpgt_epi8_mask(a, b));
}
static inline v8 v8_or(v8 a, v8 b) {
    return _mm512_or_si512(a, b);
}
static inline v8 v8_and_not(v8 a, v8 b) {
    return _mm512_andnot_si512(b, a);
}
static inline v8 v8_and(v8 a, v8 b) {
    return _mm512_and_si512(a, b);
}
static inline v8 v8_xor(v8 a, v8 b) {
    return _mm512_xor_si512(a, b);
}
static inline v8 v8_sub(v8 a, v8 b) {
    return _mm512_sub_epi8(a, b);
}
static inline v8 v8_average(v8 a, v8 b) {
    return _mm512_avg_epu8(a, b);
}
static inline void v8_store_index(int64_t *index, int n, int64_t first, int64_t step, v8 right,
                                  int64_t right_index, v8 lower, int64_t lower_index) {
    const __mmask64 r = _mm512_movepi8_mask(right);
    const __mmask64 l = _mm512_movepi8_mask(lower);
    for (int i = 0; i < n; i += NT_LANES) {
        vm_store_index(index + i, n - i < NT_LANES ? n - i : NT_LANES, first + i * step, step,
                       (vm)(r >> i), right_index, (vm)(l >> i), lower_index);
    }
}

/* A pack works within the quarters: what it gives is 8 bytes of a and 8 of b, four times. */
static inline v8 v8_in_order(v8 packed) {
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed);
}
static inline v8 v8_even_unordered(v8 a, v8 b) {
    const __m512i low = _mm512_set1_epi16(0xFF);
    return _mm512_packus_epi16(_mm512_and_si512(a, low), _mm512_and_si512(b, low));
}
static inline v8 v8_odd_unordered(v8 a, v8 b) {
    return _mm512_packus_epi16(_mm512_srli_epi16(a, 8), _mm512_srli_epi16(b, 8));
}
static inline v8 v8_even(v8 a, v8 b) {
    return v8_in_order(v8_even_unordered(a, b));
}
static inline v8 v8_odd(v8 a, v8 b) {
    return v8_in_order(v8_odd_unordered(a, b));
}
static inline v8 v8_prepend(v8 v, v8 fill) {
    return _mm512_alignr_epi8(v, _mm512_alignr_epi64(v, fill, 6), 15);
}

/* ---- sums of bytes ---- */

#define MM(name) _mm512_##name
#define MM_ZERO _mm512_setzero_si512()
#define MM_AND(a, b) _mm512_and_si512(a, b)
#define MM_XOR(a, b) _mm512_xor_si512(a, b)
#define MM_BITS(v) _mm512_castps_si512(v)
#define MM_FLOATS(v) _mm512_castsi512_ps(v)
#include "simd/x86_sums.h"

static inline v16 v16_load_bytes(const uint8_t *p) {
    return _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(const void *)p));
}
static inline v32 v32_load_bytes(const uint8_t *p) {
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
}
static inline v8 v8_parts_in_order(v8 v) {
    const __m512i from = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_permutexvar_epi32(from, v);
}
static inline v16 v16_load(const int16_t *p) {
    return _mm512_loadu_si512(p);
}
static inline void v16_store(int16_t *p, v16 v) {
    _mm512_storeu_si512(p, v);
}
static inline t8 t8_set(int a, int b) {
    return _mm512_set1_epi16((short)((uint32_t)b << 8 | ((uint32_t)a & 0xFFU)));
}
static inline void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair) {
    sum[0] = v16_add(sum[0], _mm512_maddubs_epi16(_mm512_unpacklo_epi8(a, b), pair));
    sum[1] = v16_add(sum[1], _mm512_maddubs_epi16(_mm512_unpackhi_epi8(a, b), pair));
}
static inline void v16_store_all(int16_t *p, const v16 v[NT_V16S]) {
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    v16_store(p, _mm512_permutex2var_epi64(v[0], low, v[1]));
    v16_store(p + 32, _mm512_permutex2var_epi64(v[0], high, v[1]));
}
#ifdef NT_QUADS
FEATURES_BEGIN(NT_QUADS)
static inline v32 v32_add_quads(v32 a, vq b, v32 sum) {
    return _mm512_dpbusd_epi32(sum, b, a);
}
FEATURES_END
#endif
/* A transposition of 4x4 quarters. */
static inline void vf_all_in_order(vf v[NT_V32S]) {
    const vf a = _mm512_shuffle_f32x4(v[0], v[1], 0x44);
    const vf b = _mm512_shuffle_f32x4(v[2], v[3], 0x44);
    const vf c = _mm512_shuffle_f32x4(v[0], v[1], 0xEE);
    const vf d = _mm512_shuffle_f32x4(v[2], v[3], 0xEE);
    v[0] = _mm512_shuffle_f32x4(a, b, 0x88);
    v[1] = _mm512_shuffle_f32x4(a, b, 0xDD);
    v[2] = _mm512_shuffle_f32x4(c, d, 0x88);
    v[3] = _mm512_shuffle_f32x4(c, d, 0xDD);
}
static inline void vf_all_unordered(vf v[NT_V32S]) {
    vf_all_in_order(v);
}

#endif
