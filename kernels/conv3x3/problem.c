/* The problem of a plan: the description, validated and made explicit; the kernels that its ISA and
 * precision mean. Every fault of a description is found here, before anything is touched. */
#include "core/build.h"

#include <math.h>

#include "conv3x3/conv3x3.h"
#include "core/epilogue.h"
#include "core/size.h"
#include "targets/choice.h"

static bool in_range(int value, int last) {
    return value >= 0 && value <= last;
}

static ninetap_status check_values(const ninetap_conv3x3_desc *d) {
    const int64_t dilation = d->dilation == 0 ? 1 : d->dilation;
    bool ok = d->n >= 0 && d->ic >= 0 && d->ih >= 0 && d->iw >= 0 && d->oc >= 0 && d->groups >= 0 &&
              d->stride >= 0 && d->dilation >= 0 && d->threads >= 0;
    for (int i = 0; i < 4; i++) {
        ok = ok && d->pad[i] >= 0 && d->pad[i] <= 2 * dilation;
    }
    ok = ok && in_range((int)d->layout, NINETAP_NHWC) &&
         in_range((int)d->weights_layout, NINETAP_HWIO) &&
         in_range((int)d->border, NINETAP_BORDER_CONSTANT) &&
         in_range((int)d->act, NINETAP_HARD_SWISH) && in_range((int)d->pool, NINETAP_POOL_MAX) &&
         in_range((int)d->algo, NINETAP_ALGO_WINOGRAD6) &&
         in_range((int)d->precision, NINETAP_PRECISION_FAST);
    const nt_types types = nt_conv_types(d);
    ok = ok && (d->act != NINETAP_CLAMP || d->act_lo <= d->act_hi) && nt_types_exist(&types) &&
         nt_reserved_is_zero(d->reserved);
    return ok ? NINETAP_OK : NINETAP_ERR_ARG;
}

static ninetap_status output_size(int64_t size, int before, int after, const nt_conv_shape *s,
                                  int64_t *out) {
    *out = nt_output_size(size, before, after, 3, s->dilation, s->stride, false);
    return *out == -2 ? NINETAP_ERR_OVERFLOW : *out == -1 ? NINETAP_ERR_SHAPE : NINETAP_OK;
}

static ninetap_status count_work(nt_conv_shape *s) {
    const nt_size weights = nt_size_mul(nt_size_mul(nt_size_of(s->oc), s->group_ic), 9);
    nt_size macs = nt_size_mul(nt_size_mul(weights, s->oh), s->ow);
    macs = nt_size_mul(macs, s->n == 0 ? 1 : s->n);
    s->macs = s->n == 0 ? 0 : macs.value;
    return nt_size_fits(weights, s->weights_element) && !macs.overflow ? NINETAP_OK
                                                                       : NINETAP_ERR_OVERFLOW;
}

ninetap_status nt_conv_shape_of(const ninetap_conv3x3_desc *d, nt_conv_shape *s) {
    if (d == NULL || check_values(d) != NINETAP_OK) {
        return NINETAP_ERR_ARG;
    }
    *s = (nt_conv_shape){
        .n = d->n,
        .ic = d->ic,
        .ih = d->ih,
        .iw = d->iw,
        .oc = d->oc,
        .groups = d->groups == 0 ? 1 : d->groups,
        .stride = d->stride == 0 ? 1 : d->stride,
        .dilation = d->dilation == 0 ? 1 : d->dilation,
        .spread = 1,
        .top = d->pad[0],
        .left = d->pad[1],
        .src_element = nt_element_size(d->src_type),
        .weights_element = nt_element_size(d->weights_type),
        .dst_element = nt_element_size(d->dst_type),
        .padded = (d->pad[0] | d->pad[1] | d->pad[2] | d->pad[3]) != 0,
    };
    if (s->ic == 0 || s->ih == 0 || s->iw == 0 || s->oc == 0 || s->ic % s->groups != 0 ||
        s->oc % s->groups != 0) {
        return NINETAP_ERR_SHAPE;
    }
    s->group_ic = s->ic / s->groups;
    s->group_oc = s->oc / s->groups;
    ninetap_status status = output_size(s->ih, d->pad[0], d->pad[2], s, &s->oh);
    if (status == NINETAP_OK) {
        status = output_size(s->iw, d->pad[1], d->pad[3], s, &s->ow);
    }
    if (status != NINETAP_OK) {
        return status;
    }
    const int64_t n = s->n == 0 ? 1 : s->n;
    const bool pool = d->pool == NINETAP_POOL_MAX;
    const int64_t dst_h = pool ? s->oh / 2 : s->oh;
    const int64_t dst_w = pool ? s->ow / 2 : s->ow;
    if (dst_h == 0 || dst_w == 0) {
        return NINETAP_ERR_SHAPE;
    }
    status =
        nt_tensor_resolve(&s->src, d->layout, n, s->ic, s->ih, s->iw, d->src_pitch, s->src_element);
    if (status == NINETAP_OK) {
        status = nt_tensor_resolve(&s->dst, d->layout, n, s->oc, dst_h, dst_w, d->dst_pitch,
                                   s->dst_element);
    }
    status = status == NINETAP_OK ? count_work(s) : status;
    const nt_types types = nt_conv_types(d);
    if (status == NINETAP_OK && nt_types_are_integers(&types)) {
        status = d->border == NINETAP_BORDER_CONSTANT && isnan(d->border_value)
                     ? NINETAP_ERR_ARG
                     : nt_check_quantization(&types, d->oc);
    }
    s->map_h = s->oh;
    s->map_w = s->ow;
    if (pool) { /* the last row and column of an odd number have no window */
        s->oh = 2 * dst_h;
        s->ow = 2 * dst_w;
    }
    return status;
}

ninetap_status ninetap_conv3x3_output(const ninetap_conv3x3_desc *desc, int64_t *oh, int64_t *ow) {
    nt_conv_shape shape;
    if (oh == NULL || ow == NULL) {
        return NINETAP_ERR_ARG;
    }
    const ninetap_status status = nt_conv_shape_of(desc, &shape);
    if (status == NINETAP_OK) {
        const int64_t step = desc->pool == NINETAP_POOL_MAX ? 2 : 1;
        *oh = shape.oh / step;
        *ow = shape.ow / step;
    }
    return status;
}

ninetap_status nt_conv_of(const ninetap_conv3x3_desc *desc, const nt_conv_shape *shape,
                          nt_conv *c) {
    const nt_types types = nt_conv_types(desc);
    const bool integers = nt_types_are_integers(&types);
    const nt_choice choice =
        integers ? nt_choose_integers(desc->isa) : nt_choose_kernels(desc->isa, desc->precision);
    if ((!integers && !nt_types_are_floats(&types)) || choice.isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    *c = (nt_conv){
        .desc = *desc,
        .shape = *shape,
        .weights = nt_conv_weights_of(desc->weights_layout, shape),
        .isa = choice.isa,
        .kernels = choice.kernels,
        .machine = nt_machine_of(choice.isa->name),
        .fused = choice.fused,
        .epilogue = nt_epilogue_of(desc->act, desc->act_lo, desc->act_hi, desc->act_slope),
        .pooled = desc->pool == NINETAP_POOL_MAX,
        .integers = integers,
        .depth = integers ? nt_div_up(shape->group_ic, choice.kernels->bytes) : shape->group_ic,
        .finite_bias = true,
        .finite_weights = true,
        .winograd_weights = true,
    };
    c->desc.isa = NULL;
    if (integers) {
        c->entry = nt_entry_of(c->kernels, desc->src_type, desc->quantization->src_zero);
        return nt_quantized_of(&types, desc->act, &c->epilogue, &c->to);
    }
    return NINETAP_OK;
}
