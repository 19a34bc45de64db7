/* A run: checks the pointers, finds memory, gives each thread its part. */
#include "core/build.h"

#include <math.h>

#include "conv3x3/method.h"
#include "core/log.h"
#include "core/parallel.h"
#include "core/workspace.h"

typedef struct conv_job {
    const ninetap_conv3x3 *plan;
    nt_conv_call call;
    unsigned char *memory; /* aligned slices, or NULL: the stack is enough */
} conv_job;

static nt_range dst_range(const nt_conv_shape *s, const void *dst) {
    return (nt_range){dst, s->dst.extent, s->dst_element};
}

static ninetap_status check_tensors(const nt_conv_shape *s, const void *src, const void *dst) {
    return nt_check_ranges((nt_range){src, s->src.extent, s->src_element}, dst_range(s, dst));
}

/* A function of its own, so that only its frame has the buffer. */
static void walk_on_stack(const conv_job *j, int64_t begin, int64_t end) {
    _Alignas(NT_ALIGNMENT) unsigned char slice[NT_STACK_SCRATCH];
    j->plan->method->walk(j->plan, &j->call, slice, begin, end);
}

static void walk_in_slice(void *job, int slice, int64_t begin, int64_t end) {
    const conv_job *j = job;
    if (j->memory == NULL) {
        walk_on_stack(j, begin, end);
    } else {
        j->plan->method->walk(j->plan, &j->call, j->memory + (size_t)slice * j->plan->slice_bytes,
                              begin, end);
    }
}

static unsigned char *aligned(void *memory) {
    const uintptr_t rest = (uintptr_t)memory % NT_ALIGNMENT;
    return (unsigned char *)memory + (rest == 0 ? 0 : NT_ALIGNMENT - rest);
}

/* The caller's workspace, or one of the library's with `slices` slices; *own then says what to give
 * back. */
static ninetap_status find_memory(conv_job *j, void *workspace, int slices, void **own) {
    *own = NULL;
    if (j->plan->slice_bytes <= NT_STACK_SCRATCH) {
        return NINETAP_OK;
    }
    if (workspace != NULL) {
        j->memory = aligned(workspace);
        return NINETAP_OK;
    }
    *own = nt_workspace_take(j->plan->slice_bytes * (size_t)slices);
    j->memory = *own;
    return *own != NULL ? NINETAP_OK : NINETAP_ERR_NOMEM;
}

static ninetap_status run(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *workspace) {
    const double start = nt_log_start();
    conv_job j = {.plan = plan, .call = *call};
    void *own;
    const ninetap_status status = find_memory(&j, workspace, plan->threads, &own);
    if (status != NINETAP_OK) {
        return status;
    }
    nt_parallel(plan->threads, plan->units, plan->together, walk_in_slice, &j);
    nt_workspace_give(own);
    nt_conv_log(plan, start);
    return NINETAP_OK;
}

ninetap_status ninetap_conv3x3_run(const ninetap_conv3x3 *plan, const void *src, void *dst,
                                   void *workspace) {
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    if (plan->conv.shape.n == 0) {
        return NINETAP_OK;
    }
    const ninetap_status status = check_tensors(&plan->conv.shape, src, dst);
    const nt_conv_call call = {.src = src, .dst = dst, .epilogue = &plan->conv.epilogue};
    return status == NINETAP_OK ? run(plan, &call, workspace) : status;
}

ninetap_status ninetap_conv3x3_run_residual(const ninetap_conv3x3 *plan, const void *src,
                                            const void *residual, void *dst, void *workspace) {
    static const nt_epilogue none = {NT_CLAMP, -INFINITY, INFINITY, false, 0.0F};
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    if (plan->conv.pooled || plan->conv.integers) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    if (plan->conv.shape.n == 0) {
        return NINETAP_OK;
    }
    const nt_range addend = dst_range(&plan->conv.shape, residual);
    ninetap_status status = check_tensors(&plan->conv.shape, src, dst);
    if (!nt_range_is_usable(addend)) {
        status = NINETAP_ERR_ARG;
    } else if (status == NINETAP_OK &&
               nt_ranges_overlap(addend, dst_range(&plan->conv.shape, dst))) {
        status = NINETAP_ERR_ALIAS;
    }
    const nt_conv_call call = {src, residual, dst, &none};
    return status == NINETAP_OK ? run(plan, &call, workspace) : status;
}

ninetap_status ninetap_conv3x3_run_part(const ninetap_conv3x3 *plan, const void *src, void *dst,
                                        void *workspace, int part, int parts) {
    if (plan == NULL || parts < 1 || part < 0 || part >= parts) {
        return NINETAP_ERR_ARG;
    }
    if (plan->conv.shape.n == 0) {
        return NINETAP_OK;
    }
    ninetap_status status = check_tensors(&plan->conv.shape, src, dst);
    if (status != NINETAP_OK) {
        return status;
    }
    conv_job j = {.plan = plan, .call = {.src = src, .dst = dst, .epilogue = &plan->conv.epilogue}};
    void *own;
    status = find_memory(&j, workspace, 1, &own);
    if (status == NINETAP_OK) {
        const int64_t begin = nt_part_begin(plan->units, part, parts);
        const int64_t end = nt_part_begin(plan->units, part + 1, parts);
        if (begin < end) {
            walk_in_slice(&j, 0, begin, end);
        }
        nt_workspace_give(own);
    }
    return status;
}

ninetap_status ninetap_conv3x3_f32(const ninetap_conv3x3_desc *desc, const float *src,
                                   const float *weights, const float *bias, float *dst) {
    nt_conv_shape shape;
    ninetap_status status = nt_conv_shape_of(desc, &shape);
    if (status != NINETAP_OK) {
        return status;
    }
    const nt_types types = nt_conv_types(desc);
    if (nt_types_are_integers(&types)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    if (shape.n > 0 && weights != NULL && dst != NULL) {
        const nt_range out = dst_range(&shape, dst);
        const nt_range filters = {weights, shape.oc * shape.group_ic * 9, sizeof *weights};
        const nt_range biases = {bias, shape.oc, sizeof *bias};
        if (nt_ranges_overlap(out, filters) || (bias != NULL && nt_ranges_overlap(out, biases))) {
            return NINETAP_ERR_ALIAS;
        }
    }
    ninetap_conv3x3 *plan = NULL;
    status = ninetap_conv3x3_create(&plan, desc, weights, bias);
    if (status == NINETAP_OK) {
        status = ninetap_conv3x3_run(plan, src, dst, NULL);
    }
    ninetap_conv3x3_free(plan);
    return status;
}
