/* The vector vocabulary for AVX2 + FMA, and the meaning of each word for every ISA. tests/ checks
 * the words of each ISA against these sentences.
 *
 * Every <isa>.h defines
 *   NT_ISA_NAME     "avx2"
 *   NT_LANES        floats in a vector
 *   NT_CHANNELS_k   k * NT_LANES as a literal, for kernel names
 *   NT_REGISTERS    of vectors, that code can name
 *   NT_VECTOR_REGISTER (optional) how asm names one, for compiler.h
 *   NT_STEP_IN_LOAD a load adds up registers and a multiple: a step between elements is free
 *   NT_LOADS_EARLY  there are cores that wait for a load (in order): inputs come a step ahead
 *   NT_HAS_FMA      vf_fma, vf_fma1 exist: multiply-add in one rounding
 *   NT_FAST_FMA     ... and are one instruction
 *   vf              a vector of floats
 *   vs              one float for all lanes, in the form the machine multiplies by fastest
 *   vm              a lane mask
 */
#ifndef NINETAP_SIMD_AVX2_H
#define NINETAP_SIMD_AVX2_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define NT_VECTOR_REGISTER "+x" /* for asm: compiler.h */
#include "simd/compiler.h"

#define NT_ISA_NAME "avx2"
#define NT_LANES 8
#define NT_CHANNELS_1 8
#define NT_CHANNELS_2 16
#define NT_REGISTERS 16
#define NT_STEP_IN_LOAD 1
#define NT_LOADS_EARLY 0
#define NT_HAS_FMA 1
#define NT_FAST_FMA 1

typedef __m256 vf;
typedef __m256 vs;
typedef __m256 vm;

static inline vf vf_zero(void) {
    return _mm256_setzero_ps();
}
static inline vf vf_set1(float x) {
    return _mm256_set1_ps(x);
}
/* No alignment is asked for. */
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
/* Only n elements are touched, 1 <= n <= NT_LANES; the other lanes read as +0. */
static inline vf vf_load_n(const float *p, int n) {
    return _mm256_maskload_ps(p, first_lanes(n));
}
/* Only n elements are touched, 0 <= n <= NT_LANES; the other lanes are fill's. */
static inline vf vf_load_or(const float *p, int n, vf fill) {
    const __m256i mask = first_lanes(n);
    return _mm256_blendv_ps(fill, _mm256_maskload_ps(p, mask), _mm256_castsi256_ps(mask));
}
static inline void vf_store_n(float *p, vf v, int n) {
    _mm256_maskstore_ps(p, first_lanes(n), v);
}
/* Aligned to a vector; past the caches, and in no order with other stores before vf_stream_end. */
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
/* a * b + c */
static inline vf vf_fma(vf a, vf b, vf c) {
    return _mm256_fmadd_ps(a, b, c);
}
/* a > b ? a : b, so b on ties and when either is NaN */
static inline vf vf_max(vf a, vf b) {
    return _mm256_max_ps(a, b);
}
/* a < b ? a : b */
static inline vf vf_min(vf a, vf b) {
    return _mm256_min_ps(a, b);
}

static inline vs vs_load(const float *p) {
    return _mm256_broadcast_ss(p);
}
/* a * b + c */
static inline vf vf_fma1(vf a, vs b, vf c) {
    return _mm256_fmadd_ps(a, b, c);
}
static inline vf vf_mul1(vf a, vs b) {
    return _mm256_mul_ps(a, b);
}

static inline vm vm_gt(vf a, vf b) {
    return _mm256_cmp_ps(a, b, _CMP_GT_OQ);
}
/* either is NaN */
static inline vm vm_nan(vf a, vf b) {
    return _mm256_cmp_ps(a, b, _CMP_UNORD_Q);
}
/* Lanes whose bits are the same, whatever float they make. */
static inline vm vm_same(vf a, vf b) {
    return _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
}
/* Lane i has the bits of first + i * step, modulo 2^32. */
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_castsi256_ps(_mm256_add_epi32(
        _mm256_set1_epi32((int)first), _mm256_mullo_epi32(lane, _mm256_set1_epi32((int)step))));
}
static inline vm vm_or(vm a, vm b) {
    return _mm256_or_ps(a, b);
}
/* a and not b */
static inline vm vm_and_not(vm a, vm b) {
    return _mm256_andnot_ps(b, a);
}
static inline bool vm_any(vm m) {
    return _mm256_movemask_ps(m) != 0;
}
/* m ? a : b */
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
/* index[i] = first + i * step, + right_index where right, + lower_index where lower, for n lanes,
 * 1 <= n <= NT_LANES */
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

/* 2^k for t = 1.5 * 2^23 + k, k whole, -127 < k < 128: k lies in the low bits of t. */
static inline vf vf_two_to(vf t) {
    const __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(t), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(exponent, _mm256_set1_epi32(0x3F800000)));
}

/* The even (odd) elements of both, in an order of the machine's own that vf_in_order turns into
 * that of vf_even: one shuffle instead of two. */
static inline vf vf_evens(vf a, vf b) {
    return _mm256_shuffle_ps(a, b, 0x88);
}
static inline vf vf_odds(vf a, vf b) {
    return _mm256_shuffle_ps(a, b, 0xDD);
}
static inline vf vf_in_order(vf v) {
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), 0xD8));
}
/* The even (odd) elements of a, then those of b. */
static inline vf vf_even(vf a, vf b) {
    return vf_in_order(vf_evens(a, b));
}
static inline vf vf_odd(vf a, vf b) {
    return vf_in_order(vf_odds(a, b));
}
/* The first half of the lanes to p, the second to q; a single lane is the first half. */
static inline void vf_store_halves(float *p, float *q, vf v) {
    _mm_storeu_ps(p, _mm256_castps256_ps128(v));
    _mm_storeu_ps(q, _mm256_extractf128_ps(v, 1));
}
/* fill's last element, then all of v but its last one. */
static inline vf vf_prepend(vf v, vf fill) {
    const __m256 before = _mm256_permute2f128_ps(fill, v, 0x21);
    const __m256i both =
        _mm256_alignr_epi8(_mm256_castps_si256(v), _mm256_castps_si256(before), 12);
    return _mm256_castsi256_ps(both);
}
/* All of v but its first element, then fill's first one. */
static inline vf vf_append(vf v, vf fill) {
    const __m256 behind = _mm256_permute2f128_ps(v, fill, 0x21);
    const __m256i both = _mm256_alignr_epi8(_mm256_castps_si256(behind), _mm256_castps_si256(v), 4);
    return _mm256_castsi256_ps(both);
}
/* Bits 0 .. 31 (32 .. 63) of n integers, 1 <= n <= NT_LANES; the other lanes are +0. */
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
/* The elements of a and b in turns: the first (second) vector of them. */
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

#include "simd/avx2_bytes.h"

#endif
