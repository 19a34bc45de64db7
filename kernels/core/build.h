/* What every source of the library needs of the C library and of the compiler. It is included
 * first.
 *
 * The contract rests on this arithmetic: each operation is rounded to its own type, and nothing is
 * fused, reordered or assumed. CMakeLists.txt passes flags for that, behind those of the user, and
 * defines NINETAP_IEEE_FLAGS. Without them this header says what a source can say, and stops the
 * compilation where that is not enough. */
#ifndef NINETAP_BUILD_H
#define NINETAP_BUILD_H

/* POSIX and madvise under -std=c11, whatever a project around this one defines. */
#if defined(__linux__) || defined(__wasi__)
#undef _POSIX_C_SOURCE
#undef _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#endif

#include <float.h>

#if __FINITE_MATH_ONLY__ || defined(__FAST_MATH__)
#error \
    "ninetap: NaN and infinity are part of its results; build without -ffast-math, -Ofast and -ffinite-math-only"
#endif
#if !defined(__clang__) && defined(__GCC_IEC_559) && __GCC_IEC_559 == 0
#error \
    "ninetap: its sums are rounded as IEEE 754 says; build without -ffast-math, -Ofast and what they stand for"
#endif
#if FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0
#error \
    "ninetap: float must be rounded to float, as x87 does not; on 32-bit x86 build with -msse2 -mfpmath=sse"
#endif

#ifndef NINETAP_IEEE_FLAGS
#ifdef __clang__
#ifndef __wasm__
#pragma float_control(precise, on)
#endif
#pragma STDC FP_CONTRACT OFF
/* Nothing else keeps products and sums apart under -ffp-contract=fast. */
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
#pragma STDC FENV_ACCESS ON
#endif
#else
#pragma GCC optimize("fp-contract=off")
#endif
#endif

#endif
