/* Body: the taps of neighbouring 2x2 windows as vectors of left and of right ones. Included by
 * pool.h once for floats and once for bytes, with
 *   TAPS(name)  the name for this kind of element
 *   WORD(name)  the vocabulary's word for it
 *   VECTOR, ELEMENT, LANES */

/* `n` elements (1 .. 2 * LANES) as two vectors. */
ALWAYS_INLINE void TAPS(load_two_n)(const ELEMENT *p, int n, VECTOR *first, VECTOR *second) {
    *first = n >= LANES ? WORD(load)(p) : WORD(load_n)(p, n);
    if (n >= 2 * LANES) {
        *second = WORD(load)(p + LANES);
    } else {
        *second = n > LANES ? WORD(load_n)(p + LANES, n - LANES) : WORD(set1)(0);
    }
}

/* The taps of n windows, in the order that store_pooled undoes. Nothing is read but the taps, and
 * what lies between them. */
ALWAYS_INLINE void TAPS(load_taps)(const ELEMENT *p, int64_t right, int n, pool_mode mode,
                                   VECTOR *l, VECTOR *r) {
    const pool_taps taps = mode.taps;
    if (taps == TAPS_UNIT) {
        *l = n == LANES ? WORD(load)(p) : WORD(load_n)(p, n);
        *r = n == LANES ? WORD(load)(p + right) : WORD(load_n)(p + right, n);
        if (mode.op == NT_MAX) {
            LOADED_ONCE(*l);
            LOADED_ONCE(*r);
        }
        return;
    }
    VECTOR x;
    VECTOR y;
    TAPS(load_two_n)(p, taps == TAPS_FAR ? 2 * n - 1 : 2 * n, &x, &y);
    LOADED_ONCE(x);
    LOADED_ONCE(y);
    *l = mode.indexed ? WORD(even)(x, y) : WORD(even_unordered)(x, y);
    if (taps == TAPS_FAR) { /* from one before the first right tap, so as to end with the last */
        TAPS(load_two_n)(p + right - 1, 2 * n, &x, &y);
    }
    *r = mode.indexed ? WORD(odd)(x, y) : WORD(odd_unordered)(x, y);
}

/* The same side by side, where lane 0 may lack its left tap and lane n-1 its right one: the other
 * one stands in. */
ALWAYS_INLINE void TAPS(load_edge_taps)(const ELEMENT *p, int n, bool left, bool right, VECTOR *l,
                                        VECTOR *r) {
    if (right) {
        *r = WORD(load_or)(p + 1, n - 1, WORD(set1)(p[n - 1]));
    } else {
        *r = n == LANES ? WORD(load)(p + 1) : WORD(load_n)(p + 1, n);
    }
    if (left) {
        *l = WORD(prepend)(*r, WORD(set1)(p[1]));
    } else {
        *l = n == LANES ? WORD(load)(p) : WORD(load_n)(p, n);
    }
}

/* All four. */
ALWAYS_INLINE void TAPS(load_window)(const nt_pool_block *block, const pool_position *at, int n,
                                     pool_mode mode, VECTOR tap[4]) {
    const ELEMENT *upper = (const ELEMENT *)(const void *)at->upper;
    const ELEMENT *lower = (const ELEMENT *)(const void *)at->lower;
    if (mode.edges) {
        TAPS(load_edge_taps)(upper, n, at->left, at->right, &tap[0], &tap[1]);
        TAPS(load_edge_taps)(lower, n, at->left, at->right, &tap[2], &tap[3]);
    } else {
        TAPS(load_taps)(upper, block->right, n, mode, &tap[0], &tap[1]);
        TAPS(load_taps)(lower, block->right, n, mode, &tap[2], &tap[3]);
    }
}

ALWAYS_INLINE void TAPS(store_pooled)(void *to, VECTOR v, int n, pool_mode mode) {
    ELEMENT *dst = to;
    if (mode.taps != TAPS_UNIT && !mode.indexed) {
        v = WORD(in_order)(v);
    }
    if (n != LANES) {
        WORD(store_n)(dst, v, n);
    } else if (mode.stream && (uintptr_t)to % (LANES * sizeof *dst) == 0) {
        WORD(stream)(dst, v);
    } else {
        WORD(store)(dst, v);
    }
}

#undef TAPS
#undef WORD
#undef VECTOR
#undef ELEMENT
#undef LANES
