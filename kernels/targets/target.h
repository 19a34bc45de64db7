/* Which instruction sets the library has, by the target of the compiler. NINETAP_WITHOUT_<ISA>
 * leaves one out; CMakeLists.txt defines it for those that NINETAP_ISAS does not name.
 *
 * x32 is x86-64 with 32-bit pointers. NEON of 32-bit Arm flushes subnormals, and on big-endian
 * AArch64 the lanes of a vector are in another order: both run the scalar kernels. */
#ifndef NINETAP_TARGET_H
#define NINETAP_TARGET_H

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

/* TARGET_BEGIN("avx2,fma") ... TARGET_END: the functions between them may use these features.
 * Needed where the file is not compiled with flags that say so (NINETAP_ISA_FLAGS). */
#define TARGET_PRAGMA(x) _Pragma(#x)
#if defined(NINETAP_ISA_FLAGS)
#define TARGET_BEGIN(features)
#define TARGET_END
#elif defined(__clang__)
#define TARGET_BEGIN(features) \
    TARGET_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define TARGET_END _Pragma("clang attribute pop")
#else
#define TARGET_BEGIN(features) _Pragma("GCC push_options") TARGET_PRAGMA(GCC target(features))
#define TARGET_END _Pragma("GCC pop_options")
#endif

#endif
