/* Dense layers of integers: the weights in pairs, and what becomes of the sums. */
#include "core/build.h"
#include "core/size.h"
#include "dense/dense.h"

static bool sums_fit(const nt_types *types, const nt_dense_shape *s, const int8_t *weights,
                     const int32_t *bias) {
    for (int64_t o = 0; o < s->out; o++) {
        nt_weight_sums sums = {0, 0};
        for (int64_t i = 0; i < s->in; i++) {
            nt_count_weight(&sums, nt_number_of(weights[o * s->in + i]));
        }
        if (!nt_sum_fits(types, bias == NULL ? 0 : bias[o], &sums)) {
            return false;
        }
    }
    return true;
}

/* Lanes past the last output, and the second of a pair that lacks one, stay 0. */
static void pack_pairs(const ninetap_dense *p, int64_t panel, const int8_t *weights) {
    const int64_t in = p->shape.in;
    const int64_t lanes = p->isa->lanes;
    const int64_t first = nt_cut_begin(&p->panels, panel) * lanes;
    const int64_t width = nt_cut_size(&p->panels, panel) * lanes;
    const int64_t count = nt_min64(width, p->shape.out - first);
    int16_t *out = (int16_t *)p->weights + 2 * first * p->depth;
    for (int64_t i = 0; i < in; i++) {
        int16_t *vectors = out + 2 * (i / 2) * width;
        for (int64_t lane = 0; lane < count; lane++) {
            vectors[nt_pair_place(p->isa, lane, i % 2)] =
                (int16_t)nt_number_of(weights[(first + lane) * in + i]);
        }
    }
}

ninetap_status nt_dense_pack_integers(const ninetap_dense *p, const nt_types *types,
                                      const int8_t *weights, const int32_t *bias) {
    if (!sums_fit(types, &p->shape, weights, bias)) {
        return NINETAP_ERR_OVERFLOW;
    }
    for (int64_t panel = 0; panel < p->panels.parts; panel++) {
        pack_pairs(p, panel, weights);
    }
    nt_set_channels(types, bias, 0, p->shape.out, p->bias, p->multiplier);
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
