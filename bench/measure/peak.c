/* Compiled once for each instruction set, with its flags and
 *   VOCABULARY_HEADER  "simd/avx2.h"
 *   PEAK               peak_avx2
 * Multiply-adds and nothing else, the limit that compute-bound kernels are held against; returns
 * how many floating-point operations that were. 12 independent sums: two pipes of latency 4 or 5
 * stay busy, and 16 registers hold them. */
#include VOCABULARY_HEADER

#include <stdint.h>

#include "simd/compiler.h"

double PEAK(int64_t times);

double PEAK(int64_t times) {
    enum { SUMS = 12 };
    vf acc[SUMS];
    UNROLL
    for (int i = 0; i < SUMS; i++) {
        acc[i] = vf_set1((float)i);
    }
    const volatile float half = 0.5F; /* volatile: a chain that stays at 2 would be folded away */
    const vf a = vf_set1(half);
    const vf b = vf_set1(2.0F * half);
    for (int64_t r = 0; r < times; r++) {
        UNROLL
        for (int i = 0; i < SUMS; i++) {
#if NT_FAST_FMA
            acc[i] = vf_fma(acc[i], a, b);
#else
            acc[i] = vf_add(vf_mul(acc[i], a), b);
#endif
        }
    }
    float sink[NT_LANES];
    UNROLL
    for (int i = 1; i < SUMS; i++) {
        acc[0] = vf_add(acc[0], acc[i]);
    }
    vf_store(sink, acc[0]);
    const float *visible = sink;
    __asm__ volatile("" : : "r"(visible) : "memory");
    return (double)(2 * SUMS * NT_LANES) * (double)times;
}
