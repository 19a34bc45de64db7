/* The byte words of sse2.h. */
#ifndef NINETAP_BYTES_SSE2_H
#define NINETAP_BYTES_SSE2_H

#include "simd/bytes.h"

#define NT_BYTES 16

typedef __m128i v8;

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

#endif
