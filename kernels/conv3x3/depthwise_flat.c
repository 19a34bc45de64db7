/* Depthwise convolution of small NCHW planes, lanes = outputs wherever they lie. A plane is copied
 * three times, one for each kx, as [row][output column]. Then a tap of all outputs is one stretch,
 * and the vectors of bodies/direct_columns.h run on from row to row: a map of 7x7 is six vectors of
 * eight and one number. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/border.h"
#include "conv3x3/depthwise.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"

typedef struct flat_plan {
    ninetap_conv3x3 head;
    const nt_x_kernel *kernel, *last; /* last: whose tile ends with the plane; NULL: none */
    int64_t tiles;                    /* of the kernel */
    int64_t last_at;                  /* its first output */
    int64_t copy;                     /* elements of each copy */
    int64_t tap[9];
    int64_t before, behind; /* columns that stand in for the missing ones; < 0: the constant */
    nt_depthwise_packed packed;
    nt_conv_map map;
} flat_plan;

static const nt_x_kernel *find_flat_kernel(const nt_conv *c, int64_t vectors) {
    const nt_kernels *from = c->kernels;
    const nt_x_kernel *widest = NULL;
    for (int i = 0; i < from->x_count; i++) {
        const nt_x_kernel *k = &from->x[i];
        if (k->filters == 1 && k->vectors <= vectors &&
            (widest == NULL || k->vectors > widest->vectors)) {
            widest = k;
        }
    }
    return widest;
}

/* Wider rows are faster where they lie (depthwise_columns.c). The copies stay in the L1 cache. */
static bool fits_flat(const nt_conv *c) {
    enum { MOST_OUTPUTS = 1024 };
    const nt_conv_shape *s = &c->shape;
    return c->desc.layout == NINETAP_NCHW && nt_is_depthwise(s) && s->stride == 1 &&
           s->dilation == 1 && s->left == 1 && s->ow == s->iw && s->iw > 1 &&
           s->ow < c->isa->lanes && s->oh <= MOST_OUTPUTS && s->oh * s->ow <= MOST_OUTPUTS &&
           s->oh * s->ow >= c->isa->lanes && (c->pooled || s->dst.row == s->ow);
}

/* Each tap's address and weight are loaded for a tile; some 400 instructions are the copies' and
 * the calls'. */
static double flat_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const nt_machine *m = &c->machine;
    const int64_t outputs = s->oh * s->ow;
    const double vectors = nt_vectors(c, outputs);
    const int64_t whole = outputs / c->isa->lanes;
    const double width = (double)find_flat_kernel(c, whole)->vectors;
    const double crossing = 2.0 / 3.0 * nt_crossing_loads(c->isa->lanes);
    const double loads = width * (1.0 + crossing) + 2.0;
    const double multiply = 9.0 * nt_short_step_cycles(m, c->fused, width, loads, 9.0) / width;
    const double vector = multiply + nt_move_cycles(m, 3.0, 4.0, 0.0) + nt_tensor_cycles(c, 1.0) +
                          nt_code_cycles(m, 60.0, 0.0) / width;
    const double rows = (double)s->oh * nt_move_cycles(m, 2.0, 2.0, 0.0);
    return nt_all_rows(c,
                       (vectors * vector + rows + nt_code_cycles(m, 400.0, 1.0)) / (double)s->oh);
}

static ninetap_status plan_flat(ninetap_conv3x3 *plan) {
    flat_plan *p = (flat_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    const int64_t outputs = s->oh * s->ow;
    p->kernel = find_flat_kernel(c, outputs / lanes);
    plan->kernel = p->kernel->name;
    p->tiles = outputs / (p->kernel->vectors * lanes);
    const int64_t rest = nt_div_up(outputs, lanes) - p->tiles * p->kernel->vectors;
    p->last = rest > 0 ? find_flat_kernel(c, rest) : NULL;
    p->last_at = outputs - rest * lanes;
    p->copy = (s->oh + 2) * s->ow;
    for (int t = 0; t < 9; t++) {
        p->tap[t] = t % 3 * p->copy + t / 3 * s->ow;
    }
    p->before = nt_border_index(c->desc.border, -1, s->iw);
    p->behind = nt_border_index(c->desc.border, s->iw, s->iw);
    plan->units = s->n * s->oc;
    nt_slice_place(&plan->slice_bytes, 3 * (size_t)p->copy * s->src_element);
    return nt_conv_map_of(c, false, s->oh, s->ow, 1, &plan->slice_bytes, &p->map);
}

static ninetap_status pack_flat(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    flat_plan *p = (flat_plan *)plan;
    return nt_depthwise_pack(plan, weights, bias, 1, plan->conv.shape.iw, nt_size_of(0),
                             &p->packed);
}

/* `rows` rows without a gap between them, to row y of the copies. */
static void copy_flat_rows(const flat_plan *p, const float *src, int64_t rows, int64_t y,
                           float *copies) {
    const int64_t width = p->head.conv.shape.iw;
    const int64_t count = rows * width;
    float *left = copies + y * width;
    float *right = left + 2 * p->copy;
    memcpy(left + 1, src, (size_t)(count - 1) * sizeof(float));
    memcpy(left + p->copy, src, (size_t)count * sizeof(float));
    memcpy(right, src + 1, (size_t)(count - 1) * sizeof(float));
    const float constant = *(const float *)p->packed.border;
    for (int64_t i = 0; i < count; i += width) {
        left[i] = p->before < 0 ? constant : src[i + p->before];
        right[i + width - 1] = p->behind < 0 ? constant : src[i + p->behind];
    }
}

/* The plane at src, and what lies above and below. Rows of the constant stay from the first plane
 * on. */
static void copy_flat_plane(const flat_plan *p, const float *src, bool first, float *copies) {
    const nt_conv *c = &p->head.conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t inner = s->src.row == s->iw ? nt_min64(s->ih, s->oh + 2 - s->top) : 1;
    int64_t rows = 1;
    for (int64_t y = 0; y < s->oh + 2; y += rows) {
        const int64_t at = nt_border_index(c->desc.border, y - s->top, s->ih);
        rows = y == s->top ? inner : 1;
        if (at >= 0 || first) {
            copy_flat_rows(p, at < 0 ? p->packed.border : src + at * s->src.row, rows, y, copies);
        }
    }
}

static void run_flat_plane(const flat_plan *p, nt_x_strip *strip, const float *copies, float *out) {
    strip->src = copies;
    strip->dst = out;
    strip->tiles = p->tiles;
    p->kernel->run(strip);
    if (p->last != NULL) {
        strip->src = copies + p->last_at;
        strip->dst = out + p->last_at;
        strip->tiles = 1;
        p->last->run(strip);
    }
}

static void walk_flat(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                      int64_t begin, int64_t end) {
    const flat_plan *p = (const flat_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    nt_x_strip strip = {.tap = p->tap, .channels = 1, .epilogue = call->epilogue, .rows = 1};
    for (int i = 0; i < NT_X_VECTORS; i++) {
        strip.column[i] = i * c->isa->lanes;
    }
    for (int64_t u = begin; u < end; u++) {
        const int64_t channel = u % s->oc;
        const int64_t image = u / s->oc;
        const void *src =
            nt_at(call->src, image * s->src.image + channel * s->src.channel, s->src_element);
        copy_flat_plane(p, src, u == begin, slice);
        void *home =
            nt_out(call->dst, image * s->dst.image + channel * s->dst.channel, s->dst_element);
        void *out = p->map.used ? (char *)slice + p->map.at : home;
        strip.weights = p->packed.weights + 9 * channel;
        strip.bias = p->packed.bias + channel;
        run_flat_plane(p, &strip, slice, out);
        const nt_conv_piece piece = {out, s->oh, s->ow, 1};
        nt_conv_finish(c, &p->map, call, &piece, home);
    }
}

const nt_method nt_depthwise_flat = {
    .name = "depthwise over flat planes",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .plan_bytes = sizeof(flat_plan),
    .fits = fits_flat,
    .cycles = flat_cycles,
    .plan = plan_flat,
    .pack = pack_flat,
    .walk = walk_flat,
    .error = nt_direct_error,
};
