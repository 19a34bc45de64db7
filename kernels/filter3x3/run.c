/* The filter calls. */
#include "core/build.h"

#include <math.h>

#include "filter3x3/filter3x3.h"
#include "reference/reference.h"

static bool is_finite_kernel(const float kernel[9]) {
    bool ok = kernel != NULL;
    for (int i = 0; ok && i < 9; i++) {
        ok = isfinite(kernel[i]);
    }
    return ok;
}

/* Whether what is written is what was read. */
static bool is_in_place(const nt_filter_shape *s, const void *src, const void *dst) {
    return src == dst && s->src_type == s->dst_type && !s->pool && s->src_row == s->dst_row &&
           (s->src_image == s->dst_image || s->n == 1);
}

static ninetap_status check_filter_tensors(const nt_filter_shape *s, const void *src, void *dst) {
    const nt_range from = {src, 1, (size_t)s->src_element};
    const nt_range to = {dst, s->dst_extent, (size_t)s->dst_element};
    if (!nt_range_is_usable(from) || !nt_range_is_usable(to)) {
        return NINETAP_ERR_ARG;
    }
    const nt_range read = {(const char *)src + s->first, s->src_extent, (size_t)s->src_element};
    return nt_ranges_overlap(read, to) && !is_in_place(s, src, dst) ? NINETAP_ERR_ALIAS
                                                                    : NINETAP_OK;
}

ninetap_status ninetap_filter3x3(const ninetap_filter3x3_desc *desc, const float kernel[9],
                                 const void *src, void *dst) {
    nt_filter_shape shape;
    ninetap_status status = nt_filter_shape_of(desc, &shape);
    if (status == NINETAP_OK && !is_finite_kernel(kernel)) {
        status = NINETAP_ERR_ARG;
    }
    if (status != NINETAP_OK || shape.n == 0) {
        return status;
    }
    status = check_filter_tensors(&shape, src, dst);
    if (status == NINETAP_OK) {
        nt_reference_filter3x3(desc, kernel, src, dst);
    }
    return status;
}

ninetap_status ninetap_gradient3x3(const ninetap_filter3x3_desc *desc, const float kx[9],
                                   const float ky[9], ninetap_norm norm, const void *src,
                                   void *dst) {
    nt_filter_shape shape;
    ninetap_status status = nt_filter_shape_of(desc, &shape);
    if (status == NINETAP_OK && (!is_finite_kernel(kx) || !is_finite_kernel(ky) ||
                                 (norm != NINETAP_NORM_L1 && norm != NINETAP_NORM_L2))) {
        status = NINETAP_ERR_ARG;
    }
    if (status != NINETAP_OK || shape.n == 0) {
        return status;
    }
    status = check_filter_tensors(&shape, src, dst);
    if (status == NINETAP_OK) {
        nt_reference_gradient3x3(desc, kx, ky, norm, src, dst);
    }
    return status;
}
