/* Validation of filter descriptions. */
#include "core/build.h"

#include "filter3x3/filter3x3.h"

#include <math.h>

#include "core/dispatch.h"
#include "core/size.h"

static bool border_is_valid(const ninetap_filter3x3_desc *d) {
    bool ok = d->border == NINETAP_BORDER_ZERO || d->border == NINETAP_BORDER_REPLICATE ||
              d->border == NINETAP_BORDER_REFLECT101 || d->border == NINETAP_BORDER_CONSTANT;
    if (d->border == NINETAP_BORDER_CONSTANT && d->src_type == NINETAP_U8) {
        for (int c = 0; c < d->channels; c++) {
            const float v = d->border_value[c];
            ok = ok && v >= 0.0F && v <= 255.0F && v == (float)(int)v;
        }
    }
    return ok;
}

static ninetap_status check_filter_values(const ninetap_filter3x3_desc *d) {
    bool ok = d->n >= 0 && d->ih >= 0 && d->iw >= 0 && d->channels >= 1 && d->channels <= 4 &&
              (d->keep_alpha == 0 || d->channels % 2 == 0) && d->threads >= 0 &&
              isfinite(d->scale) && isfinite(d->delta) &&
              (d->pool == NINETAP_POOL_NONE || d->pool == NINETAP_POOL_MAX) &&
              nt_reserved_is_zero(d->reserved);
    const size_t src = nt_element_size(d->src_type);
    const size_t dst = nt_element_size(d->dst_type);
    for (int i = 0; i < 4; i++) {
        ok = ok && d->margin[i] >= 0;
    }
    if (!ok || src == 0 || dst == 0 || !border_is_valid(d)) {
        return NINETAP_ERR_ARG;
    }
    for (int i = 0; i < 2; i++) {
        ok = ok && d->src_pitch[i] >= 0 && d->src_pitch[i] % (int64_t)src == 0 &&
             d->dst_pitch[i] >= 0 && d->dst_pitch[i] % (int64_t)dst == 0;
    }
    return ok ? NINETAP_OK : NINETAP_ERR_ARG;
}

static bool types_are_offered(const ninetap_filter3x3_desc *d) {
    return d->src_type == NINETAP_F32 ? d->dst_type == NINETAP_F32
                                      : d->src_type == NINETAP_U8 && (d->dst_type == NINETAP_U8 ||
                                                                      d->dst_type == NINETAP_S16 ||
                                                                      d->dst_type == NINETAP_F32);
}

/* Pitches, resolved, of an image of whole pixels as a tensor with one channel. */
static ninetap_status resolve(const int64_t pitch[2], int64_t n, int64_t rows, int64_t values,
                              size_t element, nt_tensor *t) {
    const int64_t elements[3] = {pitch[0] / (int64_t)element, 0, pitch[1] / (int64_t)element};
    return nt_tensor_resolve(t, NINETAP_NCHW, n, 1, rows, values, elements, element);
}

/* The source with its margins, and where in it lies what is read. */
static ninetap_status resolve_filter_source(const ninetap_filter3x3_desc *d, int64_t n,
                                            nt_filter_shape *s) {
    const size_t element = nt_element_size(d->src_type);
    const nt_size rows =
        nt_size_add(nt_size_of(d->ih), nt_size_of((int64_t)d->margin[0] + (int64_t)d->margin[2]));
    const nt_size width =
        nt_size_add(nt_size_of(d->iw), nt_size_of((int64_t)d->margin[1] + (int64_t)d->margin[3]));
    const nt_size values = nt_size_mul(width, d->channels);
    if (rows.overflow || values.overflow) {
        return NINETAP_ERR_OVERFLOW;
    }
    nt_tensor whole;
    const ninetap_status status =
        resolve(d->src_pitch, n, rows.value, values.value, element, &whole);
    if (status != NINETAP_OK) {
        return status;
    }
    for (int i = 0; i < 4; i++) {
        s->margin[i] = d->margin[i] > 0 ? 1 : 0;
    }
    const int64_t before = s->margin[0] * whole.row + s->margin[1] * d->channels;
    s->src_image = whole.image * (int64_t)element;
    s->src_row = whole.row * (int64_t)element;
    s->first = -before * (int64_t)element;
    s->src_extent = (n - 1) * whole.image + (d->ih - 1 + s->margin[0] + s->margin[2]) * whole.row +
                    (d->iw + s->margin[1] + s->margin[3]) * d->channels;
    return NINETAP_OK;
}

ninetap_status nt_filter_shape_of(const ninetap_filter3x3_desc *d, nt_filter_shape *s) {
    if (d == NULL || check_filter_values(d) != NINETAP_OK) {
        return NINETAP_ERR_ARG;
    }
    const bool pool = d->pool == NINETAP_POOL_MAX;
    const int64_t oh = pool ? d->ih / 2 : d->ih;
    const int64_t ow = pool ? d->iw / 2 : d->iw;
    if (oh == 0 || ow == 0) {
        return NINETAP_ERR_SHAPE;
    }
    if (!types_are_offered(d)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    *s = (nt_filter_shape){.n = d->n,
                           .ih = d->ih,
                           .oh = oh,
                           .channels = d->channels,
                           .alpha = d->keep_alpha != 0,
                           .absolute = d->absolute != 0,
                           .pool = pool,
                           .src_type = d->src_type,
                           .dst_type = d->dst_type,
                           .src_element = (int64_t)nt_element_size(d->src_type),
                           .dst_element = (int64_t)nt_element_size(d->dst_type),
                           .border = d->border,
                           .scale = d->scale == 0.0F ? 1.0F : d->scale,
                           .delta = d->delta + 0.0F};
    for (int c = 0; c < 4 && d->border == NINETAP_BORDER_CONSTANT; c++) {
        s->border_value[c] = d->border_value[c];
    }
    const int64_t n = d->n == 0 ? 1 : d->n;
    const nt_size values = nt_size_mul(nt_size_of(ow), d->channels);
    ninetap_status status = values.overflow ? NINETAP_ERR_OVERFLOW : NINETAP_OK;
    if (status == NINETAP_OK) {
        status = resolve_filter_source(d, n, s);
    }
    nt_tensor dst;
    if (status == NINETAP_OK) {
        status = resolve(d->dst_pitch, n, oh, values.value, (size_t)s->dst_element, &dst);
    }
    if (status != NINETAP_OK) {
        return status;
    }
    s->values = d->iw * d->channels;
    s->out_values = values.value;
    s->dst_image = dst.image * s->dst_element;
    s->dst_row = dst.row * s->dst_element;
    s->dst_extent = dst.extent;
    s->isa = nt_find_isa(d->isa);
    return s->isa == NULL ? NINETAP_ERR_UNSUPPORTED : NINETAP_OK;
}

int64_t nt_filter_place(ninetap_border border, int64_t i, int64_t size, int64_t before,
                        int64_t after) {
    const int64_t last = size - 1 + after;
    if (i >= -before && i <= last) {
        return i;
    }
    switch (border) {
    case NINETAP_BORDER_REPLICATE:
        return i < 0 ? 0 : last;
    case NINETAP_BORDER_REFLECT101:
        return last + before == 0 ? 0 : i < 0 ? 1 : last - 1;
    default:
        return NT_OUTSIDE;
    }
}
