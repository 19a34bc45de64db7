/* Winograd: a block of tiles through its four steps (templates/winograd.h). The units of work are
 * (image, block, panel of output channels), panel innermost; whoever enters a block transforms its
 * input, so parts share nothing. */
#include <string.h>

#include "conv3x3/conv3x3.h"

typedef struct walk {
    const ninetap_conv3x3 *plan;
    float *slice;
    const float *src; /* the image */
    float *dst;
    int64_t y, x;             /* the block's first tile */
    int64_t tiles_y, tiles_x; /* the block's tiles */
} walk;

/* ---- the input ---- */

enum { CONSTANT = -1, ZERO = -2 };

/* Where a position of the padded image comes from. Tiles may reach past the padding; nothing that
 * lies there belongs to any output, and it counts as 0. */
static int64_t source(const ninetap_conv3x3 *p, int64_t i, int64_t size, int after) {
    return i >= size + after ? ZERO : nt_border_index(p->desc.border, i, size);
}
static int64_t source_row(const ninetap_conv3x3 *p, int64_t y) {
    return source(p, y - p->shape.top, p->shape.ih, p->desc.pad[2]);
}
static int64_t source_column(const ninetap_conv3x3 *p, int64_t x) {
    return source(p, x - p->shape.left, p->shape.iw, p->desc.pad[3]);
}

/* A vector of what lies outside. */
static const float *outside(const ninetap_conv3x3 *p, int64_t source) {
    return source == CONSTANT ? p->border : p->border + p->isa->lanes;
}

/* Columns [from, to) of the block that lie in the image. */
static nt_span inner_columns(const walk *w) {
    const nt_conv_shape *s = &w->plan->shape;
    const int64_t first = w->x * w->plan->winograd.m - s->left;
    const int64_t count = w->tiles_x * w->plan->winograd.m + 2;
    const int64_t from = nt_min64(nt_max64(-first, 0), count);
    return (nt_span){from, nt_max64(from, nt_min64(s->iw - first, count))};
}

/* One row of a vector of channels to [column][lanes]. src: the image's row, NULL: all `fill`. */
static void load_row(const walk *w, const float *src, int channels, const float *fill, float *out) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    const int64_t first = w->x * p->winograd.m;
    const int64_t count = w->tiles_x * p->winograd.m + 2;
    const nt_span inner = src == NULL ? (nt_span){count, count} : inner_columns(w);
    if (channels < lanes) {
        memset(out, 0, (size_t)(count * lanes) * sizeof(float));
    }
    for (int64_t x = 0; x < count; x++) {
        if (x == inner.from && inner.from < inner.to) {
            x = inner.to - 1;
            continue;
        }
        const int64_t i = source_column(p, first + x);
        const float *pixel = i == ZERO       ? outside(p, i)
                             : src == NULL   ? fill
                             : i == CONSTANT ? outside(p, i)
                                             : src + i * s->src.column;
        const int64_t step = src == NULL || i < 0 ? 1 : s->src.channel;
        for (int c = 0; c < channels; c++) {
            out[x * lanes + c] = pixel[c * step];
        }
    }
    const float *from = src == NULL ? NULL : src + (first + inner.from - s->left) * s->src.column;
    if (inner.from < inner.to && p->desc.layout == NINETAP_NCHW) {
        const nt_block block = {
            .src = from,
            .src_pixel = s->src.channel,
            .dst = out + inner.from * lanes,
            .dst_pitch = lanes,
            .pixels = channels,
            .channels = inner.to - inner.from,
        };
        p->isa->transpose(&block);
        return;
    }
    for (int64_t x = inner.from; x < inner.to; x++, from += s->src.column) {
        memcpy(out + x * lanes, from, (size_t)channels * sizeof(float));
    }
}

/* Rows [from, from + count) of the block, one vector of channels. */
static void load_rows(const walk *w, const float *src, int channels, int64_t from, int64_t count) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t pitch = (w->tiles_x * p->winograd.m + 2) * p->isa->lanes;
    float *out = w->slice + p->winograd.at.rows;
    for (int64_t r = 0; r < count; r++, out += pitch) {
        const int64_t i = source_row(p, w->y * p->winograd.m + from + r);
        load_row(w, i < 0 ? NULL : src + i * p->shape.src.row, channels, outside(p, i), out);
    }
}

static void transform_columns(const walk *w, const float *const *row, int64_t column, int channels,
                              int64_t from, int64_t to) {
    const nt_winograd_plan *g = &w->plan->winograd;
    const nt_winograd_columns job = {
        .row = row,
        .column = column,
        .count = to - from,
        .lanes = channels,
        .dst = w->slice + g->at.columns + from * (g->m + 2) * w->plan->isa->lanes,
    };
    g->kernel->columns(&job);
}

/* From load_rows; row `first` of them is the tiles' first one. */
static void columns_of_rows(const walk *w, int64_t first) {
    const nt_winograd_plan *g = &w->plan->winograd;
    const int64_t lanes = w->plan->isa->lanes;
    const int64_t count = w->tiles_x * g->m + 2;
    const float *row[NT_WINOGRAD_MOST];
    for (int r = 0; r < g->m + 2; r++) {
        row[r] = w->slice + g->at.rows + (first + r) * count * lanes;
    }
    transform_columns(w, row, lanes, (int)lanes, 0, count);
}

/* NHWC, where it lies; false if a row of the tiles is outside the image. */
static bool columns_in_place(const walk *w, const float *src, int channels, int64_t y) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_tensor *t = &p->shape.src;
    const int count = p->winograd.m + 2;
    const nt_span inner = inner_columns(w);
    const int64_t first = w->x * p->winograd.m;
    const float *line[NT_WINOGRAD_MOST];
    const float *row[NT_WINOGRAD_MOST];
    for (int r = 0; r < count; r++) {
        const int64_t i = source_row(p, y * p->winograd.m + r);
        if (i < 0) {
            return false;
        }
        line[r] = src + i * t->row;
        row[r] = line[r] + (first + inner.from - p->shape.left) * t->column;
    }
    if (inner.from < inner.to) {
        transform_columns(w, row, t->column, channels, inner.from, inner.to);
    }
    for (int64_t x = 0; x < w->tiles_x * p->winograd.m + 2; x++) {
        if (x >= inner.from && x < inner.to) {
            continue;
        }
        const int64_t i = source_column(p, first + x);
        for (int r = 0; r < count; r++) {
            row[r] = i < 0 ? outside(p, i) : line[r] + i * t->column;
        }
        transform_columns(w, row, 0, channels, x, x + 1);
    }
    return true;
}

static void transform_input(const walk *w) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    nt_winograd_tiles tiles = {
        .src = w->slice + g->at.columns, .tiles = w->tiles_x, .dst_frequency = g->input_frequency};
    for (int64_t v = 0; v < g->vectors; v++) {
        const float *src = w->src + v * lanes * p->shape.src.channel;
        const int channels = (int)nt_min64(lanes, p->shape.ic - v * lanes);
        if (nchw) {
            load_rows(w, src, channels, 0, w->tiles_y * g->m + 2);
        }
        for (int64_t y = 0; y < w->tiles_y; y++) {
            if (nchw) {
                columns_of_rows(w, y * g->m);
            } else if (!columns_in_place(w, src, channels, w->y + y)) {
                load_rows(w, src, channels, y * g->m, g->m + 2);
                columns_of_rows(w, 0);
            }
            tiles.dst =
                w->slice + g->at.input + (v * w->tiles_y * w->tiles_x + y * w->tiles_x) * lanes;
            g->kernel->tiles(&tiles);
        }
    }
}

/* ---- the multiplication ---- */

static void multiply(const walk *w, const float *weights, int vectors) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    const int64_t tiles = w->tiles_y * w->tiles_x;
    const int64_t passes = nt_div_up(tiles, g->most[vectors - 1]);
    for (int64_t f = 0; f < (g->m + 2) * (g->m + 2); f++) {
        nt_winograd_multiply job = {
            .src = w->slice + g->at.input + f * g->input_frequency,
            .src_vector = tiles * lanes,
            .channels = p->shape.ic,
            .weights = weights + f * p->shape.ic * vectors * lanes,
            .dst = w->slice + g->at.product + f * g->product_frequency,
        };
        for (int64_t i = 0; i < passes; i++) {
            const int64_t count = tiles / passes + (i < tiles % passes);
            g->multiply[vectors - 1][count](&job);
            job.src += count * lanes;
            job.dst += count * vectors * lanes;
        }
    }
}

/* ---- the output ---- */

/* NCHW: `rows` rows of `columns` pixels, one vector of channels, to their planes. */
static void turn_pixels(const walk *w, const float *pixels, int64_t pitch, int rows,
                        int64_t columns, int channels, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    for (int r = 0; r < rows; r++) {
        const nt_block block = {
            .src = pixels + r * pitch,
            .src_pixel = p->isa->lanes,
            .dst = dst + r * p->shape.dst.row,
            .dst_pitch = p->shape.dst.channel,
            .pixels = columns,
            .channels = channels,
        };
        p->isa->transpose(&block);
    }
}

/* One row of tiles, one vector of channels; dst: its first output. */
static void output_row(const walk *w, nt_winograd_output *job, int64_t y, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    const int channels = job->lanes;
    job->rows = (int)nt_min64(g->m, p->shape.oh - (w->y + y) * g->m);
    if (p->desc.layout == NINETAP_NHWC) {
        const int64_t beyond = (w->x + w->tiles_x) * g->m - p->shape.ow;
        job->tiles = w->tiles_x;
        job->last_columns = g->m - (int)nt_max64(beyond, 0);
        job->dst = dst;
        job->dst_row = p->shape.dst.row;
        job->dst_column = p->shape.dst.column;
        g->kernel->output(job);
        return;
    }
    job->last_columns = g->m;
    job->lanes = (int)lanes;
    job->dst = w->slice + g->at.pixels;
    job->dst_column = lanes;
    for (int64_t x = 0; x < w->tiles_x; x += NT_WINOGRAD_CHUNK) {
        job->tiles = nt_min64(w->tiles_x - x, NT_WINOGRAD_CHUNK);
        job->dst_row = job->tiles * g->m * lanes;
        g->kernel->output(job);
        const int64_t column = (w->x + x) * g->m;
        const int64_t columns = nt_min64(job->tiles * g->m, p->shape.ow - column);
        turn_pixels(w, job->dst, job->dst_row, job->rows, columns, channels, dst + x * g->m);
        job->src += job->tiles * job->src_tile;
    }
}

static void transform_output(const walk *w, int64_t first, int64_t channels, int vectors) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const nt_tensor *t = &p->shape.dst;
    const int64_t lanes = p->isa->lanes;
    for (int64_t y = 0; y < w->tiles_y; y++) {
        for (int v = 0; v < vectors; v++) {
            nt_winograd_output job = {
                .src = w->slice + g->at.product + (y * w->tiles_x * vectors + v) * lanes,
                .src_frequency = g->product_frequency,
                .src_tile = vectors * lanes,
                .bias = p->bias + first + v * lanes,
                .epilogue = &p->epilogue,
                .lanes = (int)nt_min64(lanes, channels - v * lanes),
            };
            output_row(w, &job, y,
                       w->dst + (first + v * lanes) * t->channel + (w->y + y) * g->m * t->row +
                           w->x * g->m * t->column);
        }
    }
}

/* ---- the list ---- */

static void run_panel(const walk *w, int64_t panel) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t first = panel * p->panel_oc;
    const int64_t channels = nt_min64(p->panel_oc, p->shape.oc - first);
    const int vectors = (int)nt_div_up(channels, p->isa->lanes);
    multiply(w, p->weights + panel * p->panel_weights, vectors);
    transform_output(w, first, channels, vectors);
    const int64_t y = w->y * p->winograd.m;
    const int64_t x = w->x * p->winograd.m;
    nt_conv_activate(
        p, w->dst + first * p->shape.dst.channel + y * p->shape.dst.row + x * p->shape.dst.column,
        nt_min64(w->tiles_y * p->winograd.m, p->shape.oh - y),
        nt_min64(w->tiles_x * p->winograd.m, p->shape.ow - x), channels);
}

static void enter_block(walk *w, const float *src, float *dst, int64_t block) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t x = block % g->blocks_x;
    const int64_t y = block / g->blocks_x % g->blocks_y;
    const int64_t image = block / g->blocks_x / g->blocks_y;
    w->src = src + image * p->shape.src.image;
    w->dst = dst + image * p->shape.dst.image;
    w->x = x * g->block_x;
    w->y = y * g->block_y;
    w->tiles_x = nt_min64(g->block_x, g->tiles_x - w->x);
    w->tiles_y = nt_min64(g->block_y, g->tiles_y - w->y);
    transform_input(w);
}

void nt_conv_walk_winograd(const ninetap_conv3x3 *p, const float *src, float *dst, float *slice,
                           int64_t begin, int64_t end) {
    walk w = {.plan = p, .slice = slice};
    for (int64_t u = begin; u < end; u++) {
        if (u == begin || u % p->panels == 0) {
            enter_block(&w, src, dst, u / p->panels);
        }
        run_panel(&w, u % p->panels);
    }
}
