/* How strips are cut, and where things lie in them. */
#include "core/build.h"
#include "conv3x3/strip.h"

#include <string.h>

#include "conv3x3/border.h"
#include "conv3x3/integers.h"
#include "core/size.h"

static nt_axis axis_of(int64_t stride, int64_t dilation, int64_t pad) {
    nt_axis axis = {.stride = stride, .pad = pad};
    for (int t = 0; t < 3; t++) {
        const int64_t residue = t * dilation % stride;
        int f = 0;
        while (f < axis.phases && axis.residue[f] != residue) {
            f++;
        }
        if (f == axis.phases) {
            axis.residue[axis.phases++] = residue;
        }
        axis.phase[t] = f;
        axis.shift[t] = t * dilation / stride;
        if (axis.shift[t] > axis.extra[f]) {
            axis.extra[f] = axis.shift[t];
        }
    }
    return axis;
}

/* Where a phase starts, and all of them end, in a strip of so many outputs. */
static int64_t axis_start(const nt_axis *axis, int phase, int64_t outputs) {
    int64_t start = 0;
    for (int f = 0; f < phase; f++) {
        start += outputs + axis->extra[f];
    }
    return start;
}
static int64_t axis_length(const nt_axis *axis, int64_t outputs) {
    return axis_start(axis, axis->phases, outputs);
}

static int64_t strip_elements(const nt_conv *c, const nt_strips *strips, int64_t rows) {
    if (strips->apart) {
        return ((rows - 1) * c->shape.stride + 2 * c->shape.dilation + 1) * strips->row;
    }
    return (c->integers ? 1 : c->depth) * axis_length(&strips->down, rows) * strips->row;
}

/* The most rows of a strip with which each thread still gets a few units. */
static int64_t rows_to_share(const nt_conv *c, const nt_strip_needs *needs) {
    enum { UNITS = 4 };
    const nt_conv_shape *s = &c->shape;
    const int64_t units = nt_max64(1, s->n) * s->groups * needs->panels;
    const int64_t strips = nt_div_up((int64_t)UNITS * needs->threads, units);
    if (needs->threads == 1 || strips == 1) {
        return needs->most_rows;
    }
    const int64_t rows = nt_max64(nt_max64(1, s->oh / strips) / needs->step, 1) * needs->step;
    return nt_min64(rows, needs->most_rows);
}

/* As many rows as keep the packed strip in half of the L2 cache, which leaves the other half to a
 * panel of weights. Input rows that two strips read are packed twice. */
static void cut_packed(const nt_conv *c, const nt_strip_needs *needs, nt_strips *strips) {
    const int64_t elements = c->machine.cache[NT_IN_L2] / 2 / NT_PACKED_BYTES;
    const int64_t oh = c->shape.oh;
    const int64_t step = needs->step;
    const int64_t most = rows_to_share(c, needs);
    int64_t rows = step;
    while (rows < most && strip_elements(c, strips, rows + step) <= elements) {
        rows += step;
    }
    strips->count = nt_div_up(oh, rows);
    strips->rows = nt_min64(oh, nt_div_up(nt_div_up(oh, strips->count), step) * step);
    strips->count = nt_div_up(oh, strips->rows);
}

static void cut_unpacked(const nt_conv *c, const nt_strip_needs *needs, nt_strips *strips) {
    strips->rows = nt_min64(c->shape.oh, rows_to_share(c, needs));
    strips->count = nt_div_up(c->shape.oh, strips->rows);
}

/* Whether the smallest strip fits, in checked arithmetic: with a huge dilation the scratch can
 * overflow though the tensor fits. What the functions below add is less than the same size again,
 * twice. */
static bool strips_fit(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const nt_axis rows = axis_of(s->stride, s->dilation, s->top);
    const nt_axis columns = axis_of(s->stride, s->dilation, s->left);
    nt_size elements = nt_size_mul(nt_size_of(axis_length(&rows, 2)), axis_length(&columns, s->ow));
    elements = nt_size_mul(nt_size_mul(elements, nt_max64(s->group_ic, c->pooled ? 64 : 1)), 4);
    return nt_size_fits(elements, NT_SUM_BYTES);
}

/* ---- NHWC, not sorted into planes ---- */

/* NHWC of few channels is not sorted into planes: it is copied as it is, or read in place. With
 * more channels, whose pixels may lie a multiple of a page apart, it would fall into one set of the
 * L1 cache. */
bool nt_pixels_may_stay(const nt_conv *c) {
    enum { CHANNELS = 32 };
    const nt_conv_shape *s = &c->shape;
    return c->desc.layout == NINETAP_NHWC && s->group_ic <= CHANNELS && s->stride <= 2 &&
           s->dilation <= 8;
}

ninetap_status nt_strips_of_pixels(const nt_conv *c, const nt_strip_needs *needs,
                                   nt_strips *strips) {
    const nt_conv_shape *s = &c->shape;
    if (!strips_fit(c)) {
        return NINETAP_ERR_OVERFLOW;
    }
    const int64_t pixel = s->padded ? s->group_ic : s->src.column;
    *strips = (nt_strips){.apart = true, .unpacked = !s->padded, .column = pixel, .channel = 1};
    if (strips->unpacked) {
        strips->row = s->src.row;
        cut_unpacked(c, needs, strips);
    } else {
        strips->row = ((s->ow - 1) * s->stride + 2 * s->dilation + 1) * pixel;
        cut_packed(c, needs, strips);
        strips->bytes = (size_t)strip_elements(c, strips, strips->rows) * NT_PACKED_BYTES;
    }
    strips->down_step = s->stride * strips->row;
    strips->across_step = s->stride * pixel;
    for (int t = 0; t < 9; t++) {
        strips->tap[t] = s->dilation * (t / 3 * strips->row + t % 3 * pixel);
    }
    strips->tap[9] = strips->channel + strips->tap[0];
    return NINETAP_OK;
}

/* ---- planes ---- */

/* A multiple of a cache line, but not of the page: channels one page apart would fall into the same
 * set of the L1 cache. */
static int64_t channel_pitch(int64_t elements) {
    enum { LINE = 64 / NT_PACKED_BYTES, PAGE = 4096 / NT_PACKED_BYTES };
    const int64_t pitch = nt_div_up(elements, LINE) * LINE;
    return pitch % PAGE == 0 ? pitch + LINE : pitch;
}

/* Pairs lie side by side, and pixels not a quarter of a page apart. */
static int64_t pixel_pitch(int64_t pairs) {
    enum { LINE = 64 / NT_PACKED_BYTES, QUARTER = 1024 / NT_PACKED_BYTES };
    return pairs % QUARTER == 0 ? pairs + LINE : pairs;
}

static void set_constant(const nt_conv *c, nt_strips *strips) {
    strips->constant_border = nt_border_index(c->desc.border, -1, c->shape.iw) < 0;
    if (c->integers) {
        nt_border_element(c, strips->constant);
    } else {
        nt_border_fill(c, strips->constant, 1);
    }
}

ninetap_status nt_strips_of_planes(const nt_conv *c, const nt_strip_needs *needs,
                                   nt_strips *strips) {
    const nt_conv_shape *s = &c->shape;
    if (!strips_fit(c)) {
        return NINETAP_ERR_OVERFLOW;
    }
    *strips = (nt_strips){
        .down = axis_of(s->stride, s->dilation, s->top),
        .across = axis_of(s->stride, s->dilation, s->left),
        .unpacked = c->desc.layout == NINETAP_NCHW && s->stride == 1 && !s->padded &&
                    !needs->packed && !c->integers,
        .column = c->integers ? pixel_pitch(c->depth) : 1,
    };
    strips->across_step = strips->column;
    if (strips->unpacked) {
        cut_unpacked(c, needs, strips);
        strips->row = s->src.row;
        strips->channel = s->src.channel;
    } else {
        strips->row = axis_length(&strips->across, s->ow) * strips->column;
        cut_packed(c, needs, strips);
        const int64_t plane = axis_length(&strips->down, strips->rows) * strips->row;
        strips->channel = c->integers ? 1 : channel_pitch(plane);
        /* one vector more: in a narrow map, lanes beyond the last column are read, too */
        const int64_t elements = c->integers ? plane : strips->channel * c->depth;
        strips->bytes = (size_t)(elements + c->isa->lanes) * NT_PACKED_BYTES;
    }
    set_constant(c, strips);
    strips->down_step = strips->row;
    for (int t = 0; t < 9; t++) {
        const int ky = t / 3;
        const int kx = t % 3;
        const int64_t row = axis_start(&strips->down, strips->down.phase[ky], strips->rows) +
                            strips->down.shift[ky];
        const int64_t column =
            axis_start(&strips->across, strips->across.phase[kx], s->ow) + strips->across.shift[kx];
        strips->tap[t] = row * strips->row + column * strips->column;
    }
    strips->tap[9] = strips->channel + strips->tap[0];
    return NINETAP_OK;
}
