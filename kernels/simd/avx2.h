/* The vector vocabulary for AVX2 + FMA. See words.h for the words. */
#ifndef NINETAP_SIMD_AVX2_H
#define NINETAP_SIMD_AVX2_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define NT_VECTOR_REGISTER "+x" /* for asm: compiler.h */
#include "simd/bytes.h"
#include "simd/compiler.h"
#include "simd/features.h"

#define NT_ISA_NAME "avx2"
#define NT_LANES 8
#define NT_BYTES 32
#define NT_CHANNELS_1 8
#define NT_CHANNELS_2 16
#define NT_REGISTERS 16
#define NT_STEP_IN_LOAD 1
#define NT_LOADS_EARLY 0
#define NT_CACHE_HINTS 1
#define NT_HAS_FMA 1
#define NT_FAST_FMA 1
#define NT_NATURAL_ORDER 0

typedef __m256 vf;
typedef __m256 vs;
typedef __m256 vm;
typedef __m256i v8;
typedef __m256i v16;
typedef __m256i v32;
typedef __m256i t8;
typedef __m256i t16;
#define NT_V16S 2
#define NT_PAIRS_APART 0
/* clang adds no feature to those of TARGET_BEGIN: there it needs the flags. */
#if defined(__clang__) ? __clang_major__ >= 13 && defined(__AVX2__) : __GNUC__ >= 11
#define NT_QUADS "avxvnni"
#define NT_QUADS_SIGNED 0
typedef __m256i vq;
#endif
#define NT_V32S 4

#include "simd/words.h"

static inline vf vf_zero(void) {
    return _mm256_setzero_ps();
}
static inline vf vf_set1(float x) {
    return _mm256_set1_ps(x);
}
static inline vf vf_load(const float *p) {
    return _mm256_loadu_ps(p);
}
static inline void vf_store(float *p, vf v) {
    _mm256_storeu_ps(p, v);
}
/* The first n lanes are all ones, 0 <= n <= NT_LANES. */
static inline __m256i first_lanes(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline vf vf_load_n(const float *p, int n) {
    return _mm256_maskload_ps(p, first_lanes(n));
}
static inline vf vf_load_or(const float *p, int n, vf fill) {
    const __m256i mask = first_lanes(n);
    return _mm256_blendv_ps(fill, _mm256_maskload_ps(p, mask), _mm256_castsi256_ps(mask));
}
static inline void vf_store_n(float *p, vf v, int n) {
    _mm256_maskstore_ps(p, first_lanes(n), v);
}
static inline void vf_stream(float *p, vf v) {
    _mm256_stream_ps(p, v);
}
static inline void vf_stream_end(void) {
    _mm_sfence();
}

static inline vf vf_add(vf a, vf b) {
    return _mm256_add_ps(a, b);
}
static inline vf vf_sub(vf a, vf b) {
    return _mm256_sub_ps(a, b);
}
static inline vf vf_mul(vf a, vf b) {
    return _mm256_mul_ps(a, b);
}
static inline vf vf_div(vf a, vf b) {
    return _mm256_div_ps(a, b);
}
static inline vf vf_fma(vf a, vf b, vf c) {
    return _mm256_fmadd_ps(a, b, c);
}
static inline vf vf_max(vf a, vf b) {
    return _mm256_max_ps(a, b);
}
static inline vf vf_min(vf a, vf b) {
    return _mm256_min_ps(a, b);
}

static inline vs vs_load(const float *p) {
    return _mm256_broadcast_ss(p);
}
static inline vf vf_fma1(vf a, vs b, vf c) {
    return _mm256_fmadd_ps(a, b, c);
}
/* As an instruction it leaves the sum where it is. Over many steps without a jump compilers move
 * sums from register to register, and some to the stack. MemorySanitizer cannot follow. */
#if AS_WRITTEN || !defined(__clang__)
#define NT_FMA1_IN_PLACE
static inline vf vf_fma1_in_place(vf a, vs b, vf c) {
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(c) : "x"(a), "x"(b));
    IN_ORDER(c);
    return c;
}
#endif
static inline vf vf_mul1(vf a, vs b) {
    return _mm256_mul_ps(a, b);
}

static inline vm vm_gt(vf a, vf b) {
    return _mm256_cmp_ps(a, b, _CMP_GT_OQ);
}
static inline vm vm_nan(vf a, vf b) {
    return _mm256_cmp_ps(a, b, _CMP_UNORD_Q);
}
static inline vm vm_same(vf a, vf b) {
    return _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
}
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_castsi256_ps(_mm256_add_epi32(
        _mm256_set1_epi32((int)first), _mm256_mullo_epi32(lane, _mm256_set1_epi32((int)step))));
}
static inline vm vm_or(vm a, vm b) {
    return _mm256_or_ps(a, b);
}
static inline vm vm_and_not(vm a, vm b) {
    return _mm256_andnot_ps(b, a);
}
static inline bool vm_any(vm m) {
    return _mm256_movemask_ps(m) != 0;
}
static inline vf vf_select(vm m, vf a, vf b) {
    return _mm256_blendv_ps(b, a, m);
}
/* Four of the indices. */
static inline __m256i four_indices(__m128i right, __m128i lower, __m256i lanes, int64_t right_index,
                                   int64_t lower_index) {
    const __m256i r =
        _mm256_and_si256(_mm256_cvtepi32_epi64(right), _mm256_set1_epi64x(right_index));
    const __m256i l =
        _mm256_and_si256(_mm256_cvtepi32_epi64(lower), _mm256_set1_epi64x(lower_index));
    return _mm256_add_epi64(lanes, _mm256_add_epi64(r, l));
}
static inline void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                                  int64_t right_index, vm lower, int64_t lower_index) {
    const __m256i r = _mm256_castps_si256(right);
    const __m256i l = _mm256_castps_si256(lower);
    __m256i lanes = _mm256_setr_epi64x(first, first + step, first + 2 * step, first + 3 * step);
    const __m256i a = four_indices(_mm256_castsi256_si128(r), _mm256_castsi256_si128(l), lanes,
                                   right_index, lower_index);
    lanes = _mm256_add_epi64(lanes, _mm256_set1_epi64x(4 * step));
    const __m256i b = four_indices(_mm256_extracti128_si256(r, 1), _mm256_extracti128_si256(l, 1),
                                   lanes, right_index, lower_index);
    if (n == NT_LANES) {
        _mm256_storeu_si256((__m256i *)(void *)index, a);
        _mm256_storeu_si256((__m256i *)(void *)(index + 4), b);
        return;
    }
    int64_t all[NT_LANES];
    _mm256_storeu_si256((__m256i *)(void *)all, a);
    _mm256_storeu_si256((__m256i *)(void *)(all + 4), b);
    for (int i = 0; i < n; i++) {
        index[i] = all[i];
    }
}

static inline vf vf_two_to(vf t) {
    const __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(t), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(exponent, _mm256_set1_epi32(0x3F800000)));
}

/* One shuffle; in order it takes two. */
static inline vf vf_even_unordered(vf a, vf b) {
    return _mm256_shuffle_ps(a, b, 0x88);
}
static inline vf vf_odd_unordered(vf a, vf b) {
    return _mm256_shuffle_ps(a, b, 0xDD);
}
static inline vf vf_in_order(vf v) {
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), 0xD8));
}
static inline vf vf_even(vf a, vf b) {
    return vf_in_order(vf_even_unordered(a, b));
}
static inline vf vf_odd(vf a, vf b) {
    return vf_in_order(vf_odd_unordered(a, b));
}
static inline void vf_store_halves(float *p, float *q, vf v) {
    _mm_storeu_ps(p, _mm256_castps256_ps128(v));
    _mm_storeu_ps(q, _mm256_extractf128_ps(v, 1));
}
static inline vf vf_prepend(vf v, vf fill) {
    const __m256 before = _mm256_permute2f128_ps(fill, v, 0x21);
    const __m256i both =
        _mm256_alignr_epi8(_mm256_castps_si256(v), _mm256_castps_si256(before), 12);
    return _mm256_castsi256_ps(both);
}
static inline vf vf_append(vf v, vf fill) {
    const __m256 behind = _mm256_permute2f128_ps(v, fill, 0x21);
    const __m256i both = _mm256_alignr_epi8(_mm256_castps_si256(behind), _mm256_castps_si256(v), 4);
    return _mm256_castsi256_ps(both);
}
static inline vf two_words(const int64_t *p, int n, int from) {
    return n > from ? vf_load_n((const float *)(const void *)(p + from),
                                n - from < 4 ? 2 * (n - from) : 8)
                    : vf_zero();
}
static inline vf vf_low_words(const int64_t *p, int n) {
    return vf_even(two_words(p, n, 0), two_words(p, n, 4));
}
static inline vf vf_high_words(const int64_t *p, int n) {
    return vf_odd(two_words(p, n, 0), two_words(p, n, 4));
}
static inline vf vf_zip_low(vf a, vf b) {
    return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x20);
}
static inline vf vf_zip_high(vf a, vf b) {
    return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x31);
}
/* A square matrix: 4x4 blocks within the halves, then the halves change places. */
static inline void vf_transpose(vf r[NT_LANES]) {
    vf t[NT_LANES];
    UNROLL
    for (int i = 0; i < 8; i += 4) {
        const __m256 a = _mm256_unpacklo_ps(r[i], r[i + 1]);
        const __m256 b = _mm256_unpackhi_ps(r[i], r[i + 1]);
        const __m256 c = _mm256_unpacklo_ps(r[i + 2], r[i + 3]);
        const __m256 d = _mm256_unpackhi_ps(r[i + 2], r[i + 3]);
        t[i] = _mm256_shuffle_ps(a, c, 0x44);
        t[i + 1] = _mm256_shuffle_ps(a, c, 0xEE);
        t[i + 2] = _mm256_shuffle_ps(b, d, 0x44);
        t[i + 3] = _mm256_shuffle_ps(b, d, 0xEE);
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        r[i] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x20);
        r[i + 4] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x31);
    }
}

/* ---- bytes ---- */

static inline v8 v8_set1(uint8_t x) {
    return _mm256_set1_epi8((char)x);
}
static inline v8 v8_load(const uint8_t *p) {
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
static inline void v8_store(uint8_t *p, v8 v) {
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}
/* 0 <= n <= 16 */
static inline __m128i load_half(const uint8_t *p, int n) {
    if (n == 16) {
        return _mm_loadu_si128((const __m128i *)(const void *)p);
    }
    const uint64_t low = bytes_load(p, n);
    const uint64_t high = n > 8 ? bytes_load(p + 8, n - 8) : 0;
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}
OUTLINED v8 load_part(const uint8_t *p, int n) {
    if (n <= 16) {
        return _mm256_zextsi128_si256(load_half(p, n));
    }
    return _mm256_set_m128i(load_half(p + 16, n - 16), load_half(p, 16));
}
static inline v8 v8_load_n(const uint8_t *p, int n) {
    return n == NT_BYTES ? v8_load(p) : load_part(p, n);
}
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    const __m256i place =
        _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                         21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    return _mm256_blendv_epi8(fill, v8_load_n(p, n),
                              _mm256_cmpgt_epi8(_mm256_set1_epi8((char)n), place));
}
OUTLINED void v8_store_n(uint8_t *p, v8 v, int n) {
    uint64_t part[4];
    v8_store((uint8_t *)part, v);
    for (int i = 0; i < n; i += 8) {
        bytes_store(p + i, part[i / 8], n - i);
    }
}
static inline void v8_stream(uint8_t *p, v8 v) {
    _mm256_stream_si256((__m256i *)(void *)p, v);
}

static inline v8 v8_max_u8(v8 a, v8 b) {
    return _mm256_max_epu8(a, b);
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    return _mm256_max_epi8(a, b);
}
static inline v8 v8_gt_s8(v8 a, v8 b) {
    return _mm256_cmpgt_epi8(a, b);
}
static inline v8 v8_gt_u8(v8 a, v8 b) {
    const __m256i sign = _mm256_set1_epi8(-128);
    return _mm256_cmpgt_epi8(_mm256_xor_si256(a, sign), _mm256_xor_si256(b, sign));
}
static inline v8 v8_or(v8 a, v8 b) {
    return _mm256_or_si256(a, b);
}
static inline v8 v8_and_not(v8 a, v8 b) {
    return _mm256_andnot_si256(b, a);
}
static inline v8 v8_and(v8 a, v8 b) {
    return _mm256_and_si256(a, b);
}
static inline v8 v8_xor(v8 a, v8 b) {
    return _mm256_xor_si256(a, b);
}
static inline v8 v8_sub(v8 a, v8 b) {
    return _mm256_sub_epi8(a, b);
}
static inline v8 v8_average(v8 a, v8 b) {
    return _mm256_avg_epu8(a, b);
}
/* Eight bytes of a mask as a mask of eight floats. */
static inline vm eight_lanes(const uint8_t *bytes) {
    const __m128i b = _mm_loadu_si64(bytes);
    return _mm256_castsi256_ps(_mm256_cvtepi8_epi32(b));
}
static inline void v8_store_index(int64_t *index, int n, int64_t first, int64_t step, v8 right,
                                  int64_t right_index, v8 lower, int64_t lower_index) {
    uint8_t r[NT_BYTES];
    uint8_t l[NT_BYTES];
    v8_store(r, right);
    v8_store(l, lower);
    for (int i = 0; i < n; i += NT_LANES) {
        vm_store_index(index + i, n - i < NT_LANES ? n - i : NT_LANES, first + i * step, step,
                       eight_lanes(r + i), right_index, eight_lanes(l + i), lower_index);
    }
}

static inline v8 v8_even_unordered(v8 a, v8 b) {
    const __m256i low = _mm256_set1_epi16(0xFF);
    return _mm256_packus_epi16(_mm256_and_si256(a, low), _mm256_and_si256(b, low));
}
static inline v8 v8_odd_unordered(v8 a, v8 b) {
    return _mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
}
static inline v8 v8_in_order(v8 v) {
    return _mm256_permute4x64_epi64(v, 0xD8);
}
static inline v8 v8_even(v8 a, v8 b) {
    return v8_in_order(v8_even_unordered(a, b));
}
static inline v8 v8_odd(v8 a, v8 b) {
    return v8_in_order(v8_odd_unordered(a, b));
}
static inline v8 v8_prepend(v8 v, v8 fill) {
    return _mm256_alignr_epi8(v, _mm256_permute2x128_si256(fill, v, 0x21), 15);
}

/* ---- sums of bytes ---- */

#define MM(name) _mm256_##name
#define MM_ZERO _mm256_setzero_si256()
#define MM_AND(a, b) _mm256_and_si256(a, b)
#define MM_XOR(a, b) _mm256_xor_si256(a, b)
#define MM_BITS(v) _mm256_castps_si256(v)
#define MM_FLOATS(v) _mm256_castsi256_ps(v)
#include "simd/x86_sums.h"

static inline v16 v16_load(const int16_t *p) {
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
static inline void v16_store(int16_t *p, v16 v) {
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}
static inline v16 v16_load_bytes(const uint8_t *p) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)p));
}
#ifdef NT_QUADS
FEATURES_BEGIN(NT_QUADS)
static inline v32 v32_add_quads(v32 a, vq b, v32 sum) {
    return _mm256_dpbusd_avx_epi32(sum, b, a);
}
FEATURES_END
#endif
static inline v8 v8_parts_in_order(v8 v) {
    return _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}
static inline v32 v32_load_bytes(const uint8_t *p) {
    return _mm256_cvtepu8_epi32(_mm_loadu_si64(p));
}
static inline t8 t8_set(int a, int b) {
    return _mm256_set1_epi16((short)((uint32_t)b << 8 | ((uint32_t)a & 0xFFU)));
}
static inline void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair) {
    sum[0] = v16_add(sum[0], _mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, b), pair));
    sum[1] = v16_add(sum[1], _mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, b), pair));
}
static inline void v16_store_all(int16_t *p, const v16 v[NT_V16S]) {
    v16_store(p, _mm256_permute2x128_si256(v[0], v[1], 0x20));
    v16_store(p + 16, _mm256_permute2x128_si256(v[0], v[1], 0x31));
}
static inline void vf_all_in_order(vf v[NT_V32S]) {
    const vf a = v[0];
    const vf b = v[1];
    const vf c = v[2];
    const vf d = v[3];
    v[0] = _mm256_permute2f128_ps(a, b, 0x20);
    v[1] = _mm256_permute2f128_ps(c, d, 0x20);
    v[2] = _mm256_permute2f128_ps(a, b, 0x31);
    v[3] = _mm256_permute2f128_ps(c, d, 0x31);
}
static inline void vf_all_unordered(vf v[NT_V32S]) {
    const vf a = v[0];
    const vf b = v[1];
    v[0] = _mm256_permute2f128_ps(a, v[2], 0x20);
    v[1] = _mm256_permute2f128_ps(a, v[2], 0x31);
    v[2] = _mm256_permute2f128_ps(b, v[3], 0x20);
    v[3] = _mm256_permute2f128_ps(b, v[3], 0x31);
}

#endif
