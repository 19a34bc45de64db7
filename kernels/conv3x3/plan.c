/* The life of a plan. */
#include "core/build.h"

#include <stdio.h>
#include <string.h>

#include "conv3x3/method.h"
#include "core/environment.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/workspace.h"

static size_t whole_lines(size_t bytes) {
    return (bytes + NT_ALIGNMENT - 1) / NT_ALIGNMENT * NT_ALIGNMENT;
}

size_t nt_slice_place(size_t *end, size_t bytes) {
    const size_t at = *end;
    *end += whole_lines(bytes);
    return at;
}

ninetap_status nt_conv_allocate(ninetap_conv3x3 *p, const nt_size *bytes, int count, void **at) {
    nt_size end = nt_size_of(0);
    for (int i = 0; i < count; i++) {
        end = nt_size_add(end, nt_size_add(bytes[i], nt_size_of(NT_ALIGNMENT - 1)));
    }
    if (!nt_size_fits(end, 1)) {
        return NINETAP_ERR_OVERFLOW;
    }
    if (p->packed == NULL) {
        for (int i = 0; i < count; i++) {
            nt_slice_place(&p->packed_bytes, (size_t)bytes[i].value);
        }
        p->packed = nt_aligned_alloc(p->packed_bytes);
        if (p->packed == NULL) {
            return NINETAP_ERR_NOMEM;
        }
        memset(p->packed, 0, p->packed_bytes);
    }
    size_t next = 0;
    for (int i = 0; i < count; i++) {
        at[i] = (char *)p->packed + nt_slice_place(&next, (size_t)bytes[i].value);
    }
    return NINETAP_OK;
}

static ninetap_status fill_plan(ninetap_conv3x3 *p, const void *weights, const void *bias) {
    const ninetap_status status = p->method->plan(p);
    if (status != NINETAP_OK) {
        return status;
    }
    const nt_size all = nt_size_mul(nt_size_of((int64_t)p->slice_bytes), p->threads);
    if (!nt_size_fits(all, 2)) { /* 2: room for alignment */
        return NINETAP_ERR_OVERFLOW;
    }
    return p->method->pack(p, weights, bias);
}

/* The problem is solved by one of its candidates, if there is any. */
static ninetap_status make_plan(ninetap_conv3x3 **plan, const nt_conv *c, const void *weights,
                                const void *bias, int candidate) {
    nt_candidate list[NT_CANDIDATES];
    const int count = nt_conv_candidates(c, list);
    if (count == 0) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    const nt_candidate *chosen = &list[candidate < count ? candidate : 0];
    ninetap_conv3x3 *p = nt_aligned_alloc(chosen->method->plan_bytes);
    if (p == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    memset(p, 0, chosen->method->plan_bytes);
    p->method = chosen->method;
    p->conv = *c;
    p->together = 1;
    p->threads = nt_threads_worth(chosen->cycles, NT_WAKE_CYCLES, INT64_MAX, c->desc.threads);
    nt_conv_explain(p->reason, sizeof p->reason, list, count, chosen);
    const ninetap_status status = fill_plan(p, weights, bias);
    if (status != NINETAP_OK) {
        ninetap_conv3x3_free(p);
        return status;
    }
    p->conv.desc.quantization = NULL;
    *plan = p;
    return NINETAP_OK;
}

/* Everything but what the weights and the bias tell. */
static ninetap_status problem_of(const nt_conv_order *order, nt_conv *c) {
    nt_conv_shape shape;
    ninetap_status status = nt_conv_shape_of(order->desc, &shape);
    if (status != NINETAP_OK) {
        return status;
    }
    if (order->weights == NULL || (uintptr_t)order->weights % shape.weights_element != 0 ||
        (uintptr_t)order->bias % sizeof(float) != 0) {
        return NINETAP_ERR_ARG;
    }
    status = order->backward ? nt_conv_turn(order->desc, &shape) : NINETAP_OK;
    if (status == NINETAP_OK) {
        status = nt_conv_of(order->desc, &shape, c);
    }
    return status == NINETAP_OK && nt_conv_is_solvable(c)
               ? NINETAP_OK
               : NINETAP_ERR_UNSUPPORTED; /* whatever the weights are */
}

ninetap_status nt_conv_create(ninetap_conv3x3 **plan, const nt_conv_order *order, int candidate) {
    nt_conv c;
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    *plan = NULL;
    ninetap_status status = problem_of(order, &c);
    if (status == NINETAP_OK) {
        status = nt_conv_look_at(&c, order->weights, order->bias);
    }
    return status == NINETAP_OK ? make_plan(plan, &c, order->weights, order->bias, candidate)
                                : status;
}

ninetap_status nt_conv_create_best(ninetap_conv3x3 **plan, const nt_conv_order *order) {
    const ninetap_status status = nt_conv_create(plan, order, 0);
    if (status != NINETAP_OK || !nt_environment_get().tune) {
        return status;
    }
    nt_candidate list[NT_CANDIDATES];
    const int count = nt_conv_candidates(&(*plan)->conv, list);
    if (list[0].method == &nt_naive) {
        return NINETAP_OK;
    }
    const int fastest = count > 1 ? nt_conv_fastest(order, list, count) : 0;
    ninetap_conv3x3 *other = NULL;
    if (fastest > 0 && nt_conv_create(&other, order, fastest) == NINETAP_OK) {
        ninetap_conv3x3_free(*plan);
        *plan = other;
    }
    snprintf((*plan)->reason, sizeof(*plan)->reason, "%s: the fastest of its kernels, measured",
             (*plan)->method->algorithm);
    return NINETAP_OK;
}

ninetap_status ninetap_conv3x3_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *desc,
                                      const void *weights, const void *bias) {
    const nt_conv_order order = {.desc = desc, .weights = weights, .bias = bias};
    return nt_conv_create_best(plan, &order);
}

void ninetap_conv3x3_free(ninetap_conv3x3 *plan) {
    if (plan != NULL) {
        nt_aligned_free(plan->packed);
        nt_aligned_free(plan);
    }
}

size_t ninetap_conv3x3_workspace(const ninetap_conv3x3 *plan) {
    if (plan == NULL || plan->slice_bytes <= NT_STACK_SCRATCH) {
        return 0;
    }
    return plan->slice_bytes * (size_t)plan->threads + NT_ALIGNMENT - 1;
}

void ninetap_conv3x3_describe(const ninetap_conv3x3 *plan, ninetap_plan_info *info) {
    if (plan == NULL || info == NULL) {
        return;
    }
    const nt_conv_error error = plan->method->error(&plan->conv);
    *info = (ninetap_plan_info){
        .algorithm = plan->method->algorithm,
        .kernel = plan->kernel,
        .isa = plan->conv.isa->name,
        .reason = plan->reason,
        .macs = plan->conv.shape.macs,
        .packed_bytes = plan->packed_bytes,
        .workspace_bytes = ninetap_conv3x3_workspace(plan),
        .error_bound = error.bound,
        .error_floor = error.floor,
        .headroom = error.headroom,
    };
}
