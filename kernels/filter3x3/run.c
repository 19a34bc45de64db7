/* The filter calls. */
#include "core/build.h"

#include "filter3x3/filter3x3.h"

#include <inttypes.h>
#include <math.h>

#include "core/log.h"
#include "core/machine.h"
#include "core/workspace.h"

static bool is_finite_kernel(const float kernel[9]) {
    bool ok = kernel != NULL;
    for (int i = 0; ok && i < 9; i++) {
        ok = isfinite(kernel[i]);
    }
    return ok;
}

/* Whether what is written is what was read. */
static bool is_in_place(const nt_filter_shape *s, const void *src, const void *dst) {
    return src == dst && s->src_type == s->dst_type && !s->pool && s->src_row == s->dst_row &&
           (s->src_image == s->dst_image || s->n == 1);
}

static ninetap_status check_filter_tensors(const nt_filter_shape *s, const void *src, void *dst) {
    const nt_range from = {src, 1, (size_t)s->src_element};
    const nt_range to = {dst, s->dst_extent, (size_t)s->dst_element};
    if (!nt_range_is_usable(from) || !nt_range_is_usable(to)) {
        return NINETAP_ERR_ARG;
    }
    const nt_range read = {(const char *)src + s->first, s->src_extent, (size_t)s->src_element};
    return nt_ranges_overlap(read, to) && !is_in_place(s, src, dst) ? NINETAP_ERR_ALIAS
                                                                    : NINETAP_OK;
}

/* The least of the operations of a vector of values, by the machine's rate of them. */
static int choose_filter_threads(const nt_filter_job *j, int asked) {
    static const double operations[] = {
        [NT_SUMS_16] = 36.0, [NT_SUMS_32] = 120.0, [NT_SUMS_LARGE] = 240.0, [NT_SUMS_FLOAT] = 80.0};
    const nt_filter_shape *s = &j->shape;
    if (asked == 1) {
        return 1;
    }
    const nt_machine machine = nt_machine_of(s->isa->name);
    const double vectors = (double)s->n * (double)s->ih * (double)s->values / s->isa->filter.values;
    const double cycles =
        vectors * operations[j->filter.sums] / nt_multiply_add_rate(&machine, s->isa->fast_fma);
    return nt_threads_worth(cycles, NT_WAKE_WARM_CYCLES, j->in_place ? s->n : s->n * s->oh, asked);
}

static void log_filter(const char *operation, const ninetap_filter3x3_desc *d,
                       const nt_filter_job *j, int threads, double start) {
    static const char *const ways[] = {[NT_SUMS_16] = "int16",
                                       [NT_SUMS_32] = "int32",
                                       [NT_SUMS_LARGE] = "int32",
                                       [NT_SUMS_FLOAT] = "float"};
    const nt_isa *isa = j->shape.isa;
    if (start >= 0.0) {
        nt_log_line(start, "%s,n%" PRId64 "c%dih%" PRId64 "iw%" PRId64 "%s,%s,%s,%s,%d", operation,
                    d->n, d->channels, d->ih, d->iw, j->shape.pool ? "pool" : "", isa->name,
                    ways[j->filter.sums], isa->filter.name, threads);
    }
}

/* The description was valid. ky: NULL where there is no gradient. */
static ninetap_status run_filter(const ninetap_filter3x3_desc *desc, const nt_filter_shape *shape,
                                 const float *kx, const float *ky, nt_filter_norm norm,
                                 const void *src, void *dst) {
    if (shape->n == 0) {
        return NINETAP_OK;
    }
    const ninetap_status status = check_filter_tensors(shape, src, dst);
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_log_start();
    nt_filter_job job = {.shape = *shape, .src = src, .dst = dst, .in_place = src == dst};
    nt_filter_choose(shape, kx, ky, norm, &job.filter);
    nt_filter_find_room(&job);
    const int threads = choose_filter_threads(&job, desc->threads);
    if (job.memory_bytes > 0) {
        job.memory = nt_workspace_take((size_t)job.memory_bytes * (size_t)threads);
        if (job.memory == NULL) {
            return NINETAP_ERR_NOMEM;
        }
    }
    nt_filter_run(&job, threads);
    if (job.memory != NULL) {
        nt_workspace_give(job.memory);
    }
    log_filter(ky == NULL ? "filter3x3" : "gradient3x3", desc, &job, threads, start);
    return NINETAP_OK;
}

ninetap_status ninetap_filter3x3(const ninetap_filter3x3_desc *desc, const float kernel[9],
                                 const void *src, void *dst) {
    nt_filter_shape shape;
    const ninetap_status status = nt_filter_shape_of(desc, &shape);
    if (status != NINETAP_OK || !is_finite_kernel(kernel)) {
        return status != NINETAP_OK ? status : NINETAP_ERR_ARG;
    }
    return run_filter(desc, &shape, kernel, NULL, NT_NORM_NONE, src, dst);
}

ninetap_status ninetap_gradient3x3(const ninetap_filter3x3_desc *desc, const float kx[9],
                                   const float ky[9], ninetap_norm norm, const void *src,
                                   void *dst) {
    nt_filter_shape shape;
    const ninetap_status status = nt_filter_shape_of(desc, &shape);
    const bool valid = is_finite_kernel(kx) && is_finite_kernel(ky) &&
                       (norm == NINETAP_NORM_L1 || norm == NINETAP_NORM_L2);
    if (status != NINETAP_OK || !valid) {
        return status != NINETAP_OK ? status : NINETAP_ERR_ARG;
    }
    return run_filter(desc, &shape, kx, ky, norm == NINETAP_NORM_L1 ? NT_NORM_L1 : NT_NORM_L2, src,
                      dst);
}
