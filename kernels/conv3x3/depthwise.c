/* Depthwise convolution: which inputs meet, told to the kernels in pointers. Nothing is copied. A
 * tap in the padding points at the border that belongs to the plan, or at the pixel it mirrors. */
#include "core/build.h"
#include "conv3x3/conv3x3.h"

/* ---- lanes = channels ---- */

/* Input position i of the outputs from `first` on, as depthwise.h counts them. */
static int64_t input_position(const nt_conv_shape *s, int sharing, int64_t first, int64_t i,
                              int64_t pad) {
    if (sharing < 3) {
        return first * s->stride + i - pad;
    }
    return (first + i / 3) * s->stride + i % 3 * s->dilation - pad;
}

void nt_conv_depthwise_columns(const ninetap_conv3x3 *p, int64_t *offset) {
    const nt_conv_shape *s = &p->shape;
    for (int64_t i = 0; i < p->dw.columns; i++) {
        const int64_t x = input_position(s, p->dw.sharing, 0, i, s->left);
        const int64_t at = nt_border_index(p->desc.border, x, s->iw);
        offset[i] = at < 0 ? -1 : at * p->dw.src.column;
    }
}

/* `count` input rows of the outputs from row y on; NULL: a row of constants. */
static void input_rows(const ninetap_conv3x3 *p, const float *src, int64_t y, int count,
                       const float **row) {
    for (int i = 0; i < count; i++) {
        const int64_t at = nt_border_index(
            p->desc.border, input_position(&p->shape, p->dw.sharing, y, i, p->shape.top),
            p->shape.ih);
        row[i] = at < 0 ? NULL : src + at * p->dw.src.row;
    }
}

static void point(const float *const *row, int rows, const int64_t *offset, int columns,
                  const float *border, const float **input) {
    for (int i = 0; i < rows; i++) {
        for (int k = 0; k < columns; k++) {
            input[i * columns + k] = row[i] == NULL || offset[k] < 0 ? border : row[i] + offset[k];
        }
    }
}

/* How many tiles from t, at output column x, on may go in one call: of the same kernel, and with
 * inputs that are all as far apart as the tiles are. */
static int64_t alike(const ninetap_conv3x3 *p, const nt_dw_row *tiles, int64_t t, int64_t x,
                     bool inner_rows) {
    const int64_t pixels = (t < tiles->wide_count ? tiles->wide : tiles->narrow)->pixels;
    if (!inner_rows || x < p->dw.inner.from || x + pixels > p->dw.inner.to) {
        return 1;
    }
    const int64_t same = (t < tiles->wide_count ? tiles->wide_count : tiles->tiles) - t;
    const int64_t inner = (p->dw.inner.to - x) / pixels;
    return nt_min64(same, inner);
}

/* Channels [first, first + count), of the image at src; dst: their output row `row`. */
typedef struct channel_block {
    const nt_epilogue *epilogue;
    const float *src;
    float *dst;
    int64_t row, first, count;
} channel_block;

/* `tiles.rows` output rows from row y on. */
static void pixel_rows(const ninetap_conv3x3 *p, const nt_dw_row *tiles, const channel_block *block,
                       int64_t y) {
    enum { ROWS = 6, COLUMNS = 18 };
    const nt_tensor *out = &p->dw.dst;
    const float *row[ROWS];
    const float *input[ROWS * COLUMNS];
    const int rows = (tiles->narrow->rows - 1) * p->dw.sharing + 3;
    input_rows(p, block->src, y, rows, row);
    nt_dw_tile tile = {
        .input = input,
        .weights = p->weights + 9 * block->first,
        .bias = p->bias + block->first,
        .epilogue = block->epilogue,
        .dst_row = out->row,
        .dst_column = out->column,
        .channels = block->count,
    };
    bool inner_rows = true;
    for (int i = 0; i < rows; i++) {
        inner_rows = inner_rows && row[i] != NULL;
    }
    int64_t x = 0;
    for (int64_t t = 0; t < tiles->tiles; t += tile.tiles) {
        const nt_dw_kernel *kernel = t < tiles->wide_count ? tiles->wide : tiles->narrow;
        const int columns = (kernel->pixels - 1) * p->dw.sharing + 3;
        point(row, rows, p->dw.offset + x * p->dw.sharing, columns, p->border, input);
        tile.tiles = alike(p, tiles, t, x, inner_rows);
        tile.advance = kernel->pixels * p->shape.stride * p->dw.src.column;
        tile.dst = block->dst + (y - block->row) * out->row + x * out->column;
        kernel->run(&tile);
        x += tile.tiles * kernel->pixels;
    }
}

/* Output rows [y, end). */
static void strip_of_pixels(const ninetap_conv3x3 *p, const channel_block *block, int64_t y,
                            int64_t end) {
    const int64_t height = p->dw.row[0].narrow->rows;
    for (; y + height <= end; y += height) {
        pixel_rows(p, &p->dw.row[0], block, y);
    }
    for (; y < end; y++) {
        pixel_rows(p, &p->dw.row[1], block, y);
    }
}

/* A matrix [rows][columns] of floats to [columns][rows]. */
static void turn(const nt_isa *isa, const float *src, int64_t src_row, int64_t rows,
                 int64_t columns, float *dst, int64_t dst_row) {
    const nt_block block = {
        .src = src,
        .src_pixel = src_row,
        .dst = dst,
        .dst_pitch = dst_row,
        .pixels = rows,
        .channels = columns,
    };
    isa->transpose(&block);
}

/* NCHW planes too narrow for lanes of columns: so many of them as a vector has lanes are turned to
 * channels in scratch, and their outputs turned back. Rows without a gap are turned as one. */
static void block_of_planes(const ninetap_conv3x3 *p, const nt_epilogue *epilogue, const float *src,
                            float *out, int64_t first, float *scratch) {
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    const int64_t count = nt_min64(s->oc - first, lanes);
    float *turned = scratch + s->ih * s->iw * lanes;
    const int64_t src_rows = s->src.row == s->iw ? s->ih : 1;
    for (int64_t y = 0; y < s->ih; y += src_rows) {
        turn(p->isa, src + y * s->src.row, s->src.channel, count, src_rows * s->iw,
             scratch + y * p->dw.src.row, lanes);
    }
    const channel_block block = {epilogue, scratch, turned, 0, first, count};
    strip_of_pixels(p, &block, 0, s->oh);
    const int64_t out_rows = p->out.row == s->ow ? s->oh : 1;
    for (int64_t y = 0; y < s->oh; y += out_rows) {
        turn(p->isa, turned + y * p->dw.dst.row, lanes, out_rows * s->ow, count,
             out + y * p->out.row, p->out.channel);
    }
}

/* ---- lanes = columns ---- */

/* Output rows [y, end) of a channel to `out`. src: its plane. row: room for the table of input
 * rows.
 */
static void strip_of_plane(const ninetap_conv3x3 *p, const nt_epilogue *epilogue, const float *src,
                           float *out, int64_t channel, int64_t y, int64_t end, const float **row) {
    const nt_conv_shape *s = &p->shape;
    const int64_t first = y * s->stride - s->top;
    const int64_t count = (end - y - 1) * s->stride + 3;
    for (int64_t i = 0; i < count; i++) {
        int64_t at = first + i;
        if (at < 0 || at >= s->ih) {
            at = nt_border_index(p->desc.border, at, s->ih);
        }
        row[i] = at < 0 ? p->border : src + at * s->src.row;
    }
    const nt_dw_plane plane = {
        .row = row,
        .weights = p->weights + 9 * channel,
        .bias = p->bias[channel],
        .epilogue = epilogue,
        .dst = out,
        .dst_row = p->out.row,
        .rows = end - y,
        .columns = s->ow,
        .left = (int)s->left,
        .right = nt_conv_beyond(s) > 0,
        .left_fill = nt_border_index(p->desc.border, -1, s->iw),
        .right_fill = nt_border_index(p->desc.border, s->iw, s->iw),
        .constant = p->border[0],
    };
    p->dw.plane_kernel->run(&plane);
}

/* ---- the list: image, channel or block of them (NCHW), strip ---- */

static void walk_blocks(const ninetap_conv3x3 *p, const nt_conv_call *call, float *slice,
                        float *map, int64_t begin, int64_t end) {
    const nt_conv_shape *s = &p->shape;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / p->strips;
        const int64_t channel = u % p->strips * p->isa->lanes;
        float *home = call->dst + image * s->dst.image + channel * s->dst.channel;
        float *out = p->pooled ? map : home;
        block_of_planes(p, call->epilogue,
                        call->src + image * s->src.image + channel * s->src.channel, out, channel,
                        slice);
        const nt_conv_piece piece = {out, s->oh, s->ow, nt_min64(s->oc - channel, p->isa->lanes)};
        nt_conv_finish(p, call, &piece, home);
    }
}

void nt_conv_walk_depthwise(const ninetap_conv3x3 *p, const nt_conv_call *call, float *slice,
                            int64_t begin, int64_t end) {
    const nt_conv_shape *s = &p->shape;
    float *map = slice + p->scratch_bytes / sizeof(float);
    if (p->dw.blocked) {
        walk_blocks(p, call, slice, map, begin, end);
        return;
    }
    const int64_t planes = p->family == NT_DEPTHWISE_X ? s->oc : 1;
    for (int64_t u = begin; u < end; u++) {
        const int64_t y = u % p->strips * p->strip_rows;
        const int64_t stop = s->oh - y < p->strip_rows ? s->oh : y + p->strip_rows;
        const int64_t channel = u / p->strips % planes;
        const int64_t image = u / p->strips / planes;
        const float *in = call->src + image * s->src.image + channel * s->src.channel;
        float *home = call->dst + image * s->dst.image + channel * s->dst.channel +
                      (p->pooled ? y / 2 : y) * s->dst.row;
        float *out = p->pooled ? map : home;
        if (p->family == NT_DEPTHWISE_X) {
            strip_of_plane(p, call->epilogue, in, out, channel, y, stop,
                           (const float **)(void *)slice);
        } else {
            const channel_block all = {call->epilogue, in, out, y, 0, s->oc};
            strip_of_pixels(p, &all, y, stop);
        }
        const nt_conv_piece piece = {out, stop - y, s->ow, p->panel_oc};
        nt_conv_finish(p, call, &piece, home);
    }
}
