/* A scale and a zero for a range of numbers. */
#include "core/build.h"

#include <math.h>

#include "core/quantize.h"
#include "core/tensor.h"
#include "quantize/quantize.h"

static float scale_of_span(float span, int steps) {
    const float scale = span / (float)steps;
    return span == 0.0F ? 1.0F : scale > FLT_MIN ? scale : FLT_MIN;
}

/* lo is not above 0. */
static int32_t zero_of_range(float lo, float scale, ninetap_dtype type) {
    const float least = (float)nt_least_of(type);
    const float zero = rintf(least - lo / scale);
    return zero < (float)nt_greatest_of(type) ? (int32_t)zero : nt_greatest_of(type);
}

ninetap_status ninetap_choose_quantization(float lo, float hi, ninetap_dtype type, int symmetric,
                                           float *scale, int32_t *zero) {
    const nt_range results[] = {{scale, 1, sizeof *scale}, {zero, 1, sizeof *zero}};
    if (nt_element_size(type) == 0 || !nt_range_is_usable(results[0]) ||
        !nt_range_is_usable(results[1]) || !(lo <= hi)) {
        return NINETAP_ERR_ARG;
    }
    lo = lo < 0.0F ? lo : 0.0F;
    hi = hi > 0.0F ? hi : 0.0F;
    if (!(hi - lo <= FLT_MAX)) {
        return NINETAP_ERR_ARG;
    }
    if (type != NINETAP_U8 && type != NINETAP_S8) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    if (nt_ranges_overlap(results[0], results[1])) {
        return NINETAP_ERR_ALIAS;
    }
    if (symmetric != 0) {
        *scale = scale_of_span(hi > -lo ? hi : -lo, 127);
        *zero = type == NINETAP_U8 ? 128 : 0;
    } else {
        *scale = scale_of_span(hi - lo, 255);
        *zero = zero_of_range(lo, *scale, type);
    }
    return NINETAP_OK;
}
