/* fmaf, correct wherever there are doubles. Some C libraries round twice (MinGW-w64's). Others are
 * correct but change the rounding mode and back (glibc's, on CPUs without the instruction). */
#ifndef NINETAP_FMA_H
#define NINETAP_FMA_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* The product is exact, the sum is not. Rounding that sum to float would go the wrong way where the
 * first rounding moved it onto a tie. So an inexact sum is made odd, if need be by taking its
 * neighbour: no float and no tie is odd, since a double has more than two bits more (S. Boldo and
 * G. Melquiond, Emulation of a FMA and correctly rounded sums, 2008). What was lost is known
 * exactly when rounding to nearest, and its sign in every mode. */
static inline float nt_fmaf_of_doubles(float a, float b, float c) {
    const double product = (double)a * (double)b;
    const double addend = (double)c;
    double sum = product + addend;
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    if ((bits & 1) == 0 && (bits >> 52 & 0x7FF) != 0x7FF) { /* even, and finite */
        const double lost =
            fabs(product) > fabs(addend) ? addend - (sum - product) : product - (sum - addend);
        if (lost != 0.0) {
            bits = (lost > 0.0) == (sum > 0.0) ? bits + 1 : bits - 1;
            memcpy(&sum, &bits, sizeof sum);
        }
    }
    return (float)sum;
}

static inline float nt_fmaf(float a, float b, float c) {
#ifdef __FP_FAST_FMAF
    return fmaf(a, b, c);
#else
    return nt_fmaf_of_doubles(a, b, c);
#endif
}

#endif
