/* AVX-VNNI on a machine without it: its one instruction that kernels/simd/avx2.h uses, made of
 * AVX2. Included in front of kernels/targets/avx2.c where NINETAP_EMULATE_AVX512 is set; for tests
 * only. */
#ifndef NINETAP_EMULATE_AVX_VNNI_H
#define NINETAP_EMULATE_AVX_VNNI_H

#include <immintrin.h>

/* The functions between them may use no more than the file. */
#include "simd/features.h"
#undef FEATURES_BEGIN
#undef FEATURES_END
#define FEATURES_BEGIN(features)
#define FEATURES_END

/* sum + the four products of bytes of a, 0 .. 255, and of b, -128 .. 127: the even and the odd ones
 * as integers of 16 bits. */
static inline __m256i emulated_dpbusd(__m256i sum, __m256i a, __m256i b) {
    const __m256i even_a = _mm256_and_si256(a, _mm256_set1_epi16(0xFF));
    const __m256i even_b = _mm256_srai_epi16(_mm256_slli_epi16(b, 8), 8);
    const __m256i even = _mm256_madd_epi16(even_a, even_b);
    const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(a, 8), _mm256_srai_epi16(b, 8));
    return _mm256_add_epi32(sum, _mm256_add_epi32(even, odd));
}
#define _mm256_dpbusd_avx_epi32(sum, a, b) emulated_dpbusd(sum, a, b)

#endif
