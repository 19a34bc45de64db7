#include "core/build.h"
#include "conv3x3/depthwise.h"

#include "conv3x3/border.h"

ninetap_status nt_depthwise_pack(ninetap_conv3x3 *plan, const float *weights, const float *bias,
                                 int64_t lanes, int64_t border, nt_size more_bytes,
                                 nt_depthwise_packed *packed) {
    const nt_conv *c = &plan->conv;
    const int64_t channels = c->shape.oc;
    const int64_t width = nt_div_up(channels, lanes) * lanes;
    const int64_t element = sizeof(float);
    const nt_size bytes[] = {
        nt_size_mul(nt_size_of(width), 9 * element), nt_size_mul(nt_size_of(width), element),
        nt_size_mul(nt_size_of(border), (int64_t)c->shape.src_element), more_bytes};
    void *at[4];
    const ninetap_status status = nt_conv_allocate(plan, bytes, 4, at);
    if (status != NINETAP_OK) {
        return status;
    }
    float *out = at[0];
    float *out_bias = at[1];
    for (int64_t o = 0; o < channels; o++) {
        for (int tap = 0; tap < 9; tap++) {
            out[(o / lanes * 9 + tap) * lanes + o % lanes] =
                weights[nt_conv_weight_index(c, o, 0, tap)];
        }
        out_bias[o] = bias == NULL ? 0.0F : bias[o] + 0.0F; /* -0 becomes +0 */
    }
    nt_border_fill(c, at[2], border);
    *packed = (nt_depthwise_packed){out, out_bias, at[2], at[3]};
    return NINETAP_OK;
}
