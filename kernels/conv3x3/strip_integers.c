/* The packed input of integers: elements of neighbouring channels. */
#include "core/build.h"
#include "conv3x3/strip.h"

/* Every stride-th byte of so many rows, each NT_AT_ONCE long in `dense`. The kernel writes up to a
 * vector of bytes for the last channels: no more than these. */
enum { NT_AT_ONCE = 64, NT_CHANNELS_AT_ONCE = 64 };
static void gather_bytes(const nt_conv *c, const nt_arrange *w, int64_t stride, uint8_t *dense) {
    for (int64_t i = 0; i < w->channels; i++) {
        const uint8_t *src = w->src + i * w->src_channel;
        uint8_t *row = dense + i * NT_AT_ONCE;
        const int64_t last = w->pixels - 1; /* the kernel reads the byte behind each, too */
        if (stride == 2) {
            c->isa->filter.evens(row, src, last, 1);
        }
        for (int64_t x = stride == 2 ? last : 0; x <= last; x++) {
            row[x] = src[x * stride];
        }
    }
}

/* Columns that do not lie side by side. */
static void arrange_strided(const nt_conv *c, const nt_arrange *all, int64_t stride) {
    uint8_t dense[NT_CHANNELS_AT_ONCE * NT_AT_ONCE];
    for (int64_t x = 0; x < all->pixels; x += NT_AT_ONCE) {
        const int64_t last = (all->channels - 1) / NT_CHANNELS_AT_ONCE * NT_CHANNELS_AT_ONCE;
        for (int64_t i = last; i >= 0; i -= NT_CHANNELS_AT_ONCE) { /* as the kernel does */
            nt_arrange w = *all;
            w.src += i * all->src_channel + x * stride;
            w.dst = nt_out(all->dst, x * all->dst_pixel + i / c->kernels->bytes, NT_PACKED_BYTES);
            w.pixels = nt_min64(all->pixels - x, NT_AT_ONCE);
            w.channels = nt_min64(all->channels - i, NT_CHANNELS_AT_ONCE);
            gather_bytes(c, &w, stride, dense);
            w.src = dense;
            w.src_pixel = 1;
            w.src_channel = NT_AT_ONCE;
            c->kernels->arrange(&w);
        }
    }
}

void nt_pack_integers(const nt_conv *c, const void *src, int64_t count, int64_t stride,
                      int64_t out_column, void *out) {
    const nt_conv_shape *s = &c->shape;
    const nt_arrange w = {
        .src = src,
        .src_pixel = stride * s->src.column,
        .src_channel = s->src.channel,
        .pixels = count,
        .channels = s->group_ic,
        .sign = c->entry.sign,
        .zero = c->entry.zero,
        .dst = out,
        .dst_pixel = out_column,
    };
    if (c->desc.layout == NINETAP_NCHW && stride > 1) {
        arrange_strided(c, &w, stride);
    } else {
        c->kernels->arrange(&w);
    }
}
