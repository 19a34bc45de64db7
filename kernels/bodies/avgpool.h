/* Body: the average of 2x2, and its mix with the largest, for pool.h.
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

/* The mean of four bytes, rounded to nearest, ties to even. v8_average rounds up: with x, y, z of
 * two each, a + b + c + d = 4z - 2(x ^ y & 1) - (a ^ b & 1) - (c ^ d & 1), so the mean is z or
 * z - 1. */
ALWAYS_INLINE v8 mean_of_bytes(const v8 tap[4]) {
    const v8 x = v8_average(tap[0], tap[1]);
    const v8 y = v8_average(tap[2], tap[3]);
    const v8 z = v8_average(x, y);
    const v8 first = v8_xor(tap[0], tap[1]);
    const v8 second = v8_xor(tap[2], tap[3]);
    const v8 half = v8_and(v8_xor(x, y), v8_or(v8_or(first, second), z));
    const v8 quarters = v8_and(v8_and(first, second), z);
    return v8_sub(z, v8_and(v8_or(half, quarters), v8_set1(1)));
}

/* A missing tap is another one a second time, which leaves the mean as it is. */
ALWAYS_INLINE void average_bytes_vector(const nt_pool_block *block, const pool_position *at, int n,
                                        pool_mode mode) {
    const v8 sign = v8_set1(mode.op == NT_AVERAGE_S8 ? 0x80 : 0);
    v8 tap[4];
    load_window_bytes(block, at, n, mode, tap);
    UNROLL
    for (int k = 0; k < 4; k++) {
        tap[k] = v8_xor(tap[k], sign);
    }
    store_pooled_bytes(at->dst, v8_xor(mean_of_bytes(tap), sign), n, mode);
}
