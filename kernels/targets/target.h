/* Which instruction sets the library has, by the target of the compiler. NINETAP_WITHOUT_<ISA>
 * leaves one out; CMakeLists.txt defines it for those that NINETAP_ISAS does not name.
 *
 * x32 is x86-64 with 32-bit pointers. NEON of 32-bit Arm flushes subnormals, and on big-endian
 * AArch64 the lanes of a vector are in another order: both run the scalar kernels. */
#ifndef NINETAP_TARGET_H
#define NINETAP_TARGET_H

#include "simd/features.h"

#if defined(__x86_64__) && !defined(NINETAP_WITHOUT_AVX512)
#define NINETAP_HAVE_AVX512
#endif
#if defined(__x86_64__) && !defined(NINETAP_WITHOUT_AVX2)
#define NINETAP_HAVE_AVX2
#endif
#if (defined(__x86_64__) || defined(__i386__) && defined(__SSE2__)) && \
    !defined(NINETAP_WITHOUT_SSE2)
#define NINETAP_HAVE_SSE2
#endif
#if defined(__aarch64__) && !defined(__AARCH64EB__) && !defined(NINETAP_WITHOUT_NEON)
#define NINETAP_HAVE_NEON
#endif
#if defined(__wasm__) && !defined(NINETAP_WITHOUT_WASM128)
#define NINETAP_HAVE_WASM128
#endif

/* TARGET_BEGIN("avx2,fma") ... TARGET_END: FEATURES_BEGIN where the file is not compiled with flags
 * that say so (NINETAP_ISA_FLAGS). */
#ifdef NINETAP_ISA_FLAGS
#define TARGET_BEGIN(features)
#define TARGET_END
#else
#define TARGET_BEGIN(features) FEATURES_BEGIN(features)
#define TARGET_END FEATURES_END
#endif

#endif
