/* Dense layers of integers: the weights in their order, and what becomes of the sums. */
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

/* Lanes past the last output, and bytes that the last element lacks, stay 0. */
static void pack_integers(const ninetap_dense *p, int64_t panel, const int8_t *weights) {
    const int64_t in = p->shape.in;
    const int64_t lanes = p->isa->lanes;
    const int bytes = p->kernels->bytes;
    const int64_t first = nt_cut_begin(&p->panels, panel) * lanes;
    const int64_t width = nt_cut_size(&p->panels, panel) * lanes;
    const int64_t count = nt_min64(width, p->shape.out - first);
    int32_t *bias = (int32_t *)p->bias + first;
    for (int64_t i = 0; i < in; i++) {
        void *vectors = nt_out(p->weights, first * p->depth + i / bytes * width, NT_DENSE_BYTES);
        for (int64_t lane = 0; lane < count; lane++) {
            const int weight = nt_number_of(weights[(first + lane) * in + i]);
            nt_put_weight(p->isa, p->kernels, vectors, lane, i % bytes, weight);
            bias[lane] = nt_bias_without(&p->entry, bias[lane], weight);
        }
    }
}

ninetap_status nt_dense_pack_integers(const ninetap_dense *p, const nt_types *types,
                                      const int8_t *weights, const int32_t *bias) {
    if (!sums_fit(types, &p->shape, weights, bias)) {
        return NINETAP_ERR_OVERFLOW;
    }
    nt_set_channels(types, bias, 0, p->shape.out, p->bias, p->multiplier);
    for (int64_t panel = 0; panel < p->panels.parts; panel++) {
        pack_integers(p, panel, weights);
    }
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
    tile.sign = p->entry.sign;
    tile.zero = p->entry.zero;
    tile.dst = sums;
    tile.dst_row = width;
    kernel(&tile);
    p->isa->quantize(&all);
}
