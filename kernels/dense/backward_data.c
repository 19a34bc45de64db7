/* The gradient of a dense layer's input: a dense layer whose weights are turned. A panel of them is
 * packed where it is used; they lie in the order of its lanes already. */
#include "core/build.h"

#include <inttypes.h>
#include <string.h>

#include "core/log.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/tensor.h"
#include "core/workspace.h"
#include "dense/dense.h"

typedef struct backward_job {
    const ninetap_dense *layer; /* the turned one */
    const float *weights, *src;
    float *dst;
    float *memory; /* for each thread: a panel, and behind it the bias: zeros */
    int64_t slice; /* floats of a thread's */
} backward_job;

/* Lanes past the last one repeat it. */
static void pack_turned_panel(const backward_job *j, int64_t first, int64_t width, float *out) {
    const nt_dense_shape *s = &j->layer->shape;
    const int64_t count = nt_min64(width, s->out - first);
    for (int64_t i = 0; i < s->in; i++) {
        const float *from = j->weights + i * s->out + first;
        memcpy(out, from, (size_t)count * sizeof *out);
        for (int64_t lane = count; lane < width; lane++) {
            out[lane] = from[count - 1];
        }
        out += width;
    }
    memset(out, 0, (size_t)width * sizeof *out);
}

/* Units are the tiles of a panel, then those of the next. */
static void walk_turned(void *argument, int thread, int64_t begin, int64_t end) {
    const backward_job *j = argument;
    const ninetap_dense *p = j->layer;
    const int64_t tiles = p->tiles.parts;
    float *packed = j->memory + thread * j->slice;
    for (int64_t u = begin; u < end; u++) {
        const int64_t panel = u / tiles;
        const int64_t width = nt_cut_size(&p->panels, panel) * p->isa->lanes;
        if (u == begin || u % tiles == 0) {
            pack_turned_panel(j, nt_cut_begin(&p->panels, panel) * p->isa->lanes, width, packed);
        }
        nt_dense_do_tile(p, panel, u % tiles, packed, packed + p->shape.in * width, j->src, j->dst);
    }
}

static ninetap_status run_turned(const ninetap_dense *p, backward_job *j) {
    enum { UNIT = NT_ALIGNMENT / NT_DENSE_BYTES };
    const double start = nt_log_start();
    const int64_t width = nt_cut_size(&p->panels, 0) * p->isa->lanes;
    j->slice = nt_div_up((p->shape.in + 1) * width, UNIT) * UNIT;
    const nt_size all = nt_size_mul(nt_size_of(j->slice), p->threads);
    if (!nt_size_fits(all, NT_DENSE_BYTES)) {
        return NINETAP_ERR_OVERFLOW;
    }
    j->memory = nt_workspace_take((size_t)all.value * NT_DENSE_BYTES);
    if (j->memory == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    nt_parallel(p->threads, p->tiles.parts * p->panels.parts, p->tiles.parts, walk_turned, j);
    nt_workspace_give(j->memory);
    if (start >= 0.0) {
        nt_log_line(start,
                    "dense_backward_data,n%" PRId64 "in%" PRId64 "out%" PRId64 ",%s,direct,%s,%d",
                    p->shape.n, p->shape.out, p->shape.in, p->isa->name, p->name, p->threads);
    }
    return NINETAP_OK;
}

ninetap_status ninetap_dense_backward_data(const ninetap_dense_desc *forward, const float *weights,
                                           const float *diff_dst, float *diff_src) {
    ninetap_dense turned = {.shape.n = 0};
    nt_dense_shape s;
    ninetap_status status = nt_dense_shape_of(forward, &s);
    if (status != NINETAP_OK) {
        return status;
    }
    const nt_types types = nt_dense_types(forward);
    if (forward->act != NINETAP_LINEAR || !nt_types_are_floats(&types)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    turned.shape = s;
    turned.shape.in = s.out;
    turned.shape.out = s.in;
    turned.shape.src_row = s.dst_row;
    turned.shape.dst_row = s.src_row;
    turned.shape.src_extent = s.dst_extent;
    turned.shape.dst_extent = s.src_extent;
    status = nt_dense_choose(&turned, forward);
    if (status != NINETAP_OK || s.n == 0) {
        return status;
    }
    const nt_range to = {diff_src, s.src_extent, sizeof *diff_src};
    const nt_range matrix = {weights, s.in * s.out, sizeof *weights};
    status = nt_check_ranges((nt_range){diff_dst, s.dst_extent, sizeof *diff_dst}, to);
    if (status == NINETAP_OK) {
        status = nt_check_ranges(matrix, to);
    }
    backward_job job = {&turned, weights, diff_dst, diff_src, NULL, 0};
    return status == NINETAP_OK ? run_turned(&turned, &job) : status;
}
