/* What the kernels need of the compiler beyond C. */
#ifndef NINETAP_COMPILER_H
#define NINETAP_COMPILER_H

#if defined(_WIN64) && defined(__AVX__) && !defined(__clang__) && !defined(NINETAP_UNALIGNED_SPILLS)
#error \
    "gcc's AVX code crashes on Windows (GCC PR54412): leave avx2.c and avx512.c out, or compile \
with -Wa,-muse-unaligned-vector-move -DNINETAP_UNALIGNED_SPILLS"
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))
/* For code with many branches that many kernels call at their edges. */
#define OUTLINED static __attribute__((noinline, unused))
/* For code that seldom runs: it takes neither space nor registers of the code that calls it. */
#define COLD __attribute__((noinline, cold))

/* Arrays of vectors live in registers only if every loop over them is unrolled completely, and
 * early. Both compilers do it for a literal trip count, also one that becomes literal by inlining.
 */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#define NO_UNROLL _Pragma("GCC unroll 1")
#endif

/* Hides where a pointer came from. Without it the compilers see that the inputs of neighbouring
 * taps overlap, keep them all alive in registers, and spill the accumulators. */
#define OPAQUE(pointer) __asm__("" : "+r"(pointer))
/* The same, and it stays in its loop. */
#define OPAQUE_HERE(pointer) __asm__ volatile("" : "+r"(pointer))

/* IN_ORDER has a vector computed before any later load, where the vocabulary names its registers.
 * Clang would load and multiply ahead by more values than there are registers, move sums around and
 * keep some on the stack; both compilers would load too late for CPUs that run in order (AArch64).
 * MemorySanitizer cannot follow. */
#if defined(NT_VECTOR_REGISTER) && (defined(__clang__) || defined(__aarch64__))
#define IN_ORDER(v) __asm__ volatile("" : NT_VECTOR_REGISTER(v))
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#undef IN_ORDER
#endif
#endif
#endif
/* Whether loads stay where they are written. Where the compiler may move them, it does better
 * itself. */
#ifdef IN_ORDER
#define AS_WRITTEN 1
#else
#define AS_WRITTEN 0
#define IN_ORDER(v) ((void)0)
#endif

#endif
