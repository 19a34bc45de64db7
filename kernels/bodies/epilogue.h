/* Body: what happens to a finished sum. Needs a vocabulary.
 *
 * Kernels add the bias and clamp, which is all that LINEAR, RELU and CLAMP need. The other
 * activations run over the kernel's output while it is in the cache; their constants would take
 * registers in every kernel. */
#ifndef NINETAP_BODIES_EPILOGUE_H
#define NINETAP_BODIES_EPILOGUE_H

#include <stdint.h>

#include "core/epilogue.h"

typedef void nt_activate_fn(float *values, int64_t n, const nt_epilogue *epilogue);

#endif

#if defined(NT_LANES) && !defined(NINETAP_EPILOGUE_BODY)
#define NINETAP_EPILOGUE_BODY

#include "simd/compiler.h"

/* vf_max and vf_min return their second operand on NaN: a NaN goes through. */
ALWAYS_INLINE vf clamp_low(vf sum, vf bias, const nt_epilogue *epilogue) {
    return vf_max(vf_set1(epilogue->lo), vf_add(sum, bias));
}
ALWAYS_INLINE vf clamp_high(vf x, const nt_epilogue *epilogue) {
    return vf_min(vf_set1(epilogue->hi), x);
}

/* The sums of a kernel: sum i has bias i / per_bias % biases. Most activations have no upper limit,
 * and with few channels one operation less is measurable. */
ALWAYS_INLINE void finish_all(vf *sum, int count, const vf *bias, int per_bias, int biases,
                              const nt_epilogue *epilogue) {
    UNROLL
    for (int i = 0; i < count; i++) {
        sum[i] = clamp_low(sum[i], bias[i / per_bias % biases], epilogue);
    }
    if (epilogue->bounded) {
        UNROLL
        for (int i = 0; i < count; i++) {
            sum[i] = clamp_high(sum[i], epilogue);
        }
    }
}

/* The same of so many vectors of channels, pixel after pixel. */
ALWAYS_INLINE void finish_channels(vf *sum, int count, int vectors, const float *bias,
                                   const nt_epilogue *epilogue) {
    enum { MOST_VECTORS = 4 };
    vf of_channels[MOST_VECTORS];
    UNROLL
    for (int k = 0; k < vectors; k++) {
        of_channels[k] = vf_load(bias + k * NT_LANES);
    }
    finish_all(sum, count, of_channels, 1, vectors, epilogue);
}

ALWAYS_INLINE vf activate_vector(vf x, const nt_epilogue *epilogue) {
    if (epilogue->kind == NT_LEAKY) {
        return vf_select(vm_gt(x, vf_zero()), x, vf_mul(x, vf_set1(epilogue->slope)));
    }
    const vf six = vf_set1(6.0F); /* hard-swish */
    const vf gate = vf_min(six, vf_max(vf_zero(), vf_add(x, vf_set1(3.0F))));
    return vf_mul(x, vf_div(gate, six));
}

/* values + addends, clamped or activated. */
static void add(float *values, const float *addends, int64_t n, const nt_epilogue *epilogue) {
    for (int64_t i = 0; i < n; i += NT_LANES) {
        const int rest = n - i < NT_LANES ? (int)(n - i) : NT_LANES;
        const bool whole = rest == NT_LANES;
        const vf a = whole ? vf_load(values + i) : vf_load_n(values + i, rest);
        const vf b = whole ? vf_load(addends + i) : vf_load_n(addends + i, rest);
        vf sum = vf_add(a, b);
        if (epilogue->kind == NT_CLAMP) {
            sum = vf_min(vf_set1(epilogue->hi), vf_max(vf_set1(epilogue->lo), sum));
        } else {
            sum = activate_vector(sum, epilogue);
        }
        if (whole) {
            vf_store(values + i, sum);
        } else {
            vf_store_n(values + i, sum, rest);
        }
    }
}

static void activate(float *values, int64_t n, const nt_epilogue *epilogue) {
    int64_t i = 0;
    for (; i + NT_LANES <= n; i += NT_LANES) {
        vf_store(values + i, activate_vector(vf_load(values + i), epilogue));
    }
    if (i < n) {
        const int rest = (int)(n - i);
        vf_store_n(values + i, activate_vector(vf_load_n(values + i, rest), epilogue), rest);
    }
}

#endif
