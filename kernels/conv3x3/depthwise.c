#include "core/build.h"
#include "conv3x3/depthwise.h"

#include <string.h>

#include "conv3x3/border.h"
#include "core/size.h"
#include "core/workspace.h"

static nt_size whole_lines_of(int64_t count, size_t element) {
    nt_size bytes = nt_size_mul(nt_size_of(count), (int64_t)element);
    bytes = nt_size_add(bytes, nt_size_of(NT_ALIGNMENT - 1));
    bytes.value = bytes.value / NT_ALIGNMENT * NT_ALIGNMENT;
    return bytes;
}

ninetap_status nt_depthwise_pack(ninetap_conv3x3 *plan, const float *weights, const float *bias,
                                 int64_t lanes, int64_t border, int64_t more_bytes,
                                 nt_depthwise_packed *packed) {
    const nt_conv *c = &plan->conv;
    const int64_t channels = c->shape.oc;
    const int64_t width = nt_div_up(channels, lanes) * lanes;
    const nt_size weight_bytes = whole_lines_of(width, 9 * sizeof(float));
    const nt_size bias_bytes = whole_lines_of(width, sizeof(float));
    const nt_size border_bytes = whole_lines_of(border, c->shape.src_element);
    const nt_size all = nt_size_add(nt_size_add(weight_bytes, bias_bytes),
                                    nt_size_add(border_bytes, nt_size_of(more_bytes)));
    if (!nt_size_fits(all, 1)) {
        return NINETAP_ERR_OVERFLOW;
    }
    plan->packed_bytes = (size_t)all.value;
    char *memory = nt_aligned_alloc(plan->packed_bytes);
    if (memory == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    plan->packed = memory;
    memset(memory, 0, plan->packed_bytes);
    float *out = (float *)plan->packed;
    float *out_bias = (float *)(void *)(memory + weight_bytes.value);
    void *constants = memory + weight_bytes.value + bias_bytes.value;
    for (int64_t o = 0; o < channels; o++) {
        for (int tap = 0; tap < 9; tap++) {
            out[(o / lanes * 9 + tap) * lanes + o % lanes] =
                weights[nt_conv_weight_index(c, o, 0, tap)];
        }
        out_bias[o] = bias == NULL ? 0.0F : bias[o] + 0.0F; /* -0 becomes +0 */
    }
    nt_border_fill(c, constants, border);
    *packed =
        (nt_depthwise_packed){out, out_bias, constants, (char *)constants + border_bytes.value};
    return NINETAP_OK;
}
