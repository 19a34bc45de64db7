/* What the depthwise methods share. */
#ifndef NINETAP_CONV3X3_DEPTHWISE_H
#define NINETAP_CONV3X3_DEPTHWISE_H

#include "conv3x3/conv3x3.h"

static inline bool nt_is_depthwise(const nt_conv_shape *s) {
    return s->group_ic == 1 && s->group_oc == 1;
}

/* Weights, bias and border of a plan. */
typedef struct nt_depthwise_packed {
    const float *weights; /* [channels / lanes][9][lanes] */
    const float *bias;    /* [channels], filled up */
    const void *border;   /* the constant, as often as was asked for */
    void *more;           /* bytes of the method's own */
} nt_depthwise_packed;

/* lanes: channels that a kernel takes at once. */
ninetap_status nt_depthwise_pack(ninetap_conv3x3 *plan, const float *weights, const float *bias,
                                 int64_t lanes, int64_t border, nt_size more_bytes,
                                 nt_depthwise_packed *packed);

#endif
