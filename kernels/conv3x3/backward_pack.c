/* Channels side by side, as the kernels of weight gradients want them. */
#include "core/build.h"
#include "conv3x3/backward_weights.h"

#include <string.h>

/* Pixels of a panel from a tensor whose channels lie together. A literal size makes a copy a few
 * moves. */
static void copy_lanes(const float *src, int64_t pixel, int64_t pixels, int64_t channels,
                       int64_t lanes, float *out) {
    enum { BYTES = 32 };
    const bool whole = channels == lanes && channels % (BYTES / (int64_t)sizeof *out) == 0;
    if (channels == lanes && channels == pixel) {
        memcpy(out, src, (size_t)(pixels * lanes) * sizeof *out);
        return;
    }
    for (int64_t x = 0; x < pixels; x++) {
        const char *from = (const char *)(src + x * pixel);
        char *to = (char *)(out + x * lanes);
        for (int64_t i = 0; i < channels * (int64_t)sizeof *out && whole; i += BYTES) {
            memcpy(to + i, from + i, BYTES);
        }
        if (!whole) {
            memcpy(to, from, (size_t)channels * sizeof *out);
        }
    }
}

/* The same of a tensor whose pixels lie together. The last whole square overlaps the one before:
 * parts of one are slow. */
static void turn_lanes(const nt_isa *isa, const float *src, int64_t channel, int64_t pixels,
                       int64_t channels, int64_t lanes, float *out) {
    const int64_t side = isa->lanes;
    const int64_t rest = pixels > side ? pixels % side : 0;
    nt_block block = {.src = src,
                      .src_pixel = channel,
                      .dst = out,
                      .dst_pitch = lanes,
                      .pixels = channels,
                      .channels = pixels - rest};
    isa->transpose(&block);
    if (rest != 0) {
        block.src = src + pixels - side;
        block.dst = out + (pixels - side) * lanes;
        block.channels = side;
        isa->transpose(&block);
    }
}

/* Pixels that lie t->column apart, as [pixel][lane]; lanes without a channel repeat the last one.
 */
static void pack_lanes(const nt_isa *isa, const nt_tensor *t, const float *src, int64_t pixels,
                       int64_t channels, int64_t lanes, float *out) {
    if (t->channel == 1) {
        copy_lanes(src, t->column, pixels, channels, lanes, out);
    } else {
        turn_lanes(isa, src, t->channel, pixels, channels, lanes, out);
    }
    for (int64_t i = 0; i < pixels && channels < lanes; i++) {
        for (int64_t lane = channels; lane < lanes; lane++) {
            out[i * lanes + lane] = out[i * lanes + channels - 1];
        }
    }
}

void nt_gradient_pack_diff(const nt_gradient_block *b, int64_t panel, const float *diff_dst,
                           int64_t y, int64_t rows, float *out) {
    const nt_conv_shape *s = &b->conv.shape;
    const nt_tensor *t = &s->dst;
    const int64_t channels = nt_gradient_channels(b, panel);
    const int64_t lanes = nt_gradient_lanes(b, panel);
    const int64_t first = (b->first_panel + panel) * b->plan->width;
    const bool together = t->row == s->ow * t->column; /* row after row */
    const int64_t columns = together ? rows * s->ow : s->ow;
    const float *src = diff_dst + first * t->channel + y * t->row;
    for (int64_t done = 0; done < rows * s->ow; done += columns, src += t->row) {
        pack_lanes(b->conv.isa, t, src, columns, channels, lanes, out + done * lanes);
    }
}

void nt_gradient_pack_src(const nt_gradient_block *b, int64_t panel, const float *src, int64_t y,
                          int64_t rows, float *out) {
    const nt_conv_shape *s = &b->conv.shape;
    const nt_tensor *t = &s->src;
    const int64_t channels = nt_gradient_channels(b, panel);
    const int64_t lanes = nt_gradient_lanes(b, panel);
    const int64_t row = b->plan->strips.row;
    const int64_t count = nt_min64(s->iw, row / lanes - s->left); /* pixels inside the image */
    const float *first = src + (b->first_panel + panel) * b->plan->width * t->channel;
    for (int64_t j = 0; j < (rows - 1) * s->stride + 2 * s->dilation + 1; j++, out += row) {
        const int64_t i = y * s->stride + j - s->top;
        const bool inside = i >= 0 && i < s->ih;
        const int64_t before = inside ? s->left * lanes : row;
        memset(out, 0, (size_t)before * sizeof *out);
        if (inside) {
            float *behind = out + before + count * lanes;
            pack_lanes(b->conv.isa, t, first + i * t->row, count, channels, lanes, out + before);
            memset(behind, 0, (size_t)(out + row - behind) * sizeof *out);
        }
    }
}
