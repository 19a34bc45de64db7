/* Template: a direct kernel's sums become their 2x2 maxima, in registers. Needs a vocabulary. */
#ifndef NINETAP_DIRECT_POOL_H
#define NINETAP_DIRECT_POOL_H

#include "bodies/maximum.h"
#include "simd/compiler.h"

/* ---- lanes = output channels ---- */

/* The 2x2 maxima of two rows, to the front of acc. */
ALWAYS_INLINE void direct_oc_pool(vf *acc, int P, int K) {
    vm nan = vm_nan(vf_zero(), vf_zero());
    UNROLL
    for (int i = 0; i < P * K; i += 1) {
        const int at = i / K * 2 * K + i % K; /* row by row: pairs of neighbours */
        nan = vm_or(nan, vm_nan(acc[at], acc[at + K]));
    }
    const bool careful = vm_any(nan);
    UNROLL
    for (int i = 0; i < P / 2 * K; i++) {
        const int at = i / K * 2 * K + i % K;
        const vf tap[4] = {acc[at], acc[at + K], acc[at + P * K], acc[at + P * K + K]};
        acc[i] = largest_of(tap);
        if (careful) {
            acc[i] = largest_or_nan(tap);
        }
    }
}

/* ---- lanes = output columns ---- */

enum { POOLED_SUMS = 24, POOLED_VECTORS = 2 }; /* no tile has more */

/* The 2x2 maxima of two rows of V vectors from acc[i] on, unordered. */
ALWAYS_INLINE vf direct_x_largest(const vf *acc, int i, int V, bool careful) {
    const vf tap[4] = {vf_even_unordered(acc[i], acc[i + V - 1]),
                       vf_odd_unordered(acc[i], acc[i + V - 1]),
                       vf_even_unordered(acc[i + V], acc[i + 2 * V - 1]),
                       vf_odd_unordered(acc[i + V], acc[i + 2 * V - 1])};
    if (!careful) {
        return largest_of(tap);
    }
    return largest_or_nan(tap);
}

/* ... of `filters` filters where there may be a NaN: in memory, as registers are short. */
static COLD void direct_x_pool_nan(float *sums, int filters, int V) {
    for (int f = 0; f < filters; f++) {
        vf row[2 * POOLED_VECTORS];
        for (int i = 0; i < 2 * V; i++) {
            row[i] = vf_load(sums + (f * 2 * V + i) * NT_LANES);
        }
        vf_store(sums + f * NT_LANES, direct_x_largest(row, 0, V, true));
    }
}

/* The 2x2 maxima of F filters, to the front of acc. */
ALWAYS_INLINE void direct_x_pool(vf *acc, int F, int V) {
    const int each = 2 * V;
    if (F == 1) { /* no branch: around a loop of one turn clang leaves sums in memory */
        acc[0] = vf_in_order(direct_x_largest(acc, 0, V, true));
        return;
    }
    vm nan = vm_nan(acc[0], acc[1]);
    UNROLL
    for (int i = 2; i < F * each; i += 2) {
        nan = vm_or(nan, vm_nan(acc[i], acc[i + 1]));
    }
    if (vm_any(nan)) {
        float sums[POOLED_SUMS * NT_LANES];
        UNROLL
        for (int i = 0; i < F * each; i++) {
            vf_store(sums + i * NT_LANES, acc[i]);
        }
        direct_x_pool_nan(sums, F, V);
        UNROLL
        for (int f = 0; f < F; f++) {
            acc[f] = vf_load(sums + f * NT_LANES);
        }
    } else {
        UNROLL
        for (int f = 0; f < F; f++) {
            acc[f] = direct_x_largest(acc, f * each, V, false);
        }
    }
    UNROLL
    for (int f = 0; f < F; f++) {
        acc[f] = vf_in_order(acc[f]);
    }
}

#endif
