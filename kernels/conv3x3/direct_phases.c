/* Direct convolution of inputs that lie `spread` apart, lanes = output channels: the gradient of a
 * strided convolution. Outputs with the same residue modulo the spread, a phase of each axis, read
 * by the same taps: those that meet inputs. So a phase is a small convolution of stride 1 of its
 * own taps, of which all phases together have nine. One strip of inputs serves all of them, and
 * bodies/direct_channels.h computes each. Residues that no tap leads to are zeros. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/direct.h"
#include "conv3x3/direct_tiles.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/phases.h"
#include "conv3x3/predict.h"

typedef struct phase_taps {
    int taps;
    int64_t tap[10];
    int64_t weights; /* of a channel and lane: its first one, of nine */
} phase_taps;

/* Coarse columns of a row. A phase may lack the last one: then its last tile is a shorter one, or
 * NULL. */
typedef struct phase_row {
    nt_tile_row tiles;
    const nt_oc_kernel *shorter;
} phase_row;

typedef struct phases_plan {
    nt_direct_plan direct;
    nt_conv coarse; /* stride 1, an output for each `spread` x `spread` of them */
    nt_phase_axis down, across;
    phase_taps phase[3][3];
    bool gaps;                  /* some residue has no taps */
    int64_t ahead;              /* of the first tile of a phase and panel */
    int64_t chunk;              /* NCHW: coarse pixels of a row that finish together */
    int64_t sums_row;           /* NCHW: elements of their sums */
    int height;                 /* coarse rows of a tile */
    phase_row full[2], last[2]; /* [0]: of the main height, [1]: of one row; full and last panel */
} phases_plan;

static bool fits_phases(const nt_conv *c) {
    return c->shape.spread > 1;
}

/* ---- what it costs ---- */

static double phases_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const nt_phase_axis down = nt_phase_axis_of(s->spread, s->dilation, s->top);
    const nt_phase_axis across = nt_phase_axis_of(s->spread, s->dilation, s->left);
    const nt_conv coarse = nt_coarse_of(c, &down, &across);
    const nt_tile_list list = nt_tiles_of(&coarse, false);
    const double outputs = (double)(s->spread * s->spread);
    double row = nt_pack_cycles(&coarse);
    for (int64_t left = nt_div_up(s->group_oc, c->isa->lanes); left > 0; left -= 2) {
        const int vectors = left > 1 ? 2 : 1;
        const int rows = nt_tile_height(&coarse.shape, list, vectors);
        const double tiles = (double)nt_tiles_of_row(&coarse.shape, list, rows, vectors);
        row += nt_panel_cycles(&coarse, list, vectors) +
               outputs * (tiles / rows * nt_end_cycles(&c->machine, c->fused) +
                          vectors * nt_finish_cycles(&coarse));
    }
    return nt_all_rows(&coarse, row);
}

/* ---- a run ---- */

typedef struct phases_job {
    const phases_plan *plan;
    const nt_direct_job *job;
    int64_t y;     /* first coarse row of the strip */
    int64_t width; /* of the panel, whole vectors */
    const phase_row *rows;
} phases_job;

/* Tiles of a phase, from coarse row y of the strip and column x on. */
static nt_oc_tile phase_tile(const phases_job *j, const phase_taps *f, int64_t y, int64_t x) {
    const phases_plan *p = j->plan;
    const nt_strips *strips = &p->direct.strips;
    const int64_t skipped = f->weights * p->coarse.depth * j->width;
    return (nt_oc_tile){
        .src = nt_at(j->job->src, y * strips->row + x, NT_PACKED_BYTES),
        .tap = f->tap,
        .taps = f->taps,
        .src_row = strips->row,
        .src_pixel = 1,
        .src_channel = strips->channel,
        .channels = p->coarse.depth,
        .weights = nt_at(j->job->weights, skipped, NT_PACKED_BYTES),
        .ahead = y == 0 && x == 0 ? p->ahead : 0,
        .epilogue = j->job->call->epilogue,
    };
}

/* Tiles [first, end) of a row; lacking: the row has no last column. */
static void run_phase_tiles(const phase_row *row, int64_t first, int64_t end, bool lacking,
                            nt_oc_tile *tile) {
    const nt_tile_row *tiles = &row->tiles;
    for (int64_t t = first; t < end; t++) {
        const nt_oc_kernel *kernel = t < tiles->wide_count              ? tiles->wide
                                     : lacking && t == tiles->tiles - 1 ? row->shorter
                                                                        : tiles->narrow;
        if (kernel != NULL) {
            kernel->run[0](tile);
            tile->ahead = 0;
            tile->src = nt_at(tile->src, kernel->pixels, NT_PACKED_BYTES);
            tile->dst = nt_out(tile->dst, kernel->pixels * tile->dst_pixel, NT_SUM_BYTES);
        }
    }
}

/* Whether a phase has one column fewer than the coarse outputs. */
static bool lacks_column(const phases_plan *p, int fx) {
    const nt_conv_shape *s = &p->direct.head.conv.shape;
    const int64_t columns = p->coarse.shape.ow;
    return nt_phase_outputs(s->ow, p->across.residue[fx], s->spread, columns) < columns;
}

/* NHWC: a phase's outputs go where they belong. */
static void run_pixels(const phases_job *j, int fy, int fx) {
    const phases_plan *p = j->plan;
    const nt_conv_shape *s = &p->direct.head.conv.shape;
    const int64_t ry = p->down.residue[fy];
    const int64_t rx = p->across.residue[fx];
    const int64_t rows = nt_phase_outputs(s->oh, ry, s->spread, j->y + j->job->rows) - j->y;
    for (int64_t y = 0; y < rows;) {
        const phase_row *row = &j->rows[y + p->height <= rows ? 0 : 1];
        nt_oc_tile tile = phase_tile(j, &p->phase[fy][fx], y, 0);
        tile.bias = j->job->bias;
        tile.dst = nt_out(j->job->out, (y * s->spread + ry) * s->dst.row + rx * s->dst.column,
                          s->dst_element);
        tile.dst_row = s->spread * s->dst.row;
        tile.dst_pixel = s->spread * s->dst.column;
        tile.last_lanes = (int)(j->job->channels - j->width + p->direct.head.conv.isa->lanes);
        run_phase_tiles(row, 0, row->tiles.tiles, lacks_column(p, fx), &tile);
        y += row->tiles.narrow->rows;
    }
}

/* NCHW: sums of `pixels` coarse pixels from column x on, of one residue of rows, to their planes.
 */
static void finish_planes(const phases_job *j, int rows, int64_t x, int64_t pixels, void *dst) {
    const phases_plan *p = j->plan;
    const nt_conv *c = &p->direct.head.conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t width = p->direct.panels.channels;
    for (int r = 0; r < rows; r++) {
        const nt_block block = {
            .src = nt_at(j->job->sums, r * p->sums_row, NT_SUM_BYTES),
            .src_pixel = width,
            .dst = nt_out(dst, r * s->spread * s->dst.row + x * s->spread, s->dst_element),
            .dst_pitch = s->dst.channel,
            .pixels = nt_min64(pixels * s->spread, s->ow - x * s->spread),
            .channels = j->job->channels,
            .bias = j->job->bias,
            .epilogue = j->job->call->epilogue,
        };
        c->isa->finish(&block);
    }
}

/* Coarse row y of the strip, and as many more as a tile has: all phases of one residue of rows. */
static void run_row_of_planes(const phases_job *j, int fy, const phase_row *phases, int64_t y,
                              void *dst) {
    const phases_plan *p = j->plan;
    const nt_tile_row *row = &phases->tiles;
    const int64_t spread = p->direct.head.conv.shape.spread;
    const int64_t width = p->direct.panels.channels;
    const int64_t together = nt_max64(p->chunk / row->wide->pixels, 1);
    int64_t x = 0;
    for (int64_t t = 0; t < row->tiles; t += together) {
        const int64_t end = nt_min64(row->tiles, t + together);
        const int64_t wide = nt_max64(0, nt_min64(end, row->wide_count) - t);
        const int64_t pixels = (end - t) * row->narrow->pixels + wide;
        if (p->across.count < spread) {
            memset(j->job->sums, 0, (size_t)(p->height * p->sums_row) * NT_SUM_BYTES);
        }
        for (int fx = 0; fx < p->across.count; fx++) {
            nt_oc_tile tile = phase_tile(j, &p->phase[fy][fx], y, x);
            tile.dst = nt_out(j->job->sums, p->across.residue[fx] * width, NT_SUM_BYTES);
            tile.dst_pixel = spread * width;
            tile.dst_row = p->sums_row;
            run_phase_tiles(phases, t, end, lacks_column(p, fx), &tile);
        }
        finish_planes(j, row->narrow->rows, x, pixels, dst);
        x += pixels;
    }
}

static void run_planes(const phases_job *j, int fy) {
    const phases_plan *p = j->plan;
    const nt_conv_shape *s = &p->direct.head.conv.shape;
    const int64_t ry = p->down.residue[fy];
    const int64_t rows = nt_phase_outputs(s->oh, ry, s->spread, j->y + j->job->rows) - j->y;
    for (int64_t y = 0; y < rows;) {
        const phase_row *row = &j->rows[y + p->height <= rows ? 0 : 1];
        run_row_of_planes(j, fy, row, y,
                          nt_out(j->job->out, (y * s->spread + ry) * s->dst.row, s->dst_element));
        y += row->tiles.narrow->rows;
    }
}

/* All `rows` rows of the panel. */
static void clear_outputs(const nt_conv *c, int64_t rows, int64_t channels, void *out) {
    const nt_conv_shape *s = &c->shape;
    const bool nchw = c->desc.layout == NINETAP_NCHW;
    const int64_t lines = nchw ? channels : s->ow;
    const int64_t line = nchw ? s->dst.channel : s->dst.column;
    const int64_t count = nchw ? s->ow : channels;
    for (int64_t i = 0; i < rows * lines; i++) {
        memset(nt_out(out, i / lines * s->dst.row + i % lines * line, s->dst_element), 0,
               (size_t)count * s->dst_element);
    }
}

static void run_phases(const nt_direct_plan *direct, const nt_direct_job *job) {
    const phases_plan *p = (const phases_plan *)direct;
    const nt_conv *c = &p->direct.head.conv;
    const int64_t lanes = c->isa->lanes;
    const phases_job j = {.plan = p,
                          .job = job,
                          .y = job->y,
                          .width = nt_div_up(job->channels, lanes) * lanes,
                          .rows = job->last ? p->last : p->full};
    if (p->gaps) {
        const int64_t first = job->y * c->shape.spread;
        clear_outputs(c, nt_min64(c->shape.oh - first, job->rows * c->shape.spread), job->channels,
                      job->out);
    }
    for (int fy = 0; fy < p->down.count; fy++) {
        if (c->desc.layout == NINETAP_NCHW) {
            run_planes(&j, fy);
            continue;
        }
        for (int fx = 0; fx < p->across.count; fx++) {
            run_pixels(&j, fy, fx);
        }
    }
}

/* ---- the plan ---- */

static void place_phases(phases_plan *p) {
    const nt_phase_axis *down = &p->down;
    const nt_phase_axis *across = &p->across;
    const nt_strips *strips = &p->direct.strips;
    int64_t weights = 0;
    for (int f = 0; f < down->count * across->count; f++) {
        const int y = f / across->count;
        const int x = f % across->count;
        phase_taps *to = &p->phase[y][x];
        to->weights = weights;
        for (int i = 0; i < down->taps[y]; i++) {
            for (int k = 0; k < across->taps[x]; k++) {
                to->tap[to->taps++] = (down->shift[y][i] + down->before) * strips->row +
                                      across->shift[x][k] + across->before;
            }
        }
        to->tap[to->taps] = strips->channel + to->tap[0];
        weights += to->taps;
    }
}

static phase_row cut_phase_row(const nt_conv_shape *s, nt_tile_list list, int rows, int vectors) {
    phase_row row = {.tiles = nt_cut_tiles(s, list, rows, vectors)};
    row.shorter = nt_find_tile(list, rows, row.tiles.narrow->pixels - 1, vectors);
    return row;
}

static void cut_phases(phases_plan *p) {
    const nt_conv *c = &p->coarse;
    const nt_tile_list list = nt_tiles_of(c, false);
    const nt_panels *panels = &p->direct.panels;
    const int64_t lanes = c->isa->lanes;
    const int vectors = (int)(panels->channels / lanes);
    const int last = (int)nt_div_up(nt_panel_channels(c, panels, panels->count - 1), lanes);
    p->height = nt_tile_height(&c->shape, list, vectors);
    for (int i = 0; i < 2; i++) {
        p->full[i] = cut_phase_row(&c->shape, list, i == 0 ? p->height : 1, vectors);
        p->last[i] = last == vectors ? p->full[i] : cut_phase_row(&c->shape, list, 1, last);
    }
    p->direct.head.kernel = p->full[0].tiles.wide->name;
}

/* Of a strip. A phase of one tap reads another channel's plane in each step, so planes that lie
 * close are worth more strips (docs/kernels.md). */
static int64_t most_rows_of(const phases_plan *p) {
    enum { SHARE = 4 }; /* of the L2 cache */
    const nt_conv *c = &p->coarse;
    const double reach = 2.0 * (double)c->shape.dilation;
    const double row = ((double)c->shape.ow + reach) * (double)c->depth * (double)NT_PACKED_BYTES;
    const double rows = (double)c->machine.cache[NT_IN_L2] / (double)SHARE / row - reach;
    const int64_t tiles = rows < (double)p->height ? 1 : (int64_t)rows / p->height;
    return nt_min64(c->shape.oh, tiles * p->height);
}

static ninetap_status plan_phases(ninetap_conv3x3 *plan) {
    enum { CHUNK = 32 };
    phases_plan *p = (phases_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    p->direct.run = run_phases;
    p->down = nt_phase_axis_of(s->spread, s->dilation, s->top);
    p->across = nt_phase_axis_of(s->spread, s->dilation, s->left);
    p->ahead = nt_weights_ahead(c);
    p->gaps = p->down.count < s->spread || p->across.count < s->spread;
    p->coarse = nt_coarse_of(c, &p->down, &p->across);
    nt_panels_cut(c, (s->group_oc > lanes ? 2 : 1) * lanes, lanes, &p->direct.panels);
    cut_phases(p);
    const nt_strip_needs needs = {.packed = true,
                                  .step = p->height,
                                  .most_rows = most_rows_of(p),
                                  .panels = p->direct.panels.count,
                                  .threads = plan->threads};
    const ninetap_status status = nt_strips_of_planes(&p->coarse, &needs, &p->direct.strips);
    if (status != NINETAP_OK) {
        return status;
    }
    place_phases(p);
    p->chunk = nt_min64(p->coarse.shape.ow, CHUNK);
    p->sums_row = nt_min64(p->chunk * s->spread, s->ow) * p->direct.panels.channels;
    const bool nchw = c->desc.layout == NINETAP_NCHW;
    const int64_t sums = nchw ? p->height * p->sums_row : 0;
    return nt_direct_lay_out(&p->direct, &p->coarse, (size_t)sums * NT_SUM_BYTES);
}

/* The taps of each phase together. */
static ninetap_status pack_phases(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    phases_plan *p = (phases_plan *)plan;
    const nt_phase_axis *down = &p->down;
    const nt_phase_axis *across = &p->across;
    nt_tap_lists lists = {.count = down->count * across->count};
    int taps = 0;
    for (int f = 0; f < lists.count; f++) {
        const int y = f / across->count;
        const int x = f % across->count;
        for (int i = 0; i < down->taps[y] * across->taps[x]; i++) {
            lists.tap[taps++] =
                3 * down->tap[y][i / across->taps[x]] + across->tap[x][i % across->taps[x]];
        }
        lists.end[f] = taps;
    }
    const ninetap_status status = nt_panels_allocate(plan, &p->direct.panels, 9, bias);
    if (status == NINETAP_OK) {
        nt_panels_pack(plan, &p->direct.panels, &lists, weights);
    }
    return status;
}

const nt_method nt_direct_phases = {
    .name = "direct over phases",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .spreads = true,
    .plan_bytes = sizeof(phases_plan),
    .fits = fits_phases,
    .cycles = phases_cycles,
    .plan = plan_phases,
    .pack = pack_phases,
    .walk = nt_direct_walk,
    .error = nt_direct_error,
};
