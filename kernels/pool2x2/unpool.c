/* The pooling operations that are declared but not offered yet. Descriptions are checked all the
 * same, so that a caller's faults show today. */
#include "pool2x2/pool2x2.h"

static ninetap_status not_offered(const ninetap_pool2x2_desc *desc, size_t element) {
    nt_pool_shape shape;
    const ninetap_status status = nt_pool_shape_of(desc, element, &shape);
    return status == NINETAP_OK ? NINETAP_ERR_UNSUPPORTED : status;
}

ninetap_status ninetap_maxunpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src,
                                        const int64_t *indices, float *dst) {
    (void)src;
    (void)indices;
    (void)dst;
    return not_offered(desc, sizeof *src);
}
