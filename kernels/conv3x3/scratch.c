/* The packed input of one strip: mostly [channel][row][column] with the border filled in, rows and
 * columns sorted by phase. It absorbs layout, pitch, padding, stride and dilation, so that a kernel
 * sees one layout without an edge. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/conv3x3.h"

nt_axis nt_axis_of(int64_t stride, int64_t dilation, int64_t pad) {
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

int64_t nt_axis_start(const nt_axis *axis, int phase, int64_t outputs) {
    int64_t start = 0;
    for (int f = 0; f < phase; f++) {
        start += outputs + axis->extra[f];
    }
    return start;
}

int64_t nt_axis_length(const nt_axis *axis, int64_t outputs) {
    return nt_axis_start(axis, axis->phases, outputs);
}

int64_t nt_border_index(ninetap_border border, int64_t i, int64_t size) {
    if (i >= 0 && i < size) {
        return i;
    }
    switch (border) {
    case NINETAP_BORDER_REPLICATE:
        return i < 0 ? 0 : size - 1;
    case NINETAP_BORDER_REFLECT101: {
        if (size == 1) {
            return 0;
        }
        const int64_t period = 2 * (size - 1); /* padding may be wider than the image */
        const int64_t place = (i % period + period) % period;
        return place < size ? place : period - place;
    }
    case NINETAP_BORDER_ZERO:
    case NINETAP_BORDER_CONSTANT:
    default:
        return -1;
    }
}

float nt_conv_border_constant(const ninetap_conv3x3 *p) {
    return p->desc.border == NINETAP_BORDER_CONSTANT ? p->desc.border_value : 0.0F;
}

/* Columns [from, to) of a phase, all outside the image, for every channel. src: the row, or NULL.
 */
static void fill_border(const ninetap_conv3x3 *p, const float *src, int phase, int64_t from,
                        int64_t to, float *out) {
    const nt_conv_shape *s = &p->shape;
    for (int64_t j = from; j < to; j++) {
        const int64_t x = j * p->columns.stride + p->columns.residue[phase] - p->columns.pad;
        const int64_t i = src == NULL ? -1 : nt_border_index(p->desc.border, x, s->iw);
        for (int64_t c = 0; c < s->group_ic; c++) {
            out[c * p->scratch_channel + j] =
                i < 0 ? nt_conv_border_constant(p) : src[c * s->src.channel + i * s->src.column];
        }
    }
}

/* Every step-th float. */
static void gather(const nt_isa *isa, float *out, const float *in, int64_t count, int64_t step) {
    if (step == 1) {
        memcpy(out, in, (size_t)count * sizeof(float));
        return;
    }
    if (step == 2) {
        isa->take_second(out, in, count);
        return;
    }
    for (int64_t j = 0; j < count; j++) {
        out[j] = in[j * step];
    }
}

/* Columns [from, to), all inside: x is the first one's. */
static void copy_columns(const ninetap_conv3x3 *p, const float *src, int64_t from, int64_t to,
                         int64_t x, float *out) {
    const nt_conv_shape *s = &p->shape;
    if (p->desc.layout == NINETAP_NHWC) {
        const nt_block block = {
            .src = src + x * s->src.column,
            .src_pixel = p->columns.stride * s->src.column,
            .dst = out + from,
            .dst_pitch = p->scratch_channel,
            .pixels = to - from,
            .channels = s->group_ic,
        };
        p->isa->transpose(&block);
        return;
    }
    for (int64_t c = 0; c < s->group_ic; c++) {
        gather(p->isa, out + c * p->scratch_channel + from, src + c * s->src.channel + x, to - from,
               p->columns.stride);
    }
}

/* One row of every channel; src is NULL for a row of constants. */
static void pack_row(const ninetap_conv3x3 *p, const float *src, float *out) {
    const nt_axis *a = &p->columns;
    for (int f = 0; f < a->phases; f++) {
        const int64_t length = p->shape.ow + a->extra[f];
        int64_t from = 0; /* the first place inside the image, and past the last one */
        int64_t to = 0;
        if (src != NULL) {
            const int64_t before = a->pad - a->residue[f];
            const int64_t inside = p->shape.iw - 1 + before;
            from = before > 0 ? (before + a->stride - 1) / a->stride : 0;
            to = inside < 0 ? 0 : inside / a->stride + 1;
            to = to < length ? to : length;
            from = from < length ? from : length;
            to = to > from ? to : from;
        }
        fill_border(p, src, f, 0, from, out);
        if (to > from) {
            copy_columns(p, src, from, to, from * a->stride - (a->pad - a->residue[f]), out);
        }
        fill_border(p, src, f, to, length, out);
        out += length;
    }
}

void nt_conv_pack_input(const ninetap_conv3x3 *p, const float *src, int64_t first_row, int64_t rows,
                        float *scratch) {
    const nt_axis *a = &p->rows;
    for (int f = 0; f < a->phases; f++) {
        float *out = scratch + nt_axis_start(a, f, p->strip_rows) * p->scratch_row;
        for (int64_t j = 0; j < rows + a->extra[f]; j++) {
            const int64_t y = (first_row + j) * a->stride + a->residue[f] - a->pad;
            const int64_t i = nt_border_index(p->desc.border, y, p->shape.ih);
            pack_row(p, i < 0 ? NULL : src + i * p->shape.src.row, out + j * p->scratch_row);
        }
    }
}

/* ---- pixels as they are ---- */

/* Columns [from, to) of a scratch row, all outside the image. src: the image's row. */
static void fill_pixels(const ninetap_conv3x3 *p, const float *src, int64_t from, int64_t to,
                        float *out) {
    const nt_conv_shape *s = &p->shape;
    for (int64_t x = from; x < to; x++) {
        const int64_t i = nt_border_index(p->desc.border, x - s->left, s->iw);
        for (int64_t c = 0; c < s->group_ic; c++) {
            out[x * s->group_ic + c] =
                i < 0 ? nt_conv_border_constant(p) : src[i * s->src.column + c];
        }
    }
}

static void copy_pixels(const nt_conv_shape *s, const float *src, int64_t count, float *out) {
    if (s->src.column == s->group_ic) {
        memcpy(out, src, (size_t)(count * s->group_ic) * sizeof(float));
        return;
    }
    for (int64_t x = 0; x < count; x++) {
        memcpy(out + x * s->group_ic, src + x * s->src.column, (size_t)s->group_ic * sizeof(float));
    }
}

void nt_conv_pack_pixels(const ninetap_conv3x3 *p, const float *src, int64_t first_row,
                         int64_t rows, float *scratch) {
    const nt_conv_shape *s = &p->shape;
    const int64_t columns = p->scratch_row / s->group_ic;
    const int64_t inside = nt_min64(s->left + s->iw, columns); /* past the last one of the image */
    const int64_t count = (rows - 1) * s->stride + 2 * s->dilation + 1;
    for (int64_t j = 0; j < count; j++) {
        const int64_t y = first_row * s->stride + j - s->top;
        const int64_t i = nt_border_index(p->desc.border, y, s->ih);
        float *out = scratch + j * p->scratch_row;
        if (i < 0) {
            for (int64_t x = 0; x < p->scratch_row; x++) {
                out[x] = nt_conv_border_constant(p);
            }
            continue;
        }
        const float *row = src + i * s->src.row;
        /* padding is narrower than a kernel, so the image is reached */
        fill_pixels(p, row, 0, s->left, out);
        copy_pixels(s, row, inside - s->left, out + s->left * s->group_ic);
        fill_pixels(p, row, inside, columns, out);
    }
}
