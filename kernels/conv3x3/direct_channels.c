/* Direct convolution, lanes = output channels (bodies/direct_channels.h). */
#include "core/build.h"

#include "conv3x3/direct.h"
#include "conv3x3/direct_tiles.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"

typedef struct channels_plan {
    nt_direct_plan direct;
    int64_t chunk;   /* NCHW: pixels of a row that finish together */
    int64_t ahead;   /* of the first tile of a panel (nt_oc_tile) */
    bool far_pixels; /* NHWC: lines of the output are fetched before they are stored */
    nt_tile_row full[2],
        last[2]; /* [0]: of the main height, [1]: of one row; full and last panel */
} channels_plan;

static bool fits_channels(const nt_conv *c) {
    (void)c;
    return true;
}

/* ---- the tiles ---- */

/* Returns the height of the main tiles. */
static int choose_tiles(channels_plan *p) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_panels *panels = &p->direct.panels;
    const int64_t lanes = c->isa->lanes;
    const bool pools = p->direct.pools_itself;
    const int vectors = (int)(panels->channels / lanes);
    const nt_tile_list list = nt_tiles_of(c, pools);
    const int height = nt_tile_height(&c->shape, list, vectors);
    const int last_vectors = (int)nt_div_up(nt_panel_channels(c, panels, panels->count - 1), lanes);
    p->full[0] = nt_cut_tiles(&c->shape, list, height, vectors);
    p->full[1] = pools ? p->full[0] : nt_cut_tiles(&c->shape, list, 1, vectors);
    p->last[0] =
        last_vectors == vectors ? p->full[0] : nt_cut_tiles(&c->shape, list, pools ? 2 : 1, 1);
    p->last[1] = last_vectors == vectors ? p->full[1] : p->last[0];
    return height;
}

/* ---- what it costs ---- */

static double channels_cycles(const nt_conv *c) {
    const nt_tile_list list = nt_tiles_of(c, nt_direct_may_pool(c));
    const int64_t vectors = nt_div_up(c->shape.group_oc, c->isa->lanes);
    const int64_t pairs = vectors / 2;
    double row = nt_pack_cycles(c) + (double)vectors * nt_finish_cycles(c);
    row += pairs > 0 ? (double)pairs * nt_panel_cycles(c, list, 2) : 0.0;
    row += vectors % 2 == 1 ? nt_panel_cycles(c, list, 1) : 0.0;
    return nt_all_rows(c, row);
}

/* ---- a run ---- */

/* Whether sums are finished apart from the kernels. */
static bool leaves_sums(const nt_conv *c) {
    return c->integers || c->desc.layout == NINETAP_NCHW;
}

/* How many rows or columns of `count` remain when the kernel pools. */
static int64_t left_by(const channels_plan *p, int64_t count) {
    return p->direct.pools_itself ? count / 2 : count;
}

/* Sums of integers of `pixels` pixels of a row, and what becomes of them. */
static void quantize_chunk(const channels_plan *p, const nt_direct_job *job, const void *sums,
                           int64_t pixel, int64_t pixels, void *dst) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_tensor *out = &p->direct.map.tensor;
    const nt_sums block = {
        .sums = sums,
        .pixel = pixel,
        .pixels = pixels,
        .channels = job->channels,
        .bias = job->bias,
        .multiplier = job->multiplier,
        .to = &c->to,
        .dst = dst,
        .dst_pixel = out->column,
        .dst_channel = out->channel,
    };
    c->isa->quantize(&block);
}

/* Sums of `pixels` pixels to where they belong: NCHW's to their planes. */
static void finish_chunk(const channels_plan *p, const nt_direct_job *job, const nt_oc_tile *tile,
                         int rows, int64_t pixels, void *dst) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_tensor *out = &p->direct.map.tensor;
    for (int r = 0; r < rows; r++) {
        const void *sums = nt_at(job->sums, r * tile->dst_row, NT_SUM_BYTES);
        void *to = nt_out(dst, r * out->row, c->shape.dst_element);
        if (c->integers) {
            quantize_chunk(p, job, sums, tile->dst_pixel, pixels, to);
            continue;
        }
        const nt_block block = {
            .src = sums,
            .src_pixel = tile->dst_pixel,
            .dst = to,
            .dst_pitch = out->channel,
            .pixels = pixels,
            .channels = job->channels,
            .bias = job->bias,
            .epilogue = job->call->epilogue,
        };
        c->isa->finish(&block);
    }
}

static void tiles_of_sums(const channels_plan *p, const nt_direct_job *job, const nt_tile_row *row,
                          nt_oc_tile *tile, void *dst) {
    const nt_conv_shape *s = &p->direct.head.conv.shape;
    const nt_strips *strips = &p->direct.strips;
    const int height = (int)left_by(p, row->narrow->rows);
    int64_t waiting = 0;
    tile->dst_pixel = row->narrow->vectors * p->direct.head.conv.isa->lanes;
    tile->dst_row = p->chunk * tile->dst_pixel;
    for (int64_t t = 0; t < row->tiles; t++) {
        const nt_oc_kernel *kernel = t < row->wide_count ? row->wide : row->narrow;
        const int64_t pixels = left_by(p, kernel->pixels);
        if (waiting + pixels > p->chunk) {
            finish_chunk(p, job, tile, height, waiting, dst);
            dst = nt_out(dst, waiting * p->direct.map.tensor.column, s->dst_element);
            waiting = 0;
        }
        tile->dst = nt_out(job->sums, waiting * tile->dst_pixel, NT_SUM_BYTES);
        kernel->run[p->direct.head.conv.integers ? 1 : 0](tile);
        tile->ahead = 0;
        tile->src = nt_at(tile->src, kernel->pixels * strips->across_step, NT_PACKED_BYTES);
        waiting += pixels;
    }
    finish_chunk(p, job, tile, height, waiting, dst);
}

/* The lines of pixels that are stored a few tiles later. */
static void fetch_pixels(const nt_oc_tile *tile, int64_t pixels) {
    enum { AHEAD = 24 };
    for (int64_t i = AHEAD; i < AHEAD + pixels; i++) {
        __builtin_prefetch(nt_at(tile->dst, i * tile->dst_pixel, NT_SUM_BYTES), 1, 3);
    }
}

static void tiles_of_outputs(const channels_plan *p, const nt_direct_job *job,
                             const nt_tile_row *row, nt_oc_tile *tile, void *dst) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_strips *strips = &p->direct.strips;
    tile->bias = job->bias;
    tile->dst = dst;
    tile->dst_row = p->direct.map.tensor.row;
    tile->dst_pixel = p->direct.map.tensor.column;
    tile->last_lanes = (int)(job->channels - (row->narrow->vectors - 1) * (int64_t)c->isa->lanes);
    for (int64_t t = 0; t < row->tiles; t++) {
        const nt_oc_kernel *kernel = t < row->wide_count ? row->wide : row->narrow;
        const int64_t pixels = left_by(p, kernel->pixels);
        if (p->far_pixels) {
            fetch_pixels(tile, pixels);
        }
        kernel->run[strips->apart ? 1 : 0](tile);
        tile->ahead = 0;
        tile->src = nt_at(tile->src, kernel->pixels * strips->across_step, NT_PACKED_BYTES);
        tile->dst = nt_out(tile->dst, pixels * tile->dst_pixel, c->shape.dst_element);
    }
}

/* A row of tiles, at output row y of the strip. */
static void run_row(const channels_plan *p, const nt_direct_job *job, const nt_tile_row *row,
                    int64_t y) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_strips *strips = &p->direct.strips;
    nt_oc_tile tile = {
        .src = nt_at(job->src, y * strips->down_step, NT_PACKED_BYTES),
        .tap = strips->tap,
        .taps = 9,
        .src_row = strips->down_step,
        .src_pixel = strips->across_step,
        .src_channel = strips->channel,
        .channels = c->depth,
        .weights = job->weights,
        .ahead = y == 0 ? p->ahead : 0,
        .epilogue = job->call->epilogue,
    };
    void *dst = nt_out(job->out, left_by(p, y) * p->direct.map.tensor.row, c->shape.dst_element);
    (leaves_sums(c) ? tiles_of_sums : tiles_of_outputs)(p, job, row, &tile, dst);
}

static void run_panel_of_channels(const nt_direct_plan *direct, const nt_direct_job *job) {
    const channels_plan *p = (const channels_plan *)direct;
    const nt_tile_row *row = job->last ? p->last : p->full;
    const int64_t height = row[0].narrow->rows;
    int64_t y = 0;
    for (; y + height <= job->rows; y += height) {
        run_row(p, job, &row[0], y);
    }
    for (; y < job->rows; y++) {
        run_row(p, job, &row[1], y);
    }
}

/* ---- the whole ---- */

/* Of several panels each stores but a part of each pixel of the strip: stores in steps of a pixel,
 * which wait for their lines in a large output. */
static bool pixels_are_far(const channels_plan *p) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t bytes = left_by(p, s->oh) * s->dst.row * (int64_t)s->dst_element;
    return c->desc.layout == NINETAP_NHWC && p->direct.pools_itself == c->pooled &&
           s->dst.column > p->direct.panels.channels && bytes > nt_near_bytes(&c->machine);
}

static ninetap_status plan_channels(ninetap_conv3x3 *plan) {
    channels_plan *p = (channels_plan *)plan;
    const nt_conv *c = &plan->conv;
    const int64_t lanes = c->isa->lanes;
    p->direct.run = run_panel_of_channels;
    p->direct.pools_itself = nt_direct_may_pool(c);
    nt_panels_cut(c, (c->shape.group_oc > lanes ? 2 : 1) * lanes, lanes, &p->direct.panels);
    p->ahead = nt_weights_ahead(c);
    p->far_pixels = pixels_are_far(p);
    const int height = choose_tiles(p);
    plan->kernel = p->full[0].wide->name;
    const nt_strip_needs needs = {.step = c->pooled ? 2 : height,
                                  .most_rows = nt_direct_most_rows(&p->direct),
                                  .panels = p->direct.panels.count,
                                  .threads = plan->threads};
    const ninetap_status status = nt_pixels_may_stay(c) && !c->integers
                                      ? nt_strips_of_pixels(c, &needs, &p->direct.strips)
                                      : nt_strips_of_planes(c, &needs, &p->direct.strips);
    if (status != NINETAP_OK) {
        return status;
    }
    enum { CHUNK = 64 };
    p->chunk = nt_min64(c->shape.ow, CHUNK);
    const int64_t sums = leaves_sums(c) ? height * p->chunk * p->direct.panels.channels : 0;
    return nt_direct_lay_out(&p->direct, c, (size_t)sums * NT_SUM_BYTES);
}

const nt_method nt_direct_channels = {
    .name = "direct over output channels",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .integers = true,
    .plan_bytes = sizeof(channels_plan),
    .fits = fits_channels,
    .cycles = channels_cycles,
    .plan = plan_channels,
    .pack = nt_direct_pack,
    .walk = nt_direct_walk,
    .error = nt_direct_error,
};
