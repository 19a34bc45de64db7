/* A run: checks the pointers, finds memory, hands the parts out. */
#include <stdatomic.h>
#include <stdlib.h>

#include "conv3x3/conv3x3.h"
#include "core/parallel.h"
#include "core/verbose.h"
#include "core/workspace.h"

typedef struct job {
    const ninetap_conv3x3 *plan;
    const float *src;
    float *dst;
    unsigned char *memory; /* aligned slices, or NULL: the stack is enough */
} job;

static ninetap_status check_tensors(const ninetap_conv3x3 *p, const float *src, const float *dst) {
    if (src == NULL || dst == NULL || (uintptr_t)src % sizeof(float) != 0 ||
        (uintptr_t)dst % sizeof(float) != 0) {
        return NINETAP_ERR_ARG;
    }
    const bool overlap = nt_overlap(src, (size_t)p->shape.src.extent * sizeof(float), dst,
                                    (size_t)p->shape.dst.extent * sizeof(float));
    return overlap ? NINETAP_ERR_ALIAS : NINETAP_OK;
}

/* Apart from its callers so that only this frame carries the buffer. */
static void walk_on_stack(const job *j, int part, int parts) {
    _Alignas(NT_ALIGNMENT) float slice[NT_STACK_SCRATCH / sizeof(float)];
    nt_conv_walk(j->plan, j->src, j->dst, slice, part, parts);
}

static void walk_part(void *argument, int part, int parts) {
    const job *j = argument;
    if (j->memory == NULL) {
        walk_on_stack(j, part, parts);
    } else {
        float *slice = (float *)(void *)(j->memory + (size_t)part * j->plan->slice_bytes);
        nt_conv_walk(j->plan, j->src, j->dst, slice, part, parts);
    }
}

static unsigned char *aligned(void *memory) {
    const uintptr_t address = (uintptr_t)memory;
    const uintptr_t rest = address % NT_ALIGNMENT;
    return (unsigned char *)memory + (rest == 0 ? 0 : NT_ALIGNMENT - rest);
}

/* Runs `fn` with memory for `slices` slices from slice `first` of the caller's workspace on. */
static ninetap_status with_memory(job *j, void *workspace, int first, int slices, int part,
                                  int parts) {
    const size_t slice = j->plan->slice_bytes;
    void *own = NULL;
    j->memory = NULL;
    if (slice > NT_STACK_SCRATCH) {
        if (workspace == NULL) {
            own = nt_workspace_take(slice * (size_t)slices);
            if (own == NULL) {
                return NINETAP_ERR_NOMEM;
            }
            j->memory = own;
        } else {
            j->memory = aligned(workspace) + slice * (size_t)first;
        }
    }
    if (parts > 0) {
        float *memory = (float *)(void *)j->memory;
        if (memory == NULL) {
            walk_on_stack(j, part, parts);
        } else {
            nt_conv_walk(j->plan, j->src, j->dst, memory, part, parts);
        }
    } else {
        nt_parallel(slices, walk_part, j);
    }
    nt_workspace_give(own);
    return NINETAP_OK;
}

ninetap_status ninetap_conv3x3_run(const ninetap_conv3x3 *plan, const float *src, float *dst,
                                   void *workspace) {
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    if (plan->shape.n == 0) {
        return NINETAP_OK;
    }
    ninetap_status status = check_tensors(plan, src, dst);
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_verbose_start();
    job j = {.plan = plan, .src = src, .dst = dst};
    status = with_memory(&j, workspace, 0, plan->threads, 0, 0);
    nt_verbose_conv3x3(plan, start);
    return status;
}

ninetap_status ninetap_conv3x3_run_part(const ninetap_conv3x3 *plan, const float *src, float *dst,
                                        void *workspace, int part, int parts) {
    if (plan == NULL || parts < 1 || part < 0 || part >= parts) {
        return NINETAP_ERR_ARG;
    }
    if (plan->shape.n == 0) {
        return NINETAP_OK;
    }
    const ninetap_status status = check_tensors(plan, src, dst);
    if (status != NINETAP_OK) {
        return status;
    }
    job j = {.plan = plan, .src = src, .dst = dst};
    return with_memory(&j, workspace, part % plan->threads, 1, part, parts);
}

ninetap_status ninetap_conv3x3_f32(const ninetap_conv3x3_desc *desc, const float *src,
                                   const float *weights, const float *bias, float *dst) {
    nt_conv_shape shape;
    ninetap_status status = nt_conv_shape_of(desc, &shape);
    if (status != NINETAP_OK) {
        return status;
    }
    if (shape.n > 0 && weights != NULL && dst != NULL) {
        const size_t bytes = (size_t)shape.dst.extent * sizeof(float);
        const size_t weight_bytes = (size_t)(shape.oc * shape.group_ic * 9) * sizeof(float);
        if (nt_overlap(dst, bytes, weights, weight_bytes) ||
            (bias != NULL && nt_overlap(dst, bytes, bias, (size_t)shape.oc * sizeof(float)))) {
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
