/* The weight gradient of a dense layer: lanes are inputs, so that the sums lie as the weights do.
 */
#include "core/build.h"

#include <inttypes.h>
#include <string.h>

#include "core/log.h"
#include "core/machine.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/tensor.h"
#include "core/workspace.h"
#include "dense/dense.h"
#include "targets/choice.h"

/* Of a unit: rows that are read together, and outputs. */
enum { ROWS = 64, OUTPUTS = 256 };

typedef struct dense_gradient {
    nt_dense_shape shape;
    const nt_isa *isa;
    const nt_gradient_kernel *kernel;
    int64_t width, panels, blocks; /* lanes of a panel of inputs; panels; blocks of outputs */
    const float *src, *diff_dst;
    float *diff_weights;
    bool accumulate;
    unsigned char *memory;
    size_t offset_at, sums_at, slice_bytes;
} dense_gradient;

/* Outputs of a block, filled up to whole tiles. */
static int64_t filled_outputs(const dense_gradient *j) {
    const int64_t most = nt_min64(j->shape.out, OUTPUTS);
    return nt_div_up(most, j->kernel->singles) * j->kernel->singles;
}

static size_t place_in_slice(dense_gradient *j, int64_t bytes) {
    const size_t at = j->slice_bytes;
    j->slice_bytes += (size_t)nt_div_up(bytes, NT_ALIGNMENT) * NT_ALIGNMENT;
    return at;
}

static void lay_out_dense_gradient(dense_gradient *j, const nt_kernels *kernels) {
    const int64_t lanes = j->isa->lanes;
    j->kernel = &kernels->gradient[j->shape.in > lanes ? 1 : 0];
    j->width = j->kernel->vectors * lanes;
    j->panels = nt_div_up(j->shape.in, j->width);
    j->blocks = nt_div_up(j->shape.out, OUTPUTS);
    const int64_t outputs = filled_outputs(j);
    place_in_slice(j, ROWS * j->width * (int64_t)sizeof(float));
    j->offset_at = place_in_slice(j, outputs * (int64_t)sizeof(int64_t));
    j->sums_at = place_in_slice(j, outputs * j->width * (int64_t)sizeof(float));
}

/* Some rows of a panel; lanes without an input repeat the last one, and so raise no floating-point
 * exception of their own. */
static void pack_inputs(const dense_gradient *j, int64_t first, int64_t row, int64_t rows,
                        float *out) {
    const nt_dense_shape *s = &j->shape;
    const int64_t count = nt_min64(j->width, s->in - first);
    for (int64_t r = 0; r < rows; r++, out += j->width) {
        memcpy(out, j->src + (row + r) * s->src_row + first, (size_t)count * sizeof *out);
        for (int64_t i = count; i < j->width; i++) {
            out[i] = out[count - 1];
        }
    }
}

/* A few rows for all tiles of a block. A panel that few tiles read is read in place. */
static void sum_rows(const dense_gradient *j, int64_t first, int64_t output, int64_t outputs,
                     int64_t row, int64_t rows, unsigned char *slice) {
    enum { FEW_TILES = 2 };
    const nt_dense_shape *s = &j->shape;
    float *packed = (float *)(void *)slice;
    float *sums = (float *)(void *)(slice + j->sums_at);
    const bool in_place =
        first + j->width <= s->in && outputs <= (int64_t)FEW_TILES * j->kernel->singles;
    if (!in_place) {
        pack_inputs(j, first, row, rows, packed);
    }
    for (int64_t o = 0; o < outputs; o += j->kernel->singles) {
        const nt_gradient_tile tile = {
            .singles = j->diff_dst + row * s->dst_row + output,
            .offset = (const int64_t *)(const void *)(slice + j->offset_at) + o,
            .single_step = s->dst_row,
            .vectors = in_place ? j->src + row * s->src_row + first : packed,
            .vector_step = in_place ? s->src_row : j->width,
            .rows = 1,
            .pixels = rows,
            .sums = sums + o * j->width,
        };
        j->kernel->run(&tile);
    }
}

static void write_sums(const dense_gradient *j, float *to, const float *sums, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        to[i] = j->accumulate ? to[i] + sums[i] : sums[i];
    }
}

/* Units are panels of inputs, each with the blocks of outputs. */
static void walk_dense_gradient(void *job, int thread, int64_t begin, int64_t end) {
    const dense_gradient *j = job;
    const nt_dense_shape *s = &j->shape;
    unsigned char *slice = j->memory + (size_t)thread * j->slice_bytes;
    int64_t *offset = (int64_t *)(void *)(slice + j->offset_at);
    float *sums = (float *)(void *)(slice + j->sums_at);
    for (int64_t u = begin; u < end; u++) {
        const int64_t first = u / j->blocks * j->width;
        const int64_t output = u % j->blocks * OUTPUTS;
        const int64_t outputs = nt_min64(OUTPUTS, s->out - output);
        for (int64_t o = 0; o < filled_outputs(j); o++) {
            offset[o] = nt_min64(o, outputs - 1);
        }
        memset(sums, 0, (size_t)(filled_outputs(j) * j->width) * sizeof *sums);
        for (int64_t row = 0; row < s->n; row += ROWS) {
            sum_rows(j, first, output, outputs, row, nt_min64(ROWS, s->n - row), slice);
        }
        for (int64_t o = 0; o < outputs; o++) {
            write_sums(j, j->diff_weights + (output + o) * s->in + first, sums + o * j->width,
                       nt_min64(j->width, s->in - first));
        }
    }
}

/* In the sums' place, a block after another. */
static void sum_bias(const dense_gradient *j, float *diff_bias) {
    const nt_dense_shape *s = &j->shape;
    float *sums = (float *)(void *)(j->memory + j->sums_at);
    for (int64_t output = 0; output < s->out; output += OUTPUTS) {
        const int64_t outputs = nt_min64(OUTPUTS, s->out - output);
        memset(sums, 0, (size_t)outputs * sizeof *sums);
        for (int64_t r = 0; r < s->n; r++) {
            const float *diff = j->diff_dst + r * s->dst_row + output;
            for (int64_t o = 0; o < outputs; o++) {
                sums[o] += diff[o];
            }
        }
        write_sums(j, diff_bias + output, sums, outputs);
    }
}

static ninetap_status run_dense_gradient(dense_gradient *j, const nt_choice *choice, int asked,
                                         float *diff_bias) {
    const nt_dense_shape *s = &j->shape;
    const double start = nt_log_start();
    const nt_machine machine = nt_machine_of(j->isa->name);
    const double cycles = (double)s->n * (double)s->in * (double)s->out / j->isa->lanes /
                          nt_multiply_add_rate(&machine, choice->fused);
    lay_out_dense_gradient(j, choice->kernels);
    const int threads = nt_threads_worth(cycles, NT_WAKE_CYCLES, j->panels * j->blocks, asked);
    j->memory = nt_workspace_take(j->slice_bytes * (size_t)threads);
    if (j->memory == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    nt_parallel(threads, j->panels * j->blocks, 1, walk_dense_gradient, j);
    if (diff_bias != NULL) {
        sum_bias(j, diff_bias);
    }
    nt_workspace_give(j->memory);
    if (start >= 0.0) {
        nt_log_line(start,
                    "dense_backward_weights,n%" PRId64 "in%" PRId64 "out%" PRId64
                    ",%s,direct,%s,%d",
                    s->n, s->in, s->out, j->isa->name, j->isa->gradient, threads);
    }
    return NINETAP_OK;
}

static ninetap_status check_dense_gradient(const dense_gradient *j, const float *diff_bias) {
    const nt_dense_shape *s = &j->shape;
    const nt_range weights = {j->diff_weights, s->out * s->in, sizeof(float)};
    const nt_range bias = {diff_bias, s->out, sizeof(float)};
    const nt_range in[] = {{j->src, s->src_extent, sizeof(float)},
                           {j->diff_dst, s->dst_extent, sizeof(float)}};
    return nt_check_gradient_ranges(in, s->n > 0 ? 2 : 0, weights, bias);
}

ninetap_status ninetap_dense_backward_weights(const ninetap_dense_desc *forward, const float *src,
                                              const float *diff_dst, float *diff_weights,
                                              float *diff_bias, int accumulate) {
    dense_gradient j = {.src = src,
                        .diff_dst = diff_dst,
                        .diff_weights = diff_weights,
                        .accumulate = accumulate != 0};
    ninetap_status status = nt_dense_shape_of(forward, &j.shape);
    if (status != NINETAP_OK) {
        return status;
    }
    const nt_types types = nt_dense_types(forward);
    const nt_choice choice = nt_choose_kernels(forward->isa, forward->precision);
    if (!nt_types_are_floats(&types) || forward->act != NINETAP_LINEAR || choice.isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    j.isa = choice.isa;
    status = check_dense_gradient(&j, diff_bias);
    if (status != NINETAP_OK || j.shape.n > 0) {
        return status == NINETAP_OK ? run_dense_gradient(&j, &choice, forward->threads, diff_bias)
                                    : status;
    }
    if (accumulate == 0) {
        memset(diff_weights, 0, (size_t)(j.shape.out * j.shape.in) * sizeof(float));
    }
    if (accumulate == 0 && diff_bias != NULL) {
        memset(diff_bias, 0, (size_t)j.shape.out * sizeof(float));
    }
    return NINETAP_OK;
}
