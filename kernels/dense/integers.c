/* Dense layers of integers: the weights in pairs, and what becomes of the sums. */
#include "core/build.h"
#include "core/size.h"
#include "dense/dense.h"

static ninetap_status check_sum(const nt_types *types, const int8_t *weights, int64_t in,
                                int64_t bias) {
    int64_t positive = 0;
    int64_t negative = 0;
    for (int64_t i = 0; i < in; i++) {
        positive += weights[i] > 0 ? weights[i] : 0;
        negative -= weights[i] < 0 ? weights[i] : 0;
    }
    return nt_sum_fits(types, bias, positive, negative) ? NINETAP_OK : NINETAP_ERR_OVERFLOW;
}

/* Lanes past the last output, and the second of a pair that lacks one, stay 0. */
static void pack_pairs(const ninetap_dense *p, int64_t panel, const int8_t *weights) {
    const int64_t in = p->shape.in;
    const int64_t lanes = p->isa->lanes;
    const int64_t lane_step = p->isa->pairs_apart ? 1 : 2;
    const int64_t half_step = p->isa->pairs_apart ? lanes : 1;
    const int64_t first = nt_cut_begin(&p->panels, panel) * lanes;
    const int64_t width = nt_cut_size(&p->panels, panel) * lanes;
    const int64_t count = nt_min64(width, p->shape.out - first);
    int16_t *out = (int16_t *)p->weights + 2 * first * p->depth;
    for (int64_t i = 0; i < in; i++) {
        int16_t *vectors = out + 2 * (i / 2) * width + i % 2 * half_step;
        for (int64_t lane = 0; lane < count; lane++) {
            vectors[2 * (lane / lanes * lanes) + lane % lanes * lane_step] =
                weights[(first + lane) * in + i];
        }
    }
}

ninetap_status nt_dense_pack_integers(const ninetap_dense *p, const nt_types *types,
                                      const int8_t *weights, const int32_t *bias) {
    const nt_dense_shape *s = &p->shape;
    for (int64_t o = 0; o < s->out; o++) {
        const int64_t b = bias == NULL ? 0 : bias[o];
        if (check_sum(types, weights + o * s->in, s->in, b) != NINETAP_OK) {
            return NINETAP_ERR_OVERFLOW;
        }
    }
    for (int64_t panel = 0; panel < p->panels.parts; panel++) {
        pack_pairs(p, panel, weights);
    }
    nt_set_channels(types, bias, 0, s->out, p->bias, p->multiplier);
    return NINETAP_OK;
}

void nt_dense_do_integers(const ninetap_dense *p, nt_dense_fn *kernel, nt_dense_tile tile,
                          int64_t rows, int64_t output, int64_t outputs) {
    enum { MOST_LANES = 16 };
    int32_t sums[NT_DENSE_SUMS * MOST_LANES];
    const int64_t width = nt_div_up(outputs, p->isa->lanes) * p->isa->lanes;
    const nt_sums all = {
        .sums = sums,
        .pixel = width,
        .pixels = rows,
        .channels = outputs,
        .bias = (const int32_t *)p->bias + output,
        .multiplier = p->multiplier + output,
        .to = &p->to,
        .dst = tile.dst,
        .dst_pixel = p->shape.dst_row,
        .dst_channel = 1,
    };
    tile.sign = p->sign;
    tile.zero = p->zero;
    tile.dst = sums;
    tile.dst_row = width;
    kernel(&tile);
    p->isa->quantize(&all);
}
