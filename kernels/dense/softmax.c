/* Softmax, row by row. */
#include "core/build.h"

#include <inttypes.h>

#include "core/dispatch.h"
#include "core/log.h"
#include "core/machine.h"
#include "core/parallel.h"
#include "core/tensor.h"
#include "dense/dense.h"

typedef struct softmax_job {
    const nt_softmax_kernel *kernel;
    int64_t rows, columns, src_row, dst_row;
    const float *src;
    float *dst;
} softmax_job;

static void walk_softmax(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    const softmax_job *j = argument;
    const nt_softmax_kernel *k = j->kernel;
    for (int64_t r = begin; r < end; r++) {
        const float *src = j->src + r * j->src_row;
        float *dst = j->dst + r * j->dst_row;
        if (j->columns <= NT_SOFTMAX_FEW) {
            k->few(dst, src, j->columns);
            continue;
        }
        const float largest = k->largest(src, j->columns);
        const float sum = k->exponentials(dst, src, j->columns, largest);
        k->divide(dst, j->columns, sum);
    }
}

/* An exponential is a chain of operations; half of what the core could start waits for it. */
int nt_softmax_threads(const nt_isa *isa, int64_t rows, int64_t columns, int asked) {
    const double operations = 24.0;
    if (rows == 1 || asked == 1) {
        return 1;
    }
    const nt_machine machine = nt_machine_of(isa->name);
    const double vectors = (double)rows * (double)columns / isa->lanes;
    const double cycles =
        2.0 * operations * vectors / nt_multiply_add_rate(&machine, isa->fast_fma);
    return nt_threads_worth(cycles, NT_WAKE_CYCLES, rows, asked);
}

ninetap_status nt_softmax(const nt_isa *isa, int asked, int64_t rows, int64_t columns,
                          const float *src, int64_t src_pitch, float *dst, int64_t dst_pitch) {
    if (rows < 0 || columns < 0 || src_pitch < 0 || dst_pitch < 0) {
        return NINETAP_ERR_ARG;
    }
    if (columns == 0) {
        return NINETAP_ERR_SHAPE;
    }
    softmax_job j = {.rows = rows, .columns = columns, .src = src, .dst = dst};
    int64_t src_extent = 0;
    int64_t dst_extent = 0;
    ninetap_status status =
        nt_rows_resolve(rows, columns, src_pitch, sizeof *src, &j.src_row, &src_extent);
    if (status == NINETAP_OK) {
        status = nt_rows_resolve(rows, columns, dst_pitch, sizeof *dst, &j.dst_row, &dst_extent);
    }
    if (status != NINETAP_OK || rows == 0) {
        return status;
    }
    status = nt_check_ranges((nt_range){src, src_extent, sizeof *src},
                             (nt_range){dst, dst_extent, sizeof *dst});
    const bool in_place = src == dst && (j.src_row == j.dst_row || rows == 1);
    if (status != NINETAP_OK && !(status == NINETAP_ERR_ALIAS && in_place)) {
        return status;
    }
    const double start = nt_log_start();
    j.kernel = &isa->softmax;
    const int threads = nt_softmax_threads(isa, rows, columns, asked);
    nt_parallel(threads, rows, 1, walk_softmax, &j);
    if (start >= 0.0) {
        nt_log_line(start, "softmax,n%" PRId64 "c%" PRId64 ",%s,direct,%s,%d", rows, columns,
                    isa->name, isa->softmax.name, threads);
    }
    return NINETAP_OK;
}

ninetap_status ninetap_softmax_f32(int64_t rows, int64_t columns, const float *src,
                                   int64_t src_pitch, float *dst, int64_t dst_pitch) {
    return nt_softmax(nt_find_isa(NULL), 0, rows, columns, src, src_pitch, dst, dst_pitch);
}
