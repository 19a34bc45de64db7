/* Validation: every fault of a description is found here, before anything is touched. */
#include "core/build.h"
#include "dense/dense.h"

#include "core/size.h"
#include "core/tensor.h"

static ninetap_status check_dense_values(const ninetap_dense_desc *d) {
    const nt_types types = nt_dense_types(d);
    const bool ok = d->n >= 0 && d->in >= 0 && d->out >= 0 && d->threads >= 0 && (int)d->act >= 0 &&
                    d->act <= NINETAP_HARD_SWISH && (int)d->precision >= 0 &&
                    d->precision <= NINETAP_PRECISION_FAST &&
                    (d->act != NINETAP_CLAMP || d->act_lo <= d->act_hi) && nt_types_exist(&types) &&
                    nt_reserved_is_zero(d->reserved);
    return ok ? NINETAP_OK : NINETAP_ERR_ARG;
}

ninetap_status nt_rows_resolve(int64_t rows, int64_t columns, int64_t given, size_t element,
                               int64_t *pitch, int64_t *extent) {
    const int64_t pitches[3] = {0, 0, given};
    nt_tensor t;
    const ninetap_status status =
        nt_tensor_resolve(&t, NINETAP_NCHW, 1, 1, rows == 0 ? 1 : rows, columns, pitches, element);
    if (status == NINETAP_OK) {
        *pitch = t.row;
        *extent = t.extent;
    }
    return status;
}

/* The packed weights, their lanes filled up, and the work. */
static ninetap_status count_dense_work(const nt_dense_shape *s) {
    const nt_size lanes = nt_size_add(nt_size_of(s->out), nt_size_of(15));
    const nt_size weights = nt_size_mul(lanes, s->in);
    const nt_size macs = nt_size_mul(weights, s->n);
    return nt_size_fits(weights, 2 * sizeof(float)) && !macs.overflow ? NINETAP_OK
                                                                      : NINETAP_ERR_OVERFLOW;
}

ninetap_status nt_dense_shape_of(const ninetap_dense_desc *d, nt_dense_shape *s) {
    if (d == NULL || check_dense_values(d) != NINETAP_OK) {
        return NINETAP_ERR_ARG;
    }
    *s = (nt_dense_shape){.n = d->n,
                          .in = d->in,
                          .out = d->out,
                          .src_element = nt_element_size(d->src_type),
                          .weights_element = nt_element_size(d->weights_type),
                          .dst_element = nt_element_size(d->dst_type)};
    if (s->in == 0 || s->out == 0) {
        return NINETAP_ERR_SHAPE;
    }
    ninetap_status status =
        nt_rows_resolve(s->n, s->in, d->src_pitch, s->src_element, &s->src_row, &s->src_extent);
    if (status == NINETAP_OK) {
        status = nt_rows_resolve(s->n, s->out, d->dst_pitch, s->dst_element, &s->dst_row,
                                 &s->dst_extent);
    }
    status = status == NINETAP_OK ? count_dense_work(s) : status;
    const nt_types types = nt_dense_types(d);
    return status == NINETAP_OK && nt_types_are_integers(&types)
               ? nt_check_quantization(&types, s->out)
               : status;
}
