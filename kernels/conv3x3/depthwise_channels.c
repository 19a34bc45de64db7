/* Depthwise convolution, lanes = channels (bodies/depthwise.h): two methods. NHWC's pixels are read
 * where they lie. NCHW's planes are turned to pixels in scratch, as many planes at a time as a
 * vector has lanes, and their outputs turned back.
 *
 * Which inputs meet is told to the kernels in pointers, and nothing else is copied. A tap in the
 * padding points at the border that belongs to the plan, or at the pixel it mirrors. */
#include "core/build.h"

#include "conv3x3/border.h"
#include "conv3x3/depthwise.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"
#include "core/size.h"

/* A row of tiles of one height: `tiles` tiles, the first `wide_count` of them one pixel wider. */
typedef struct dw_row {
    const nt_dw_kernel *wide, *narrow;
    int64_t tiles, wide_count;
} dw_row;

typedef struct pixels_plan {
    ninetap_conv3x3 head;
    nt_tensor src, dst; /* as the kernels see them */
    int sharing;        /* nt_dw_kernel's stride */
    dw_row row[2];      /* of several rows, of one */
    int64_t columns;    /* input pixels of a row of outputs, */
    int64_t *offset;    /* how far each is from the row's first one; -1: border */
    nt_span inner;      /* output columns without a tap beside the image */
    nt_depthwise_packed packed;
    nt_conv_map map;
} pixels_plan;

/* NHWC: a unit is a strip of an image. */
typedef struct nhwc_plan {
    pixels_plan pixels;
    int64_t strip_rows, strips;
} nhwc_plan;

/* NCHW: a unit is a block of planes, turned at the start of the slice. */
typedef struct planes_plan {
    pixels_plan pixels;
    int64_t blocks;
    size_t turned_in, turned_out; /* in the slice */
} planes_plan;

static bool fits_pixels(const nt_conv *c) {
    return c->desc.layout == NINETAP_NHWC && nt_is_depthwise(&c->shape);
}

/* A block of planes and its outputs must fit the scratch. */
static bool fits_planes(const nt_conv *c) {
    enum { BLOCK_BYTES = 512 * 1024 };
    const nt_conv_shape *s = &c->shape;
    const nt_size positions =
        nt_size_add(nt_size_mul(nt_size_of(s->ih), s->iw), nt_size_mul(nt_size_of(s->oh), s->ow));
    const nt_size bytes =
        nt_size_mul(nt_size_mul(positions, c->isa->lanes), (int64_t)s->src_element);
    return c->desc.layout == NINETAP_NCHW && nt_is_depthwise(s) && !bytes.overflow &&
           bytes.value <= BLOCK_BYTES;
}

/* All of a row's groups share its vectors. */
static double pixels_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const double row = nt_vectors(c, s->groups) / (double)s->groups * 11.0 * (double)s->ow;
    return nt_all_rows(c, row);
}

/* Planes turned to pixels and back: 6 a vector of either. */
static double planes_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const double in = (double)s->ih * (double)s->iw / (double)s->oh;
    const double turn = 6.0 * ((double)s->ow + in);
    return pixels_cycles(c) + nt_all_rows(c, nt_vectors(c, s->groups) / (double)s->groups * turn);
}

/* ---- the plan ---- */

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
static dw_row cut_dw_row(const nt_kernels *from, int rows, int stride, int64_t ow) {
    int pixels = 1;
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        if (k->rows == rows && k->stride == stride && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    const int64_t tiles = nt_div_up(ow, pixels);
    dw_row row = {.tiles = tiles, .wide_count = ow % tiles};
    row.narrow = find_dw(from, rows, ow / tiles, stride);
    row.wide = row.wide_count > 0 ? find_dw(from, rows, ow / tiles + 1, stride) : row.narrow;
    return row;
}

/* Returns the height of the main tiles. */
static int choose_dw_tiles(pixels_plan *p) {
    const nt_conv_shape *s = &p->head.conv.shape;
    const nt_kernels *from = p->head.conv.kernels;
    int rows = 1;
    p->sharing = s->dilation == 1 && s->stride <= 2 ? (int)s->stride : 3;
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        rows = k->stride == p->sharing && k->rows > rows && k->rows <= s->oh ? k->rows : rows;
    }
    p->row[0] = cut_dw_row(from, rows, p->sharing, s->ow);
    p->row[1] = cut_dw_row(from, 1, p->sharing, s->ow);
    p->columns = (s->ow - 1) * p->sharing + 3;
    p->inner = nt_inner_outputs(s->iw, s->left, 3, s->dilation, s->stride, s->ow);
    p->head.kernel = p->row[0].wide->name;
    return rows;
}

static ninetap_status plan_nhwc(ninetap_conv3x3 *plan) {
    nhwc_plan *p = (nhwc_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const int rows = choose_dw_tiles(&p->pixels);
    p->strip_rows = c->pooled ? nt_max64(rows, 2) : rows;
    p->strips = nt_div_up(s->oh, p->strip_rows);
    plan->units = s->n * p->strips;
    const ninetap_status status =
        nt_conv_map_of(c, false, p->strip_rows, s->ow, s->oc, &plan->slice_bytes, &p->pixels.map);
    p->pixels.src = s->src;
    p->pixels.dst = p->pixels.map.tensor;
    return status;
}

static ninetap_status plan_planes(ninetap_conv3x3 *plan) {
    planes_plan *p = (planes_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    choose_dw_tiles(&p->pixels);
    p->pixels.src = (nt_tensor){.row = s->iw * lanes, .column = lanes};
    p->pixels.dst = (nt_tensor){.row = s->ow * lanes, .column = lanes};
    p->blocks = nt_div_up(s->oc, lanes);
    plan->units = s->n * p->blocks;
    p->turned_in =
        nt_slice_place(&plan->slice_bytes, (size_t)(s->ih * s->iw * lanes) * s->src_element);
    p->turned_out =
        nt_slice_place(&plan->slice_bytes, (size_t)(s->oh * s->ow * lanes) * s->dst_element);
    return nt_conv_map_of(c, false, s->oh, s->ow, lanes, &plan->slice_bytes, &p->pixels.map);
}

/* Input position i of the outputs from `first` on, as bodies/depthwise.h counts them. */
static int64_t input_position(const nt_conv_shape *s, int sharing, int64_t first, int64_t i,
                              int64_t pad) {
    if (sharing < 3) {
        return first * s->stride + i - pad;
    }
    return (first + i / 3) * s->stride + i % 3 * s->dilation - pad;
}

static ninetap_status pack_pixels_plan(ninetap_conv3x3 *plan, const float *weights,
                                       const float *bias, int64_t border) {
    pixels_plan *p = (pixels_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_size offset_bytes = nt_size_mul(nt_size_of(p->columns), sizeof(int64_t));
    if (!nt_size_fits(offset_bytes, 1)) {
        return NINETAP_ERR_OVERFLOW;
    }
    const ninetap_status status = nt_depthwise_pack(plan, weights, bias, c->isa->lanes, border,
                                                    offset_bytes.value, &p->packed);
    if (status != NINETAP_OK) {
        return status;
    }
    p->offset = p->packed.more;
    for (int64_t i = 0; i < p->columns; i++) {
        const int64_t x = input_position(&c->shape, p->sharing, 0, i, c->shape.left);
        const int64_t at = nt_border_index(c->desc.border, x, c->shape.iw);
        p->offset[i] = at < 0 ? -1 : at * p->src.column;
    }
    return NINETAP_OK;
}

static ninetap_status pack_nhwc(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    return pack_pixels_plan(plan, weights, bias, plan->conv.shape.oc);
}
static ninetap_status pack_planes_plan(ninetap_conv3x3 *plan, const void *weights,
                                       const void *bias) {
    return pack_pixels_plan(plan, weights, bias, plan->conv.isa->lanes);
}

/* ---- a run ---- */

/* `count` input rows of the outputs from row y on; NULL: a row of constants. */
static void input_rows(const pixels_plan *p, const void *src, int64_t y, int count,
                       const void **row) {
    const nt_conv *c = &p->head.conv;
    for (int i = 0; i < count; i++) {
        const int64_t at = nt_border_index(
            c->desc.border, input_position(&c->shape, p->sharing, y, i, c->shape.top), c->shape.ih);
        row[i] = at < 0 ? NULL : nt_at(src, at * p->src.row, c->shape.src_element);
    }
}

/* The taps of a tile at output column x. */
static void point(const pixels_plan *p, const void *const *row, int rows, int64_t x, int columns,
                  const float **input) {
    const int64_t *offset = p->offset + x * p->sharing;
    const size_t element = p->head.conv.shape.src_element;
    for (int i = 0; i < rows; i++) {
        for (int k = 0; k < columns; k++) {
            input[i * columns + k] = row[i] == NULL || offset[k] < 0
                                         ? p->packed.border
                                         : nt_at(row[i], offset[k], element);
        }
    }
}

/* How many tiles from t, at output column x, on may go in one call: of the same kernel, and with
 * inputs that are all as far apart as the tiles are. */
static int64_t alike(const pixels_plan *p, const dw_row *tiles, int64_t t, int64_t x,
                     bool inner_rows) {
    const int64_t pixels = (t < tiles->wide_count ? tiles->wide : tiles->narrow)->pixels;
    if (!inner_rows || x < p->inner.from || x + pixels > p->inner.to) {
        return 1;
    }
    const int64_t same = (t < tiles->wide_count ? tiles->wide_count : tiles->tiles) - t;
    const int64_t inner = (p->inner.to - x) / pixels;
    return nt_min64(same, inner);
}

/* Channels [first, first + count), of the image at src; dst: their output row `row`. */
typedef struct channel_block {
    const nt_epilogue *epilogue;
    const void *src;
    void *dst;
    int64_t row, first, count;
} channel_block;

/* `tiles.rows` output rows from row y on. */
static void pixel_rows(const pixels_plan *p, const dw_row *tiles, const channel_block *block,
                       int64_t y) {
    enum { ROWS = 6, COLUMNS = 18 };
    const nt_conv_shape *s = &p->head.conv.shape;
    const void *row[ROWS];
    const float *input[ROWS * COLUMNS];
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
    bool inner_rows = true;
    for (int i = 0; i < rows; i++) {
        inner_rows = inner_rows && row[i] != NULL;
    }
    int64_t x = 0;
    for (int64_t t = 0; t < tiles->tiles; t += tile.tiles) {
        const nt_dw_kernel *kernel = t < tiles->wide_count ? tiles->wide : tiles->narrow;
        point(p, row, rows, x, (kernel->pixels - 1) * p->sharing + 3, input);
        tile.tiles = alike(p, tiles, t, x, inner_rows);
        tile.advance = kernel->pixels * s->stride * p->src.column;
        tile.dst =
            nt_out(block->dst, (y - block->row) * p->dst.row + x * p->dst.column, s->dst_element);
        kernel->run(&tile);
        x += tile.tiles * kernel->pixels;
    }
}

/* Output rows [y, end). */
static void strip_of_pixels(const pixels_plan *p, const channel_block *block, int64_t y,
                            int64_t end) {
    const int64_t height = p->row[0].narrow->rows;
    for (; y + height <= end; y += height) {
        pixel_rows(p, &p->row[0], block, y);
    }
    for (; y < end; y++) {
        pixel_rows(p, &p->row[1], block, y);
    }
}

static void walk_nhwc(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                      int64_t begin, int64_t end) {
    const nhwc_plan *p = (const nhwc_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const nt_conv_map *map = &p->pixels.map;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / p->strips;
        const int64_t y = u % p->strips * p->strip_rows;
        const int64_t stop = nt_min64(s->oh, y + p->strip_rows);
        const int64_t first = image * s->dst.image + (c->pooled ? y / 2 : y) * s->dst.row;
        void *home = nt_out(call->dst, first, s->dst_element);
        void *out = map->used ? (char *)slice + map->at : home;
        const channel_block all = {
            call->epilogue, nt_at(call->src, image * s->src.image, s->src_element), out, y, 0,
            s->oc};
        strip_of_pixels(&p->pixels, &all, y, stop);
        const nt_conv_piece piece = {out, stop - y, s->ow, s->oc};
        nt_conv_finish(c, map, call, &piece, home);
    }
}

/* A matrix [rows][columns] to [columns][rows]. */
static void turn(const nt_isa *isa, const void *src, int64_t src_row, int64_t rows, int64_t columns,
                 void *dst, int64_t dst_row) {
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

/* The block of `count` planes whose first one is `first`. Rows without a gap are turned as one. */
static void block_of_planes(const planes_plan *p, const nt_epilogue *epilogue, const void *src,
                            void *out, int64_t first, int64_t count, char *slice) {
    const nt_conv *c = &p->pixels.head.conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    void *pixels = slice + p->turned_in;
    void *outputs = slice + p->turned_out;
    const int64_t src_rows = s->src.row == s->iw ? s->ih : 1;
    for (int64_t y = 0; y < s->ih; y += src_rows) {
        turn(c->isa, nt_at(src, y * s->src.row, s->src_element), s->src.channel, count,
             src_rows * s->iw, nt_out(pixels, y * p->pixels.src.row, s->src_element), lanes);
    }
    const channel_block block = {epilogue, pixels, outputs, 0, first, count};
    strip_of_pixels(&p->pixels, &block, 0, s->oh);
    const nt_tensor *t = &p->pixels.map.tensor;
    const int64_t out_rows = t->row == s->ow ? s->oh : 1;
    for (int64_t y = 0; y < s->oh; y += out_rows) {
        turn(c->isa, nt_at(outputs, y * p->pixels.dst.row, s->dst_element), lanes, out_rows * s->ow,
             count, nt_out(out, y * t->row, s->dst_element), t->channel);
    }
}

static void walk_planes(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                        int64_t begin, int64_t end) {
    const planes_plan *p = (const planes_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const nt_conv_map *map = &p->pixels.map;
    const int64_t lanes = c->isa->lanes;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / p->blocks;
        const int64_t channel = u % p->blocks * lanes;
        const int64_t count = nt_min64(s->oc - channel, lanes);
        const void *src =
            nt_at(call->src, image * s->src.image + channel * s->src.channel, s->src_element);
        void *home =
            nt_out(call->dst, image * s->dst.image + channel * s->dst.channel, s->dst_element);
        void *out = map->used ? (char *)slice + map->at : home;
        block_of_planes(p, call->epilogue, src, out, channel, count, slice);
        const nt_conv_piece piece = {out, s->oh, s->ow, count};
        nt_conv_finish(c, map, call, &piece, home);
    }
}

const nt_method nt_depthwise_pixels = {
    .name = "depthwise over channels",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .plan_bytes = sizeof(nhwc_plan),
    .fits = fits_pixels,
    .cycles = pixels_cycles,
    .plan = plan_nhwc,
    .pack = pack_nhwc,
    .walk = walk_nhwc,
    .error = nt_direct_error,
};

const nt_method nt_depthwise_planes = {
    .name = "depthwise over channels",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .plan_bytes = sizeof(planes_plan),
    .fits = fits_planes,
    .cycles = planes_cycles,
    .plan = plan_planes,
    .pack = pack_planes_plan,
    .walk = walk_planes,
    .error = nt_direct_error,
};
