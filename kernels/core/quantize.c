#include "core/build.h"
#include "core/quantize.h"

#include <math.h>

bool nt_is_scale(float scale) {
    return scale > 0.0F && scale < INFINITY;
}

/* The product of two floats is exact in double. */
float nt_multiplier(float src_scale, float weights_scale, float dst_scale) {
    const double quotient = (double)src_scale * (double)weights_scale / (double)dst_scale;
    return quotient <= (double)FLT_MAX ? (float)quotient : INFINITY;
}

int32_t nt_quantize(float x, float scale, int32_t zero, ninetap_dtype type) {
    const float least = (float)(nt_least_of(type) - zero);
    const float greatest = (float)(nt_greatest_of(type) - zero);
    const double quotient = (double)x / (double)scale;
    float q = fabs(quotient) <= (double)FLT_MAX ? (float)quotient : x > 0.0F ? INFINITY : -INFINITY;
    q = q > least ? q : least;
    q = q < greatest ? q : greatest;
    return (int32_t)rintf(q) + zero;
}
