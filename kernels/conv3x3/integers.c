#include "core/build.h"
#include "conv3x3/integers.h"

#include <string.h>

ninetap_status nt_check_sums(const nt_conv *c, const int8_t *weights, const int32_t *bias) {
    const nt_conv_shape *s = &c->shape;
    const nt_types types = nt_conv_types(&c->desc);
    for (int64_t o = 0; o < s->oc; o++) {
        nt_weight_sums sums = {0, 0};
        for (int64_t i = 0; i < s->group_ic; i++) {
            for (int tap = 0; tap < 9; tap++) {
                nt_count_weight(&sums, nt_number_of(weights[nt_conv_weight_index(c, o, i, tap)]));
            }
        }
        if (!nt_sum_fits(&types, bias == NULL ? 0 : bias[o], &sums)) {
            return NINETAP_ERR_OVERFLOW;
        }
    }
    return NINETAP_OK;
}

/* Above the zero of src. */
static int32_t border_integer(const nt_conv *c) {
    const ninetap_conv3x3_desc *d = &c->desc;
    const ninetap_quantization *q = d->quantization;
    if (d->border != NINETAP_BORDER_CONSTANT) {
        return 0;
    }
    return nt_quantize(d->border_value, q->src_scale, q->src_zero, d->src_type) - q->src_zero;
}

void nt_border_element(const nt_conv *c, void *element) {
    const int32_t value = border_integer(c) + c->entry.nothing;
    if (c->kernels->bytes == 4) {
        memset(element, value & 0xFF, NT_PACKED_BYTES);
    } else {
        const int16_t pair[] = {(int16_t)value, (int16_t)value};
        memcpy(element, pair, sizeof pair);
    }
}
