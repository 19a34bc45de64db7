/* The packed input of one strip: mostly [channel][row][column] with the border filled in, rows and
 * columns sorted by phase. So a kernel sees one layout without an edge, whatever the layout, pitch,
 * padding, stride and dilation. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/border.h"
#include "conv3x3/strip.h"

/* ---- planes ---- */

/* Columns [from, to) of a phase that mirror others of the row at src, for every channel. */
static void mirror_border(const nt_conv *c, const nt_strips *strips, const void *src, int phase,
                          int64_t from, int64_t to, void *out) {
    const nt_conv_shape *s = &c->shape;
    const nt_axis *a = &strips->across;
    const size_t element = s->src_element;
    for (int64_t j = from; j < to; j++) {
        const int64_t x = j * a->stride + a->residue[phase] - a->pad;
        const int64_t i = nt_border_index(c->desc.border, x, s->iw);
        if (c->integers) {
            nt_pack_integers(c, nt_at(src, i * s->src.column, element), 1, 1, strips->column,
                             nt_out(out, j * strips->column, NT_PACKED_BYTES));
            continue;
        }
        for (int64_t k = 0; k < s->group_ic; k++) {
            nt_copy_element(nt_out(out, k * strips->channel + j, element),
                            nt_at(src, k * s->src.channel + i * s->src.column, element), element);
        }
    }
}

/* `count` elements of 4 bytes of each channel; `channel` bytes from one to the next. */
static void fill_words(char *place, const void *constant, int64_t count, int64_t channel,
                       int64_t channels) {
    uint32_t value; /* read once: for all that the compiler knows, it lies in `place` */
    memcpy(&value, constant, sizeof value);
    for (int64_t k = channels; k > 0; k--) {
        char *word = place;
        for (int64_t j = count; j > 0; j--) {
            memcpy(word, &value, sizeof value);
            word += sizeof value;
        }
        place += channel;
    }
}

/* Columns [from, to) of a phase, all outside the image. */
static void fill_border(const nt_conv *c, const nt_strips *strips, const void *src, int phase,
                        int64_t from, int64_t to, void *out) {
    if (from == to) {
        return;
    }
    if (!strips->constant_border) {
        mirror_border(c, strips, src, phase, from, to, out);
        return;
    }
    fill_words(nt_out(out, from * strips->column, NT_PACKED_BYTES), strips->constant,
               (to - from) * strips->column, strips->channel * NT_PACKED_BYTES,
               c->integers ? 1 : c->depth);
}

/* Every step-th element. */
static void gather(const nt_conv *c, void *out, const void *in, int64_t count, int64_t step) {
    const size_t element = c->shape.src_element;
    if (step == 1) {
        memcpy(out, in, (size_t)count * element);
        return;
    }
    if (step == 2) {
        c->isa->take_second(out, in, count);
        return;
    }
    for (int64_t j = 0; j < count; j++) {
        nt_copy_element(nt_out(out, j, element), nt_at(in, j * step, element), element);
    }
}

/* Columns [from, to), all inside: x is the first one's. */
static void copy_columns(const nt_conv *c, const nt_strips *strips, const void *src, int64_t from,
                         int64_t to, int64_t x, void *out) {
    const nt_conv_shape *s = &c->shape;
    const size_t element = s->src_element;
    if (c->integers) {
        nt_pack_integers(c, nt_at(src, x * s->src.column, element), to - from,
                         strips->across.stride, strips->column,
                         nt_out(out, from * strips->column, NT_PACKED_BYTES));
        return;
    }
    if (c->desc.layout == NINETAP_NHWC) {
        const nt_block block = {
            .src = nt_at(src, x * s->src.column, element),
            .src_pixel = strips->across.stride * s->src.column,
            .dst = nt_out(out, from, element),
            .dst_pitch = strips->channel,
            .pixels = to - from,
            .channels = s->group_ic,
        };
        c->isa->transpose(&block);
        return;
    }
    const char *in = nt_at(src, x, element);
    char *place = nt_out(out, from, element);
    for (int64_t k = s->group_ic; k > 0; k--) {
        gather(c, place, in, to - from, strips->across.stride);
        in += s->src.channel * (int64_t)element;
        place += strips->channel * (int64_t)element;
    }
}

/* One row of every channel; src is NULL for a row of constants. */
static void pack_row(const nt_conv *c, const nt_strips *strips, const void *src, void *out) {
    const nt_axis *a = &strips->across;
    for (int f = 0; f < a->phases; f++) {
        const int64_t length = c->shape.ow + a->extra[f];
        int64_t from = 0; /* the first place inside the image, and past the last one */
        int64_t to = 0;
        if (src != NULL) {
            const int64_t before = a->pad - a->residue[f];
            const int64_t inside = c->shape.iw - 1 + before;
            from = before > 0 ? (before + a->stride - 1) / a->stride : 0;
            to = inside < 0 ? 0 : inside / a->stride + 1;
            to = to < length ? to : length;
            from = from < length ? from : length;
            to = to > from ? to : from;
        }
        fill_border(c, strips, src, f, 0, from, out);
        if (to > from) {
            copy_columns(c, strips, src, from, to, from * a->stride - (a->pad - a->residue[f]),
                         out);
        }
        fill_border(c, strips, src, f, to, length, out);
        out = nt_out(out, length * strips->column, NT_PACKED_BYTES);
    }
}

static void pack_planes(const nt_conv *c, const nt_strips *strips, const void *src,
                        int64_t first_row, int64_t rows, void *scratch) {
    const nt_axis *a = &strips->down;
    const size_t element = c->shape.src_element;
    int64_t start = 0;
    for (int f = 0; f < a->phases; f++) {
        for (int64_t j = 0; j < rows + a->extra[f]; j++) {
            const int64_t y = (first_row + j) * a->stride + a->residue[f] - a->pad;
            const int64_t i = nt_border_index(c->desc.border, y, c->shape.ih);
            pack_row(c, strips, i < 0 ? NULL : nt_at(src, i * c->shape.src.row, element),
                     nt_out(scratch, (start + j) * strips->row, NT_PACKED_BYTES));
        }
        start += strips->rows + a->extra[f];
    }
}

/* ---- pixels as they are ---- */

/* Columns [from, to) of a scratch row, all outside the image. src: the image's row. */
static void fill_pixels(const nt_conv *c, const void *src, int64_t from, int64_t to, void *out) {
    const nt_conv_shape *s = &c->shape;
    const size_t element = s->src_element;
    for (int64_t x = from; x < to; x++) {
        const int64_t i = nt_border_index(c->desc.border, x - s->left, s->iw);
        void *pixel = nt_out(out, x * s->group_ic, element);
        if (i < 0) {
            nt_border_fill(c, pixel, s->group_ic);
        } else {
            memcpy(pixel, nt_at(src, i * s->src.column, element), (size_t)s->group_ic * element);
        }
    }
}

static void copy_pixels(const nt_conv_shape *s, const void *src, int64_t count, void *out) {
    const size_t element = s->src_element;
    if (s->src.column == s->group_ic) {
        memcpy(out, src, (size_t)(count * s->group_ic) * element);
        return;
    }
    for (int64_t x = 0; x < count; x++) {
        memcpy(nt_out(out, x * s->group_ic, element), nt_at(src, x * s->src.column, element),
               (size_t)s->group_ic * element);
    }
}

static void pack_pixels(const nt_conv *c, const nt_strips *strips, const void *src,
                        int64_t first_row, int64_t rows, void *scratch) {
    const nt_conv_shape *s = &c->shape;
    const size_t element = s->src_element;
    const int64_t columns = strips->row / s->group_ic;
    const int64_t inside = nt_min64(s->left + s->iw, columns); /* past the last one of the image */
    const int64_t count = (rows - 1) * s->stride + 2 * s->dilation + 1;
    for (int64_t j = 0; j < count; j++) {
        const int64_t y = first_row * s->stride + j - s->top;
        const int64_t i = nt_border_index(c->desc.border, y, s->ih);
        void *out = nt_out(scratch, j * strips->row, element);
        if (i < 0) {
            nt_border_fill(c, out, strips->row);
            continue;
        }
        const void *row = nt_at(src, i * s->src.row, element);
        /* padding is narrower than a kernel, so the row has a column of the image */
        fill_pixels(c, row, 0, s->left, out);
        copy_pixels(s, row, inside - s->left, nt_out(out, s->left * s->group_ic, element));
        fill_pixels(c, row, inside, columns, out);
    }
}

const void *nt_strip_enter(const nt_conv *c, const nt_strips *strips, const void *src, int64_t y,
                           int64_t rows, void *scratch) {
    if (strips->unpacked) {
        return nt_at(src, y * strips->down_step, c->shape.src_element);
    }
    (strips->apart ? pack_pixels : pack_planes)(c, strips, src, y, rows, scratch);
    return scratch;
}
