/* The reference itself. Padding that meets a weight which is not finite must be skipped, and so
 * must what lies between the inputs of a gradient, where the other methods multiply by zero. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "reference/reference.h"

typedef struct naive_plan {
    ninetap_conv3x3 head;
    const float *bias; /* behind the weights; both as the caller gave them */
    nt_conv_map map;
} naive_plan;

static bool naive_fits(const nt_conv *c) {
    return !c->finite_weights && c->shape.padded && c->desc.border == NINETAP_BORDER_ZERO;
}

/* Never compared; and never worth a second thread. */
static double naive_cycles(const nt_conv *c) {
    (void)c;
    return 0.0;
}

static ninetap_status plan_naive(ninetap_conv3x3 *plan) {
    naive_plan *p = (naive_plan *)plan;
    const nt_conv_shape *s = &plan->conv.shape;
    plan->kernel = "direct_naive";
    plan->units = s->n;
    return nt_conv_map_of(&plan->conv, false, s->map_h, s->map_w, s->oc, &plan->slice_bytes,
                          &p->map);
}

static ninetap_status pack_naive(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    naive_plan *p = (naive_plan *)plan;
    const nt_conv_shape *s = &plan->conv.shape;
    const int64_t element = sizeof(float);
    const nt_size bytes[] = {nt_size_of(s->oc * s->group_ic * 9 * element),
                             nt_size_of(s->oc * element)};
    void *at[2];
    const ninetap_status status = nt_conv_allocate(plan, bytes, 2, at);
    if (status != NINETAP_OK) {
        return status;
    }
    memcpy(at[0], weights, (size_t)bytes[0].value);
    if (bias != NULL) {
        memcpy(at[1], bias, (size_t)bytes[1].value);
    }
    p->bias = at[1];
    return NINETAP_OK;
}

static void reference(const naive_plan *p, const ninetap_conv3x3_desc *one, const void *src,
                      void *dst) {
    const nt_conv *c = &p->head.conv;
    const nt_arithmetic arithmetic = c->fused ? NT_FUSED : NT_SEPARATE;
    if (c->shape.backward) {
        nt_reference_conv3x3_backward_data_f32(one, arithmetic, p->head.packed, src, dst);
    } else {
        nt_reference_conv3x3_f32(one, arithmetic, src, p->head.packed, p->bias, dst);
    }
}

static void walk_naive(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                       int64_t begin, int64_t end) {
    const naive_plan *p = (const naive_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    ninetap_conv3x3_desc one = c->desc;
    one.n = 1;
    one.pool = NINETAP_POOL_NONE;
    const bool more = c->pooled || call->residual != NULL;
    if (call->residual != NULL || (more && c->epilogue.kind != NT_CLAMP)) {
        one.act = NINETAP_LINEAR;
    }
    for (int i = 0; i < 3 && c->pooled; i++) {
        one.dst_pitch[i] = 0;
    }
    for (int64_t image = begin; image < end; image++) {
        void *home = nt_out(call->dst, image * s->dst.image, s->dst_element);
        void *out = p->map.used ? (char *)slice + p->map.at : home;
        reference(p, &one, nt_at(call->src, image * s->src.image, s->src_element), out);
        if (more) {
            const nt_conv_piece piece = {out, s->oh, s->ow, s->oc};
            nt_conv_finish(c, &p->map, call, &piece, home);
        }
    }
}

const nt_method nt_naive = {
    .name = "naive",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .spreads = true,
    .plan_bytes = sizeof(naive_plan),
    .fits = naive_fits,
    .cycles = naive_cycles,
    .plan = plan_naive,
    .pack = pack_naive,
    .walk = walk_naive,
    .error = nt_direct_error,
};
