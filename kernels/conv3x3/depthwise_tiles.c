#include "core/build.h"
#include "conv3x3/depthwise_tiles.h"

#include "conv3x3/border.h"
#include "conv3x3/predict.h"
#include "core/size.h"

static const nt_dw_kernel *find_dw(const nt_kernels *from, int rows, int64_t pixels, int stride) {
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        if (k->rows == rows && k->pixels == pixels && k->stride == stride) {
            return k;
        }
    }
    return NULL;
}

/* Equal tiles, as few as the widest kernel allows. */
static nt_pixels_row cut_row_of_pixels(const nt_kernels *from, int rows, int stride, int64_t ow) {
    int pixels = 1;
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        if (k->rows == rows && k->stride == stride && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    const int64_t tiles = nt_div_up(ow, pixels);
    nt_pixels_row row = {.tiles = tiles, .wide_count = ow % tiles};
    row.narrow = find_dw(from, rows, ow / tiles, stride);
    row.wide = row.wide_count > 0 ? find_dw(from, rows, ow / tiles + 1, stride) : row.narrow;
    return row;
}

static int sharing_of(const nt_conv_shape *s) {
    return s->dilation == 1 && s->stride <= 2 ? (int)s->stride : NT_DW_APART;
}

static int rows_of_pixels(const nt_conv *c) {
    const nt_kernels *from = c->kernels;
    const int sharing = sharing_of(&c->shape);
    int rows = 1;
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        rows = k->stride == sharing && k->rows > rows && k->rows <= c->shape.oh ? k->rows : rows;
    }
    return rows;
}

/* Which of `size` inputs lies at a position; -1: the constant, and what lies between inputs. */
static int64_t spread_input(const nt_conv *c, int64_t position, int64_t size) {
    const int64_t spread = c->shape.spread;
    return position % spread != 0 ? -1 : nt_border_index(c->desc.border, position / spread, size);
}

int nt_pixels_plan_tiles(nt_pixels_plan *p) {
    const nt_conv_shape *s = &p->head.conv.shape;
    const nt_kernels *from = p->head.conv.kernels;
    const int rows = rows_of_pixels(&p->head.conv);
    p->sharing = sharing_of(s);
    p->row[0] = cut_row_of_pixels(from, rows, p->sharing, s->ow);
    p->row[1] = cut_row_of_pixels(from, 1, p->sharing, s->ow);
    p->columns = (s->ow - 1) * p->sharing + 3;
    p->head.kernel = p->row[0].wide->name;
    return rows;
}

/* Inputs along an axis that so many neighbouring outputs read. */
static double inputs_of(int sharing, double outputs) {
    return sharing == NT_DW_APART ? 3.0 * outputs : sharing * (outputs - 1.0) + 3.0;
}

/* A tile loads a pointer to each input, the input, and nine weights. Pointing at an input takes as
 * long as some 30 instructions; the tile is then done for `vectors` vectors of channels. */
double nt_pixels_cycles(const nt_conv *c, double vectors) {
    const nt_conv_shape *s = &c->shape;
    const nt_machine *m = &c->machine;
    const int sharing = sharing_of(s);
    const int rows = rows_of_pixels(c);
    const double tiles = (double)cut_row_of_pixels(c->kernels, rows, sharing, s->ow).tiles;
    const double pixels = (double)s->ow / tiles;
    const double inputs = inputs_of(sharing, rows) * inputs_of(sharing, pixels);
    const double outputs = rows * pixels;
    const double loads = 2.0 * inputs + 9.0;
    const double multiply = 9.0 * nt_short_step_cycles(m, c->fused, outputs, loads / 9.0, 9.0);
    const double read = (double)(s->ih * s->iw) / (double)(s->oh * s->ow);
    const double pixel = multiply / outputs + nt_move_cycles(m, 0.0, 1.0, 0.0) +
                         nt_tensor_cycles(c, read) +
                         nt_code_cycles(m, 30.0 * inputs + 100.0, 0.0) / (outputs * vectors);
    return nt_all_rows(c, (double)s->ow * pixel) * nt_vectors(c, s->groups) / (double)s->groups;
}

/* Input position i of the outputs from `first` on, as bodies/depthwise_channels.h counts them. */
static int64_t input_position(const nt_conv_shape *s, int sharing, int64_t first, int64_t i,
                              int64_t pad) {
    if (sharing != NT_DW_APART) {
        return first * s->stride + i - pad;
    }
    return (first + i / 3) * s->stride + i % 3 * s->dilation - pad;
}

ninetap_status nt_pixels_pack(nt_pixels_plan *p, const float *weights, const float *bias,
                              int64_t border) {
    const nt_conv *c = &p->head.conv;
    const nt_size offset_bytes = nt_size_mul(nt_size_of(p->columns), 2 * sizeof(int64_t));
    const ninetap_status status =
        nt_depthwise_pack(&p->head, weights, bias, c->isa->lanes, border, offset_bytes, &p->packed);
    if (status != NINETAP_OK) {
        return status;
    }
    p->beside_count = 0;
    p->offset = p->packed.more;
    p->beside = p->offset + p->columns;
    for (int64_t i = 0; i < p->columns; i++) {
        const int64_t x = input_position(&c->shape, p->sharing, 0, i, c->shape.left);
        const int64_t at = spread_input(c, x, c->shape.iw);
        if (at < 0) {
            p->beside[p->beside_count++] = i;
        }
        p->offset[i] = nt_max64(at, 0) * p->src.column * (int64_t)c->shape.src_element;
    }
    return NINETAP_OK;
}

/* `count` input rows of the outputs from row y on; NULL: a row of constants. */
static void input_rows(const nt_pixels_plan *p, const void *src, int64_t y, int count,
                       const void **row) {
    const nt_conv *c = &p->head.conv;
    for (int i = 0; i < count; i++) {
        const int64_t at =
            spread_input(c, input_position(&c->shape, p->sharing, y, i, c->shape.top), c->shape.ih);
        row[i] = at < 0 ? NULL : nt_at(src, at * p->src.row, c->shape.src_element);
    }
}

/* The inputs of the outputs from column x on: so many rows and columns of them. */
static void point(const nt_pixels_plan *p, const void *const *row, int rows, int64_t x,
                  int64_t columns, const float *(*input)[NT_DW_TABLE]) {
    const float *border = p->packed.border;
    const int64_t first = x * p->sharing;
    const int64_t *offset = p->offset + first;
    for (int i = 0; i < rows; i++) {
        if (row[i] == NULL) {
            for (int64_t k = 0; k < columns; k++) {
                input[i][k] = border;
            }
            continue;
        }
        for (int64_t k = 0; k < columns; k++) {
            input[i][k] = (const float *)(const void *)((const char *)row[i] + offset[k]);
        }
        for (int64_t b = 0; b < p->beside_count; b++) {
            const int64_t k = p->beside[b] - first;
            if (k >= 0 && k < columns) {
                input[i][k] = border;
            }
        }
    }
}

/* `tiles.rows` output rows from row y on. */
static void pixel_rows(const nt_pixels_plan *p, const nt_pixels_row *tiles,
                       const nt_pixels_block *block, int64_t y) {
    const nt_conv_shape *s = &p->head.conv.shape;
    const void *row[NT_DW_INPUT_ROWS];
    const float *input[NT_DW_INPUT_ROWS][NT_DW_TABLE];
    const int rows = (tiles->narrow->rows - 1) * p->sharing + 3;
    input_rows(p, block->src, y, rows, row);
    nt_dw_tile tile = {
        .input = input,
        .weights = p->packed.weights + 9 * block->first,
        .bias = p->packed.bias + block->first,
        .epilogue = block->epilogue,
        .dst_row = p->dst.row,
        .dst_column = p->dst.column,
        .channels = block->count,
    };
    int64_t x = 0;
    for (int64_t t = 0; t < tiles->tiles; t += tile.tiles) {
        const nt_dw_kernel *kernel = t < tiles->wide_count ? tiles->wide : tiles->narrow;
        const int64_t same = (t < tiles->wide_count ? tiles->wide_count : tiles->tiles) - t;
        const int64_t step = kernel->pixels * p->sharing;
        const int64_t more = 3 - p->sharing; /* that a tile shares with the next one */
        tile.tiles = nt_min64(same, (NT_DW_TABLE - more) / step);
        point(p, row, rows, x, tile.tiles * step + more, input);
        tile.dst =
            nt_out(block->dst, (y - block->row) * p->dst.row + x * p->dst.column, s->dst_element);
        kernel->run(&tile);
        x += tile.tiles * kernel->pixels;
    }
}

void nt_pixels_run(const nt_pixels_plan *p, const nt_pixels_block *block, int64_t y, int64_t end) {
    const int64_t height = p->row[0].narrow->rows;
    for (; y + height <= end; y += height) {
        pixel_rows(p, &p->row[0], block, y);
    }
    for (; y < end; y++) {
        pixel_rows(p, &p->row[1], block, y);
    }
}
