/* Body: the gradient of an activation. Needs a vocabulary. */
#ifndef NINETAP_ACT_BACKWARD_H
#define NINETAP_ACT_BACKWARD_H

#include <stdint.h>

#include "core/epilogue.h"

/* dst[i] = diff[i] * the derivative at x[i], as ninetap_act_backward_f32 says; dst may be either.
 * Of NT_CLAMP `bounded` says whether there is an upper limit, be it +Inf. */
typedef struct nt_act_backward_kernel {
    void (*run)(float *dst, const float *x, const float *diff, int64_t n,
                const nt_epilogue *epilogue);
    const char *name;
} nt_act_backward_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_ACT_BACKWARD_BODY)
#define NINETAP_ACT_BACKWARD_BODY

#include "simd/compiler.h"

typedef enum act_slope { SLOPE_ABOVE, SLOPE_BETWEEN, SLOPE_LEAKY, SLOPE_HARD_SWISH } act_slope;

/* What is not chosen is multiplied by 1: it must not overflow. */
ALWAYS_INLINE vf act_gradient(vf x, vf diff, const nt_epilogue *epilogue, act_slope slope) {
    const vf zero = vf_zero();
    const vf one = vf_set1(1.0F);
    const vm nan = vm_nan(x, x);
    if (slope == SLOPE_LEAKY) {
        return vf_mul(diff, vf_select(vm_gt(x, zero), one, vf_set1(epilogue->slope)));
    }
    if (slope == SLOPE_HARD_SWISH) {
        const vm above = vm_or(vm_gt(x, vf_set1(-3.0F)), nan);
        const vm below = vm_or(vm_gt(vf_set1(3.0F), x), nan);
        const vf steep = vf_add(vf_div(x, vf_set1(3.0F)), vf_set1(0.5F));
        const vf factor = vf_select(above, vf_select(below, steep, one), one);
        return vf_select(above, vf_mul(diff, factor), zero);
    }
    if (slope == SLOPE_BETWEEN) {
        diff = vf_select(vm_or(vm_gt(vf_set1(epilogue->hi), x), nan), diff, zero);
    }
    return vf_select(vm_or(vm_gt(x, vf_set1(epilogue->lo)), nan), diff, zero);
}

ALWAYS_INLINE void act_gradients(float *dst, const float *x, const float *diff, int64_t n,
                                 const nt_epilogue *shared, act_slope slope) {
    const nt_epilogue own = *shared; /* stores of vectors may alias anything but locals */
    int64_t i = 0;
    for (; i + NT_LANES <= n; i += NT_LANES) {
        vf_store(dst + i, act_gradient(vf_load(x + i), vf_load(diff + i), &own, slope));
    }
    if (i < n) {
        const int rest = (int)(n - i);
        const vf gradient =
            act_gradient(vf_load_n(x + i, rest), vf_load_n(diff + i, rest), &own, slope);
        vf_store_n(dst + i, gradient, rest);
    }
}

static void act_backward(float *dst, const float *x, const float *diff, int64_t n,
                         const nt_epilogue *epilogue) {
    switch (epilogue->kind) {
    case NT_LEAKY:
        act_gradients(dst, x, diff, n, epilogue, SLOPE_LEAKY);
        break;
    case NT_HARD_SWISH:
        act_gradients(dst, x, diff, n, epilogue, SLOPE_HARD_SWISH);
        break;
    default:
        if (epilogue->bounded) {
            act_gradients(dst, x, diff, n, epilogue, SLOPE_BETWEEN);
        } else {
            act_gradients(dst, x, diff, n, epilogue, SLOPE_ABOVE);
        }
    }
}

#define ACT_BACKWARD_KERNEL \
    { act_backward, "act_backward_" NT_ISA_NAME }

#endif
