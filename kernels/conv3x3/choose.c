/* How a plan's candidate runs: the tiles, the strips, the threads. */
#include "core/build.h"

#include <math.h>
#include <stdio.h>

#include "conv3x3/conv3x3.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/workspace.h"

/* ---- tiles ---- */

typedef struct oc_list {
    const nt_oc_kernel *kernels;
    int count;
} oc_list;

static oc_list oc_kernels(const ninetap_conv3x3 *p) {
    const nt_kernels *from = p->kernels;
    return p->pools_itself ? (oc_list){from->oc_pool, from->oc_pool_count}
                           : (oc_list){from->oc, from->oc_count};
}

static const nt_oc_kernel *find_oc(oc_list list, int rows, int64_t pixels, int vectors) {
    for (int i = 0; i < list.count; i++) {
        const nt_oc_kernel *k = list.kernels + i;
        if (k->rows == rows && k->pixels == pixels && k->vectors == vectors) {
            return k;
        }
    }
    return NULL;
}

static int widest(oc_list list, int rows, int vectors) {
    int pixels = 0;
    for (int i = 0; i < list.count; i++) {
        const nt_oc_kernel *k = list.kernels + i;
        if (k->rows == rows && k->vectors == vectors && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    return pixels;
}

/* Equal tiles, as few as the widest kernel allows: a short last one would idle the FMA pipes. Of
 * few channels a tile is soon done; a smaller one lets the next one's multiply-adds start while it
 * is finished. */
static nt_tile_row tile_row(const ninetap_conv3x3 *p, int rows, int vectors) {
    enum { FEW_CHANNELS = 4, FEW_SUMS = 20 };
    const oc_list list = oc_kernels(p);
    const int64_t unit = p->pools_itself ? 2 : 1; /* pixels that must not be parted */
    int64_t most = widest(list, rows, vectors);
    if (p->shape.group_ic <= FEW_CHANNELS) {
        most = nt_max64(nt_min64(most, FEW_SUMS / (rows * vectors)), unit);
    }
    const int64_t units = p->shape.ow / unit;
    const int64_t tiles = nt_div_up(units, most / unit);
    nt_tile_row row = {.tiles = tiles, .wide_count = units % tiles};
    row.narrow = find_oc(list, rows, units / tiles * unit, vectors);
    row.wide =
        row.wide_count > 0 ? find_oc(list, rows, (units / tiles + 1) * unit, vectors) : row.narrow;
    return row;
}

/* Two rows at once when a single one is too narrow to fill the tile. */
static int rows_per_tile(const ninetap_conv3x3 *p) {
    const oc_list list = oc_kernels(p);
    const int64_t ow = p->shape.ow;
    const int64_t single = nt_div_up(ow, widest(list, 1, 2));
    const int wide2 = widest(list, 2, 2);
    if (p->shape.oh < 2 || wide2 == 0) {
        return 1;
    }
    const double fill1 = (double)ow / (double)(single * widest(list, 1, 2));
    const double fill2 = (double)ow / (double)(nt_div_up(ow, wide2) * wide2);
    return fill2 > fill1 * 1.05 ? 2 : 1;
}

/* max(a, b) + bias, clamped, is max of both finished, to the bit; but for a limit of 0, whose sign
 * the first of equals decides, and for Inf - Inf. Other activations are finished first. */
static bool kernel_may_pool(const ninetap_conv3x3 *p) {
    const nt_epilogue *e = &p->epilogue;
    return p->pooled && p->finite_bias && e->kind == NT_CLAMP &&
           !(e->lo == 0.0F && signbit(e->lo)) && e->hi != 0.0F;
}

static void choose_oc(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    const int vectors = s->group_oc > lanes ? 2 : 1;
    p->family = NT_DIRECT_OC;
    p->panel_oc = vectors * lanes;
    p->panels = nt_div_up(s->group_oc, p->panel_oc);
    p->pools_itself = kernel_may_pool(p);
    p->tile_rows = p->pools_itself ? 2 : vectors == 2 ? rows_per_tile(p) : 1;
    const int64_t rest = s->group_oc - (p->panels - 1) * p->panel_oc;
    const int last_vectors = rest > lanes ? 2 : 1;
    p->full[0] = tile_row(p, p->tile_rows, vectors);
    p->full[1] = p->pools_itself ? p->full[0] : tile_row(p, 1, vectors);
    p->last[0] = last_vectors == vectors ? p->full[0] : tile_row(p, p->pools_itself ? 2 : 1, 1);
    p->last[1] = last_vectors == vectors ? p->full[1] : p->last[0];
    p->kernel = p->full[0].wide->name;
}

/* Tiles of a row as equal as can be: a narrow one has few sums. */
static void choose_x_tiles(ninetap_conv3x3 *p, int most) {
    const int64_t vectors = nt_div_up(p->shape.ow, p->isa->lanes);
    p->x_tiles = nt_div_up(vectors, most);
    p->x_vectors = (int)(vectors / p->x_tiles);
    p->x_wide_count = vectors % p->x_tiles;
}

static void choose_x(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const nt_kernels *from = p->kernels;
    p->family = NT_DIRECT_X;
    p->narrow = s->ow < p->isa->lanes;
    p->pools_itself = kernel_may_pool(p) && !p->narrow;
    const nt_x_kernel *kernels = p->pools_itself ? from->x_pool : from->x;
    const int count = p->pools_itself ? from->x_pool_count : from->x_count;
    int filters = 1;
    int vectors = 1;
    for (int i = 0; i < count; i++) {
        filters = kernels[i].filters > filters ? kernels[i].filters : filters;
        vectors = kernels[i].vectors > vectors ? kernels[i].vectors : vectors;
    }
    choose_x_tiles(p, vectors);
    /* equal panels: 10 filters are 5 + 5, not 8 + 2 */
    p->panels = nt_div_up(s->group_oc, filters);
    p->panel_oc = nt_div_up(s->group_oc, p->panels);
    p->panels = nt_div_up(s->group_oc, p->panel_oc);
    const int64_t rest = s->group_oc - (p->panels - 1) * p->panel_oc;
    for (int i = 0; i < count; i++) {
        const nt_x_kernel *k = &kernels[i];
        if (k->filters == p->panel_oc) {
            p->x_full[k->vectors - 1] = k;
        }
        if (k->filters == rest) {
            p->x_last[k->vectors - 1] = k;
        }
    }
    p->kernel = p->x_full[p->x_vectors - (p->x_wide_count > 0 ? 0 : 1)]->name;
}

/* ---- strips ---- */

static int64_t strip_elements(const ninetap_conv3x3 *p, int64_t rows) {
    if (p->apart) {
        return ((rows - 1) * p->shape.stride + 2 * p->shape.dilation + 1) * p->scratch_row;
    }
    return p->shape.group_ic * nt_axis_length(&p->rows, rows) * p->scratch_row;
}

/* Strips are cut between tiles, and between the pool's windows. */
static int64_t strip_step(const ninetap_conv3x3 *p) {
    return p->pooled ? 2 : p->tile_rows;
}

/* The most rows of a strip whose unpooled outputs stay in the cache until they are pooled. */
static int64_t rows_to_pool(const ninetap_conv3x3 *p) {
    enum { MAP_ELEMENTS = 32 * 1024 };
    const int64_t rows = MAP_ELEMENTS / (p->shape.ow * p->panel_oc);
    return p->pooled && !p->pools_itself ? nt_max64(rows / 2 * 2, 2) : p->shape.oh;
}

/* The most rows of a strip that leave every thread a few units to share. */
static int64_t rows_to_share(const ninetap_conv3x3 *p) {
    enum { UNITS = 4 };
    const nt_conv_shape *s = &p->shape;
    const int64_t step = strip_step(p);
    const int64_t units = nt_max64(1, s->n) * s->groups * p->panels;
    const int64_t strips = nt_div_up((int64_t)UNITS * p->threads, units);
    if (p->threads == 1 || strips == 1) {
        return rows_to_pool(p);
    }
    const int64_t rows = nt_max64(nt_max64(1, s->oh / strips) / step, 1) * step;
    return nt_min64(rows, rows_to_pool(p));
}

/* As many rows as keep the packed strip in half of a 512 KiB L2 cache, so that a panel of weights
 * still fits beside it; the rows that strips share are packed twice. */
static void choose_strips(ninetap_conv3x3 *p) {
    enum { STRIP_ELEMENTS = 64 * 1024 };
    const int64_t oh = p->shape.oh;
    const int64_t step = strip_step(p);
    const int64_t most = rows_to_share(p);
    int64_t rows = step;
    while (rows < most && strip_elements(p, rows + step) <= STRIP_ELEMENTS) {
        rows += step;
    }
    p->strips = nt_div_up(oh, rows);
    p->strip_rows = nt_min64(oh, nt_div_up(nt_div_up(oh, p->strips), step) * step);
    p->strips = nt_div_up(oh, p->strip_rows);
}

/* Pixels of few channels stay together: the copy is a plain one, or none at all. More channels, at
 * distances that are multiples of a page, would fall into one set of the L1 cache. */
static bool pixels_stay(const ninetap_conv3x3 *p) {
    enum { CHANNELS = 32 };
    const nt_conv_shape *s = &p->shape;
    return p->desc.layout == NINETAP_NHWC && s->group_ic <= CHANNELS && s->stride <= 2 &&
           s->dilation <= 8;
}

static void choose_pixels_scratch(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const int64_t pixel = s->padded ? s->group_ic : s->src.column;
    p->apart = true;
    p->unpacked = !s->padded;
    p->scratch_channel = 1;
    if (p->unpacked) {
        p->strip_rows = nt_min64(s->oh, rows_to_share(p));
        p->strips = nt_div_up(s->oh, p->strip_rows);
        p->scratch_row = s->src.row;
    } else {
        p->scratch_row = ((s->ow - 1) * s->stride + 2 * s->dilation + 1) * pixel;
        choose_strips(p);
        p->scratch_bytes = (size_t)strip_elements(p, p->strip_rows) * sizeof(float);
    }
    p->row_step = s->stride * p->scratch_row;
    p->pixel_step = s->stride * pixel;
    for (int t = 0; t < 9; t++) {
        p->tap[t] = s->dilation * (t / 3 * p->scratch_row + t % 3 * pixel);
    }
}

static void choose_scratch(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    p->rows = nt_axis_of(s->stride, s->dilation, s->top);
    p->columns = nt_axis_of(s->stride, s->dilation, s->left);
    p->unpacked = p->desc.layout == NINETAP_NCHW && s->stride == 1 && !s->padded && !p->narrow;
    if (p->unpacked) {
        p->strip_rows = nt_min64(s->oh, rows_to_share(p));
        p->strips = nt_div_up(s->oh, p->strip_rows);
        p->scratch_row = s->src.row;
        p->scratch_channel = s->src.channel;
    } else {
        p->scratch_row = nt_axis_length(&p->columns, s->ow);
        choose_strips(p);
        /* a multiple of the vector length, but not of the page: channels one page apart would
         * fall into the same set of the L1 cache */
        p->scratch_channel =
            nt_div_up(nt_axis_length(&p->rows, p->strip_rows) * p->scratch_row, 16) * 16;
        if (p->scratch_channel % 1024 == 0) {
            p->scratch_channel += 16;
        }
        /* a vector of slack: in a narrow map, lanes without a column read on */
        p->scratch_bytes =
            (size_t)(p->scratch_channel * s->group_ic + p->isa->lanes) * sizeof(float);
    }
    p->row_step = p->scratch_row;
    p->pixel_step = 1;
    for (int t = 0; t < 9; t++) {
        const int ky = t / 3;
        const int kx = t % 3;
        const int64_t row =
            nt_axis_start(&p->rows, p->rows.phase[ky], p->strip_rows) + p->rows.shift[ky];
        const int64_t column =
            nt_axis_start(&p->columns, p->columns.phase[kx], s->ow) + p->columns.shift[kx];
        p->tap[t] = row * p->scratch_row + column;
    }
}

/* ---- threads ---- */

/* A thread must earn what waking it costs: 15 microseconds of work each, at 3 GHz. */
static int choose_threads(const ninetap_conv3x3 *p, double cycles) {
    const double microseconds = cycles / 3e3;
    const int most = nt_thread_count(p->desc.threads);
    const int worth = microseconds / 15.0 > 4096.0 ? 4096 : (int)(microseconds / 15.0);
    return (int)nt_max64(1, nt_min64(most, worth));
}

/* The smallest strip there is, in checked arithmetic: a huge dilation can make a scratch out of a
 * tensor that fits. What choose_scratch adds to it is less than that again, twice. */
static bool scratch_fits(const nt_conv_shape *s, bool pooled) {
    const nt_axis rows = nt_axis_of(s->stride, s->dilation, s->top);
    const nt_axis columns = nt_axis_of(s->stride, s->dilation, s->left);
    nt_size elements =
        nt_size_mul(nt_size_of(nt_axis_length(&rows, 2)), nt_axis_length(&columns, s->ow));
    elements = nt_size_mul(nt_size_mul(elements, nt_max64(s->group_ic, pooled ? 64 : 1)), 4);
    return nt_size_fits(elements, sizeof(float));
}

/* Where the kernels write: `rows` x `ow` outputs of a unit, `channels` of a panel. */
static ninetap_status choose_out(ninetap_conv3x3 *p, int64_t rows, int64_t ow, int64_t channels) {
    if (!p->pooled || p->pools_itself) {
        return NINETAP_OK;
    }
    const nt_size map = nt_size_mul(nt_size_mul(nt_size_of(rows), ow), channels);
    if (!nt_size_fits(map, 4 * sizeof(float))) { /* 4: room for the rest of a slice */
        return NINETAP_ERR_OVERFLOW;
    }
    p->out = p->desc.layout == NINETAP_NCHW
                 ? (nt_tensor){.channel = rows * ow, .row = ow, .column = 1}
                 : (nt_tensor){.channel = 1, .row = ow * channels, .column = channels};
    p->map_bytes = (size_t)map.value * sizeof(float);
    return NINETAP_OK;
}

static void choose_naive(ninetap_conv3x3 *p) {
    p->family = NT_NAIVE;
    p->kernel = "direct_naive";
    p->threads = 1;
    snprintf(p->reason, sizeof p->reason,
             "a weight is not finite: padding taps must be skipped, not multiplied by zero");
}

static size_t whole_lines(size_t bytes) {
    const size_t unit = NT_ALIGNMENT;
    return (bytes + unit - 1) / unit * unit;
}

/* A slice is the scratch, the sums and the map, in this order. */
static ninetap_status slices_fit(ninetap_conv3x3 *p) {
    p->scratch_bytes = whole_lines(p->scratch_bytes);
    p->sums_bytes = whole_lines(p->sums_bytes);
    p->slice_bytes = p->scratch_bytes + p->sums_bytes + whole_lines(p->map_bytes);
    const nt_size all = nt_size_mul(nt_size_of((int64_t)p->slice_bytes), p->threads);
    return nt_size_fits(all, 2) ? NINETAP_OK : NINETAP_ERR_OVERFLOW; /* 2: room for alignment */
}

static void choose_lanes(ninetap_conv3x3 *p, nt_family family) {
    if (family == NT_DIRECT_X) {
        choose_x(p);
        choose_scratch(p);
        if (p->narrow) {
            p->sums_bytes = (size_t)(p->panel_oc * p->strip_rows * p->isa->lanes) * sizeof(float);
        }
        return;
    }
    choose_oc(p);
    if (pixels_stay(p)) {
        choose_pixels_scratch(p);
    } else {
        choose_scratch(p);
    }
    p->chunk = nt_min64(p->shape.ow, NT_CHUNK);
    if (p->desc.layout == NINETAP_NCHW) {
        p->sums_bytes = (size_t)(p->tile_rows * p->chunk * p->panel_oc) * sizeof(float);
    }
}

ninetap_status nt_conv_choose(ninetap_conv3x3 *p, int candidate) {
    const nt_conv_shape *s = &p->shape;
    p->pooled = p->desc.pool == NINETAP_POOL_MAX;
    p->out = s->dst;
    p->tile_rows = 1;
    if (!scratch_fits(s, p->pooled)) {
        return NINETAP_ERR_OVERFLOW;
    }
    const bool direct = p->desc.algo == NINETAP_ALGO_AUTO || p->desc.algo == NINETAP_ALGO_DIRECT;
    if (direct && !p->finite_weights && s->padded && p->desc.border == NINETAP_BORDER_ZERO) {
        choose_naive(p);
        const ninetap_status status = choose_out(p, s->map_h, s->map_w, s->oc);
        return status == NINETAP_OK ? slices_fit(p) : status;
    }
    nt_candidate list[NT_CANDIDATES];
    const int count = nt_conv_candidates(p, list);
    if (count == 0) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    const nt_candidate *chosen = &list[candidate < count ? candidate : 0];
    nt_conv_explain(p, list, count, chosen);
    p->threads = choose_threads(p, chosen->cycles);
    if (chosen->family == NT_DEPTHWISE || chosen->family == NT_DEPTHWISE_X) {
        nt_conv_choose_depthwise(p, chosen->family);
    } else if (nt_winograd_size(chosen->family) != 0) {
        nt_conv_choose_winograd(p, chosen->family);
    } else {
        choose_lanes(p, chosen->family);
    }
    if (nt_winograd_size(p->family) == 0 &&
        choose_out(p, p->strip_rows, s->ow, p->panel_oc) != NINETAP_OK) {
        return NINETAP_ERR_OVERFLOW;
    }
    return slices_fit(p);
}
