/* Compiled once for each instruction set, with its flags and
 *   VOCABULARY_HEADER   "simd/avx2.h"
 *   MULTIPLY_ADD, READ  multiply_add_avx2, read_avx2
 * What kernels are held against: multiply-adds and nothing else, loads and nothing else. */
#include VOCABULARY_HEADER

#include "measure/peak.h"
#include "simd/compiler.h"

double MULTIPLY_ADD(int64_t times);
void READ(const char *src, size_t bytes);

static void use(vf v) {
    float sink[NT_LANES];
    vf_store(sink, v);
    const float *visible = sink;
    __asm__ volatile("" : : "r"(visible) : "memory");
}

/* 12 independent sums: two pipes of latency 4 or 5 stay busy, and 16 registers hold them. */
double MULTIPLY_ADD(int64_t times) {
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
    UNROLL
    for (int i = 1; i < SUMS; i++) {
        acc[0] = vf_add(acc[0], acc[i]);
    }
    use(acc[0]);
    return (double)(2 * SUMS * NT_LANES) * (double)times;
}

void READ(const char *src, size_t bytes) {
    enum { LOADS = PEAK_STEP / 64 };
    const float *from = (const float *)(const void *)src;
    vf most[LOADS];
    UNROLL
    for (int i = 0; i < LOADS; i++) {
        most[i] = vf_zero();
    }
    for (size_t at = 0; at < bytes / sizeof *from; at += (size_t)LOADS * NT_LANES) {
        UNROLL
        for (int i = 0; i < LOADS; i++) {
            most[i] = vf_max(most[i], vf_load(from + at + (size_t)i * NT_LANES));
        }
    }
    UNROLL
    for (int i = 1; i < LOADS; i++) {
        most[0] = vf_max(most[0], most[i]);
    }
    use(most[0]);
}
