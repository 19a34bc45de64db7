/* The pooling calls: checks of the tensors, threads, the verbose line. */
#include "core/build.h"

#include <math.h>

#include "core/log.h"
#include "core/machine.h"
#include "pool2x2/pool2x2.h"

/* The time it takes to read and write so much, if the last cache has it. */
int nt_pool_threads(const nt_pool_shape *s, int64_t element, int threads) {
    enum { NEVER_SHARED = 256 * 1024 }; /* bytes */
    const int64_t bytes = (s->src.extent + s->dst.extent) * element;
    if (threads == 1 || bytes <= NEVER_SHARED) {
        return 1;
    }
    const nt_machine machine = nt_machine_of(s->isa->name);
    const nt_level level = machine.cache[NT_IN_L3] > 0 ? NT_IN_L3 : NT_IN_L2;
    const double cycles = nt_read_cycles(&machine, level, (double)bytes);
    return nt_threads_worth(cycles, NT_WAKE_WARM_CYCLES, INT64_MAX, threads);
}

static ninetap_status check_pool_tensors(const nt_pool_job *j) {
    const nt_pool_shape *s = &j->shape;
    const size_t element = (size_t)j->element;
    const nt_range src = {j->src, s->src.extent, element};
    const nt_range dst = {j->dst, s->dst.extent, element};
    const nt_range indices = {j->indices, s->indices.extent, sizeof *j->indices};
    if (j->indices != NULL && !nt_range_is_usable(indices)) {
        return NINETAP_ERR_ARG;
    }
    const ninetap_status status = nt_check_ranges(src, dst);
    const bool overlap =
        j->indices != NULL && (nt_ranges_overlap(src, indices) || nt_ranges_overlap(dst, indices));
    return status == NINETAP_OK && overlap ? NINETAP_ERR_ALIAS : status;
}

/* job: all but the shape. */
static ninetap_status run_pool(const char *operation, const ninetap_pool2x2_desc *desc,
                               nt_pool_job *job) {
    ninetap_status status = nt_pool_shape_of(desc, (size_t)job->element, &job->shape);
    if (status != NINETAP_OK || job->shape.n == 0) {
        return status;
    }
    status = check_pool_tensors(job);
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_log_start();
    const int threads = nt_pool_threads(&job->shape, job->element, desc->threads);
    nt_pool_run(job, threads);
    const nt_isa *isa = job->shape.isa;
    nt_pool_log(operation, desc, isa->name, isa->pool[job->op].name, threads, start);
    return NINETAP_OK;
}

static const float no_maximum = -INFINITY, no_sum = 0.0F;

static nt_pool_job job_of_floats(nt_pool_op op, const float *src, float *dst) {
    return (nt_pool_job){.op = op,
                         .element = sizeof(float),
                         .src = (const char *)src,
                         .dst = (char *)dst,
                         .empty = op == NT_AVERAGE ? &no_sum : &no_maximum};
}

ninetap_status ninetap_maxpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src,
                                      float *dst, int64_t *indices) {
    nt_pool_job job = job_of_floats(NT_MAX, src, dst);
    job.indices = indices;
    return run_pool("maxpool2x2", desc, &job);
}

ninetap_status ninetap_avgpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src,
                                      float *dst) {
    nt_pool_job job = job_of_floats(NT_AVERAGE, src, dst);
    return run_pool("avgpool2x2", desc, &job);
}

ninetap_status ninetap_mixedpool2x2_f32(const ninetap_pool2x2_desc *desc, float alpha,
                                        const float *src, float *dst) {
    if (!(alpha >= 0.0F && alpha <= 1.0F)) {
        return NINETAP_ERR_ARG;
    }
    /* An alpha of 0 or 1 must not mix: 0 times an infinity would be NaN. */
    const nt_pool_op op = alpha == 0.0F ? NT_AVERAGE : alpha == 1.0F ? NT_MAX : NT_MIXED;
    nt_pool_job job = job_of_floats(op, src, dst);
    job.alpha = alpha;
    return run_pool("mixedpool2x2", desc, &job);
}

ninetap_status ninetap_maxpool2x2_u8(const ninetap_pool2x2_desc *desc, const uint8_t *src,
                                     uint8_t *dst, int64_t *indices) {
    static const uint8_t smallest = 0;
    nt_pool_job job = {.op = NT_MAX_U8,
                       .element = sizeof *src,
                       .src = (const char *)src,
                       .dst = (char *)dst,
                       .indices = indices,
                       .empty = &smallest};
    return run_pool("maxpool2x2_u8", desc, &job);
}

ninetap_status ninetap_maxpool2x2_s8(const ninetap_pool2x2_desc *desc, const int8_t *src,
                                     int8_t *dst, int64_t *indices) {
    static const int8_t smallest = INT8_MIN;
    nt_pool_job job = {.op = NT_MAX_S8,
                       .element = sizeof *src,
                       .src = (const char *)src,
                       .dst = (char *)dst,
                       .indices = indices,
                       .empty = &smallest};
    return run_pool("maxpool2x2_s8", desc, &job);
}

static nt_pool_job job_of_averages(nt_pool_op op, const void *src, void *dst) {
    static const uint8_t none = 0;
    return (nt_pool_job){.op = op, .element = 1, .src = src, .dst = dst, .empty = &none};
}

ninetap_status ninetap_avgpool2x2_u8(const ninetap_pool2x2_desc *desc, const uint8_t *src,
                                     uint8_t *dst) {
    nt_pool_job job = job_of_averages(NT_AVERAGE_U8, src, dst);
    return run_pool("avgpool2x2_u8", desc, &job);
}

ninetap_status ninetap_avgpool2x2_s8(const ninetap_pool2x2_desc *desc, const int8_t *src,
                                     int8_t *dst) {
    nt_pool_job job = job_of_averages(NT_AVERAGE_S8, src, dst);
    return run_pool("avgpool2x2_s8", desc, &job);
}
