#include "core/build.h"
#include "conv3x3/integers.h"

#include <math.h>

static bool is_byte(ninetap_dtype type) {
    return type == NINETAP_U8 || type == NINETAP_S8;
}

static bool is_value_of(ninetap_dtype type, int32_t value) {
    return value >= nt_least_of(type) && value <= nt_greatest_of(type);
}

bool nt_conv_is_of_integers(const ninetap_conv3x3_desc *d) {
    return is_byte(d->src_type) && d->weights_type == NINETAP_S8 && d->dst_type != NINETAP_S16;
}

float nt_conv_multiplier(const ninetap_conv3x3_desc *d, int64_t o) {
    const ninetap_quantization *q = d->quantization;
    return nt_multiplier(q->src_scale, q->weights_scale[q->weights_scales == 1 ? 0 : o],
                         is_byte(d->dst_type) ? q->dst_scale : 1.0F);
}

ninetap_status nt_check_quantization(const ninetap_conv3x3_desc *d) {
    const ninetap_quantization *q = d->quantization;
    if (q == NULL || !nt_is_scale(q->src_scale) || !is_value_of(d->src_type, q->src_zero) ||
        q->weights_scale == NULL || (q->weights_scales != 1 && q->weights_scales != d->oc)) {
        return NINETAP_ERR_ARG;
    }
    if (is_byte(d->dst_type) &&
        (!nt_is_scale(q->dst_scale) || !is_value_of(d->dst_type, q->dst_zero))) {
        return NINETAP_ERR_ARG;
    }
    if (d->border == NINETAP_BORDER_CONSTANT && isnan(d->border_value)) {
        return NINETAP_ERR_ARG;
    }
    for (int64_t o = 0; o < q->weights_scales; o++) {
        if (!nt_is_scale(q->weights_scale[o]) || nt_conv_multiplier(d, o) > FLT_MAX) {
            return NINETAP_ERR_ARG;
        }
    }
    return NINETAP_OK;
}

ninetap_status nt_integers_of(nt_conv *c) {
    const ninetap_conv3x3_desc *d = &c->desc;
    const ninetap_quantization *q = d->quantization;
    const nt_epilogue *e = &c->epilogue;
    c->src_zero = q->src_zero;
    c->to = (nt_quantized){.type = d->dst_type, .lo = e->lo, .hi = e->hi};
    if (e->kind != NT_CLAMP || (d->dst_type == NINETAP_S32 && d->act != NINETAP_LINEAR)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    if (is_byte(d->dst_type)) {
        c->to.zero = q->dst_zero;
        c->to.lo =
            (float)(nt_quantize(e->lo, q->dst_scale, q->dst_zero, d->dst_type) - q->dst_zero);
        c->to.hi =
            (float)(nt_quantize(e->hi, q->dst_scale, q->dst_zero, d->dst_type) - q->dst_zero);
    }
    return NINETAP_OK;
}

/* Inputs are at most `above` above their zero, and `below` below it; what is outside the image lies
 * between. */
ninetap_status nt_check_sums(const nt_conv *c, const int8_t *weights, const int32_t *bias) {
    const nt_conv_shape *s = &c->shape;
    const ninetap_dtype type = c->desc.src_type;
    const int32_t zero = c->desc.quantization->src_zero;
    const int64_t above = nt_greatest_of(type) - zero;
    const int64_t below = zero - nt_least_of(type);
    for (int64_t o = 0; o < s->oc; o++) {
        int64_t positive = 0;
        int64_t negative = 0;
        for (int64_t i = 0; i < s->group_ic; i++) {
            for (int tap = 0; tap < 9; tap++) {
                const int8_t w = weights[nt_conv_weight_index(c, o, i, tap)];
                positive += w > 0 ? w : 0;
                negative -= w < 0 ? w : 0;
            }
        }
        const int64_t b = bias == NULL ? 0 : bias[o];
        if (b + positive * above + negative * below > INT32_MAX ||
            b - positive * below - negative * above < INT32_MIN) {
            return NINETAP_ERR_OVERFLOW;
        }
    }
    return NINETAP_OK;
}

int32_t nt_border_integer(const nt_conv *c) {
    const ninetap_conv3x3_desc *d = &c->desc;
    const ninetap_quantization *q = d->quantization;
    if (d->border != NINETAP_BORDER_CONSTANT) {
        return 0;
    }
    return nt_quantize(d->border_value, q->src_scale, q->src_zero, d->src_type) - q->src_zero;
}
