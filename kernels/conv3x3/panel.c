#include "core/build.h"
#include "conv3x3/panel.h"

void nt_panels_cut(const nt_conv *c, int64_t channels, int64_t lanes, nt_panels *panels) {
    *panels = (nt_panels){
        .channels = channels, .count = nt_div_up(c->shape.group_oc, channels), .lanes = lanes};
}

int64_t nt_panel_channels(const nt_conv *c, const nt_panels *panels, int64_t panel) {
    return nt_min64(panels->channels, c->shape.group_oc - panel * panels->channels);
}

static int64_t filled_up(const nt_panels *panels, int64_t channels) {
    return nt_div_up(channels, panels->lanes) * panels->lanes;
}

static void pack_bias(const nt_conv *c, const nt_panels *panels, const float *bias) {
    const int64_t channels = c->shape.group_oc;
    float *out = panels->bias;
    for (int64_t g = 0; g < c->shape.groups; g++) {
        for (int64_t o = 0; o < channels; o++) {
            const int64_t from = g * channels + o;
            out[g * panels->group_bias + o] =
                bias == NULL ? 0.0F : bias[from] + 0.0F; /* -0 becomes +0 */
        }
    }
}

static void pack_integer_bias(const nt_conv *c, const nt_panels *panels, const int32_t *bias) {
    const int64_t channels = c->shape.group_oc;
    const nt_types types = nt_conv_types(&c->desc);
    for (int64_t g = 0; g < c->shape.groups; g++) {
        const int64_t at = g * panels->group_bias;
        nt_set_channels(&types, bias, g * channels, channels, (int32_t *)panels->bias + at,
                        panels->multiplier + at);
    }
}

ninetap_status nt_panels_allocate(ninetap_conv3x3 *plan, nt_panels *panels, int taps,
                                  const void *bias) {
    const nt_conv *c = &plan->conv;
    const int64_t last = filled_up(panels, nt_panel_channels(c, panels, panels->count - 1));
    const nt_size depth = nt_size_mul(nt_size_of(c->depth), taps);
    const nt_size panel = nt_size_mul(depth, panels->channels);
    const nt_size group =
        nt_size_add(nt_size_mul(panel, panels->count - 1), nt_size_mul(depth, last));
    panels->panel_weights = panel.value;
    panels->group_weights = group.value;
    panels->group_bias = (panels->count - 1) * panels->channels + last;
    const int64_t all_groups = c->shape.groups * NT_PACKED_BYTES;
    const nt_size channels = nt_size_mul(nt_size_of(panels->group_bias), all_groups);
    const nt_size bytes[] = {nt_size_mul(group, all_groups), channels, channels};
    void *at[3]; /* kernels that load early read the bias behind the last weights */
    const ninetap_status status = nt_conv_allocate(plan, bytes, c->integers ? 3 : 2, at);
    if (status != NINETAP_OK) {
        return status;
    }
    panels->bias = at[1];
    if (c->integers) {
        panels->multiplier = at[2];
        pack_integer_bias(c, panels, bias);
    } else {
        pack_bias(c, panels, bias);
    }
    return NINETAP_OK;
}

/* Lanes past the last channel repeat it: they compute what a real lane computes, and so can raise
 * no floating-point exception of their own. */
static void pack_panel(const nt_conv *c, const nt_tap_lists *lists, const float *weights,
                       int64_t first, int64_t channels, int64_t width, float *out) {
    const int64_t step = c->weights.o; /* a panel is of one group */
    int t = 0;
    for (int list = 0; list < lists->count; t = lists->end[list++]) {
        for (int64_t i = 0; i < c->shape.group_ic; i++) {
            for (int k = t; k < lists->end[list]; k++) {
                const float *from = weights + nt_conv_weight_index(c, first, i, lists->tap[k]);
                for (int64_t lane = 0; lane < channels; lane++) {
                    out[lane] = from[lane * step];
                }
                for (int64_t lane = channels; lane < width; lane++) {
                    out[lane] = out[channels - 1];
                }
                out += width;
            }
        }
    }
}

/* The last element's weights are 0 where it has no channels. */
static void pack_integer_panel(const nt_conv *c, const int8_t *weights, int64_t first, int64_t last,
                               int64_t width, void *out, int32_t *bias) {
    const int bytes = c->kernels->bytes;
    for (int64_t i = 0; i < c->shape.group_ic; i++) {
        for (int tap = 0; tap < 9; tap++) {
            void *vectors = nt_out(out, (i / bytes * 9 + tap) * width, NT_PACKED_BYTES);
            for (int64_t lane = 0; lane < width; lane++) {
                const int64_t o = nt_min64(first + lane, last);
                const int weight = nt_number_of(weights[nt_conv_weight_index(c, o, i, tap)]);
                nt_put_weight(c->isa, c->kernels, vectors, lane, i % bytes, weight);
                bias[lane] = nt_bias_without(&c->entry, bias[lane], weight);
            }
        }
    }
}

void nt_panels_pack(ninetap_conv3x3 *plan, const nt_panels *panels, const nt_tap_lists *lists,
                    const void *weights) {
    static const nt_tap_lists all = {{0, 1, 2, 3, 4, 5, 6, 7, 8}, 1, {9}};
    const nt_conv *c = &plan->conv;
    for (int64_t g = 0; g < c->shape.groups; g++) {
        for (int64_t panel = 0; panel < panels->count; panel++) {
            const int64_t channels = nt_panel_channels(c, panels, panel);
            const int64_t first = g * c->shape.group_oc + panel * panels->channels;
            const int64_t width = filled_up(panels, channels);
            void *out =
                nt_out(plan->packed, g * panels->group_weights + panel * panels->panel_weights,
                       NT_PACKED_BYTES);
            if (c->integers) {
                int32_t *bias =
                    (int32_t *)panels->bias + g * panels->group_bias + panel * panels->channels;
                pack_integer_panel(c, weights, first, first + channels - 1, width, out, bias);
            } else {
                pack_panel(c, lists == NULL ? &all : lists, weights, first, channels, width, out);
            }
        }
    }
}
