/* Bounds of rounding errors. */
#ifndef NINETAP_CONV3X3_ERROR_H
#define NINETAP_CONV3X3_ERROR_H

#include <math.h>

#include "conv3x3/conv3x3.h"

/* The relative error that k roundings add at most (Higham, ch. 3). */
static inline double nt_gamma(double k) {
    const double ku = k * 0x1p-24;
    return ku < 1.0 ? ku / (1.0 - ku) : INFINITY;
}

/* Of a sum in its order. */
nt_conv_error nt_direct_error(const nt_conv *c);

#endif
