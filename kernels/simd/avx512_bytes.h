/* The byte words of avx512.h; see avx2_bytes.h. */
#ifndef NINETAP_BYTES_AVX512_H
#define NINETAP_BYTES_AVX512_H

#define NT_BYTES 64

typedef __m512i v8;

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
static inline v8 v8_evens(v8 a, v8 b) {
    const __m512i low = _mm512_set1_epi16(0xFF);
    return _mm512_packus_epi16(_mm512_and_si512(a, low), _mm512_and_si512(b, low));
}
static inline v8 v8_odds(v8 a, v8 b) {
    return _mm512_packus_epi16(_mm512_srli_epi16(a, 8), _mm512_srli_epi16(b, 8));
}
static inline v8 v8_even(v8 a, v8 b) {
    return v8_in_order(v8_evens(a, b));
}
static inline v8 v8_odd(v8 a, v8 b) {
    return v8_in_order(v8_odds(a, b));
}
static inline v8 v8_prepend(v8 v, v8 fill) {
    return _mm512_alignr_epi8(v, _mm512_alignr_epi64(v, fill, 6), 15);
}

#endif
