/* The calling thread's floating-point control word. */
#ifndef TESTS_CONTROL_WORD_H
#define TESTS_CONTROL_WORD_H

#include <fenv.h>
#include <stdbool.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

/* What may not change: rounding, flushing, exception masks. Not the sticky exception flags. */
static inline unsigned long control_word(void) {
#if defined(__SSE2__)
    return _mm_getcsr() & ~0x3FU;
#elif defined(__aarch64__)
    unsigned long word;
    __asm__ volatile("mrs %0, fpcr" : "=r"(word));
    return word;
#else
    return (unsigned long)fegetround();
#endif
}

/* Subnormal operands and results become 0; false where that cannot be asked for. */
static inline bool flush_to_zero(bool on) {
#if defined(__SSE2__)
    _mm_setcsr(on ? _mm_getcsr() | 0x8040U : _mm_getcsr() & ~0x8040U);
    return true;
#elif defined(__aarch64__)
    unsigned long word = control_word();
    word = on ? word | 1UL << 24 : word & ~(1UL << 24);
    __asm__ volatile("msr fpcr, %0" : : "r"(word));
    return true;
#else
    (void)on;
    return false;
#endif
}

#endif
