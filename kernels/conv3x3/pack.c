/* Weights and bias in the order the kernels read them: [group][panel][channel][9][lane]. */
#include "core/build.h"

#include <stdlib.h>
#include <string.h>

#include "conv3x3/conv3x3.h"
#include "core/size.h"
#include "core/workspace.h"

int64_t nt_conv_weight_index(const ninetap_conv3x3 *p, int64_t o, int64_t i, int tap) {
    const nt_conv_shape *s = &p->shape;
    switch (p->desc.weights_layout) {
    case NINETAP_OHWI:
        return (o * 9 + tap) * s->group_ic + i;
    case NINETAP_HWIO:
        return (tap * s->group_ic + i) * s->oc + o;
    case NINETAP_OIHW:
    default:
        return (o * s->group_ic + i) * 9 + tap;
    }
}

/* Winograd's filters are sums of weights times up to 2.25, rounded to float. Large weights overflow
 * there, or in the products: 2^96 leaves inputs and sums 2^32. Where none reaches 2^-120, filters
 * underflow and lose bits that direct convolution keeps. Small weights among others are common and
 * harmless: the error bound counts them as 2^-120. Bits are compared, as a caller may have set that
 * subnormal floats are zeros. */
void nt_conv_look_at_weights(ninetap_conv3x3 *p, const float *weights) {
    enum { LEAST = 0x03800000, GREATEST = 0x6F800000, INFINITY_BITS = 0x7F800000 };
    const int64_t count = p->shape.oc * p->shape.group_ic * 9;
    int32_t largest = 0; /* the magnitudes' bits are ordered as they are */
    for (int64_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, &weights[i], sizeof bits);
        bits &= INT32_MAX;
        largest = bits > largest ? bits : largest;
    }
    float value;
    memcpy(&value, &largest, sizeof value);
    p->finite_weights = largest < INFINITY_BITS;
    p->winograd_weights = largest == 0 || (largest >= LEAST && largest <= GREATEST);
    p->largest_weight = (double)value;
}

/* Lanes past the last channel repeat it: they compute what a real lane computes, and so can raise
 * no floating-point exception of their own. */
static void pack_panel(const ninetap_conv3x3 *p, const float *weights, int64_t first, int64_t last,
                       int64_t width, float *out) {
    for (int64_t i = 0; i < p->shape.group_ic; i++) {
        for (int tap = 0; tap < 9; tap++) {
            for (int64_t lane = 0; lane < width; lane++) {
                const int64_t o = first + lane < last ? first + lane : last;
                *out++ = weights[nt_conv_weight_index(p, o, i, tap)];
            }
        }
    }
}

/* Lanes a panel is padded to: whole vectors where lanes are channels. */
static int64_t panel_width(const ninetap_conv3x3 *p, int64_t channels) {
    if (p->family == NT_DIRECT_X) {
        return channels;
    }
    const int64_t lanes = p->isa->lanes;
    return nt_div_up(channels, lanes) * lanes;
}

static void pack_group(ninetap_conv3x3 *p, int64_t g, const float *weights, const float *bias) {
    const int64_t end = p->shape.group_oc;
    float *out_bias = p->bias + g * p->group_bias;
    for (int64_t panel = 0; panel < p->panels; panel++) {
        const int64_t first = panel * p->panel_oc;
        const int64_t count = end - first < p->panel_oc ? end - first : p->panel_oc;
        const int64_t base = g * end;
        if (nt_winograd_size(p->family) == 0) {
            pack_panel(p, weights, base + first, base + first + count - 1, panel_width(p, count),
                       p->weights + g * p->group_weights + panel * p->panel_weights);
        }
        for (int64_t o = first; o < first + count; o++) {
            out_bias[o] = bias == NULL ? 0.0F : bias[base + o] + 0.0F; /* -0 becomes +0 */
        }
    }
}

/* Depthwise: [vector of channels][9][lane], or for planes [channel][9]. */
static void pack_depthwise(ninetap_conv3x3 *p, const float *weights, const float *bias) {
    const int64_t lanes = p->family == NT_DEPTHWISE ? p->isa->lanes : 1;
    for (int64_t o = 0; o < p->shape.oc; o++) {
        for (int tap = 0; tap < 9; tap++) {
            p->weights[(o / lanes * 9 + tap) * lanes + o % lanes] =
                weights[nt_conv_weight_index(p, o, 0, tap)];
        }
        p->bias[o] = bias == NULL ? 0.0F : bias[o] + 0.0F;
    }
}

static void pack_verbatim(ninetap_conv3x3 *p, const float *weights, const float *bias) {
    const nt_conv_shape *s = &p->shape;
    memcpy(p->weights, weights, (size_t)(s->oc * s->group_ic * 9) * sizeof(float));
    for (int64_t o = 0; o < s->oc; o++) {
        p->bias[o] = bias == NULL ? 0.0F : bias[o];
    }
}

/* How many floats the weights and the bias take, packed. */
static void count_packed(ninetap_conv3x3 *p, nt_size *weights, nt_size *bias) {
    const nt_conv_shape *s = &p->shape;
    if (p->family == NT_NAIVE) {
        *weights = nt_size_of(s->oc * s->group_ic * 9);
        *bias = nt_size_of(s->oc);
        return;
    }
    if (p->family == NT_DEPTHWISE || p->family == NT_DEPTHWISE_X) {
        const int64_t width = panel_width(p, s->oc);
        *weights = nt_size_mul(nt_size_of(width), 9);
        *bias = nt_size_of(width);
        return;
    }
    const int64_t last = s->group_oc - (p->panels - 1) * p->panel_oc;
    const int m = nt_winograd_size(p->family);
    const nt_size taps = nt_size_mul(nt_size_of(s->group_ic), m == 0 ? 9 : (m + 2) * (m + 2));
    const nt_size panel = nt_size_mul(taps, p->panel_oc);
    const nt_size group =
        nt_size_add(nt_size_mul(panel, p->panels - 1), nt_size_mul(taps, panel_width(p, last)));
    p->panel_weights = panel.value;
    p->group_weights = group.value;
    p->group_bias = (p->panels - 1) * p->panel_oc + panel_width(p, last);
    *weights = nt_size_mul(group, s->groups);
    *bias = nt_size_mul(nt_size_of(p->group_bias), s->groups);
}

static ninetap_status make_offsets(ninetap_conv3x3 *p) {
    if (p->dw.columns == 0) {
        return NINETAP_OK;
    }
    const nt_size bytes = nt_size_mul(nt_size_of(p->dw.columns), sizeof(int64_t));
    if (!nt_size_fits(bytes, 1)) {
        return NINETAP_ERR_OVERFLOW;
    }
    p->dw.offset = nt_aligned_alloc((size_t)bytes.value);
    if (p->dw.offset == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    nt_conv_depthwise_columns(p, p->dw.offset);
    return NINETAP_OK;
}

static nt_size whole_vectors(nt_size count) {
    const int64_t unit = NT_ALIGNMENT / (int64_t)sizeof(float);
    count = nt_size_add(count, nt_size_of(unit - 1));
    count.value = count.value / unit * unit;
    return count;
}

/* Weights, bias and border in one block, each at a vector boundary. */
ninetap_status nt_conv_pack_weights(ninetap_conv3x3 *p, const float *weights, const float *bias) {
    nt_size count;
    nt_size bias_count;
    count_packed(p, &count, &bias_count);
    count = whole_vectors(count);
    bias_count = whole_vectors(bias_count);
    const nt_size whole =
        nt_size_add(nt_size_add(count, bias_count), nt_size_of(p->border_count + 1));
    if (!nt_size_fits(whole, sizeof(float))) {
        return NINETAP_ERR_OVERFLOW;
    }
    p->packed_bytes = (size_t)whole.value * sizeof(float);
    p->weights = nt_aligned_alloc(p->packed_bytes);
    if (p->weights == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    memset(p->weights, 0, p->packed_bytes);
    p->bias = p->weights + count.value;
    p->border = p->bias + bias_count.value;
    /* Winograd's second half stays 0 */
    const int64_t constants = p->border_count / (nt_winograd_size(p->family) != 0 ? 2 : 1);
    for (int64_t i = 0; i < constants; i++) {
        p->border[i] = nt_conv_border_constant(p);
    }
    if (p->family == NT_NAIVE) {
        pack_verbatim(p, weights, bias);
    } else if (p->family == NT_DEPTHWISE || p->family == NT_DEPTHWISE_X) {
        pack_depthwise(p, weights, bias);
    } else {
        for (int64_t g = 0; g < p->shape.groups; g++) {
            pack_group(p, g, weights, bias);
        }
    }
    if (nt_winograd_size(p->family) != 0) {
        nt_conv_pack_winograd(p, weights);
    }
    return make_offsets(p);
}
