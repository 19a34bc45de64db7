/* The life of a plan. */
#include "core/build.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conv3x3/conv3x3.h"
#include "core/dispatch.h"
#include "core/environment.h"
#include "core/epilogue.h"
#include "core/workspace.h"

static ninetap_status choose_isa(ninetap_conv3x3 *p) {
    const ninetap_precision precision = p->desc.precision;
    p->isa = nt_find_isa(p->desc.isa);
    if (p->isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    p->fused = precision == NINETAP_PRECISION_EXACT ||
               (precision != NINETAP_PRECISION_PORTABLE && p->isa->has_fma);
    if (p->fused && p->isa->fused == NULL) {
        p->isa = &nt_isa_scalar;
    }
    p->kernels = p->fused ? p->isa->fused : p->isa->separate;
    p->desc.isa = NULL;
    return NINETAP_OK;
}

static bool offered(const ninetap_conv3x3_desc *d, const nt_conv_shape *shape) {
    const nt_types types = {d->src_type, d->weights_type, d->dst_type, d->quantization};
    const bool any = d->algo == NINETAP_ALGO_AUTO || d->algo == NINETAP_ALGO_DIRECT;
    return nt_types_offered(&types) && (any || nt_conv_winograd_fits(shape, d->precision));
}

static bool all_finite(const float *values, int64_t n) {
    bool finite = true;
    for (int64_t i = 0; i < n; i++) {
        finite = finite && isfinite(values[i]);
    }
    return finite;
}

ninetap_status nt_conv_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *desc,
                              const void *weights, const void *bias, int candidate) {
    nt_conv_shape shape;
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    *plan = NULL;
    ninetap_status status = nt_conv_shape_of(desc, &shape);
    if (status != NINETAP_OK) {
        return status;
    }
    if (weights == NULL || (uintptr_t)weights % shape.weights_element != 0 ||
        (uintptr_t)bias % sizeof(float) != 0) {
        return NINETAP_ERR_ARG;
    }
    if (!offered(desc, &shape)) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    ninetap_conv3x3 *p = nt_aligned_alloc(sizeof *p);
    if (p == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    memset(p, 0, sizeof *p);
    p->desc = *desc;
    p->shape = shape;
    p->epilogue = nt_epilogue_of(desc->act, desc->act_lo, desc->act_hi, desc->act_slope);
    status = choose_isa(p);
    if (status == NINETAP_OK) {
        p->finite_bias = all_finite(bias, bias == NULL ? 0 : shape.oc);
        nt_conv_look_at_weights(p, weights);
        status = nt_conv_choose(p, candidate);
    }
    if (status == NINETAP_OK) {
        status = nt_conv_pack_weights(p, weights, bias);
    }
    if (status != NINETAP_OK) {
        ninetap_conv3x3_free(p);
        return status;
    }
    *plan = p;
    return NINETAP_OK;
}

ninetap_status ninetap_conv3x3_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *desc,
                                      const void *weights, const void *bias) {
    const ninetap_status status = nt_conv_create(plan, desc, weights, bias, 0);
    if (status != NINETAP_OK || !nt_environment_get().tune || (*plan)->family == NT_NAIVE) {
        return status;
    }
    nt_candidate list[NT_CANDIDATES];
    const int count = nt_conv_candidates(*plan, list);
    const int fastest = count > 1 ? nt_conv_fastest(desc, weights, bias, list, count) : 0;
    ninetap_conv3x3 *other = NULL;
    if (fastest > 0 && nt_conv_create(&other, desc, weights, bias, fastest) == NINETAP_OK) {
        ninetap_conv3x3_free(*plan);
        *plan = other;
    }
    snprintf((*plan)->reason, sizeof(*plan)->reason, "%s: the fastest of its kernels, measured",
             nt_conv_algorithm(*plan));
    return NINETAP_OK;
}

void ninetap_conv3x3_free(ninetap_conv3x3 *plan) {
    if (plan != NULL) {
        nt_aligned_free(plan->dw.offset);
        nt_aligned_free(plan->weights);
        nt_aligned_free(plan);
    }
}

size_t ninetap_conv3x3_workspace(const ninetap_conv3x3 *plan) {
    if (plan == NULL || plan->slice_bytes <= NT_STACK_SCRATCH) {
        return 0;
    }
    return plan->slice_bytes * (size_t)plan->threads + NT_ALIGNMENT - 1;
}

const char *nt_conv_algorithm(const ninetap_conv3x3 *plan) {
    switch (plan->family) {
    case NT_WINOGRAD2:
        return "winograd2";
    case NT_WINOGRAD4:
        return "winograd4";
    case NT_WINOGRAD6:
        return "winograd6";
    default:
        return "direct";
    }
}

/* Direct: each of a sum's products may underflow, and where subnormals are flushed its end, too. */
static nt_conv_error error_of(const ninetap_conv3x3 *p) {
    const int m = nt_winograd_size(p->family);
    const double products = 9.0 * (double)p->shape.group_ic;
    const double gamma = nt_gamma(products + (p->fused ? 1.0 : 2.0));
    return m != 0 ? nt_winograd_error_of(m, p->shape.ic, p->fused, p->largest_weight)
                  : (nt_conv_error){.bound = gamma,
                                    .floor = 0x1p-150 * (1.0 + gamma) * (products + 1.0),
                                    .headroom = 1.0 + gamma};
}

void ninetap_conv3x3_describe(const ninetap_conv3x3 *plan, ninetap_plan_info *info) {
    if (plan == NULL || info == NULL) {
        return;
    }
    const nt_conv_error error = error_of(plan);
    *info = (ninetap_plan_info){
        .algorithm = nt_conv_algorithm(plan),
        .kernel = plan->kernel,
        .isa = plan->isa->name,
        .reason = plan->reason,
        .macs = plan->shape.macs,
        .packed_bytes = plan->packed_bytes,
        .workspace_bytes = ninetap_conv3x3_workspace(plan),
        .error_bound = error.bound,
        .error_floor = error.floor,
        .headroom = error.headroom,
    };
}
