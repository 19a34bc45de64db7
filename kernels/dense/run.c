/* A run of a dense layer: checks the pointers, gives each thread its tiles. */
#include "core/build.h"

#include <inttypes.h>

#include "core/log.h"
#include "core/parallel.h"
#include "core/tensor.h"
#include "dense/dense.h"

typedef struct dense_job {
    const ninetap_dense *plan;
    const void *src;
    void *dst;
} dense_job;

/* Activations that the kernels do not do. */
static void activate(const ninetap_dense *p, float *dst, int64_t rows, int64_t outputs) {
    for (int64_t r = 0; r < rows && p->epilogue.kind != NT_CLAMP; r++) {
        p->isa->activate(dst + r * p->shape.dst_row, outputs, &p->epilogue);
    }
}

void nt_dense_do_tile(const ninetap_dense *p, int64_t panel, int64_t tile, const void *weights,
                      const void *bias, const void *src, void *to) {
    const nt_dense_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    const int64_t output = nt_cut_begin(&p->panels, panel) * lanes;
    const int64_t width = nt_cut_size(&p->panels, panel) * lanes;
    const int64_t outputs = s->out - output < width ? s->out - output : width;
    const int64_t row = nt_cut_begin(&p->tiles, tile);
    const int64_t rows = nt_cut_size(&p->tiles, tile);
    void *dst = nt_out(to, row * s->dst_row + output, s->dst_element);
    const nt_dense_tile t = {
        .src = nt_at(src, row * s->src_row, s->src_element),
        .src_row = s->src_row,
        .in = s->in,
        .weights = weights,
        .bias = bias,
        .epilogue = &p->epilogue,
        .dst = dst,
        .dst_row = s->dst_row,
        .last_lanes = (int)(outputs - width + lanes),
    };
    nt_dense_fn *kernel = p->kernel[tile < p->tiles.wide][panel < p->panels.wide];
    if (p->integers) {
        nt_dense_do_integers(p, kernel, t, rows, output, outputs);
    } else {
        kernel(&t);
        activate(p, dst, rows, outputs);
    }
}

/* Units are the tiles of a panel, then those of the next: its weights stay in the cache. */
static void walk_dense(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    const dense_job *j = argument;
    const ninetap_dense *p = j->plan;
    const int64_t tiles = p->tiles.parts;
    for (int64_t u = begin; u < end; u++) {
        const int64_t panel = u / tiles;
        const int64_t output = nt_cut_begin(&p->panels, panel) * p->isa->lanes;
        nt_dense_do_tile(p, panel, u % tiles, nt_at(p->weights, output * p->depth, NT_DENSE_BYTES),
                         nt_at(p->bias, output, NT_DENSE_BYTES), j->src, j->dst);
    }
}

static void log_dense(const ninetap_dense *p, double start) {
    const nt_dense_shape *s = &p->shape;
    if (start >= 0.0) {
        nt_log_line(start, "dense,n%" PRId64 "in%" PRId64 "out%" PRId64 ",%s,direct,%s,%d", s->n,
                    s->in, s->out, p->isa->name, p->name, p->threads);
    }
}

ninetap_status ninetap_dense_run(const ninetap_dense *plan, const void *src, void *dst) {
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    if (plan->shape.n == 0) {
        return NINETAP_OK;
    }
    const nt_dense_shape *s = &plan->shape;
    const ninetap_status status = nt_check_ranges((nt_range){src, s->src_extent, s->src_element},
                                                  (nt_range){dst, s->dst_extent, s->dst_element});
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_log_start();
    dense_job j = {plan, src, dst};
    nt_parallel(plan->threads, plan->tiles.parts * plan->panels.parts, 1, walk_dense, &j);
    log_dense(plan, start);
    return NINETAP_OK;
}

ninetap_status ninetap_dense_f32(const ninetap_dense_desc *desc, const float *src,
                                 const float *weights, const float *bias, float *dst) {
    nt_dense_shape shape;
    ninetap_status status = nt_dense_shape_of(desc, &shape);
    if (status != NINETAP_OK) {
        return status;
    }
    const nt_types types = nt_dense_types(desc);
    if (nt_types_are_integers(&types)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    if (shape.n > 0 && weights != NULL && dst != NULL) {
        const nt_range out = {dst, shape.dst_extent, sizeof *dst};
        const nt_range matrix = {weights, shape.out * shape.in, sizeof *weights};
        const nt_range biases = {bias, shape.out, sizeof *bias};
        if (nt_ranges_overlap(out, matrix) || (bias != NULL && nt_ranges_overlap(out, biases))) {
            return NINETAP_ERR_ALIAS;
        }
    }
    ninetap_dense *plan = NULL;
    status = ninetap_dense_create(&plan, desc, weights, bias);
    if (status == NINETAP_OK) {
        status = ninetap_dense_run(plan, src, dst);
    }
    ninetap_dense_free(plan);
    return status;
}
