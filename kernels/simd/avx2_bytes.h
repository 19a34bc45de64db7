/* The byte words of avx2.h, and their meaning for every ISA. tests/ checks the words of each
 * ISA against these sentences.
 *
 *   NT_BYTES        bytes in a vector
 *   v8              a vector of bytes; as a mask, each byte is 0xFF or 0
 */
#ifndef NINETAP_BYTES_AVX2_H
#define NINETAP_BYTES_AVX2_H

#include "simd/bytes.h"

#define NT_BYTES 32

typedef __m256i v8;

static inline v8 v8_set1(uint8_t x) {
    return _mm256_set1_epi8((char)x);
}
/* No alignment is asked for. */
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
/* Only n elements are touched, 0 <= n <= NT_BYTES; the other lanes read as 0. */
static inline v8 v8_load_n(const uint8_t *p, int n) {
    return n == NT_BYTES ? v8_load(p) : load_part(p, n);
}
/* The same, the other lanes being fill's. */
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    const __m256i place =
        _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                         21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    return _mm256_blendv_epi8(fill, v8_load_n(p, n),
                              _mm256_cmpgt_epi8(_mm256_set1_epi8((char)n), place));
}
/* Only n elements are touched, 1 <= n <= NT_BYTES. */
OUTLINED void v8_store_n(uint8_t *p, v8 v, int n) {
    uint64_t part[4];
    v8_store((uint8_t *)part, v);
    for (int i = 0; i < n; i += 8) {
        bytes_store(p + i, part[i / 8], n - i);
    }
}
/* Aligned to a vector; past the caches, and in no order with other stores before vf_stream_end. */
static inline void v8_stream(uint8_t *p, v8 v) {
    _mm256_stream_si256((__m256i *)(void *)p, v);
}

/* The larger one, bytes being 0 .. 255 (-128 .. 127). */
static inline v8 v8_max_u8(v8 a, v8 b) {
    return _mm256_max_epu8(a, b);
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    return _mm256_max_epi8(a, b);
}
/* The mask a > b. */
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
/* a and not b */
static inline v8 v8_and_not(v8 a, v8 b) {
    return _mm256_andnot_si256(b, a);
}
/* Eight bytes of a mask as a mask of eight floats. */
static inline vm eight_lanes(const uint8_t *bytes) {
    const __m128i b = _mm_loadu_si64(bytes);
    return _mm256_castsi256_ps(_mm256_cvtepi8_epi32(b));
}
/* index[i] = first + i * step, + right_index where right, + lower_index where lower, for n lanes,
 * 1 <= n <= NT_BYTES */
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

/* The even (odd) elements of both, in an order of the machine's own that v8_in_order turns into
 * that of v8_even. */
static inline v8 v8_evens(v8 a, v8 b) {
    const __m256i low = _mm256_set1_epi16(0xFF);
    return _mm256_packus_epi16(_mm256_and_si256(a, low), _mm256_and_si256(b, low));
}
static inline v8 v8_odds(v8 a, v8 b) {
    return _mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
}
static inline v8 v8_in_order(v8 v) {
    return _mm256_permute4x64_epi64(v, 0xD8);
}
/* The even (odd) elements of a, then those of b. */
static inline v8 v8_even(v8 a, v8 b) {
    return v8_in_order(v8_evens(a, b));
}
static inline v8 v8_odd(v8 a, v8 b) {
    return v8_in_order(v8_odds(a, b));
}
/* fill's last element, then all of v but its last one. */
static inline v8 v8_prepend(v8 v, v8 fill) {
    return _mm256_alignr_epi8(v, _mm256_permute2x128_si256(fill, v, 0x21), 15);
}

#endif
