/* Quantization as its definition. */
#include "core/build.h"

#include <math.h>

#include "reference/reference.h"

static double integer_at(ninetap_dtype type, const void *src, int64_t i) {
    switch (type) {
    case NINETAP_U8:
        return (double)((const uint8_t *)src)[i];
    case NINETAP_S8:
        return (double)((const int8_t *)src)[i];
    default:
        return (double)((const int32_t *)src)[i];
    }
}

static double saturated(double x, double least, double greatest) {
    return !(x > least) ? least : x > greatest ? greatest : x;
}

void nt_reference_quantize(int64_t rows, int64_t columns, const float *src, ninetap_dtype dst_type,
                           const float *scale, const int32_t *zero, int64_t scales, void *dst) {
    for (int64_t i = 0; i < rows * columns; i++) {
        const int64_t s = i / columns % scales;
        const float quotient = src[i] / scale[s];
        const double integer = (double)nearbyintf(quotient) + (double)zero[s];
        if (dst_type == NINETAP_U8) {
            ((uint8_t *)dst)[i] = (uint8_t)saturated(integer, 0.0, 255.0);
        } else {
            ((int8_t *)dst)[i] = (int8_t)saturated(integer, -128.0, 127.0);
        }
    }
}

void nt_reference_dequantize(int64_t rows, int64_t columns, ninetap_dtype src_type, const void *src,
                             const float *scale, const int32_t *zero, int64_t scales, float *dst) {
    for (int64_t i = 0; i < rows * columns; i++) {
        const int64_t s = i / columns % scales;
        const float integer = (float)(integer_at(src_type, src, i) - (double)zero[s]);
        dst[i] = integer * scale[s];
    }
}

void nt_reference_range(int64_t n, const float *src, float *lo, float *hi) {
    *lo = *hi = 0.0F;
    for (int64_t i = 0; i < n; i++) {
        *lo = src[i] < *lo ? src[i] : *lo;
        *hi = src[i] > *hi ? src[i] : *hi;
    }
}
