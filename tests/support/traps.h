/* Floating-point exceptions that would change a result become faults, in this thread. */
#ifndef TESTS_TRAPS_H
#define TESTS_TRAPS_H

#include <fenv.h>
#include <stdbool.h>
#ifdef _WIN32
#include <xmmintrin.h>
#endif

/* False where the machine has no traps. */
static inline bool traps_on(void) {
    feclearexcept(FE_ALL_EXCEPT);
#ifdef _WIN32
    _mm_setcsr(_mm_getcsr() &
               ~(unsigned)(_MM_MASK_INVALID | _MM_MASK_DIV_ZERO | _MM_MASK_OVERFLOW));
    return true;
#else
    return feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW) != -1;
#endif
}

#endif
