/* The depthwise part of choose.c. */
#include "core/build.h"
#include "conv3x3/conv3x3.h"

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
static nt_dw_row dw_row(const nt_kernels *from, int rows, int stride, int64_t ow) {
    int pixels = 1;
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        if (k->rows == rows && k->stride == stride && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    const int64_t tiles = nt_div_up(ow, pixels);
    nt_dw_row row = {.tiles = tiles, .wide_count = ow % tiles};
    row.narrow = find_dw(from, rows, ow / tiles, stride);
    row.wide = row.wide_count > 0 ? find_dw(from, rows, ow / tiles + 1, stride) : row.narrow;
    return row;
}

static void choose_pixels(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const nt_kernels *from = p->kernels;
    int rows = 1;
    p->family = NT_DEPTHWISE;
    p->dw.sharing = s->dilation == 1 && s->stride <= 2 ? (int)s->stride : 3;
    for (int i = 0; i < from->dw_count; i++) {
        const nt_dw_kernel *k = &from->dw[i];
        rows = k->stride == p->dw.sharing && k->rows > rows && k->rows <= s->oh ? k->rows : rows;
    }
    p->dw.row[0] = dw_row(from, rows, p->dw.sharing, s->ow);
    p->dw.row[1] = dw_row(from, 1, p->dw.sharing, s->ow);
    p->kernel = p->dw.row[0].wide->name;
    p->dw.columns = (s->ow - 1) * p->dw.sharing + 3;
    p->dw.src = s->src;
    p->dw.dst = p->pooled ? (nt_tensor){.row = s->ow * s->oc, .column = s->oc} : s->dst;
    p->dw.inner = nt_inner_outputs(s->iw, s->left, 3, s->dilation, s->stride, s->ow);
    p->border_count = s->oc;
    p->panels = 1;
    p->panel_oc = s->oc;
    p->strip_rows = p->pooled ? nt_max64(rows, 2) : rows;
    p->strips = nt_div_up(s->oh, p->strip_rows);
}

/* The same kernels for planes: a strip is a block of as many planes as a vector has lanes. */
static void choose_blocks(ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    choose_pixels(p);
    p->dw.blocked = true;
    p->dw.src = (nt_tensor){.row = s->iw * lanes, .column = lanes};
    p->dw.dst = (nt_tensor){.row = s->ow * lanes, .column = lanes};
    p->border_count = lanes;
    p->strips = nt_div_up(s->oc, lanes);
    p->strip_rows = s->oh;
    p->panel_oc = lanes;
    p->scratch_bytes = (size_t)((s->ih * s->iw + s->oh * s->ow) * lanes) * sizeof(float);
}

/* A strip is a plane, unless there are too few of them to share. */
static void choose_planes(ninetap_conv3x3 *p) {
    enum { UNITS = 32 };
    const nt_conv_shape *s = &p->shape;
    const nt_dw_x_kernel *kernel = nt_conv_find_dw_x(p);
    p->family = NT_DEPTHWISE_X;
    p->dw.plane_kernel = kernel;
    p->kernel = kernel->name;
    p->panels = 1;
    p->panel_oc = 1;
    p->border_count = s->iw;
    const int64_t strips = s->groups >= UNITS ? 1 : nt_div_up(UNITS, s->groups);
    const int64_t step = p->pooled ? 2 * kernel->rows : kernel->rows;
    p->strip_rows = nt_div_up(nt_div_up(s->oh, strips), step) * step;
    p->strips = nt_div_up(s->oh, p->strip_rows);
    p->scratch_bytes = (size_t)((p->strip_rows - 1) * s->stride + 3) * sizeof(float *);
}

void nt_conv_choose_depthwise(ninetap_conv3x3 *p, nt_family family) {
    if (family == NT_DEPTHWISE_X) {
        choose_planes(p);
    } else if (p->desc.layout == NINETAP_NCHW) {
        choose_blocks(p);
    } else {
        choose_pixels(p);
    }
}
