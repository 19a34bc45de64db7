/* The words of words.h for sums of bytes, for all vectors of x86. Their instructions work within
 * quarters of 16 bytes, and so does the order in which they leave values. The vocabulary defines
 * MM(name), the intrinsic of its vectors, and MM_ZERO, MM_AND, MM_XOR, MM_BITS and MM_FLOATS, whose
 * names differ. */
#ifndef NINETAP_X86_SUMS_H
#define NINETAP_X86_SUMS_H

#include <string.h>

static inline v16 v16_set1(int x) {
    return MM(set1_epi16)((short)x);
}
static inline v16 v16_add(v16 a, v16 b) {
    return MM(add_epi16)(a, b);
}
static inline v16 v16_max(v16 a, v16 b) {
    return MM(max_epi16)(a, b);
}
static inline v16 v16_abs(v16 v) {
    return v16_max(v, MM(sub_epi16)(MM_ZERO, v));
}
static inline v16 v16_rounded(v16 v, int s) {
    const __m128i count = _mm_cvtsi32_si128(s);
    const v16 one = MM(set1_epi16)(1);
    const v16 odd = MM_AND(MM(sra_epi16)(v, count), one);
    const v16 below_half = MM(sub_epi16)(MM(set1_epi16)((short)(1 << (s - 1))), one);
    return MM(sra_epi16)(MM(add_epi16)(MM(add_epi16)(v, below_half), odd), count);
}
static inline v8 v8_of_v16(const v16 v[NT_V16S]) {
    return MM(packus_epi16)(v[0], v[1]);
}
static inline void v16_of_v32(v16 to[NT_V16S], const v32 v[NT_V32S]) {
    to[0] = MM(packs_epi32)(v[0], v[1]);
    to[1] = MM(packs_epi32)(v[2], v[3]);
}

static inline v16 v16_xor(v16 a, v16 b) {
    return MM_XOR(a, b);
}

static inline v32 v32_set1(int x) {
    return MM(set1_epi32)(x);
}
static inline v32 v32_load(const int32_t *p) {
    return v16_load((const int16_t *)(const void *)p);
}
static inline v32 v32_load1(const void *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return MM(set1_epi32)(x);
}
#ifdef NT_QUADS
static inline vq vq_load(const void *p) {
    return v32_load1(p);
}
#endif
static inline void v32_store(int32_t *p, v32 v) {
    v16_store((int16_t *)(void *)p, v);
}
static inline void v32_store_n(int32_t *p, v32 v, int n) {
    vf_store_n((float *)(void *)p, MM_FLOATS(v), n);
}
static inline v32 v32_add(v32 a, v32 b) {
    return MM(add_epi32)(a, b);
}
static inline v32 v32_abs(v32 v) {
    const v32 sign = MM(sra_epi32)(v, _mm_cvtsi32_si128(31));
    return MM(sub_epi32)(MM_XOR(v, sign), sign);
}
static inline v32 v32_rounded(v32 v, int s) {
    const __m128i count = _mm_cvtsi32_si128(s);
    const v32 one = MM(set1_epi32)(1);
    const v32 odd = MM_AND(MM(sra_epi32)(v, count), one);
    const v32 below_half = MM(set1_epi32)((1 << (s - 1)) - 1);
    return MM(sra_epi32)(MM(add_epi32)(MM(add_epi32)(v, below_half), odd), count);
}
static inline t16 t16_set(int a, int b) {
    return MM(set1_epi32)((int)((uint32_t)b << 16 | ((uint32_t)a & 0xFFFFU)));
}
static inline void v32_add_products(v32 sum[NT_V32S], v8 a, v8 b, t16 pair) {
    const v8 low = MM(unpacklo_epi8)(a, b);
    const v8 high = MM(unpackhi_epi8)(a, b);
    const v8 zero = MM_ZERO;
    sum[0] = v32_add(sum[0], MM(madd_epi16)(MM(unpacklo_epi8)(low, zero), pair));
    sum[1] = v32_add(sum[1], MM(madd_epi16)(MM(unpackhi_epi8)(low, zero), pair));
    sum[2] = v32_add(sum[2], MM(madd_epi16)(MM(unpacklo_epi8)(high, zero), pair));
    sum[3] = v32_add(sum[3], MM(madd_epi16)(MM(unpackhi_epi8)(high, zero), pair));
}

static inline v32 v32_xor(v32 a, v32 b) {
    return MM_XOR(a, b);
}
static inline v32 v32_of_bytes(const v32 v[4]) {
    const v32 byte = v32_set1(0xFF);
    const v32 low = v32_add(MM_AND(v[0], byte), MM(slli_epi32)(MM_AND(v[1], byte), 8));
    const v32 high = v32_add(MM_AND(v[2], byte), MM(slli_epi32)(v[3], 8));
    return v32_add(low, MM(slli_epi32)(high, 16));
}
static inline v32 v32_of_halves(v32 a, v32 b) {
    return v32_add(MM_AND(a, v32_set1(0xFFFF)), MM(slli_epi32)(b, 16));
}
static inline v32 v32_add_pairs(v32 a, v32 b, v32 sum) {
    return v32_add(sum, MM(madd_epi16)(a, b));
}
static inline void v16_pair(v16 pair[2], v16 a, v16 b) {
    pair[0] = MM(unpacklo_epi16)(a, b);
    pair[1] = MM(unpackhi_epi16)(a, b);
}
static inline void v32_add_taps(v32 sum[NT_V32S / NT_V16S], const v16 pair[2],
                                const v16 weights[2]) {
    sum[0] = v32_add_pairs(pair[0], weights[0], sum[0]);
    sum[1] = v32_add_pairs(pair[1], weights[1], sum[1]);
}
static inline void v32_store_taps(int32_t *p, const v32 sum[NT_V32S / NT_V16S]) {
    v16_store_all((int16_t *)(void *)p, sum);
}
static inline void v32_transpose(v32 r[NT_LANES]) {
    vf bits[NT_LANES];
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        bits[i] = MM_FLOATS(r[i]);
    }
    vf_transpose(bits);
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        r[i] = MM_BITS(bits[i]);
    }
}

static inline vf vf_of_v32(v32 v) {
    return MM(cvtepi32_ps)(v);
}
static inline v32 v32_of_vf(vf v) {
    return MM(cvtps_epi32)(v);
}
static inline vf vf_sqrt(vf v) {
    return MM(sqrt_ps)(v);
}
static inline vf vf_abs(vf v) {
    const v32 magnitude = MM(set1_epi32)(0x7FFFFFFF);
    return MM_FLOATS(MM_AND(MM_BITS(v), magnitude));
}
static inline void vf_of_v8(vf to[NT_V32S], v8 v) {
    const v8 zero = MM_ZERO;
    const v16 low = MM(unpacklo_epi8)(v, zero);
    const v16 high = MM(unpackhi_epi8)(v, zero);
    to[0] = MM(cvtepi32_ps)(MM(unpacklo_epi16)(low, zero));
    to[1] = MM(cvtepi32_ps)(MM(unpackhi_epi16)(low, zero));
    to[2] = MM(cvtepi32_ps)(MM(unpacklo_epi16)(high, zero));
    to[3] = MM(cvtepi32_ps)(MM(unpackhi_epi16)(high, zero));
}

#endif
