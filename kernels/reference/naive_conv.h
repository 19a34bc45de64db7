/* Where a 3x3 convolution's inputs, weights and outputs lie, as naive loops see them. */
#ifndef NINETAP_NAIVE_CONV_H
#define NINETAP_NAIVE_CONV_H

#include "core/tensor.h"
#include "ninetap.h"

typedef struct naive_conv {
    const ninetap_conv3x3_desc *d;
    int64_t stride, dilation, groups, group_ic, group_oc, oh, ow;
    nt_tensor src, dst;
    const void *in, *weights, *bias;
} naive_conv;

static inline int64_t or_one(int64_t value) {
    return value == 0 ? 1 : value;
}

static inline naive_conv naive_conv_of(const ninetap_conv3x3_desc *d, const int64_t dst_pitch[3],
                                       const void *in, const void *weights, const void *bias) {
    naive_conv q = {.d = d, .in = in, .weights = weights, .bias = bias};
    q.stride = or_one(d->stride);
    q.dilation = or_one(d->dilation);
    q.groups = or_one(d->groups);
    q.group_ic = d->ic / q.groups;
    q.group_oc = d->oc / q.groups;
    q.oh = (d->ih + d->pad[0] + d->pad[2] - 2 * q.dilation - 1) / q.stride + 1;
    q.ow = (d->iw + d->pad[1] + d->pad[3] - 2 * q.dilation - 1) / q.stride + 1;
    const int64_t n = or_one(d->n);
    (void)nt_tensor_resolve(&q.src, d->layout, n, d->ic, d->ih, d->iw, d->src_pitch, 1);
    (void)nt_tensor_resolve(&q.dst, d->layout, n, d->oc, q.oh, q.ow, dst_pitch, 1);
    return q;
}

static inline int64_t weight_at(const naive_conv *q, int64_t o, int64_t i, int64_t ky, int64_t kx) {
    switch (q->d->weights_layout) {
    case NINETAP_OHWI:
        return ((o * 3 + ky) * 3 + kx) * q->group_ic + i;
    case NINETAP_HWIO:
        return ((ky * 3 + kx) * q->group_ic + i) * q->d->oc + o;
    case NINETAP_OIHW:
    default:
        return ((o * q->group_ic + i) * 3 + ky) * 3 + kx;
    }
}

/* dcb|abcd|cba, walked one reflection at a time. */
static inline int64_t reflect(int64_t i, int64_t size) {
    if (size == 1) {
        return 0;
    }
    while (i < 0 || i >= size) {
        i = i < 0 ? -i : 2 * (size - 1) - i;
    }
    return i;
}

static inline int64_t clamp(int64_t i, int64_t size) {
    return i < 0 ? 0 : i >= size ? size - 1 : i;
}

/* Which input a tap at (y, x) takes, perhaps outside the image: INPUT_NOTHING adds
 * nothing, INPUT_CONSTANT is border_value. */
enum { INPUT_NOTHING = -1, INPUT_CONSTANT = -2 };
static inline int64_t input_at(const naive_conv *q, int64_t n, int64_t c, int64_t y, int64_t x) {
    const ninetap_conv3x3_desc *d = q->d;
    if (y < 0 || y >= d->ih || x < 0 || x >= d->iw) {
        switch (d->border) {
        case NINETAP_BORDER_REPLICATE:
            y = clamp(y, d->ih);
            x = clamp(x, d->iw);
            break;
        case NINETAP_BORDER_REFLECT101:
            y = reflect(y, d->ih);
            x = reflect(x, d->iw);
            break;
        case NINETAP_BORDER_CONSTANT:
            return INPUT_CONSTANT;
        case NINETAP_BORDER_ZERO:
        default:
            return INPUT_NOTHING;
        }
    }
    return n * q->src.image + c * q->src.channel + y * q->src.row + x * q->src.column;
}

static inline int64_t element_at(const nt_tensor *t, int64_t n, int64_t o, int64_t y, int64_t x) {
    return n * t->image + o * t->channel + y * t->row + x * t->column;
}

#endif
