/* Integers that stand for real numbers; the header says how (ninetap_conv3x3_run). */
#ifndef NINETAP_QUANTIZE_H
#define NINETAP_QUANTIZE_H

#include <stdbool.h>

#include "core/epilogue.h"
#include "core/tensor.h"

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

/* U8 or S8, S8, and anything but S16. */
bool nt_types_are_integers(const nt_types *types);

/* NINETAP_ERR_ARG: such types with a quantization that is none, of so many output channels. */
ninetap_status nt_check_quantization(const nt_types *types, int64_t channels);

/* Of output channels [first, first + count) the bias, 0 where it is NULL, and what their sums are
 * multiplied by. */
void nt_set_channels(const nt_types *types, const int32_t *bias, int64_t first, int64_t count,
                     int32_t *biases, float *multipliers);

/* What becomes of the sums. NINETAP_ERR_UNSUPPORTED: the activation has no meaning here. */
ninetap_status nt_quantized_of(const nt_types *types, ninetap_act act, const nt_epilogue *epilogue,
                               nt_quantized *to);

/* A weight as a number: clang-tidy takes the conversion itself for one of a character. */
static inline int nt_number_of(int8_t weight) {
    return weight;
}

/* Of a sum's weights: the sum of those above 0, and less that of those below. */
typedef struct nt_weight_sums {
    int64_t positive, negative;
} nt_weight_sums;
static inline void nt_count_weight(nt_weight_sums *sums, int weight) {
    sums->positive += weight > 0 ? weight : 0;
    sums->negative -= weight < 0 ? weight : 0;
}

/* Whether no input makes a sum leave 32 bits. */
bool nt_sum_fits(const nt_types *types, int64_t bias, const nt_weight_sums *weights);

/* The U8 or S8 that stands for x, which is no NaN. */
int32_t nt_quantize(float x, float scale, int32_t zero, ninetap_dtype type);

#endif
