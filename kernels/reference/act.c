/* Gradients of activations as their definition. Every operation on floats is assigned to one. */
#include "core/build.h"

#include "reference/reference.h"

void nt_reference_act_backward_f32(ninetap_act act, float lo, float hi, float slope, int64_t n,
                                   const float *x, const float *diff_dst, float *diff_src) {
    for (int64_t i = 0; i < n; i++) {
        const float third = x[i] / 3.0F;
        const float steep = third + 0.5F;
        const float diff = diff_dst[i];
        float gradient = diff;
        switch (act) {
        case NINETAP_RELU:
            gradient = x[i] <= 0.0F ? 0.0F : diff;
            break;
        case NINETAP_CLAMP:
            gradient = x[i] <= lo || x[i] >= hi ? 0.0F : diff;
            break;
        case NINETAP_LEAKY_RELU:
            gradient = x[i] > 0.0F ? diff : diff * slope;
            break;
        case NINETAP_HARD_SWISH:
            gradient = x[i] <= -3.0F ? 0.0F : x[i] >= 3.0F ? diff : diff * steep;
            break;
        case NINETAP_LINEAR:
        default:
            break;
        }
        diff_src[i] = gradient;
    }
}
