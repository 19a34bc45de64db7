/* Template: the average of 2x2, and its mix with the largest, for pool.h.
 *
 *   a b      ((a + c) + (b + d)) * 1/4
 *   c d
 *
 * The columns first: that takes half the shuffles of rows first. A window has four taps, two or
 * one, never three: it is some rows times some columns. So a missing row or column is left out of
 * the sum, and the division stays an exact multiplication. */

/* Lane 0, lane n-1, or both. */
ALWAYS_INLINE vm edge_lanes(int n, bool first, bool last) {
    static const float none[NT_LANES] = {0};
    const vf zero = vf_zero();
    const vf one = vf_set1(1.0F);
    const vf begin = first ? vf_prepend(zero, one) : zero;
    const vf end = last ? vf_load_or(none, n - 1, one) : zero;
    return vm_or(vm_gt(begin, zero), vm_gt(end, zero));
}

/* Where taps may be missing. Those that stand in for them are not added. */
ALWAYS_INLINE vf partial_average(const nt_pool_block *block, const pool_position *at, int n,
                                 pool_mode mode, const vf tap[4]) {
    const bool one_row = block->upper == block->lower;
    const bool one_column = block->right == 0;
    const float share = (one_row ? 1.0F : 0.5F) * (one_column ? 1.0F : 0.5F);
    const vf left = one_row ? tap[0] : vf_add(tap[0], tap[2]);
    const vf right = one_row ? tap[1] : vf_add(tap[1], tap[3]);
    if (one_column) {
        return vf_mul(left, vf_set1(share));
    }
    if (!mode.edges || !(at->left || at->right)) {
        return vf_mul(vf_add(left, right), vf_set1(share));
    }
    const vm edge = edge_lanes(n, at->left, at->right);
    const vf sum = vf_add(left, vf_select(edge, vf_zero(), right));
    return vf_mul(vf_select(edge, left, sum),
                  vf_select(edge, vf_set1(2.0F * share), vf_set1(share)));
}

/* Whole windows whose taps lie in pairs: half the shuffles. */
ALWAYS_INLINE vf average_pairs(const pool_position *at, int n) {
    vf upper[2];
    vf lower[2];
    load_two_n_f32((const float *)(const void *)at->upper, 2 * n, &upper[0], &upper[1]);
    load_two_n_f32((const float *)(const void *)at->lower, 2 * n, &lower[0], &lower[1]);
    const vf x = vf_add(upper[0], lower[0]);
    const vf y = vf_add(upper[1], lower[1]);
    return vf_mul(vf_add(vf_even_unordered(x, y), vf_odd_unordered(x, y)), vf_set1(0.25F));
}

ALWAYS_INLINE void average_vector(const nt_pool_block *block, const pool_position *at, int n,
                                  pool_mode mode) {
    if (mode.op == NT_AVERAGE && mode.taps == TAPS_PAIR && !mode.partial) {
        store_pooled_f32(at->dst, average_pairs(at, n), n, mode);
        return;
    }
    vf tap[4];
    load_window_f32(block, at, n, mode, tap);
    vf average;
    if (mode.partial) {
        average = partial_average(block, at, n, mode, tap);
    } else {
        const vf sum = vf_add(vf_add(tap[0], tap[2]), vf_add(tap[1], tap[3]));
        average = vf_mul(sum, vf_set1(0.25F));
    }
    if (mode.op == NT_MIXED) { /* a NaN makes the average NaN: no rule for the largest needed */
        const vf largest = vf_mul(vf_set1(block->alpha), largest_of(tap));
        average = vf_add(largest, vf_mul(vf_set1(1.0F - block->alpha), average));
    }
    store_pooled_f32(at->dst, average, n, mode);
}
