/* The gradient of a convolution's input: a convolution of the output's gradient whose channels are
 * exchanged and whose taps are turned. Where the forward stride is s, its inputs lie s apart. */
#include "core/build.h"

#include "conv3x3/conv3x3.h"

/* The forward padding p is 2 * dilation - p here, on each side; what a stride of the forward
 * convolution leaves over lies beyond the last input. */
ninetap_status nt_conv_turn(const ninetap_conv3x3_desc *d, nt_conv_shape *s) {
    const nt_types types = nt_conv_types(d);
    if (d->act != NINETAP_LINEAR || d->pool != NINETAP_POOL_NONE ||
        d->border != NINETAP_BORDER_ZERO || !nt_types_are_floats(&types)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    const nt_conv_shape forward = *s;
    const int reach = 2 * (int)s->dilation;
    s->backward = true;
    s->ic = forward.oc;
    s->oc = forward.ic;
    s->group_ic = forward.group_oc;
    s->group_oc = forward.group_ic;
    s->ih = forward.oh;
    s->iw = forward.ow;
    s->oh = s->map_h = forward.ih;
    s->ow = s->map_w = forward.iw;
    s->src = forward.dst;
    s->dst = forward.src;
    s->spread = forward.stride;
    s->stride = 1;
    s->top = reach - forward.top;
    s->left = reach - forward.left;
    s->padded = s->spread > 1;
    for (int i = 0; i < 4; i++) {
        s->padded = s->padded || d->pad[i] != reach;
    }
    return NINETAP_OK;
}

ninetap_status ninetap_conv3x3_create_backward_data(ninetap_conv3x3 **plan,
                                                    const ninetap_conv3x3_desc *forward,
                                                    const float *weights) {
    const nt_conv_order order = {.desc = forward, .backward = true, .weights = weights};
    return nt_conv_create_best(plan, &order);
}
