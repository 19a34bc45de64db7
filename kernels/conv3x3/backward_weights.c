/* The weight gradient of a convolution: a call. */
#include "core/build.h"
#include "conv3x3/backward_weights.h"

#include <inttypes.h>
#include <string.h>

#include "core/log.h"
#include "core/parallel.h"
#include "core/workspace.h"

typedef struct gradient_job {
    const nt_gradient_plan *plan;
    const float *src, *diff_dst;
    float *diff_weights, *diff_bias;
    bool accumulate;
    unsigned char *memory; /* slices */
    float *apart;          /* with chunks_apart: the sums of each chunk of each block */
} gradient_job;

/* ---- What is written ---- */

static void write_gradient(const gradient_job *j, float *to, float sum) {
    *to = j->accumulate ? *to + sum : sum;
}

static void write_block(const gradient_job *j, const nt_gradient_block *b, const float *total) {
    const nt_gradient_plan *p = j->plan;
    nt_conv c = b->conv; /* the weights are the problem's */
    c.shape.group_ic = p->group_ic;
    for (int64_t panel = 0; panel < b->panels; panel++) {
        const float *sums = total + panel * p->rows * p->width;
        const int64_t lanes = nt_gradient_lanes(b, panel);
        const int64_t first = b->group * c.shape.group_oc + (b->first_panel + panel) * p->width;
        for (int64_t o = 0; o < nt_gradient_channels(b, panel); o++) {
            for (int64_t r = 0; r < 9 * b->conv.shape.group_ic; r++) {
                const int64_t at =
                    nt_conv_weight_index(&c, first + o, b->first_ic + r / 9, (int)(r % 9));
                write_gradient(j, &j->diff_weights[at], sums[r * lanes + o]);
            }
            if (b->with_bias) {
                write_gradient(j, &j->diff_bias[first + o], sums[(b->rows - 1) * lanes + o]);
            }
        }
    }
}

/* ---- The walk ---- */

static void add_chunk(float *total, const float *sums, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        total[i] += sums[i];
    }
}

/* Units are blocks. */
static void walk_blocks(void *job, int thread, int64_t begin, int64_t end) {
    const gradient_job *j = job;
    const nt_gradient_plan *p = j->plan;
    unsigned char *slice = j->memory + (size_t)thread * p->slice_bytes;
    float *sums = (float *)(void *)(slice + p->sums_at);
    float *total = (float *)(void *)(slice + p->total_at);
    nt_gradient_begin(p, slice);
    for (int64_t u = begin; u < end; u++) {
        const nt_gradient_block b = nt_gradient_block_of(p, u);
        memset(total, 0, (size_t)p->sums * sizeof *total);
        for (int64_t chunk = 0; chunk < p->chunks; chunk++) {
            nt_gradient_sum(&b, chunk, j->src, j->diff_dst, slice, sums);
            add_chunk(total, sums, b.panels * p->rows * p->width);
        }
        write_block(j, &b, total);
    }
}

/* Units are chunks of blocks. */
static void walk_chunks(void *job, int thread, int64_t begin, int64_t end) {
    const gradient_job *j = job;
    const nt_gradient_plan *p = j->plan;
    unsigned char *slice = j->memory + (size_t)thread * p->slice_bytes;
    nt_gradient_begin(p, slice);
    for (int64_t u = begin; u < end; u++) {
        const nt_gradient_block b = nt_gradient_block_of(p, u / p->chunks);
        nt_gradient_sum(&b, u % p->chunks, j->src, j->diff_dst, slice, j->apart + u * p->sums);
    }
}

/* In the same order as walk_blocks. */
static void add_chunks(const gradient_job *j) {
    const nt_gradient_plan *p = j->plan;
    float *total = (float *)(void *)(j->memory + p->total_at);
    for (int64_t u = 0; u < p->blocks; u++) {
        const nt_gradient_block b = nt_gradient_block_of(p, u);
        memset(total, 0, (size_t)p->sums * sizeof *total);
        for (int64_t chunk = 0; chunk < p->chunks; chunk++) {
            add_chunk(total, j->apart + (u * p->chunks + chunk) * p->sums,
                      b.panels * p->rows * p->width);
        }
        write_block(j, &b, total);
    }
}

static ninetap_status find_gradient_memory(gradient_job *j) {
    const nt_gradient_plan *p = j->plan;
    const size_t slices = (size_t)p->threads * p->slice_bytes;
    const int64_t apart = p->chunks_apart ? p->blocks * p->chunks * p->sums : 0;
    j->memory = nt_workspace_take(slices + (size_t)apart * sizeof(float));
    j->apart = (float *)(void *)(j->memory + slices);
    return j->memory != NULL ? NINETAP_OK : NINETAP_ERR_NOMEM;
}

static void log_gradient(const nt_gradient_plan *p, double start) {
    const nt_conv_shape *s = &p->conv.shape;
    if (start >= 0.0) {
        nt_log_line(start,
                    "conv3x3_backward_weights,n%" PRId64 "ic%" PRId64 "ih%" PRId64 "iw%" PRId64
                    "oc%" PRId64 ",%s,direct,%s,%d",
                    s->n, s->ic, s->ih, s->iw, s->oc, p->conv.isa->name, p->conv.isa->gradient,
                    p->threads);
    }
}

static ninetap_status run_gradient(gradient_job *j) {
    const nt_gradient_plan *p = j->plan;
    const double start = nt_log_start();
    const ninetap_status status = find_gradient_memory(j);
    if (status != NINETAP_OK) {
        return status;
    }
    if (p->chunks_apart) {
        nt_parallel(p->threads, p->blocks * p->chunks, 1, walk_chunks, j);
        add_chunks(j);
    } else {
        nt_parallel(p->threads, p->blocks, 1, walk_blocks, j);
    }
    nt_workspace_give(j->memory);
    log_gradient(p, start);
    return NINETAP_OK;
}

/* ---- The call ---- */

static bool gradient_is_offered(const ninetap_conv3x3_desc *d) {
    return d->act == NINETAP_LINEAR && d->pool == NINETAP_POOL_NONE &&
           d->border == NINETAP_BORDER_ZERO;
}

static ninetap_status check_gradient_tensors(const nt_conv_shape *s, const gradient_job *j) {
    const nt_range weights = {j->diff_weights, s->oc * s->group_ic * 9, sizeof(float)};
    const nt_range bias = {j->diff_bias, s->oc, sizeof(float)};
    const nt_range in[] = {{j->src, s->src.extent, sizeof(float)},
                           {j->diff_dst, s->dst.extent, sizeof(float)}};
    return nt_check_gradient_ranges(in, s->n > 0 ? 2 : 0, weights, bias);
}

ninetap_status ninetap_conv3x3_backward_weights(const ninetap_conv3x3_desc *forward,
                                                const float *src, const float *diff_dst,
                                                float *diff_weights, float *diff_bias,
                                                int accumulate) {
    nt_conv_shape shape;
    nt_conv c;
    nt_gradient_plan plan;
    ninetap_status status = nt_conv_shape_of(forward, &shape);
    if (status == NINETAP_OK) {
        status = gradient_is_offered(forward) ? nt_conv_of(forward, &shape, &c)
                                              : NINETAP_ERR_UNSUPPORTED;
    }
    if (status == NINETAP_OK && c.integers) {
        status = NINETAP_ERR_UNSUPPORTED;
    }
    gradient_job j = {&plan, src, diff_dst, diff_weights, diff_bias, accumulate != 0, NULL, NULL};
    status = status == NINETAP_OK ? check_gradient_tensors(&shape, &j) : status;
    if (status != NINETAP_OK) {
        return status;
    }
    if (shape.n > 0) {
        status = nt_gradient_plan_of(&c, diff_bias != NULL, &plan);
        return status == NINETAP_OK ? run_gradient(&j) : status;
    }
    if (accumulate == 0) {
        memset(diff_weights, 0, (size_t)(shape.oc * shape.group_ic * 9) * sizeof(float));
    }
    if (accumulate == 0 && diff_bias != NULL) {
        memset(diff_bias, 0, (size_t)shape.oc * sizeof(float));
    }
    return NINETAP_OK;
}
