/* How the weight gradient of a convolution is cut: into chunks by its shape alone, which the header
 * promises; into blocks and strips by caches and threads, which changes no bit. */
#include "core/build.h"
#include "conv3x3/backward_weights.h"

/* As the header has them. */
enum { CHUNK_PIXELS = 512, MOST_CHUNKS = 64 };
/* Of a block: its sums are read and written once a strip, and stay in the L2 cache. */
enum { BLOCK_IC = 64, BLOCK_OC = 64, LEAST_IC = 8 };

static void cut_chunks(nt_gradient_plan *p) {
    const nt_conv_shape *s = &p->conv.shape;
    const int64_t rows = s->n * s->oh;
    p->chunk_rows = nt_max64(nt_div_up(CHUNK_PIXELS, s->ow), nt_div_up(rows, MOST_CHUNKS));
    p->chunks = nt_div_up(rows, p->chunk_rows);
}

static void cut_matrix(nt_gradient_plan *p, int64_t block_ic, int64_t block_panels) {
    const nt_conv_shape *s = &p->conv.shape;
    p->block_ic = block_ic;
    p->block_panels = block_panels;
    p->blocks_down = nt_div_up(p->group_ic, block_ic);
    p->blocks = s->groups * p->blocks_down * nt_div_up(p->panels, block_panels);
}

/* Smaller blocks where threads would go without one; chunks, where even those are too few. */
static void share_blocks(nt_gradient_plan *p) {
    const nt_conv_shape *s = &p->conv.shape;
    const double cycles = (double)s->macs / p->conv.isa->lanes /
                          nt_multiply_add_rate(&p->conv.machine, p->conv.fused);
    const int64_t most_ic = nt_min64(p->group_ic, BLOCK_IC);
    const int64_t most_panels = nt_min64(p->panels, nt_max64(1, BLOCK_OC / p->width));
    p->threads = nt_threads_worth(cycles, NT_WAKE_CYCLES, INT64_MAX, p->conv.desc.threads);
    cut_matrix(p, most_ic, most_panels);
    while (p->blocks < 2 * (int64_t)p->threads && p->threads > 1 &&
           (p->block_panels > 1 || p->block_ic > LEAST_IC)) {
        const bool wide = p->block_panels > 1 && p->block_panels * p->width > p->block_ic;
        if (p->block_ic > LEAST_IC && !wide) {
            cut_matrix(p, nt_div_up(p->block_ic, 2), p->block_panels);
        } else {
            cut_matrix(p, p->block_ic, nt_div_up(p->block_panels, 2));
        }
    }
    p->chunks_apart = p->blocks < p->threads && p->chunks > 1;
    if (p->chunks_apart) {
        cut_matrix(p, most_ic, most_panels);
    }
}

/* The most rows of a strip whose diff_dst, a panel of it, stays in the L1 cache beside the inputs
 * of a tile. */
static int64_t most_strip_rows(const nt_gradient_plan *p) {
    const nt_conv_shape *s = &p->conv.shape;
    const int64_t l1 = p->conv.machine.cache[NT_IN_L1];
    const int64_t share = p->depthwise ? l1 / 8 * 3 : l1 / 4 * 3;
    const int64_t pixels = share / (p->width * NT_PACKED_BYTES);
    return nt_min64(nt_min64(s->oh, p->chunk_rows), nt_max64(1, pixels / s->ow));
}

/* Positions of one axis that so many outputs read. */
static nt_size reach(const nt_conv_shape *s, int64_t outputs) {
    return nt_size_add(nt_size_mul(nt_size_of(outputs - 1), s->stride),
                       nt_size_of(2 * s->dilation + 1));
}

/* Of depthwise convolutions [row][column][lane]. */
static ninetap_status cut_lane_strips(nt_gradient_plan *p) {
    const nt_conv_shape *s = &p->conv.shape;
    const int64_t rows = most_strip_rows(p);
    const nt_size row = nt_size_mul(reach(s, s->ow), p->width);
    const nt_size down = reach(s, rows);
    const nt_size all = nt_size_mul(row, down.value);
    if (down.overflow || !nt_size_fits(all, 2 * sizeof(float))) {
        return NINETAP_ERR_OVERFLOW;
    }
    p->strips = (nt_strips){.rows = rows,
                            .row = row.value,
                            .down_step = s->stride * row.value,
                            .bytes = (size_t)all.value * sizeof(float)};
    for (int t = 0; t < 9; t++) {
        p->strips.tap[t] = s->dilation * (t / 3 * row.value + t % 3 * p->width);
    }
    return NINETAP_OK;
}

static ninetap_status cut_strips(nt_gradient_plan *p) {
    nt_conv *c = &p->conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t most = most_strip_rows(p);
    const nt_strip_needs needs = {
        .step = 1, .most_rows = most, .panels = 1, .threads = 1, .packed = true};
    c->shape.group_ic = c->depth = p->block_ic;
    if (s->src.column == 1) { /* of one channel: rows are copied, not turned */
        c->desc.layout = NINETAP_NCHW;
    }
    return nt_strips_of_planes(c, &needs, &p->strips);
}

/* The largest number of rows that a tile may be given. */
static int64_t whole_tiles(const nt_kernels *from, int64_t rows) {
    const int64_t one = from->gradient[0].singles;
    const int64_t two = from->gradient[1].singles;
    return nt_max64(nt_div_up(rows, one) * one, nt_div_up(rows, two) * two);
}

static ninetap_status lay_out_slice(nt_gradient_plan *p) {
    const nt_conv_shape *s = &p->conv.shape;
    p->rows = whole_tiles(p->conv.kernels, 9 * p->block_ic + (p->with_bias ? 1 : 0));
    p->sums = p->block_panels * p->rows * p->width;
    const int64_t ones = p->with_bias && !p->depthwise ? p->strips.rows * p->strips.row : 0;
    const nt_size pixels = nt_size_mul(nt_size_of(p->strips.rows), s->ow);
    const nt_size panel = nt_size_mul(pixels, p->width);
    const nt_size all = nt_size_add(nt_size_add(panel, nt_size_of(ones)),
                                    nt_size_of((int64_t)p->strips.bytes / NT_PACKED_BYTES));
    if (!nt_size_fits(nt_size_mul(all, nt_max64(p->threads, 2)), 4 * sizeof(float))) {
        return NINETAP_ERR_OVERFLOW;
    }
    p->slice_bytes = 0;
    nt_slice_place(&p->slice_bytes, p->strips.bytes);
    p->ones_at = nt_slice_place(&p->slice_bytes, (size_t)ones * sizeof(float));
    p->panel_at = nt_slice_place(&p->slice_bytes, (size_t)panel.value * sizeof(float));
    p->offset_at = nt_slice_place(&p->slice_bytes, (size_t)p->rows * sizeof(int64_t));
    const size_t sums = p->chunks_apart ? 0 : (size_t)p->sums * sizeof(float);
    p->sums_at = nt_slice_place(&p->slice_bytes, sums);
    p->total_at = nt_slice_place(&p->slice_bytes, (size_t)p->sums * sizeof(float));
    return NINETAP_OK;
}

ninetap_status nt_gradient_plan_of(const nt_conv *c, bool with_bias, nt_gradient_plan *p) {
    const int64_t lanes = c->isa->lanes;
    *p = (nt_gradient_plan){.conv = *c, .group_ic = c->shape.group_ic, .with_bias = with_bias};
    nt_conv_shape *s = &p->conv.shape;
    p->depthwise = s->groups > 1 && s->group_ic == 1 && s->group_oc == 1;
    if (p->depthwise) {
        s->group_oc = s->groups;
        s->groups = 1;
    }
    p->width = s->group_oc > lanes && !p->depthwise ? 2 * lanes : lanes;
    p->panels = nt_div_up(s->group_oc, p->width);
    cut_chunks(p);
    share_blocks(p);
    const ninetap_status status = p->depthwise ? cut_lane_strips(p) : cut_strips(p);
    return status == NINETAP_OK ? lay_out_slice(p) : status;
}

nt_gradient_block nt_gradient_block_of(const nt_gradient_plan *p, int64_t index) {
    const int64_t across = nt_div_up(p->panels, p->block_panels);
    nt_gradient_block b = {.plan = p, .conv = p->conv};
    b.first_panel = index % across * p->block_panels;
    b.panels = nt_min64(p->block_panels, p->panels - b.first_panel);
    b.first_ic = index / across % p->blocks_down * p->block_ic;
    b.group = index / across / p->blocks_down;
    b.conv.shape.group_ic = b.conv.depth = nt_min64(p->block_ic, p->group_ic - b.first_ic);
    b.with_bias = p->with_bias && b.first_ic == 0;
    b.rows = 9 * b.conv.shape.group_ic + (b.with_bias ? 1 : 0);
    return b;
}

int64_t nt_gradient_channels(const nt_gradient_block *b, int64_t panel) {
    const int64_t first = (b->first_panel + panel) * b->plan->width;
    return nt_min64(b->plan->width, b->conv.shape.group_oc - first);
}

int64_t nt_gradient_lanes(const nt_gradient_block *b, int64_t panel) {
    const int64_t lanes = b->conv.isa->lanes;
    return nt_div_up(nt_gradient_channels(b, panel), lanes) * lanes;
}
