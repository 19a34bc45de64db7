/* Winograd: a block of tiles goes through the three steps of bodies/winograd.h. The units are
 * (image, block, panel of output channels), panel innermost. Each part that has a unit of a block
 * transforms the input of that block, so parts have nothing in common. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/border.h"
#include "conv3x3/method.h"
#include "conv3x3/winograd.h"
#include "core/size.h"

/* The fewest channels with which AUTO takes it. The transforms amplify errors; the longer direct's
 * sums are, the less that counts. From 16 channels on the RMS error of F(4x4) is below 2.5 times
 * direct's, of F(6x6) below 10 times; with 7 it is 2.8 and 12 (tests/test_winograd_error.c).
 * Without FMA these hold from 24 on. F(2x2)'s is below direct's from 7 on. */
static int64_t fewest_channels(int m, bool fused) {
    return m == 2 ? 8 : fused ? 16 : 24;
}

static bool fits_tiles(const nt_conv *c, int m) {
    const nt_conv_shape *s = &c->shape;
    const ninetap_precision precision = c->desc.precision;
    const bool fast = precision == NINETAP_PRECISION_FAST;
    const bool accurate = (m < 6 || fast) && s->ic >= fewest_channels(m, c->fused);
    return s->stride == 1 && s->dilation == 1 && s->groups == 1 &&
           (precision == NINETAP_PRECISION_DEFAULT || fast) && c->winograd_weights &&
           (c->desc.algo != NINETAP_ALGO_AUTO || accurate);
}

/* ---- the plan ---- */

static void find_kernels(nt_winograd_plan *p, int vectors) {
    const nt_isa *isa = p->head.conv.isa;
    for (int i = 0; i < isa->winograd_count; i++) {
        if (isa->winograd[i].m == p->m) {
            p->kernel = &isa->winograd[i];
        }
    }
    p->most[0] = nt_winograd_most_tiles(isa, 1);
    p->most[1] = nt_winograd_most_tiles(isa, 2);
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        p->multiply[t->vectors - 1][t->tiles] = t->multiply;
        if (t->vectors == vectors && t->tiles == p->most[vectors - 1]) {
            p->head.kernel = t->name;
        }
    }
}

static void cut_blocks(nt_winograd_plan *p) {
    const nt_winograd_cut best = nt_winograd_cheapest(&p->head.conv, p->m, p->head.threads);
    p->block_y = best.y;
    p->block_x = best.x;
    p->blocks_y = nt_div_up(p->tiles_y, p->block_y);
    p->blocks_x = nt_div_up(p->tiles_x, p->block_x);
}

/* A pitch of an odd number of cache lines: one stream a frequency is written at once, and they must
 * not fall into the same sets of the L1 cache. */
static int64_t odd_lines(int64_t elements) {
    enum { LINE = 16 };
    return (nt_div_up(elements, LINE) | 1) * LINE;
}

static int64_t place(int64_t *end, int64_t elements) {
    const int64_t at = *end;
    *end += odd_lines(elements);
    return at;
}

static void lay_out(nt_winograd_plan *p) {
    const nt_conv *c = &p->head.conv;
    const int64_t lanes = c->isa->lanes;
    int64_t tiles = p->block_y * p->block_x;
    const int64_t columns = p->block_x * p->m + 2;
    const int64_t frequencies = (p->m + 2) * (p->m + 2);
    const bool nchw = c->desc.layout == NINETAP_NCHW;
    p->input_frequency = odd_lines(p->vectors * tiles * lanes);
    p->product_frequency = odd_lines(tiles * p->panels.channels);
    int64_t end = 0;
    /* mirrored rows and columns may lie up to two before those of the block */
    p->at.rows = place(&end, nchw ? (p->block_y * p->m + 4) * (columns + 2) * lanes : 0);
    p->at.edge = place(&end, columns * (p->m + 2) * (int64_t)(sizeof(void *) / sizeof(float)));
    p->outside_row = (columns + 2) * lanes;
    p->at.outside = place(&end, 2 * p->outside_row);
    p->at.input = place(&end, frequencies * p->input_frequency);
    p->at.product = place(&end, frequencies * p->product_frequency);
    p->at.pixels =
        place(&end, nchw ? p->m * nt_min64(p->block_x, NT_WINOGRAD_CHUNK) * p->m * lanes : 0);
    /* too large: whoever plans refuses it */
    const bool fits = nt_size_fits(nt_size_of(end), sizeof(float));
    nt_slice_place(&p->head.slice_bytes, fits ? (size_t)end * sizeof(float) : PTRDIFF_MAX);
}

/* Where tensors exceed the near caches, transforms wait for memory while nothing multiplies.
 * Prefetching during the multiplications hides that: 128x112x112 NHWC from 10.9 ms to 9.4 (F4). The
 * input of NCHW gains nothing: it is read in long rows, which the hardware prefetches. */
static void choose_prefetch(nt_winograd_plan *p) {
    const nt_conv *c = &p->head.conv;
    const int64_t elements = c->shape.src.extent + c->shape.dst.extent * (c->pooled ? 4 : 1);
    const bool is_far = elements > nt_near_bytes(&c->machine) / (int64_t)sizeof(float);
    p->prefetch_output = is_far;
    p->prefetch_input = is_far && c->desc.layout == NINETAP_NHWC;
}

static ninetap_status plan_tiles(ninetap_conv3x3 *plan, int m) {
    nt_winograd_plan *p = (nt_winograd_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    const int vectors = s->oc > lanes ? 2 : 1;
    p->m = m;
    p->tiles_y = nt_div_up(s->oh, m);
    p->tiles_x = nt_div_up(s->ow, m);
    p->vectors = nt_div_up(s->ic, lanes);
    nt_panels_cut(c, vectors * lanes, lanes, &p->panels);
    find_kernels(p, vectors);
    cut_blocks(p);
    lay_out(p);
    choose_prefetch(p);
    plan->units = s->n * p->blocks_y * p->blocks_x * p->panels.count;
    plan->together = p->panels.count;
    return nt_conv_map_of(c, true, 0, 0, 0, &plan->slice_bytes, &p->map);
}

static ninetap_status pack_tiles(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    nt_winograd_plan *p = (nt_winograd_plan *)plan;
    const int taps = (p->m + 2) * (p->m + 2);
    const ninetap_status status = nt_panels_allocate(plan, &p->panels, taps, bias);
    if (status == NINETAP_OK) {
        nt_winograd_pack(p, weights);
    }
    return status;
}

/* ---- the multiplication ---- */

/* The filters of many channels lie beyond L2, and one pass over the tiles uses them faster than
 * memory delivers them. So each of several passes prefetches its share of the next frequency's
 * filters; a single pass prefetches some KiB ahead of itself. 512x14x14 -> 512 on AVX2 from 4.1 ms
 * to 3.4; 512x7x7 -> 512 from 1.29 ms to about 1.0 (AVX-512). Returns how many bytes a pass
 * prefetches. */
static int64_t fetch_filters(nt_winograd_multiply *job, int64_t width, int64_t passes) {
    enum { SOON = 8192, LINE = 64 };
    const int64_t row = width * (int64_t)sizeof(float);
    const int64_t fetches = nt_max64(row / LINE, 1);
    job->ahead = (const char *)job->weights + (passes == 1 ? SOON : job->channels * row);
    job->ahead_step = row / fetches / passes;
    return job->channels * fetches * job->ahead_step;
}

static void multiply(const nt_winograd_block *w, int64_t panel, const float *weights, int vectors) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int64_t lanes = c->isa->lanes;
    const int64_t tiles = w->tiles_y * w->tiles_x;
    const int64_t passes = nt_div_up(tiles, p->most[vectors - 1]);
    const int frequencies = (p->m + 2) * (p->m + 2);
    for (int64_t f = 0; f < frequencies; f++) {
        nt_winograd_multiply job = {
            .src = w->slice + p->at.input + f * p->input_frequency,
            .src_vector = tiles * lanes,
            .channels = c->shape.ic,
            .weights = weights + f * c->shape.ic * vectors * lanes,
            .dst = w->slice + p->at.product + f * p->product_frequency,
        };
        nt_winograd_fetch(w, panel, f);
        const int64_t fetched = fetch_filters(&job, vectors * lanes, passes);
        for (int64_t i = 0; i < passes; i++) {
            const int64_t count = tiles / passes + (i < tiles % passes);
            p->multiply[vectors - 1][count](&job);
            job.src += count * lanes;
            job.dst += count * vectors * lanes;
            job.ahead += fetched;
        }
    }
}

/* ---- the output ---- */

/* NCHW: `rows` rows of `columns` pixels, one vector of channels, to their planes. */
static void turn_pixels(const nt_winograd_block *w, const float *src, int rows, int64_t columns,
                        int channels, float *dst) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int64_t lanes = c->isa->lanes;
    const int together = columns == c->shape.dst.row ? rows : 1; /* no gap between them */
    for (int r = 0; r < rows; r += together) {
        const nt_block block = {
            .src = src + r * columns * lanes,
            .src_pixel = lanes,
            .dst = dst + r * c->shape.dst.row,
            .dst_pitch = c->shape.dst.channel,
            .pixels = together * columns,
            .channels = channels,
        };
        c->isa->transpose(&block);
    }
}

/* One row of tiles, one vector of channels; dst: its first output. */
static void output_row(const nt_winograd_block *w, nt_winograd_output *job, int64_t y, float *dst) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int64_t lanes = c->isa->lanes;
    const int channels = job->lanes;
    const bool nchw = c->desc.layout == NINETAP_NCHW;
    const int64_t chunk = nchw ? NT_WINOGRAD_CHUNK : w->tiles_x;
    const int64_t size = c->shape.ow;
    job->rows = (int)(nt_winograd_outputs_before(p, w->y + y + 1, c->shape.oh) -
                      nt_winograd_outputs_before(p, w->y + y, c->shape.oh));
    for (int64_t x = w->x; x < w->x + w->tiles_x; x += chunk) {
        job->tiles = nt_min64(w->x + w->tiles_x - x, chunk);
        const int64_t first = nt_winograd_outputs_before(p, x, size);
        const int64_t end = nt_winograd_outputs_before(p, x + job->tiles, size);
        job->last_columns = (int)(end - nt_winograd_outputs_before(p, x + job->tiles - 1, size));
        job->dst = dst + first * c->shape.dst.column;
        if (!nchw) {
            job->dst_row = c->shape.dst.row;
            job->dst_column = c->shape.dst.column;
            p->kernel->output(job);
            continue;
        }
        job->lanes = (int)lanes;
        job->dst = w->slice + p->at.pixels;
        job->dst_row = (end - first) * lanes;
        job->dst_column = lanes;
        p->kernel->output(job);
        turn_pixels(w, job->dst, job->rows, end - first, channels, dst + first);
        job->src += job->tiles * job->src_tile;
    }
}

/* dst: the image's first output of the panel. */
static void transform_output(const nt_winograd_block *w, int64_t first, int64_t channels,
                             int vectors) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const nt_tensor *t = &c->shape.dst;
    const int64_t lanes = c->isa->lanes;
    for (int64_t y = 0; y < w->tiles_y; y++) {
        for (int v = 0; v < vectors; v++) {
            nt_winograd_output job = {
                .src = w->slice + p->at.product + (y * w->tiles_x * vectors + v) * lanes,
                .src_frequency = p->product_frequency,
                .src_tile = vectors * lanes,
                .bias = (const float *)p->panels.bias + first + v * lanes,
                .epilogue = w->call->epilogue,
                .lanes = (int)nt_min64(lanes, channels - v * lanes),
                .pooled = c->pooled,
            };
            output_row(w, &job, y,
                       w->dst + (first + v * lanes) * t->channel +
                           nt_winograd_outputs_before(p, w->y + y, c->shape.oh) * t->row);
        }
    }
}

/* ---- the list ---- */

static void run_block_panel(const nt_winograd_block *w, int64_t panel) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const nt_tensor *t = &c->shape.dst;
    const int64_t first = panel * p->panels.channels;
    const int64_t channels = nt_panel_channels(c, &p->panels, panel);
    const int vectors = (int)nt_div_up(channels, c->isa->lanes);
    multiply(w, panel, (const float *)p->head.packed + panel * p->panels.panel_weights, vectors);
    transform_output(w, first, channels, vectors);
    if (w->call->residual != NULL) {
        const int64_t y = w->y * p->m;
        const int64_t x = w->x * p->m;
        const nt_conv_piece piece = {
            .values = w->dst + first * t->channel + y * t->row + x * t->column,
            .rows = nt_min64(w->tiles_y * p->m, c->shape.oh - y),
            .columns = nt_min64(w->tiles_x * p->m, c->shape.ow - x),
            .channels = channels,
        };
        nt_conv_finish(c, &p->map, w->call, &piece, piece.values);
    }
}

static void enter_block(nt_winograd_block *w, int64_t block) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int64_t x = block % p->blocks_x;
    const int64_t y = block / p->blocks_x % p->blocks_y;
    const int64_t image = block / p->blocks_x / p->blocks_y;
    w->src = (const float *)w->call->src + image * c->shape.src.image;
    w->dst = (float *)w->call->dst + image * c->shape.dst.image;
    w->x = x * p->block_x;
    w->y = y * p->block_y;
    w->tiles_x = nt_min64(p->block_x, p->tiles_x - w->x);
    w->tiles_y = nt_min64(p->block_y, p->tiles_y - w->y);
    nt_winograd_transform_input(w);
}

static void walk_blocks(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                        int64_t begin, int64_t end) {
    const nt_winograd_plan *p = (const nt_winograd_plan *)plan;
    nt_winograd_block w = {.plan = p, .call = call, .slice = slice};
    nt_winograd_fill_outside(p, slice);
    for (int64_t u = begin; u < end; u++) {
        if (u == begin || u % p->panels.count == 0) {
            enter_block(&w, u / p->panels.count);
        }
        run_block_panel(&w, u % p->panels.count);
    }
}

/* ---- the three methods ---- */

#define WINOGRAD_METHOD(M)                                                        \
    static bool fits_##M(const nt_conv *c) {                                      \
        return fits_tiles(c, M);                                                  \
    }                                                                             \
    static double cycles_##M(const nt_conv *c) {                                  \
        return nt_winograd_cheapest(c, M, 1).cycles;                              \
    }                                                                             \
    static ninetap_status plan_##M(ninetap_conv3x3 *plan) {                       \
        return plan_tiles(plan, M);                                               \
    }                                                                             \
    static nt_conv_error error_##M(const nt_conv *c) {                            \
        return nt_winograd_error_of(M, c->shape.ic, c->fused, c->largest_weight); \
    }                                                                             \
    const nt_method nt_winograd##M = {                                            \
        .name = "winograd" #M,                                                    \
        .algorithm = "winograd" #M,                                               \
        .algo = NINETAP_ALGO_WINOGRAD##M,                                         \
        .plan_bytes = sizeof(nt_winograd_plan),                                   \
        .fits = fits_##M,                                                         \
        .cycles = cycles_##M,                                                     \
        .plan = plan_##M,                                                         \
        .pack = pack_tiles,                                                       \
        .walk = walk_blocks,                                                      \
        .error = error_##M,                                                       \
    }

WINOGRAD_METHOD(2);
WINOGRAD_METHOD(4);
WINOGRAD_METHOD(6);
