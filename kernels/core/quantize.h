/* Integers that stand for real numbers; the header says how (ninetap_conv3x3_run). */
#ifndef NINETAP_QUANTIZE_H
#define NINETAP_QUANTIZE_H

#include <stdbool.h>

#include "ninetap.h"

/* What becomes of a sum of integers. */
typedef struct nt_quantized {
    ninetap_dtype type; /* U8, S8, S32, F32 */
    int32_t zero;       /* added after rounding; of U8 and S8 */
    float lo, hi;       /* the limits before the zero is added; of F32 the activation's */
} nt_quantized;

/* The values of U8 and S8. */
static inline int32_t nt_least_of(ninetap_dtype type) {
    return type == NINETAP_S8 ? INT8_MIN : 0;
}
static inline int32_t nt_greatest_of(ninetap_dtype type) {
    return type == NINETAP_S8 ? INT8_MAX : UINT8_MAX;
}

/* Finite and above 0. */
bool nt_is_scale(float scale);

/* What a sum is multiplied by; infinite if that is not a finite float. */
float nt_multiplier(float src_scale, float weights_scale, float dst_scale);

/* The U8 or S8 that stands for x, which is no NaN. */
int32_t nt_quantize(float x, float scale, int32_t zero, ninetap_dtype type);

#endif
