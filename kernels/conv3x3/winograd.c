/* Winograd: a block of tiles through its four steps (bodies/winograd.h). The units of work are
 * (image, block, panel of output channels), panel innermost; whoever enters a block transforms its
 * input, so parts share nothing. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/conv3x3.h"

typedef struct block_walk {
    const ninetap_conv3x3 *plan;
    const nt_conv_call *call;
    float *slice;
    const float *src; /* the image */
    float *dst;
    int64_t y, x;             /* the block's first tile */
    int64_t tiles_y, tiles_x; /* the block's tiles */
} block_walk;

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

/* The image's rows (or columns) that positions [first, first + count) come from. */
static nt_span sources(const ninetap_conv3x3 *p, int64_t first, int64_t count,
                       int64_t (*source_of)(const ninetap_conv3x3 *p, int64_t i)) {
    nt_span all = {INT64_MAX, 0};
    for (int64_t k = first; k < first + count; k++) {
        const int64_t i = source_of(p, k);
        if (i >= 0) {
            all.from = nt_min64(all.from, i);
            all.to = nt_max64(all.to, i + 1);
        }
    }
    all.from = nt_min64(all.from, all.to);
    return all;
}

/* Rows of pixels as the kernel sees them: the image's own, or copies in the slice. */
typedef struct pixels {
    const float *first; /* row and column `rows.from`, `columns.from` of the image */
    int64_t row, column;
    nt_span rows, columns;
} pixels;

static const float *pixel_at(const pixels *in, int64_t y, int64_t x) {
    return in->first + (y - in->rows.from) * in->row + (x - in->columns.from) * in->column;
}

/* NHWC: rows of one vector of channels, copied so that rows outside the image can join them. */
static pixels copy_rows(const block_walk *w, const pixels *image, int channels, nt_span rows) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t lanes = p->isa->lanes;
    float *out = w->slice + p->winograd.at.rows;
    const pixels copy = {out, (image->columns.to - image->columns.from) * lanes, lanes, rows,
                         image->columns};
    for (int64_t y = rows.from; y < rows.to; y++) {
        for (int64_t x = copy.columns.from; x < copy.columns.to; x++, out += lanes) {
            memcpy(out, pixel_at(image, y, x), (size_t)channels * sizeof(float));
        }
    }
    return copy;
}

/* NCHW: the same by transposition. Rows that follow each other without a gap are one. */
static pixels turn_rows(const block_walk *w, const pixels *image, int channels, nt_span rows) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t lanes = p->isa->lanes;
    const int64_t count = image->columns.to - image->columns.from;
    const int64_t together = count == image->row ? rows.to - rows.from : 1;
    const pixels copy = {w->slice + p->winograd.at.rows, count * lanes, lanes, rows,
                         image->columns};
    nt_block block = {
        .src_pixel = p->shape.src.channel,
        .dst = w->slice + p->winograd.at.rows,
        .dst_pitch = lanes,
        .pixels = channels,
        .channels = together * count,
    };
    for (int64_t y = rows.from; y < rows.to; y += together) {
        block.src = pixel_at(image, y, image->columns.from);
        p->isa->transpose(&block);
        block.dst += together * count * lanes;
    }
    return copy;
}

/* One row of tiles, from rows of pixels that are in the image or, in a copy, outside of it. */
static void transform_row(const block_walk *w, const pixels *in, int channels,
                          const int64_t *source_y, float *dst) {
    enum { EDGES = 16 }; /* two columns on the left; padding and less than a tile on the right */
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int a = g->m + 2;
    const float *outside = w->slice + g->at.outside; /* a row of the constant, one of zeros */
    const int64_t zeros = g->outside_row;
    const int64_t first = w->x * g->m;
    const int64_t count = w->tiles_x * g->m + 2;
    const int64_t before = nt_min64(nt_max64(p->shape.left - first, 0), count);
    const int64_t inside = nt_min64(p->shape.iw + p->shape.left - first, count);
    const float *row[NT_WINOGRAD_MOST];
    const float *edge[EDGES * NT_WINOGRAD_MOST];
    nt_winograd_input job = {
        .row = row,
        .column = in->column,
        .from = before,
        .to = inside, /* beyond `before`: padding is narrower than the kernel */
        .edge = edge,
        .lanes = channels,
        .tiles = w->tiles_x,
        .dst = dst,
        .dst_frequency = g->input_frequency,
    };
    const int64_t start = first + job.from - p->shape.left;
    for (int r = 0; r < a; r++) {
        row[r] = source_y[r] == CONSTANT ? outside
                 : source_y[r] == ZERO   ? outside + zeros
                                         : pixel_at(in, source_y[r], start);
    }
    const float **next = edge;
    for (int64_t x = 0; x < count; x++) {
        x = x == job.from ? job.to : x;
        const int64_t i = x < count ? source_column(p, first + x) : ZERO;
        for (int r = 0; x < count && r < a; r++) {
            /* beside a row of the constant there is but the constant */
            *next++ = i == ZERO || source_y[r] == ZERO ? outside + zeros
                      : i == CONSTANT                  ? outside
                                                       : pixel_at(in, source_y[r], i);
        }
    }
    g->kernel->input(&job);
}

static void transform_vector(const block_walk *w, const pixels *image, int channels, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int a = g->m + 2;
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    const int64_t first = w->y * g->m;
    pixels in = *image;
    if (nchw) {
        in = turn_rows(w, image, channels, sources(p, first, w->tiles_y * g->m + 2, source_row));
    }
    for (int64_t y = 0; y < w->tiles_y; y++) {
        int64_t source_y[NT_WINOGRAD_MOST];
        bool inside = true;
        for (int r = 0; r < a; r++) {
            source_y[r] = source_row(p, first + y * g->m + r);
            inside = inside && source_y[r] >= 0;
        }
        if (!nchw) {
            in = inside
                     ? *image
                     : copy_rows(w, image, channels, sources(p, first + y * g->m, a, source_row));
        }
        transform_row(w, &in, channels, source_y, dst + y * w->tiles_x * p->isa->lanes);
    }
}

static void transform_input(const block_walk *w) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const nt_tensor *t = &p->shape.src;
    const int64_t lanes = p->isa->lanes;
    pixels image = {.row = t->row,
                    .column = t->column,
                    .rows = {0, p->shape.ih},
                    .columns = sources(p, w->x * g->m, w->tiles_x * g->m + 2, source_column)};
    for (int64_t v = 0; v < g->vectors; v++) {
        image.first = w->src + v * lanes * t->channel + image.columns.from * t->column;
        transform_vector(w, &image, (int)nt_min64(lanes, p->shape.ic - v * lanes),
                         w->slice + g->at.input + v * w->tiles_y * w->tiles_x * lanes);
    }
}

/* What stands for rows outside the image, in every block. */
static void fill_outside(const ninetap_conv3x3 *p, float *slice) {
    const int64_t count = p->winograd.outside_row;
    const float constant = nt_conv_border_constant(p);
    float *out = slice + p->winograd.at.outside;
    for (int64_t i = 0; i < count; i++) {
        out[i] = constant;
    }
    memset(out + count, 0, (size_t)count * sizeof(float));
}

/* ---- what is needed soon ---- */

/* `planes` times `rows` stretches of `bytes` bytes. */
typedef struct region {
    const char *start;
    int64_t planes, plane_pitch, rows, row_pitch, bytes;
} region;

/* In bytes. What there is but one of may have any pitch. */
static int64_t pitch_of(nt_span a, int64_t pitch) {
    return a.to - a.from > 1 ? pitch * (int64_t)sizeof(float) : 0;
}

/* Columns x, rows y, channels c of a tensor. Where there are no columns, nothing is fetched. */
static region region_of(const ninetap_conv3x3 *p, const nt_tensor *t, const float *data, nt_span y,
                        nt_span x, nt_span c) {
    const int64_t size = sizeof(float);
    if (y.to <= y.from) {
        return (region){.rows = 1};
    }
    const float *start = data + y.from * t->row + x.from * t->column + c.from * t->channel;
    if (p->desc.layout == NINETAP_NCHW) {
        return (region){(const char *)start, c.to - c.from,       pitch_of(c, t->channel),
                        y.to - y.from,       pitch_of(y, t->row), (x.to - x.from) * size};
    }
    return (region){(const char *)start, y.to - y.from,          pitch_of(y, t->row),
                    x.to - x.from,       pitch_of(x, t->column), (c.to - c.from) * size};
}

/* Part `part` of `parts` of its cache lines, to the L2 cache. */
static void prefetch(const region *a, int64_t part, int64_t parts) {
    enum { LINE = 64 };
    const int64_t rows = a->planes * a->rows;
    const int64_t end = rows * (part + 1) / parts;
    for (int64_t r = rows * part / parts; r < end; r++) {
        const char *row = a->start + r / a->rows * a->plane_pitch + r % a->rows * a->row_pitch;
        for (int64_t i = 0; i < a->bytes; i += LINE) {
            __builtin_prefetch(row + i, 0, 2);
            __asm__ volatile(""); /* gcc 12 drops calls that do nothing but prefetch */
        }
    }
}

/* What the next block reads. */
static region next_input(const block_walk *w) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    int64_t x = w->x + g->block_x, y = w->y;
    if (x >= g->tiles_x) {
        x = 0;
        y += g->block_y;
    }
    const int64_t y0 = y * g->m - p->shape.top;
    const int64_t x0 = x * g->m - p->shape.left;
    const nt_span rows = {nt_max64(0, y0), nt_min64(p->shape.ih, y0 + g->block_y * g->m + 2)};
    const nt_span columns = {nt_max64(0, x0), nt_min64(p->shape.iw, x0 + g->block_x * g->m + 2)};
    return region_of(p, &p->shape.src, w->src, rows, columns, (nt_span){0, p->shape.ic});
}
/* Outputs along an axis that tile t begins with, in dst. */
static int64_t outputs_before(const ninetap_conv3x3 *p, int64_t t, int64_t size) {
    return nt_min64(t * p->winograd.m, size) / (p->pooled ? 2 : 1);
}

/* What the block and panel write. */
static region own_output(const block_walk *w, int64_t panel) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t first = panel * p->panel_oc;
    const nt_span rows = {outputs_before(p, w->y, p->shape.oh),
                          outputs_before(p, w->y + w->tiles_y, p->shape.oh)};
    const nt_span columns = {outputs_before(p, w->x, p->shape.ow),
                             outputs_before(p, w->x + w->tiles_x, p->shape.ow)};
    return region_of(p, &p->shape.dst, w->dst, rows, columns,
                     (nt_span){first, nt_min64(p->shape.oc, first + p->panel_oc)});
}

/* ---- the multiplication ---- */

/* Filters of many channels come from beyond L2, and one pass over the tiles takes them faster than
 * memory gives them. So each of several passes fetches its share of the next frequency's; a single
 * one, some KiB ahead of itself. 512x14x14 -> 512 on AVX2 from 4.1 ms to 3.4; 512x7x7 -> 512 from
 * 1.29 ms to about 1.0 (AVX-512). Returns how far a pass gets. */
static int64_t fetch_filters(nt_winograd_multiply *job, int64_t width, int64_t passes) {
    enum { SOON = 8192, LINE = 64 };
    const int64_t row = width * (int64_t)sizeof(float);
    const int64_t fetches = nt_max64(row / LINE, 1);
    job->soon = passes == 1;
    job->ahead = (const char *)job->weights + (job->soon ? SOON : job->channels * row);
    job->ahead_step = row / fetches / passes;
    return job->channels * fetches * job->ahead_step;
}

static void multiply(const block_walk *w, int64_t panel, const float *weights, int vectors) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    const int64_t tiles = w->tiles_y * w->tiles_x;
    const int64_t passes = nt_div_up(tiles, g->most[vectors - 1]);
    const region input = next_input(w);
    const region output = own_output(w, panel);
    const int frequencies = (g->m + 2) * (g->m + 2);
    for (int64_t f = 0; f < frequencies; f++) {
        nt_winograd_multiply job = {
            .src = w->slice + g->at.input + f * g->input_frequency,
            .src_vector = tiles * lanes,
            .channels = p->shape.ic,
            .weights = weights + f * p->shape.ic * vectors * lanes,
            .dst = w->slice + g->at.product + f * g->product_frequency,
        };
        if (g->prefetch_input) {
            prefetch(&input, panel * frequencies + f, p->panels * frequencies);
        }
        if (g->prefetch_output) {
            prefetch(&output, f, frequencies);
        }
        const int64_t fetched = fetch_filters(&job, vectors * lanes, passes);
        for (int64_t i = 0; i < passes; i++) {
            const int64_t count = tiles / passes + (i < tiles % passes);
            g->multiply[vectors - 1][count](&job);
            job.src += count * lanes;
            job.dst += count * vectors * lanes;
            job.ahead += fetched;
        }
    }
}

/* ---- the output ---- */

/* NCHW: `rows` rows of `columns` pixels, one vector of channels, to their planes. */
static void turn_pixels(const block_walk *w, const float *src, int rows, int64_t columns,
                        int channels, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t lanes = p->isa->lanes;
    const int together = columns == p->shape.dst.row ? rows : 1; /* no gap between them */
    for (int r = 0; r < rows; r += together) {
        const nt_block block = {
            .src = src + r * columns * lanes,
            .src_pixel = lanes,
            .dst = dst + r * p->shape.dst.row,
            .dst_pitch = p->shape.dst.channel,
            .pixels = together * columns,
            .channels = channels,
        };
        p->isa->transpose(&block);
    }
}

/* One row of tiles, one vector of channels; dst: its first output. */
static void output_row(const block_walk *w, nt_winograd_output *job, int64_t y, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    const int channels = job->lanes;
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    const int64_t chunk = nchw ? NT_WINOGRAD_CHUNK : w->tiles_x;
    const int64_t size = p->shape.ow;
    job->rows = (int)(outputs_before(p, w->y + y + 1, p->shape.oh) -
                      outputs_before(p, w->y + y, p->shape.oh));
    for (int64_t x = w->x; x < w->x + w->tiles_x; x += chunk) {
        job->tiles = nt_min64(w->x + w->tiles_x - x, chunk);
        const int64_t first = outputs_before(p, x, size);
        const int64_t end = outputs_before(p, x + job->tiles, size);
        job->last_columns = (int)(end - outputs_before(p, x + job->tiles - 1, size));
        job->dst = dst + first * p->shape.dst.column;
        if (!nchw) {
            job->dst_row = p->shape.dst.row;
            job->dst_column = p->shape.dst.column;
            g->kernel->output(job);
            continue;
        }
        job->lanes = (int)lanes;
        job->dst = w->slice + g->at.pixels;
        job->dst_row = (end - first) * lanes;
        job->dst_column = lanes;
        g->kernel->output(job);
        turn_pixels(w, job->dst, job->rows, end - first, channels, dst + first);
        job->src += job->tiles * job->src_tile;
    }
}

/* dst: the image's first output of the panel. */
static void transform_output(const block_walk *w, int64_t first, int64_t channels, int vectors) {
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
                .epilogue = w->call->epilogue,
                .lanes = (int)nt_min64(lanes, channels - v * lanes),
                .pooled = p->pooled,
            };
            output_row(w, &job, y,
                       w->dst + (first + v * lanes) * t->channel +
                           outputs_before(p, w->y + y, p->shape.oh) * t->row);
        }
    }
}

/* ---- the list ---- */

static void run_block_panel(const block_walk *w, int64_t panel) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_tensor *t = &p->shape.dst;
    const int64_t first = panel * p->panel_oc;
    const int64_t channels = nt_min64(p->panel_oc, p->shape.oc - first);
    const int vectors = (int)nt_div_up(channels, p->isa->lanes);
    multiply(w, panel, p->weights + panel * p->panel_weights, vectors);
    transform_output(w, first, channels, vectors);
    if (w->call->residual != NULL) {
        const int64_t y = w->y * p->winograd.m;
        const int64_t x = w->x * p->winograd.m;
        const nt_conv_piece piece = {
            .values = w->dst + first * t->channel + y * t->row + x * t->column,
            .rows = nt_min64(w->tiles_y * p->winograd.m, p->shape.oh - y),
            .columns = nt_min64(w->tiles_x * p->winograd.m, p->shape.ow - x),
            .channels = channels,
        };
        nt_conv_finish(p, w->call, &piece, piece.values);
    }
}

static void enter_block(block_walk *w, int64_t block) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_winograd_plan *g = &p->winograd;
    const int64_t x = block % g->blocks_x;
    const int64_t y = block / g->blocks_x % g->blocks_y;
    const int64_t image = block / g->blocks_x / g->blocks_y;
    w->src = w->call->src + image * p->shape.src.image;
    w->dst = w->call->dst + image * p->shape.dst.image;
    w->x = x * g->block_x;
    w->y = y * g->block_y;
    w->tiles_x = nt_min64(g->block_x, g->tiles_x - w->x);
    w->tiles_y = nt_min64(g->block_y, g->tiles_y - w->y);
    transform_input(w);
}

void nt_conv_walk_winograd(const ninetap_conv3x3 *p, const nt_conv_call *call, float *slice,
                           int64_t begin, int64_t end) {
    block_walk w = {.plan = p, .call = call, .slice = slice};
    fill_outside(p, slice);
    for (int64_t u = begin; u < end; u++) {
        if (u == begin || u % p->panels == 0) {
            enter_block(&w, u / p->panels);
        }
        run_block_panel(&w, u % p->panels);
    }
}
