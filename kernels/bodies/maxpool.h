/* Template: the largest of 2x2, for pool.h.
 *
 * A block is done the fast way, watching for NaNs; if there was one, all of it is done again the
 * careful way (maximum.h). Ordinary data pays for two compares a vector and one branch a block. */

ALWAYS_INLINE void max_vector(const nt_pool_block *block, const pool_position *at, int n,
                              pool_mode mode, vm *nan) {
    vf tap[4];
    load_window_f32(block, at, n, mode, tap);
    vf best;
    if (mode.indexed || mode.careful) {
        vm won[4];
        best = first_largest(tap, mode.careful, block->ignore_nan, won);
        if (mode.indexed) {
            const vm right = vm_or(won[3], vm_and_not(won[1], won[2]));
            vm_store_index(at->index, n, at->first, block->step, right, block->right_index,
                           vm_or(won[2], won[3]), block->lower_index);
        }
    } else {
        best = largest_of(tap);
    }
    if (!mode.careful) {
        *nan = vm_or(*nan, vm_or(vm_nan(tap[0], tap[1]), vm_nan(tap[2], tap[3])));
    }
    store_pooled_f32(at->dst, best, n, mode);
}

ALWAYS_INLINE v8 largest_byte(v8 a, v8 b, bool is_signed) {
    return is_signed ? v8_max_s8(a, b) : v8_max_u8(a, b);
}

/* Half the shuffles: of the two rows' largest bytes. */
ALWAYS_INLINE v8 max_bytes_rows_first(const pool_position *at, int n, bool is_signed) {
    v8 upper[2];
    v8 lower[2];
    load_two_n_bytes((const uint8_t *)at->upper, 2 * n, &upper[0], &upper[1]);
    load_two_n_bytes((const uint8_t *)at->lower, 2 * n, &lower[0], &lower[1]);
    const v8 x = largest_byte(upper[0], lower[0], is_signed);
    const v8 y = largest_byte(upper[1], lower[1], is_signed);
    return largest_byte(v8_even_unordered(x, y), v8_odd_unordered(x, y), is_signed);
}

/* Equal bytes are the same byte: only an index tells which one won. */
ALWAYS_INLINE void max_bytes_vector(const nt_pool_block *block, const pool_position *at, int n,
                                    pool_mode mode) {
    const bool is_signed = mode.op == NT_MAX_S8;
    if (mode.taps == TAPS_PAIR && !mode.indexed) {
        const v8 best = max_bytes_rows_first(at, n, is_signed);
        store_pooled_bytes(at->dst, best, n, mode);
        return;
    }
    v8 tap[4];
    load_window_bytes(block, at, n, mode, tap);
    v8 best = tap[0];
    v8 won[4]; /* where a tap was greater than those before it */
    UNROLL
    for (int k = 1; k < 4; k++) {
        if (mode.indexed) {
            won[k] = is_signed ? v8_gt_s8(tap[k], best) : v8_gt_u8(tap[k], best);
        }
        best = largest_byte(tap[k], best, is_signed);
    }
    if (mode.indexed) {
        const v8 right = v8_or(won[3], v8_and_not(won[1], won[2]));
        v8_store_index(at->index, n, at->first, block->step, right, block->right_index,
                       v8_or(won[2], won[3]), block->lower_index);
    }
    store_pooled_bytes(at->dst, best, n, mode);
}
