/* The sums of a chunk of pixels, strip by strip. */
#include "core/build.h"
#include "conv3x3/backward_weights.h"

#include <string.h>

#include "core/fma.h"

/* Some output rows of an image, for a block. */
typedef struct gradient_strip {
    const nt_gradient_block *block;
    const float *src; /* packed; what offsets count from */
    const int64_t *offset;
    int64_t src_step;   /* from a pixel to the next one */
    const float *panel; /* of diff_dst, packed */
    int64_t y, rows;
} gradient_strip;

void nt_gradient_begin(const nt_gradient_plan *p, unsigned char *slice) {
    float *ones = (float *)(void *)(slice + p->ones_at);
    for (size_t i = 0; i < (p->panel_at - p->ones_at) / sizeof *ones; i++) {
        ones[i] = 1.0F;
    }
}

/* Where each row's inputs lie in the strip. The bias has ones for inputs. Rows without a sum repeat
 * the last one: they raise no floating-point exception of their own. */
static void set_offsets(const nt_gradient_block *b, int64_t *offset) {
    const nt_gradient_plan *p = b->plan;
    const int64_t taps = 9 * b->conv.shape.group_ic;
    for (int64_t r = 0; r < taps; r++) {
        offset[r] = r / 9 * p->strips.channel + p->strips.tap[r % 9];
    }
    if (b->with_bias) {
        offset[taps] = (int64_t)(p->ones_at / sizeof(float));
    }
    for (int64_t r = b->rows; r < p->rows; r++) {
        offset[r] = offset[b->rows - 1];
    }
}

/* ---- Taps outside the image, which add nothing ---- */

/* The sign bit is set where the exponent is that of infinities and NaNs. */
static uint32_t finite_mark(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7F800000U) + 0x00800000U;
}

static bool is_not_finite(float x) {
    return finite_mark(x) >> 31 != 0;
}

/* Two at a time: no carry leaves a half. */
static bool has_not_finite(const float *values, int64_t count) {
    const uint64_t exponents = 0x7F8000007F800000U;
    uint64_t marks = 0;
    int64_t i = 0;
    for (; i + 2 <= count; i += 2) {
        uint64_t bits;
        memcpy(&bits, values + i, sizeof bits);
        marks |= (bits & exponents) + 0x0080000000800000U;
    }
    if (i < count) {
        marks |= finite_mark(values[i]);
    }
    return (marks & 0x8000000080000000U) != 0;
}

/* Whether the panel has an element that is not finite, at a pixel with a tap outside: multiplied by
 * the strip's zeros it would be NaN. */
static bool padding_shows(const gradient_strip *strip, int64_t lanes) {
    const nt_conv_shape *s = &strip->block->conv.shape;
    const nt_span down = nt_inner_outputs(s->ih, (int)s->top, 3, s->dilation, s->stride, s->oh);
    const nt_span across = nt_inner_outputs(s->iw, (int)s->left, 3, s->dilation, s->stride, s->ow);
    for (int64_t y = 0; y < strip->rows && s->padded; y++) {
        const float *row = strip->panel + y * s->ow * lanes;
        const bool inside = strip->y + y >= down.from && strip->y + y < down.to;
        const int64_t left = inside ? across.from : s->ow;
        if (has_not_finite(row, left * lanes) ||
            (inside && has_not_finite(row + across.to * lanes, (s->ow - across.to) * lanes))) {
            return true;
        }
    }
    return false;
}

static bool tap_is_outside(const nt_conv_shape *s, int64_t tap, int64_t oy, int64_t ox) {
    const int64_t y = oy * s->stride + tap / 3 * s->dilation - s->top;
    const int64_t x = ox * s->stride + tap % 3 * s->dilation - s->left;
    return y < 0 || y >= s->ih || x < 0 || x >= s->iw;
}

/* One sum as the kernels have it, but for such products. */
static float sum_skipping(const gradient_strip *strip, int64_t row, int64_t lane, int64_t lanes,
                          float sum) {
    const nt_gradient_block *b = strip->block;
    const nt_conv_shape *s = &b->conv.shape;
    const bool is_bias = b->with_bias && row == b->rows - 1;
    const float *in = strip->src + strip->offset[row] + (b->plan->depthwise ? lane : 0);
    for (int64_t i = 0; i < strip->rows * s->ow; i++) {
        const int64_t y = i / s->ow;
        const int64_t x = i % s->ow;
        const float d = strip->panel[i * lanes + lane];
        if (!is_bias && is_not_finite(d) && tap_is_outside(s, row % 9, strip->y + y, x)) {
            continue;
        }
        const float v = is_bias ? 1.0F : in[y * b->plan->strips.down_step + x * strip->src_step];
        if (b->conv.fused) {
            sum = nt_fmaf(d, v, sum);
        } else {
            const float product = d * v;
            sum += product;
        }
    }
    return sum;
}

/* ---- Sums ---- */

static void sum_panel(const gradient_strip *strip, int64_t panel, float *sums) {
    const nt_gradient_block *b = strip->block;
    const nt_kernels *kernels = b->conv.kernels;
    const int64_t lanes = nt_gradient_lanes(b, panel);
    if (padding_shows(strip, lanes)) {
        for (int64_t i = 0; i < b->rows * lanes; i++) {
            sums[i] = sum_skipping(strip, i / lanes, i % lanes, lanes, sums[i]);
        }
        return;
    }
    const nt_gradient_kernel *kernel = &kernels->gradient[lanes / b->conv.isa->lanes - 1];
    nt_gradient_tile tile = {
        .singles = strip->src,
        .offset = strip->offset,
        .single_step = strip->src_step,
        .single_row = b->plan->strips.down_step,
        .vectors = strip->panel,
        .vector_step = lanes,
        .rows = strip->rows,
        .pixels = b->conv.shape.ow,
        .sums = sums,
    };
    if (b->plan->depthwise) {
        kernels->gradient_lanes(&tile);
        return;
    }
    for (int64_t r = 0; r < b->rows; r += kernel->singles) {
        kernel->run(&tile);
        tile.offset += kernel->singles;
        tile.sums += kernel->singles * lanes;
    }
}

void nt_gradient_sum(const nt_gradient_block *b, int64_t chunk, const float *src,
                     const float *diff_dst, unsigned char *slice, float *sums) {
    const nt_gradient_plan *p = b->plan;
    const nt_conv_shape *s = &b->conv.shape;
    const int64_t end = nt_min64(s->n * s->oh, (chunk + 1) * p->chunk_rows);
    const int64_t in = (b->group * p->group_ic + b->first_ic) * s->src.channel;
    const int64_t out = b->group * s->group_oc * s->dst.channel;
    float *packed = (float *)(void *)slice;
    float *panels = (float *)(void *)(slice + p->panel_at);
    int64_t *offset = (int64_t *)(void *)(slice + p->offset_at);
    gradient_strip strip = {.block = b,
                            .src = packed,
                            .offset = offset,
                            .src_step = p->depthwise ? s->stride * p->width : 1,
                            .panel = panels};
    set_offsets(b, offset);
    memset(sums, 0, (size_t)(b->panels * p->rows * p->width) * sizeof *sums);
    for (int64_t row = chunk * p->chunk_rows; row < end; row += strip.rows) {
        const int64_t image = row / s->oh;
        const float *from = src + image * s->src.image + in;
        strip.y = row % s->oh;
        strip.rows = nt_min64(nt_min64(end - row, s->oh - strip.y), p->strips.rows);
        if (!p->depthwise) {
            nt_strip_enter(&b->conv, &p->strips, from, strip.y, strip.rows, packed);
        }
        for (int64_t panel = 0; panel < b->panels; panel++) {
            if (p->depthwise) {
                nt_gradient_pack_src(b, panel, from, strip.y, strip.rows, packed);
            }
            nt_gradient_pack_diff(b, panel, diff_dst + image * s->dst.image + out, strip.y,
                                  strip.rows, panels);
            sum_panel(&strip, panel, sums + panel * p->rows * p->width);
        }
    }
}
