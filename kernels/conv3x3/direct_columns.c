/* Direct convolution of NCHW, lanes = output columns (bodies/direct_columns.h). */
#include "core/build.h"

#include <string.h>

#include "conv3x3/direct.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"

typedef struct columns_plan {
    nt_direct_plan direct;
    bool narrow; /* a row is shorter than a vector */
    const nt_x_kernel *full[NT_X_VECTORS],
        *last[NT_X_VECTORS];   /* [vectors - 1]; full and last panel */
    int64_t tiles, wide_count; /* of a row; the first ones are one vector wider */
    int vectors;               /* of the others */
} columns_plan;

static bool fits_columns(const nt_conv *c) {
    return c->desc.layout == NINETAP_NCHW;
}

/* A step loads vectors of columns, two of three of which may cross a cache line, and a weight for
 * each filter. The rows from a tile's first to its last pass the L1 cache for each panel where they
 * do not stay there: many channels, or a dilation. They are short, and most of that time shows. */
static double tile_cycles(const nt_conv *c, double filters, double inputs) {
    const nt_conv_shape *s = &c->shape;
    const nt_machine *m = &c->machine;
    const double sums = filters * inputs;
    const double crossing = 2.0 / 3.0 * nt_crossing_loads(c->isa->lanes);
    const double step = nt_step_cycles(m, c->fused, sums, inputs * (1.0 + crossing) + filters);
    double rows = 0.0;
    const double height = 2.0 * (double)s->dilation + 1.0;
    if (nt_level_of(m, height * (double)(s->group_ic * s->iw) * (double)sizeof(float)) > NT_IN_L1) {
        const double line = 64.0;
        rows = 0.7 * (double)s->group_ic *
               nt_read_cycles(m, NT_IN_L2, 3.0 * (inputs * nt_vector_bytes(c) + line));
    }
    const double stores = nt_move_cycles(m, 0.0, c->pooled ? sums / 4.0 : sums, 0.0);
    const bool narrow = s->ow < c->isa->lanes; /* the sums are copied from scratch */
    return 9.0 * (double)s->group_ic * step + rows + nt_most(nt_end_cycles(m, c->fused), stores) +
           (narrow ? 2.0 * nt_move_cycles(m, sums, sums, 0.0) : 0.0);
}

static double columns_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const nt_x_kernel *widest = c->pooled ? c->kernels->x_pool : c->kernels->x;
    const double panels = (double)nt_div_up(s->group_oc, widest->filters);
    const double vectors = nt_vectors(c, s->ow);
    const double tiles = (double)nt_div_up((int64_t)vectors, widest->vectors);
    const double rows = c->pooled ? 2.0 : 1.0;
    const double tile = tile_cycles(c, (double)s->group_oc / panels, vectors / tiles * rows);
    return nt_all_rows(c, nt_pack_cycles(c) + panels * tiles / rows * tile);
}

/* ---- the tiles ---- */

/* Tiles of a row whose widths differ by one vector at most: a narrow tile has too few sums. */
static void cut_columns(columns_plan *p) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_kernels *from = c->kernels;
    const nt_x_kernel *kernels = p->direct.pools_itself ? from->x_pool : from->x;
    const int count = p->direct.pools_itself ? from->x_pool_count : from->x_count;
    int filters = 1;
    int most = 1;
    for (int i = 0; i < count; i++) {
        filters = kernels[i].filters > filters ? kernels[i].filters : filters;
        most = kernels[i].vectors > most ? kernels[i].vectors : most;
    }
    const int64_t vectors = nt_div_up(c->shape.ow, c->isa->lanes);
    p->tiles = nt_div_up(vectors, most);
    p->vectors = (int)(vectors / p->tiles);
    p->wide_count = vectors % p->tiles;
    const int64_t panels = nt_div_up(c->shape.group_oc, filters);
    nt_panels_cut(c, nt_div_up(c->shape.group_oc, panels), 1, &p->direct.panels);
    const int64_t rest = nt_panel_channels(c, &p->direct.panels, p->direct.panels.count - 1);
    for (int i = 0; i < count; i++) {
        const nt_x_kernel *k = &kernels[i];
        if (k->filters == p->direct.panels.channels) {
            p->full[k->vectors - 1] = k;
        }
        if (k->filters == rest) {
            p->last[k->vectors - 1] = k;
        }
    }
    p->direct.head.kernel = p->full[p->vectors - (p->wide_count > 0 ? 0 : 1)]->name;
}

/* ---- a run ---- */

static nt_x_strip strip_job(const columns_plan *p, const nt_direct_job *job) {
    const nt_strips *strips = &p->direct.strips;
    return (nt_x_strip){
        .src = job->src,
        .tap = strips->tap,
        .src_row = strips->row,
        .src_channel = strips->channel,
        .channels = p->direct.head.conv.shape.group_ic,
        .weights = job->weights,
        .bias = job->bias,
        .epilogue = job->call->epilogue,
        .dst = job->out,
        .dst_channel = p->direct.map.tensor.channel,
        .dst_row = p->direct.map.tensor.row,
        .rows = p->direct.pools_itself ? job->rows / 2 : job->rows,
        .tiles = 1,
    };
}

/* Tiles [tile, end) of a row, all of one width. The last vector overlaps the one before it, so as
 * to end with the row. */
static void run_tiles(const columns_plan *p, const nt_direct_job *job, nt_x_strip *strip,
                      const nt_x_kernel *kernel, int64_t tile, int64_t end) {
    const nt_conv *c = &p->direct.head.conv;
    const int64_t lanes = c->isa->lanes;
    const int64_t ow = c->shape.ow;
    const int64_t before = tile * p->vectors + nt_min64(tile, p->wide_count);
    const int64_t first = nt_min64(before * lanes, ow - lanes);
    for (int64_t v = 0; v < kernel->vectors; v++) {
        strip->column[v] = nt_min64((before + v) * lanes, ow - lanes) - first;
    }
    strip->tiles = end - tile;
    strip->src = nt_at(job->src, first, c->shape.src_element);
    strip->dst = nt_out(job->out, p->direct.pools_itself ? first / 2 : first, c->shape.dst_element);
    kernel->run(strip);
}

static void run_wide_panel(const columns_plan *p, const nt_direct_job *job) {
    const nt_conv *c = &p->direct.head.conv;
    const nt_x_kernel *const *kernels = job->last ? p->last : p->full;
    nt_x_strip strip = strip_job(p, job);
    const int64_t alike = p->tiles - (c->shape.ow % c->isa->lanes != 0 ? 1 : 0);
    for (int64_t t = 0; t < p->tiles;) {
        const bool wide = t < p->wide_count;
        const int64_t end = nt_min64(wide ? p->wide_count : p->tiles, t < alike ? alike : t + 1);
        run_tiles(p, job, &strip, kernels[p->vectors - (wide ? 0 : 1)], t, end);
        t = end;
    }
}

/* A map narrower than a vector: whole vectors go to scratch, and their existing columns from there
 * to dst. */
static void run_narrow_panel(const columns_plan *p, const nt_direct_job *job) {
    const nt_conv_shape *s = &p->direct.head.conv.shape;
    const nt_tensor *out = &p->direct.map.tensor;
    const int64_t lanes = p->direct.head.conv.isa->lanes;
    nt_x_strip strip = strip_job(p, job);
    strip.dst = job->sums;
    strip.dst_channel = p->direct.strips.rows * lanes;
    strip.dst_row = lanes;
    (job->last ? p->last : p->full)[0]->run(&strip);
    for (int64_t o = 0; o < job->channels; o++) {
        for (int64_t y = 0; y < job->rows; y++) {
            memcpy(nt_out(job->out, o * out->channel + y * out->row, s->dst_element),
                   nt_at(job->sums, o * strip.dst_channel + y * lanes, s->dst_element),
                   (size_t)s->ow * s->dst_element);
        }
    }
}

static void run_panel_of_columns(const nt_direct_plan *direct, const nt_direct_job *job) {
    const columns_plan *p = (const columns_plan *)direct;
    (p->narrow ? run_narrow_panel : run_wide_panel)(p, job);
}

/* ---- the whole ---- */

static ninetap_status plan_columns(ninetap_conv3x3 *plan) {
    columns_plan *p = (columns_plan *)plan;
    const nt_conv *c = &plan->conv;
    p->direct.run = run_panel_of_columns;
    p->narrow = c->shape.ow < c->isa->lanes;
    p->direct.clears = p->narrow;
    p->direct.pools_itself = nt_direct_may_pool(c) && !p->narrow;
    cut_columns(p);
    const nt_strip_needs needs = {.step = c->pooled ? 2 : 1,
                                  .most_rows = nt_direct_most_rows(&p->direct),
                                  .panels = p->direct.panels.count,
                                  .threads = plan->threads,
                                  .packed = p->narrow};
    const ninetap_status status = nt_strips_of_planes(c, &needs, &p->direct.strips);
    if (status != NINETAP_OK) {
        return status;
    }
    const int64_t sums =
        p->narrow ? p->direct.panels.channels * p->direct.strips.rows * c->isa->lanes : 0;
    return nt_direct_lay_out(&p->direct, c, (size_t)sums * NT_SUM_BYTES);
}

const nt_method nt_direct_columns = {
    .name = "direct over output columns",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .plan_bytes = sizeof(columns_plan),
    .fits = fits_columns,
    .cycles = columns_cycles,
    .plan = plan_columns,
    .pack = nt_direct_pack,
    .walk = nt_direct_walk,
    .error = nt_direct_error,
};
