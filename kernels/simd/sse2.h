/* The vector vocabulary for SSE2, every x86-64's baseline: no fused multiply-add. See words.h
 * for the words. 32-bit x86 has 8 of the 16 registers: its sums spill, which costs time alone. */
#ifndef NINETAP_SIMD_SSE2_H
#define NINETAP_SIMD_SSE2_H

#include <emmintrin.h>
#include <stdbool.h>
#include <stdint.h>

#include "simd/bytes.h"
#include "simd/compiler.h"
#include "simd/natural_order.h"

#define NT_ISA_NAME "sse2"
#define NT_LANES 4
#define NT_BYTES 16
#define NT_CHANNELS_1 4
#define NT_CHANNELS_2 8
#define NT_REGISTERS 16
#define NT_STEP_IN_LOAD 1
#define NT_LOADS_EARLY 0
#define NT_CACHE_HINTS 0 /* CPUs of before 2013: not worth 13 kB */
#define NT_HAS_FMA 0
#define NT_FAST_FMA 0

typedef __m128 vf;
typedef __m128 vs;
typedef __m128 vm;
typedef __m128i v8;
typedef __m128i v16;
typedef __m128i v32;
typedef struct t8 {
    __m128i a, b;
} t8;
typedef __m128i t16;
#define NT_V16S 2
#define NT_PAIRS_APART 0
#define NT_V32S 4

#include "simd/words.h"

static inline vf vf_zero(void) {
    return _mm_setzero_ps();
}
static inline vf vf_set1(float x) {
    return _mm_set1_ps(x);
}
static inline vf vf_load(const float *p) {
    return _mm_loadu_ps(p);
}
static inline void vf_store(float *p, vf v) {
    _mm_storeu_ps(p, v);
}
static inline vf load_two(const float *p) {
    return _mm_castsi128_ps(_mm_loadu_si64(p));
}
static inline vf vf_load_n(const float *p, int n) {
    switch (n) {
    case 1:
        return _mm_load_ss(p);
    case 2:
        return load_two(p);
    case 3:
        return _mm_movelh_ps(load_two(p), _mm_load_ss(p + 2));
    default:
        return _mm_loadu_ps(p);
    }
}
static inline vf vf_load_or(const float *p, int n, vf fill) {
    float all[NT_LANES];
    _mm_storeu_ps(all, fill);
    for (int i = 0; i < n; i++) {
        all[i] = p[i];
    }
    return _mm_loadu_ps(all);
}
static inline void vf_store_n(float *p, vf v, int n) {
    switch (n) {
    case 1:
        _mm_store_ss(p, v);
        break;
    case 2:
        _mm_storeu_si64(p, _mm_castps_si128(v));
        break;
    case 3:
        _mm_storeu_si64(p, _mm_castps_si128(v));
        _mm_store_ss(p + 2, _mm_movehl_ps(v, v));
        break;
    default:
        _mm_storeu_ps(p, v);
    }
}
static inline void vf_stream(float *p, vf v) {
    _mm_stream_ps(p, v);
}
static inline void vf_stream_end(void) {
    _mm_sfence();
}

static inline vf vf_add(vf a, vf b) {
    return _mm_add_ps(a, b);
}
static inline vf vf_sub(vf a, vf b) {
    return _mm_sub_ps(a, b);
}
static inline vf vf_mul(vf a, vf b) {
    return _mm_mul_ps(a, b);
}
static inline vf vf_div(vf a, vf b) {
    return _mm_div_ps(a, b);
}
static inline vf vf_max(vf a, vf b) {
    return _mm_max_ps(a, b);
}
static inline vf vf_min(vf a, vf b) {
    return _mm_min_ps(a, b);
}

static inline vs vs_load(const float *p) {
    return _mm_load1_ps(p);
}
static inline vf vf_mul1(vf a, vs b) {
    return _mm_mul_ps(a, b);
}

static inline vm vm_gt(vf a, vf b) {
    return _mm_cmpgt_ps(a, b);
}
static inline vm vm_nan(vf a, vf b) {
    return _mm_cmpunord_ps(a, b);
}
static inline vm vm_same(vf a, vf b) {
    return _mm_castsi128_ps(_mm_cmpeq_epi32(_mm_castps_si128(a), _mm_castps_si128(b)));
}
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    const __m128i lanes = _mm_setr_epi32(0, (int)step, (int)(2 * step), (int)(3 * step));
    return _mm_castsi128_ps(_mm_add_epi32(_mm_set1_epi32((int)first), lanes));
}
static inline vm vm_or(vm a, vm b) {
    return _mm_or_ps(a, b);
}
static inline vm vm_and_not(vm a, vm b) {
    return _mm_andnot_ps(b, a);
}
static inline bool vm_any(vm m) {
    return _mm_movemask_ps(m) != 0;
}
static inline vf vf_select(vm m, vf a, vf b) {
    return _mm_or_ps(_mm_and_ps(m, a), _mm_andnot_ps(m, b));
}
static inline __m128i two_indices(__m128i right, __m128i lower, int64_t first, int64_t step,
                                  int64_t right_index, int64_t lower_index) {
    const __m128i r = _mm_and_si128(right, _mm_set1_epi64x(right_index));
    const __m128i l = _mm_and_si128(lower, _mm_set1_epi64x(lower_index));
    return _mm_add_epi64(_mm_set_epi64x(first + step, first), _mm_add_epi64(r, l));
}
static inline void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                                  int64_t right_index, vm lower, int64_t lower_index) {
    const __m128i r = _mm_castps_si128(right);
    const __m128i l = _mm_castps_si128(lower);
    int64_t all[NT_LANES];
    _mm_storeu_si128((__m128i *)(void *)all,
                     two_indices(_mm_unpacklo_epi32(r, r), _mm_unpacklo_epi32(l, l), first, step,
                                 right_index, lower_index));
    _mm_storeu_si128((__m128i *)(void *)(all + 2),
                     two_indices(_mm_unpackhi_epi32(r, r), _mm_unpackhi_epi32(l, l),
                                 first + 2 * step, step, right_index, lower_index));
    for (int i = 0; i < n; i++) {
        index[i] = all[i];
    }
}

static inline vf vf_two_to(vf t) {
    const __m128i exponent = _mm_slli_epi32(_mm_castps_si128(t), 23);
    return _mm_castsi128_ps(_mm_add_epi32(exponent, _mm_set1_epi32(0x3F800000)));
}

static inline vf vf_even(vf a, vf b) {
    return _mm_shuffle_ps(a, b, 0x88);
}
static inline vf vf_odd(vf a, vf b) {
    return _mm_shuffle_ps(a, b, 0xDD);
}
NATURAL_ORDER(vf)
static inline void vf_store_halves(float *p, float *q, vf v) {
    _mm_storel_pi((__m64 *)(void *)p, v);
    _mm_storeh_pi((__m64 *)(void *)q, v);
}
static inline vf vf_prepend(vf v, vf fill) {
    const __m128 turned = _mm_shuffle_ps(v, v, 0x90);
    return _mm_move_ss(turned, _mm_shuffle_ps(fill, fill, 0xFF));
}
static inline vf vf_append(vf v, vf fill) {
    const __m128 replaced = _mm_move_ss(v, fill);
    return _mm_shuffle_ps(replaced, replaced, 0x39);
}
static inline vf two_words(const int64_t *p, int n) {
    return n > 1    ? _mm_castsi128_ps(_mm_loadu_si128((const __m128i *)(const void *)p))
           : n == 1 ? _mm_castsi128_ps(_mm_loadu_si64(p))
                    : vf_zero();
}
static inline vf vf_low_words(const int64_t *p, int n) {
    return vf_even(two_words(p, n), two_words(p + 2, n - 2));
}
static inline vf vf_high_words(const int64_t *p, int n) {
    return vf_odd(two_words(p, n), two_words(p + 2, n - 2));
}
static inline vf vf_zip_low(vf a, vf b) {
    return _mm_unpacklo_ps(a, b);
}
static inline vf vf_zip_high(vf a, vf b) {
    return _mm_unpackhi_ps(a, b);
}
static inline void vf_transpose(vf r[NT_LANES]) {
    _MM_TRANSPOSE4_PS(r[0], r[1], r[2], r[3]);
}

/* ---- bytes ---- */

static inline v8 v8_set1(uint8_t x) {
    return _mm_set1_epi8((char)x);
}
static inline v8 v8_load(const uint8_t *p) {
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}
static inline void v8_store(uint8_t *p, v8 v) {
    _mm_storeu_si128((__m128i *)(void *)p, v);
}
OUTLINED v8 load_part(const uint8_t *p, int n) {
    const uint64_t low = bytes_load(p, n);
    const uint64_t high = n > 8 ? bytes_load(p + 8, n - 8) : 0;
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}
static inline v8 v8_load_n(const uint8_t *p, int n) {
    return n == NT_BYTES ? v8_load(p) : load_part(p, n);
}
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    const __m128i place = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128i mask = _mm_cmpgt_epi8(_mm_set1_epi8((char)n), place);
    return _mm_or_si128(v8_load_n(p, n), _mm_andnot_si128(mask, fill));
}
OUTLINED void v8_store_n(uint8_t *p, v8 v, int n) {
    uint64_t half[2];
    _mm_storeu_si128((__m128i *)(void *)half, v);
    bytes_store(p, half[0], n);
    if (n > 8) {
        bytes_store(p + 8, half[1], n - 8);
    }
}
static inline void v8_stream(uint8_t *p, v8 v) {
    _mm_stream_si128((__m128i *)(void *)p, v);
}

static inline v8 v8_max_u8(v8 a, v8 b) {
    return _mm_max_epu8(a, b);
}
static inline v8 v8_gt_s8(v8 a, v8 b) {
    return _mm_cmpgt_epi8(a, b);
}
static inline v8 v8_gt_u8(v8 a, v8 b) {
    const __m128i sign = _mm_set1_epi8(-128);
    return _mm_cmpgt_epi8(_mm_xor_si128(a, sign), _mm_xor_si128(b, sign));
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    const __m128i greater = _mm_cmpgt_epi8(a, b);
    return _mm_or_si128(_mm_and_si128(greater, a), _mm_andnot_si128(greater, b));
}
static inline v8 v8_or(v8 a, v8 b) {
    return _mm_or_si128(a, b);
}
static inline v8 v8_and_not(v8 a, v8 b) {
    return _mm_andnot_si128(b, a);
}
static inline v8 v8_and(v8 a, v8 b) {
    return _mm_and_si128(a, b);
}
static inline v8 v8_xor(v8 a, v8 b) {
    return _mm_xor_si128(a, b);
}
static inline v8 v8_sub(v8 a, v8 b) {
    return _mm_sub_epi8(a, b);
}
static inline v8 v8_average(v8 a, v8 b) {
    return _mm_avg_epu8(a, b);
}
/* Four bytes of a mask as a mask of four floats. */
static inline vm four_lanes(const uint8_t *bytes) {
    const __m128i b = _mm_cvtsi32_si128((int)bytes_four(bytes));
    const __m128i two = _mm_unpacklo_epi8(b, b);
    return _mm_castsi128_ps(_mm_unpacklo_epi16(two, two));
}
static inline void v8_store_index(int64_t *index, int n, int64_t first, int64_t step, v8 right,
                                  int64_t right_index, v8 lower, int64_t lower_index) {
    uint8_t r[NT_BYTES];
    uint8_t l[NT_BYTES];
    v8_store(r, right);
    v8_store(l, lower);
    for (int i = 0; i < n; i += NT_LANES) {
        vm_store_index(index + i, n - i < NT_LANES ? n - i : NT_LANES, first + i * step, step,
                       four_lanes(r + i), right_index, four_lanes(l + i), lower_index);
    }
}

static inline v8 v8_even(v8 a, v8 b) {
    const __m128i low = _mm_set1_epi16(0xFF);
    return _mm_packus_epi16(_mm_and_si128(a, low), _mm_and_si128(b, low));
}
static inline v8 v8_odd(v8 a, v8 b) {
    return _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8));
}
NATURAL_ORDER(v8)
static inline v8 v8_prepend(v8 v, v8 fill) {
    return _mm_or_si128(_mm_slli_si128(v, 1), _mm_srli_si128(fill, 15));
}

/* ---- sums of bytes ---- */

#define MM(name) _mm_##name
#define MM_ZERO _mm_setzero_si128()
#define MM_AND(a, b) _mm_and_si128(a, b)
#define MM_XOR(a, b) _mm_xor_si128(a, b)
#define MM_BITS(v) _mm_castps_si128(v)
#define MM_FLOATS(v) _mm_castsi128_ps(v)
#include "simd/x86_sums.h"

static inline v16 v16_load_bytes(const uint8_t *p) {
    return _mm_unpacklo_epi8(_mm_loadu_si64(p), _mm_setzero_si128());
}
static inline v8 v8_parts_in_order(v8 v) {
    return v;
}
static inline v32 v32_load_bytes(const uint8_t *p) {
    int bytes;
    memcpy(&bytes, p, sizeof bytes);
    const __m128i zero = _mm_setzero_si128();
    return _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), zero), zero);
}
static inline v16 v16_load(const int16_t *p) {
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}
static inline void v16_store(int16_t *p, v16 v) {
    _mm_storeu_si128((__m128i *)(void *)p, v);
}
static inline t8 t8_set(int a, int b) {
    return (t8){v16_set1(a), v16_set1(b)};
}
static inline v16 two_products(v16 a, v16 b, t8 pair) {
    return _mm_add_epi16(_mm_mullo_epi16(a, pair.a), _mm_mullo_epi16(b, pair.b));
}
static inline void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair) {
    const __m128i zero = _mm_setzero_si128();
    sum[0] =
        v16_add(sum[0], two_products(_mm_unpacklo_epi8(a, zero), _mm_unpacklo_epi8(b, zero), pair));
    sum[1] =
        v16_add(sum[1], two_products(_mm_unpackhi_epi8(a, zero), _mm_unpackhi_epi8(b, zero), pair));
}
static inline void v16_store_all(int16_t *p, const v16 v[NT_V16S]) {
    v16_store(p, v[0]);
    v16_store(p + 8, v[1]);
}
static inline void vf_all_in_order(vf v[NT_V32S]) {
    (void)v;
}
static inline void vf_all_unordered(vf v[NT_V32S]) {
    (void)v;
}

#endif
