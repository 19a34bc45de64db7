/* Depthwise convolution of NCHW, lanes = output columns (bodies/depthwise_columns.h): rows of a
 * plane where they lie. */
#include "core/build.h"

#include "conv3x3/border.h"
#include "conv3x3/depthwise.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"

typedef struct plane_plan {
    ninetap_conv3x3 head;
    const nt_dw_x_kernel *kernel;
    int64_t strip_rows, strips; /* of a plane */
    nt_depthwise_packed packed;
    nt_conv_map map;
} plane_plan;

static const nt_dw_x_kernel *find_plane_kernel(const nt_conv *c) {
    const nt_kernels *from = c->kernels;
    for (int i = 0; i < from->dw_x_count; i++) {
        if (from->dw_x[i].stride == c->shape.stride) {
            return &from->dw_x[i];
        }
    }
    return NULL;
}

static bool fits_plane(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const int64_t beyond = nt_conv_beyond(s);
    return c->desc.layout == NINETAP_NCHW && nt_is_depthwise(s) && s->dilation == 1 &&
           s->left <= 1 && beyond <= 1 && s->ow >= c->isa->lanes && find_plane_kernel(c) != NULL;
}

/* A kernel's rows of a vector of outputs: each input row is loaded at three places, or with a
 * stride of two twice and shuffled. */
static double plane_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const nt_machine *m = &c->machine;
    const double rows = (double)find_plane_kernel(c)->rows;
    const bool apart = s->stride == 2;
    const double inputs = apart ? 2.0 * rows + 1.0 : rows + 2.0;
    const double crossing = 2.0 / 3.0 * nt_crossing_loads(c->isa->lanes);
    const double loads = inputs * (apart ? 2.0 : 3.0 * (1.0 + crossing));
    const double multiply = 9.0 * nt_short_step_cycles(m, c->fused, rows, loads / 9.0, 9.0);
    const double turn = nt_move_cycles(m, 0.0, rows, apart ? 3.0 * inputs : 0.0);
    const double vector =
        (multiply + turn) / rows + nt_tensor_cycles(c, (double)(s->stride * s->stride));
    return nt_all_rows(c, nt_vectors(c, s->ow) * vector + nt_code_cycles(m, 60.0, 1.0) / rows +
                              nt_code_cycles(m, 60.0, 1.0) / (double)s->oh);
}

/* A strip is a plane, or a part of one where there are too few planes for the threads. */
static ninetap_status plan_plane(ninetap_conv3x3 *plan) {
    enum { UNITS = 32 };
    plane_plan *p = (plane_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    p->kernel = find_plane_kernel(c);
    plan->kernel = p->kernel->name;
    const int64_t strips = s->groups >= UNITS ? 1 : nt_div_up(UNITS, s->groups);
    const int64_t step = c->pooled ? 2 * p->kernel->rows : p->kernel->rows;
    p->strip_rows = nt_div_up(nt_div_up(s->oh, strips), step) * step;
    p->strips = nt_div_up(s->oh, p->strip_rows);
    plan->units = s->n * s->oc * p->strips;
    nt_slice_place(&plan->slice_bytes,
                   (size_t)((p->strip_rows - 1) * s->stride + 3) * sizeof(void *));
    return nt_conv_map_of(c, false, p->strip_rows, s->ow, 1, &plan->slice_bytes, &p->map);
}

static ninetap_status pack_plane(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    plane_plan *p = (plane_plan *)plan;
    return nt_depthwise_pack(plan, weights, bias, 1, plan->conv.shape.iw, nt_size_of(0),
                             &p->packed);
}

/* Where the input rows of the output rows [y, end) lie; those of `job` that lie in the plane at
 * src move on with it. */
static void point_at_rows(const plane_plan *p, const void *src, int64_t y, int64_t end,
                          nt_dw_planes *job) {
    const nt_conv *c = &p->head.conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t first = y * s->stride - s->top;
    const int64_t count = (end - y - 1) * s->stride + 3;
    job->to = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t at = first + i;
        if (at < 0 || at >= s->ih) {
            at = nt_border_index(c->desc.border, at, s->ih);
        }
        job->row[i] = at < 0 ? p->packed.border : nt_at(src, at * s->src.row, s->src_element);
        if (at >= 0) {
            job->from = job->to == 0 ? i : job->from;
            job->to = i + 1;
        }
    }
}

/* What stands in for column x. */
static nt_dw_fill fill_of(const plane_plan *p, int64_t x) {
    const nt_conv *c = &p->head.conv;
    const int64_t at = nt_border_index(c->desc.border, x, c->shape.iw);
    return at < 0 ? (nt_dw_fill){0, (uintptr_t)p->packed.border}
                  : (nt_dw_fill){UINTPTR_MAX, (uintptr_t)at * sizeof(float)};
}

/* Unit u and as many of the next ones, before `end`, as are whole planes of the same image. What
 * follows the kernel wants its outputs in the cache: then only one. */
static int64_t planes_together(const plane_plan *p, const nt_conv_call *call, int64_t u,
                               int64_t end) {
    const nt_conv *c = &p->head.conv;
    const bool finished = c->epilogue.kind == NT_CLAMP && call->residual == NULL && !p->map.used;
    return finished && p->strips == 1 ? nt_min64(end - u, c->shape.oc - u % c->shape.oc) : 1;
}

static void walk_plane(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                       int64_t begin, int64_t end) {
    const plane_plan *p = (const plane_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    nt_dw_planes job = {
        .row = slice,
        .advance = s->src.channel,
        .epilogue = call->epilogue,
        .dst_plane = p->map.tensor.channel,
        .dst_row = p->map.tensor.row,
        .columns = s->ow,
        .left = (int)s->left,
        .right = nt_conv_beyond(s) > 0,
        .left_fill = fill_of(p, -1),
        .right_fill = fill_of(p, s->iw),
    };
    for (int64_t u = begin; u < end;) {
        const int64_t y = u % p->strips * p->strip_rows;
        const int64_t stop = nt_min64(s->oh, y + p->strip_rows);
        const int64_t channel = u / p->strips % s->oc;
        const int64_t image = u / p->strips / s->oc;
        const void *in =
            nt_at(call->src, image * s->src.image + channel * s->src.channel, s->src_element);
        void *home = nt_out(call->dst,
                            image * s->dst.image + channel * s->dst.channel +
                                (c->pooled ? y / 2 : y) * s->dst.row,
                            s->dst_element);
        point_at_rows(p, in, y, stop, &job);
        job.weights = p->packed.weights + 9 * channel;
        job.bias = p->packed.bias + channel;
        void *out = p->map.used ? (char *)slice + p->map.at : home;
        job.dst = out;
        const int64_t planes = planes_together(p, call, u, end);
        job.planes = planes;
        job.rows = stop - y;
        p->kernel->run(&job);
        const nt_conv_piece piece = {out, stop - y, s->ow, planes};
        nt_conv_finish(c, &p->map, call, &piece, home);
        u += planes;
    }
}

const nt_method nt_depthwise_columns = {
    .name = "depthwise over columns",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .plan_bytes = sizeof(plane_plan),
    .fits = fits_plane,
    .cycles = plane_cycles,
    .plan = plan_plane,
    .pack = pack_plane,
    .walk = walk_plane,
    .error = nt_direct_error,
};
