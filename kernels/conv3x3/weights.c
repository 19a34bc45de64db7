/* The caller's weights: where they lie, what they tell, and new ones in a plan. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/integers.h"
#include "conv3x3/method.h"

static nt_conv_weights forward_weights(ninetap_weights_layout layout, int64_t oc, int64_t ic) {
    switch (layout) {
    case NINETAP_OHWI:
        return (nt_conv_weights){.o = 9 * ic, .i = 1, .tap = ic};
    case NINETAP_HWIO:
        return (nt_conv_weights){.o = 1, .i = oc, .tap = ic * oc};
    case NINETAP_OIHW:
    default:
        return (nt_conv_weights){.o = 9 * ic, .i = 9, .tap = 1};
    }
}

/* A gradient has its channels exchanged, within each group, and its taps turned. */
nt_conv_weights nt_conv_weights_of(ninetap_weights_layout layout, const nt_conv_shape *s) {
    if (!s->backward) {
        return forward_weights(layout, s->oc, s->group_ic);
    }
    const nt_conv_weights w = forward_weights(layout, s->ic, s->group_oc);
    return (nt_conv_weights){.first = 8 * w.tap,
                             .group = s->group_ic * w.o - s->group_oc * w.i,
                             .o = w.i,
                             .i = w.o,
                             .tap = -w.tap};
}

/* The bits of the largest magnitude: they are ordered as magnitudes are. Floats are not compared,
 * as a caller may have set that subnormal ones are zeros. */
static int32_t largest_magnitude(const float *values, int64_t count) {
    int32_t largest = 0;
    for (int64_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        bits &= INT32_MAX;
        largest = bits > largest ? bits : largest;
    }
    return largest;
}

/* Winograd's filters are sums of weights times up to 2.25, rounded to float. Large weights overflow
 * there, or in the products: up to 2^96 they leave a factor of 2^32 to inputs and sums. Where no
 * weight reaches 2^-120, filters underflow and lose bits that direct convolution keeps. Small
 * weights among others are common and harmless: the error bound counts them as 2^-120. Bits are
 * compared, since the caller may have set that subnormal floats count as zero. */
ninetap_status nt_conv_look_at(nt_conv *c, const void *weights, const void *bias) {
    enum { LEAST = 0x03800000, GREATEST = 0x6F800000, INFINITY_BITS = 0x7F800000 };
    const nt_conv_shape *s = &c->shape;
    if (c->integers) {
        return nt_check_sums(c, weights, bias);
    }
    const int32_t largest = largest_magnitude(weights, s->oc * s->group_ic * 9);
    float value;
    memcpy(&value, &largest, sizeof value);
    c->finite_weights = largest < INFINITY_BITS;
    c->winograd_weights = largest == 0 || (largest >= LEAST && largest <= GREATEST);
    c->largest_weight = (double)value;
    c->finite_bias = bias == NULL || largest_magnitude(bias, s->oc) < INFINITY_BITS;
    return NINETAP_OK;
}

/* Whether a plan made of these weights and this bias would have the same algorithm, and kernels
 * that may do the same. A bias that is not finite keeps direct kernels from pooling. */
static bool still_fits(const ninetap_conv3x3 *p, const nt_conv *now) {
    const nt_conv *then = &p->conv;
    if (then->pooled && then->finite_bias && !now->finite_bias) {
        return false;
    }
    if (now->finite_weights == then->finite_weights &&
        now->winograd_weights == then->winograd_weights) {
        return true;
    }
    nt_candidate list[NT_CANDIDATES];
    const int count = nt_conv_candidates(now, list);
    return count > 0 && list[0].method->algo == p->method->algo &&
           (list[0].method != &nt_naive || p->method == &nt_naive);
}

ninetap_status ninetap_conv3x3_set_weights(ninetap_conv3x3 *plan, const float *weights,
                                           const float *bias) {
    if (plan == NULL || weights == NULL || (uintptr_t)weights % sizeof *weights != 0 ||
        (uintptr_t)bias % sizeof *bias != 0 || (plan->conv.shape.backward && bias != NULL)) {
        return NINETAP_ERR_ARG;
    }
    if (plan->conv.integers) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    nt_conv now = plan->conv;
    ninetap_status status = nt_conv_look_at(&now, weights, bias);
    if (status == NINETAP_OK) {
        status = still_fits(plan, &now) ? NINETAP_OK : NINETAP_ERR_UNSUPPORTED;
    }
    if (status != NINETAP_OK) {
        return status;
    }
    plan->conv.largest_weight = now.largest_weight;
    return plan->method->pack(plan, weights, bias);
}
