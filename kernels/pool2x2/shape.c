/* Validation of pooling descriptions. */
#include "core/build.h"
#include "core/dispatch.h"
#include "core/machine.h"
#include "core/size.h"
#include "pool2x2/pool2x2.h"

static ninetap_status check_pool_values(const ninetap_pool2x2_desc *d) {
    const int dilation = d->dilation == 0 ? 1 : d->dilation;
    bool ok = d->n >= 0 && d->c >= 0 && d->ih >= 0 && d->iw >= 0 && d->stride >= 0 &&
              d->dilation >= 0 && d->threads >= 0;
    for (int i = 0; i < 4; i++) {
        ok = ok && d->pad[i] >= 0 && d->pad[i] <= dilation;
    }
    ok = ok && (d->layout == NINETAP_NCHW || d->layout == NINETAP_NHWC) &&
         (d->nan == NINETAP_NAN_PROPAGATE || d->nan == NINETAP_NAN_IGNORE) &&
         nt_reserved_is_zero(d->reserved);
    return ok ? NINETAP_OK : NINETAP_ERR_ARG;
}

static ninetap_status pool_output_size(const ninetap_pool2x2_desc *d, int axis, int64_t size,
                                       const nt_pool_shape *s, int64_t *out) {
    *out = nt_output_size(size, d->pad[axis], d->pad[axis + 2], 2, s->dilation, s->stride,
                          d->ceil_mode != 0);
    return *out == -2 ? NINETAP_ERR_OVERFLOW : *out == -1 ? NINETAP_ERR_SHAPE : NINETAP_OK;
}

/* Streaming stores pay where the output would not stay in the caches anyway. They also need lines
 * (of what is contiguous) long enough that few are cut in two. */
static nt_distance distance_of(const nt_pool_shape *s, size_t element) {
    const size_t bytes = (size_t)s->src.extent * element + (size_t)s->dst.extent * element;
    const int64_t line = s->layout == NINETAP_NCHW ? s->ow : s->c;
    if (bytes <= NT_LEAST_NEAR_BYTES) {
        return NT_NEAR;
    }
    const nt_machine machine = nt_machine_of(s->isa->name);
    if (bytes > (size_t)nt_last_cache(&machine) && (size_t)line * element >= 256) {
        return NT_MEMORY;
    }
    return bytes > (size_t)nt_near_bytes(&machine) ? NT_OUTER_CACHE : NT_NEAR;
}

ninetap_status nt_pool_shape_of(const ninetap_pool2x2_desc *d, size_t element, nt_pool_shape *s) {
    if (d == NULL || check_pool_values(d) != NINETAP_OK) {
        return NINETAP_ERR_ARG;
    }
    *s = (nt_pool_shape){
        .n = d->n,
        .c = d->c,
        .ih = d->ih,
        .iw = d->iw,
        .stride = d->stride == 0 ? 2 : d->stride,
        .dilation = d->dilation == 0 ? 1 : d->dilation,
        .top = d->pad[0],
        .left = d->pad[1],
        .layout = d->layout,
        .ignore_nan = d->nan == NINETAP_NAN_IGNORE,
    };
    if (s->c == 0 || s->ih == 0 || s->iw == 0) {
        return NINETAP_ERR_SHAPE;
    }
    ninetap_status status = pool_output_size(d, 0, s->ih, s, &s->oh);
    if (status == NINETAP_OK) {
        status = pool_output_size(d, 1, s->iw, s, &s->ow);
    }
    const int64_t n = s->n == 0 ? 1 : s->n;
    const int64_t dense[3] = {0, 0, 0};
    if (status == NINETAP_OK) {
        status =
            nt_tensor_resolve(&s->src, d->layout, n, s->c, s->ih, s->iw, d->src_pitch, element);
    }
    if (status == NINETAP_OK) {
        status =
            nt_tensor_resolve(&s->dst, d->layout, n, s->c, s->oh, s->ow, d->dst_pitch, element);
    }
    if (status == NINETAP_OK) {
        status = nt_tensor_resolve(&s->indices, d->layout, n, s->c, s->oh, s->ow, dense,
                                   sizeof(int64_t));
    }
    if (status != NINETAP_OK) {
        return status;
    }
    s->columns = nt_inner_outputs(s->iw, s->left, 2, s->dilation, s->stride, s->ow);
    s->rows = nt_inner_outputs(s->ih, s->top, 2, s->dilation, s->stride, s->oh);
    /* one channel: pixels of NHWC are columns of NCHW */
    if (s->c == 1 && s->src.column == 1 && s->dst.column == 1) {
        s->layout = NINETAP_NCHW;
    }
    s->isa = nt_find_isa(d->isa);
    if (s->isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    s->distance = distance_of(s, element);
    return NINETAP_OK;
}

ninetap_status ninetap_pool2x2_output(const ninetap_pool2x2_desc *desc, int64_t *oh, int64_t *ow) {
    nt_pool_shape shape;
    if (oh == NULL || ow == NULL) {
        return NINETAP_ERR_ARG;
    }
    const ninetap_status status = nt_pool_shape_of(desc, 1, &shape);
    if (status == NINETAP_OK) {
        *oh = shape.oh;
        *ow = shape.ow;
    }
    return status;
}
