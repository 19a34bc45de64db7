#include "core/build.h"
#include "core/quantize.h"

#include <math.h>

static bool is_byte(ninetap_dtype type) {
    return type == NINETAP_U8 || type == NINETAP_S8;
}

static bool is_value_of(ninetap_dtype type, int32_t value) {
    return value >= nt_least_of(type) && value <= nt_greatest_of(type);
}

bool nt_is_scale(float scale) {
    return scale > 0.0F && scale < INFINITY;
}

bool nt_types_are_integers(const nt_types *t) {
    return is_byte(t->src) && t->weights == NINETAP_S8 && t->dst != NINETAP_S16;
}

/* What the sums of an output channel are multiplied by. The product of two floats is exact in
 * double. */
static float multiplier_of(const nt_types *t, int64_t o) {
    const ninetap_quantization *q = t->quantization;
    const float of_weights = q->weights_scale[q->weights_scales == 1 ? 0 : o];
    const double product = (double)q->src_scale * (double)of_weights;
    const double quotient = is_byte(t->dst) ? product / (double)q->dst_scale : product;
    return quotient <= (double)FLT_MAX ? (float)quotient : INFINITY;
}

ninetap_status nt_check_quantization(const nt_types *t, int64_t channels) {
    const ninetap_quantization *q = t->quantization;
    if (q == NULL || !nt_is_scale(q->src_scale) || !is_value_of(t->src, q->src_zero) ||
        q->weights_scale == NULL || (q->weights_scales != 1 && q->weights_scales != channels)) {
        return NINETAP_ERR_ARG;
    }
    if (is_byte(t->dst) && (!nt_is_scale(q->dst_scale) || !is_value_of(t->dst, q->dst_zero))) {
        return NINETAP_ERR_ARG;
    }
    for (int64_t o = 0; o < q->weights_scales; o++) {
        if (!nt_is_scale(q->weights_scale[o]) || multiplier_of(t, o) > FLT_MAX) {
            return NINETAP_ERR_ARG;
        }
    }
    return NINETAP_OK;
}

void nt_set_channels(const nt_types *t, const int32_t *bias, int64_t first, int64_t count,
                     int32_t *biases, float *multipliers) {
    for (int64_t i = 0; i < count; i++) {
        biases[i] = bias == NULL ? 0 : bias[first + i];
        multipliers[i] = multiplier_of(t, first + i);
    }
}

ninetap_status nt_quantized_of(const nt_types *t, ninetap_act act, const nt_epilogue *e,
                               nt_quantized *to) {
    const ninetap_quantization *q = t->quantization;
    *to = (nt_quantized){.type = t->dst, .lo = e->lo, .hi = e->hi};
    if (e->kind != NT_CLAMP || (t->dst == NINETAP_S32 && act != NINETAP_LINEAR)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    if (is_byte(t->dst)) {
        to->zero = q->dst_zero;
        to->lo = (float)(nt_quantize(e->lo, q->dst_scale, q->dst_zero, t->dst) - q->dst_zero);
        to->hi = (float)(nt_quantize(e->hi, q->dst_scale, q->dst_zero, t->dst) - q->dst_zero);
    }
    return NINETAP_OK;
}

/* Inputs are at most `above` above their zero, and `below` below it. */
bool nt_sum_fits(const nt_types *t, int64_t bias, const nt_weight_sums *w) {
    const int64_t above = nt_greatest_of(t->src) - t->quantization->src_zero;
    const int64_t below = t->quantization->src_zero - nt_least_of(t->src);
    return bias + w->positive * above + w->negative * below <= INT32_MAX &&
           bias - w->positive * below - w->negative * above >= INT32_MIN;
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
