/* Every decision of a plan: the family of kernels, the tiles, the strips. */
#include "conv3x3/conv3x3.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/workspace.h"

static int64_t div_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}
static int64_t min64(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static int64_t max64(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* ---- cost: vector multiply-adds of one output row of one group ---- */

/* A vector of sums costs 9 multiply-adds an input channel. Then: storing it, loading it, bias and
 * activation; for NCHW also its share of a transposition (4 to 5 shuffles of latency-bound code).
 */
static double oc_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const double finish = p->desc.layout == NINETAP_NCHW ? 12.0 : 4.0;
    return 1.05 * (double)div_up(s->group_oc, p->isa->lanes) * (double)s->ow *
           (9.0 * (double)s->group_ic + finish);
}

/* Two of three input vectors cross a cache line: 8 % at eight filters a load. */
static double x_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    return (double)s->group_oc * (double)div_up(s->ow, p->isa->lanes) *
           (1.08 * 9.0 * (double)s->group_ic + 2.0);
}

/* ---- tiles ---- */

static const nt_oc_kernel *find_oc(const nt_isa *isa, int rows, int64_t pixels, int vectors) {
    for (int i = 0; i < isa->oc_count; i++) {
        const nt_oc_kernel *k = &isa->oc[i];
        if (k->rows == rows && k->pixels == pixels && k->vectors == vectors) {
            return k;
        }
    }
    return NULL;
}

static int widest(const nt_isa *isa, int rows, int vectors) {
    int pixels = 0;
    for (int i = 0; i < isa->oc_count; i++) {
        const nt_oc_kernel *k = &isa->oc[i];
        if (k->rows == rows && k->vectors == vectors && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    return pixels;
}

/* Equal tiles, as few as the widest kernel allows: a short last one would idle the FMA pipes. */
static nt_tile_row tile_row(const nt_isa *isa, int rows, int vectors, int64_t ow) {
    const int64_t tiles = div_up(ow, widest(isa, rows, vectors));
    nt_tile_row row = {.tiles = tiles, .wide_count = ow % tiles};
    row.narrow = find_oc(isa, rows, ow / tiles, vectors);
    row.wide = row.wide_count > 0 ? find_oc(isa, rows, ow / tiles + 1, vectors) : row.narrow;
    return row;
}

/* Two rows at once when a single one is too narrow to fill the tile. */
static int rows_per_tile(const nt_isa *isa, int64_t ow, int64_t oh) {
    const int64_t single = div_up(ow, widest(isa, 1, 2));
    const int wide2 = widest(isa, 2, 2);
    if (oh < 2 || wide2 == 0) {
        return 1;
    }
    const double fill1 = (double)ow / (double)(single * widest(isa, 1, 2));
    const double fill2 = (double)ow / (double)(div_up(ow, wide2) * wide2);
    return fill2 > fill1 * 1.05 ? 2 : 1;
}

static void choose_oc(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    const int vectors = s->group_oc > lanes ? 2 : 1;
    p->family = NT_DIRECT_OC;
    p->reason = "lanes are output channels: enough of them to fill the vectors";
    p->panel_oc = vectors * lanes;
    p->panels = div_up(s->group_oc, p->panel_oc);
    p->tile_rows = vectors == 2 ? rows_per_tile(p->isa, s->ow, s->oh) : 1;
    const int64_t rest = s->group_oc - (p->panels - 1) * p->panel_oc;
    const int last_vectors = rest > lanes ? 2 : 1;
    p->full[0] = tile_row(p->isa, p->tile_rows, vectors, s->ow);
    p->full[1] = tile_row(p->isa, 1, vectors, s->ow);
    p->last[0] = last_vectors == vectors ? p->full[0] : tile_row(p->isa, 1, 1, s->ow);
    p->last[1] = last_vectors == vectors ? p->full[1] : p->last[0];
    p->kernel = p->full[0].wide->name;
}

static void choose_x(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const nt_isa *isa = p->isa;
    int filters = 1;
    p->family = NT_DIRECT_X;
    p->reason = "lanes are output columns: too few input channels to pay for a transposition";
    p->x_vectors = 1;
    p->narrow = s->ow < isa->lanes;
    for (int i = 0; i < isa->x_count; i++) {
        filters = isa->x[i].filters > filters ? isa->x[i].filters : filters;
        p->x_vectors = isa->x[i].vectors > p->x_vectors ? isa->x[i].vectors : p->x_vectors;
    }
    p->x_vectors = (int)min64(p->x_vectors, div_up(s->ow, isa->lanes));
    /* equal panels: 10 filters are 5 + 5, not 8 + 2 */
    p->panels = div_up(s->group_oc, filters);
    p->panel_oc = div_up(s->group_oc, p->panels);
    p->panels = div_up(s->group_oc, p->panel_oc);
    const int64_t rest = s->group_oc - (p->panels - 1) * p->panel_oc;
    for (int i = 0; i < isa->x_count; i++) {
        const nt_x_kernel *k = &isa->x[i];
        if (k->filters == p->panel_oc) {
            p->x_full[k->vectors - 1] = k;
        }
        if (k->filters == rest) {
            p->x_last[k->vectors - 1] = k;
        }
    }
    p->kernel = p->x_full[p->x_vectors - 1]->name;
}

/* ---- strips ---- */

static int64_t strip_elements(const ninetap_conv3x3 *p, int64_t rows) {
    return p->shape.group_ic * nt_axis_length(&p->rows, rows) * p->scratch_row;
}

/* As many rows as keep the packed strip in half of a 512 KiB L2 cache, so that a panel of weights
 * still fits beside it; the rows that strips share are packed twice. */
static void choose_strips(ninetap_conv3x3 *p) {
    enum { STRIP_ELEMENTS = 64 * 1024 };
    const int64_t oh = p->shape.oh;
    const int64_t step = p->tile_rows;
    int64_t rows = step;
    while (rows < oh && strip_elements(p, rows + step) <= STRIP_ELEMENTS) {
        rows += step;
    }
    p->strips = div_up(oh, rows);
    p->strip_rows = min64(oh, div_up(div_up(oh, p->strips), step) * step);
    p->strips = div_up(oh, p->strip_rows);
}

static void choose_scratch(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    p->rows = nt_axis_of(s->stride, s->dilation, s->top);
    p->columns = nt_axis_of(s->stride, s->dilation, s->left);
    p->unpacked = p->desc.layout == NINETAP_NCHW && s->stride == 1 && !s->padded && !p->narrow;
    if (p->unpacked) {
        p->strip_rows = s->oh;
        p->strips = 1;
        p->scratch_row = s->src.row;
        p->scratch_channel = s->src.channel;
    } else {
        p->scratch_row = nt_axis_length(&p->columns, s->ow);
        choose_strips(p);
        /* a multiple of the vector length, but not of the page: channels one page apart would
         * fall into the same set of the L1 cache */
        p->scratch_channel =
            div_up(nt_axis_length(&p->rows, p->strip_rows) * p->scratch_row, 16) * 16;
        if (p->scratch_channel % 1024 == 0) {
            p->scratch_channel += 16;
        }
        /* a vector of slack: in a narrow map, lanes without a column read on */
        p->scratch_bytes =
            (size_t)(p->scratch_channel * s->group_ic + p->isa->lanes) * sizeof(float);
    }
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

/* A thread must earn what waking it costs: 15 microseconds of work each, at a multiply-add of all
 * lanes per cycle of 3 GHz. */
static int choose_threads(const ninetap_conv3x3 *p) {
    const double microseconds = (double)p->shape.macs / (p->isa->lanes * 3e3);
    const int most = nt_thread_count(p->desc.threads);
    const int worth = microseconds / 15.0 > 4096.0 ? 4096 : (int)(microseconds / 15.0);
    return (int)max64(1, min64(most, worth));
}

/* ---- depthwise ---- */

static const nt_dw_kernel *find_dw(const nt_isa *isa, int rows, int64_t pixels, int stride) {
    for (int i = 0; i < isa->dw_count; i++) {
        const nt_dw_kernel *k = &isa->dw[i];
        if (k->rows == rows && k->pixels == pixels && k->stride == stride) {
            return k;
        }
    }
    return NULL;
}

/* The tallest and widest tile's rows and pixels come first in the ISA's list. */
static nt_dw_row dw_row(const nt_isa *isa, int rows, int stride, int64_t ow) {
    int pixels = 0;
    for (int i = 0; i < isa->dw_count; i++) {
        const nt_dw_kernel *k = &isa->dw[i];
        if (k->rows == rows && k->stride == stride && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    const int64_t tiles = div_up(ow, pixels);
    nt_dw_row row = {.tiles = tiles, .wide_count = ow % tiles};
    row.narrow = find_dw(isa, rows, ow / tiles, stride);
    row.wide = row.wide_count > 0 ? find_dw(isa, rows, ow / tiles + 1, stride) : row.narrow;
    return row;
}

static void choose_depthwise(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const nt_isa *isa = p->isa;
    int rows = 1;
    p->family = NT_DEPTHWISE;
    p->reason = "depthwise NHWC: lanes are channels";
    p->dw_sharing = s->dilation == 1 && s->stride <= 2 ? (int)s->stride : 3;
    for (int i = 0; i < isa->dw_count; i++) {
        const nt_dw_kernel *k = &isa->dw[i];
        rows = k->stride == p->dw_sharing && k->rows > rows && k->rows <= s->oh ? k->rows : rows;
    }
    p->dw_row[0] = dw_row(isa, rows, p->dw_sharing, s->ow);
    p->dw_row[1] = dw_row(isa, 1, p->dw_sharing, s->ow);
    p->kernel = p->dw_row[0].wide->name;
    p->dw_columns = (s->ow - 1) * p->dw_sharing + 3;
    p->dw_src = s->src;
    p->dw_dst = s->dst;
    p->dw_inner = nt_inner_outputs(s->iw, s->left, 3, s->dilation, s->stride, s->ow);
    p->border_count = s->oc;
    p->panels = 1;
    p->panel_oc = s->oc;
    p->strip_rows = rows;
    p->strips = div_up(s->oh, rows);
}

/* Whether a block of planes and its outputs fit the scratch. */
static bool planes_fit(const nt_isa *isa, const nt_conv_shape *s) {
    enum { BLOCK_ELEMENTS = 128 * 1024 };
    const nt_size positions =
        nt_size_add(nt_size_mul(nt_size_of(s->ih), s->iw), nt_size_mul(nt_size_of(s->oh), s->ow));
    const nt_size elements = nt_size_mul(positions, isa->lanes);
    return s->group_ic == 1 && s->group_oc == 1 && !elements.overflow &&
           elements.value <= BLOCK_ELEMENTS;
}

/* The same kernels for planes: a strip is a block of as many planes as a vector has lanes. */
static void choose_depthwise_blocked(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    choose_depthwise(p);
    p->reason =
        "depthwise NCHW, planes too narrow for lanes of columns: turned to lanes of channels";
    p->dw_blocked = true;
    p->dw_src = (nt_tensor){.row = s->iw * lanes, .column = lanes};
    p->dw_dst = (nt_tensor){.row = s->ow * lanes, .column = lanes};
    p->border_count = lanes;
    p->strips = div_up(s->oc, lanes);
    p->scratch_bytes = (size_t)((s->ih * s->iw + s->oh * s->ow) * lanes) * sizeof(float);
}

/* Whether the kernels of templates/depthwise_x.h can take the planes. */
static const nt_dw_x_kernel *find_dw_x(const nt_isa *isa, const nt_conv_shape *s) {
    const int64_t beyond = (s->ow - 1) * s->stride + 2 - s->left - (s->iw - 1);
    const bool both = s->left > 0 && beyond > 0;
    if (s->group_ic != 1 || s->group_oc != 1 || s->dilation != 1 || s->left > 1 || beyond > 1 ||
        s->ow < isa->lanes || (s->stride == 2 && both && s->ow == isa->lanes)) {
        return NULL;
    }
    for (int i = 0; i < isa->dw_x_count; i++) {
        if (isa->dw_x[i].stride == s->stride) {
            return &isa->dw_x[i];
        }
    }
    return NULL;
}

/* A strip is a plane, unless there are too few of them to share. */
static void choose_depthwise_x(ninetap_conv3x3 *p, const nt_dw_x_kernel *kernel) {
    enum { UNITS = 32 };
    const nt_conv_shape *s = &p->shape;
    p->family = NT_DEPTHWISE_X;
    p->reason = "depthwise NCHW: lanes are output columns";
    p->dw_x = kernel;
    p->kernel = kernel->name;
    p->panels = 1;
    p->panel_oc = 1;
    p->border_count = s->iw;
    const int64_t strips = s->groups >= UNITS ? 1 : div_up(UNITS, s->groups);
    p->strip_rows = div_up(div_up(s->oh, strips), kernel->rows) * kernel->rows;
    p->strips = div_up(s->oh, p->strip_rows);
    p->scratch_bytes = (size_t)((p->strip_rows - 1) * s->stride + 3) * sizeof(float *);
}

/* The smallest strip there is, in checked arithmetic: a huge dilation can make a scratch out of a
 * tensor that fits. What choose_scratch adds to it is less than that again, twice. */
static bool scratch_fits(const nt_conv_shape *s) {
    const nt_axis rows = nt_axis_of(s->stride, s->dilation, s->top);
    const nt_axis columns = nt_axis_of(s->stride, s->dilation, s->left);
    nt_size elements =
        nt_size_mul(nt_size_of(nt_axis_length(&rows, 2)), nt_axis_length(&columns, s->ow));
    elements = nt_size_mul(nt_size_mul(elements, s->group_ic), 4);
    return nt_size_fits(elements, sizeof(float));
}

ninetap_status nt_conv_choose(ninetap_conv3x3 *p, bool finite_weights) {
    const nt_conv_shape *s = &p->shape;
    const bool nhwc = p->desc.layout == NINETAP_NHWC;
    p->tile_rows = 1;
    p->threads = choose_threads(p);
    if (!scratch_fits(s)) {
        return NINETAP_ERR_OVERFLOW;
    }
    if (!finite_weights && s->padded && p->desc.border == NINETAP_BORDER_ZERO) {
        p->family = NT_NAIVE;
        p->kernel = "direct_naive";
        p->reason = "a weight is not finite: padding taps must be skipped, not multiplied by zero";
        p->threads = 1;
        return NINETAP_OK;
    }
    const nt_dw_x_kernel *planes = nhwc ? NULL : find_dw_x(p->isa, s);
    if (nhwc && s->group_ic == 1 && s->group_oc == 1) {
        choose_depthwise(p);
    } else if (planes != NULL) {
        choose_depthwise_x(p, planes);
    } else if (!nhwc && planes_fit(p->isa, s)) {
        choose_depthwise_blocked(p);
    } else if (!nhwc && x_cost(p) < oc_cost(p)) {
        choose_x(p);
        choose_scratch(p);
        if (p->narrow) {
            p->sums_bytes = (size_t)(p->panel_oc * p->strip_rows * p->isa->lanes) * sizeof(float);
        }
    } else {
        choose_oc(p);
        choose_scratch(p);
        p->chunk = min64(s->ow, NT_CHUNK);
        if (!nhwc) {
            p->sums_bytes = (size_t)(p->tile_rows * p->chunk * p->panel_oc) * sizeof(float);
        }
    }
    const size_t unit = NT_ALIGNMENT;
    p->scratch_bytes = (p->scratch_bytes + unit - 1) / unit * unit;
    p->slice_bytes = p->scratch_bytes + (p->sums_bytes + unit - 1) / unit * unit;
    const nt_size all = nt_size_mul(nt_size_of((int64_t)p->slice_bytes), p->threads);
    return nt_size_fits(all, 2) ? NINETAP_OK : NINETAP_ERR_OVERFLOW; /* 2: room for alignment */
}
