/* Template: the largest of 2x2. Needs a vocabulary.
 *
 *   left  right          a b
 *   left' right'         c d
 *
 * The rule, for each ISA, in body and tail: a before b before c before d; a later element wins only
 * when it is greater. Neither NaN rule can be had from vf_max, which returns its second operand
 * when it meets one. So a block is done the fast way, watching for NaNs; if there was one, all of
 * it is done again the careful way. Ordinary data pays for two compares a vector and one branch a
 * block. */
#include "isa/compiler.h"
#include "isa/table.h"

/* Where the taps of neighbouring lanes lie. */
typedef enum max_taps {
    MAX_UNIT, /* side by side */
    MAX_PAIR, /* two apart, the right tap between */
    MAX_FAR   /* two apart, the right tap anywhere */
} max_taps;

/* `n` elements (1 .. 2 * NT_LANES) as two vectors. */
ALWAYS_INLINE void load_two_n(const float *p, int n, vf *first, vf *second) {
    *first = n >= NT_LANES ? vf_load(p) : vf_load_n(p, n);
    *second = n > NT_LANES ? vf_load_n(p + NT_LANES, n - NT_LANES) : vf_zero();
}

/* The taps of n lanes. Nothing is read but the taps, and what lies between them. */
ALWAYS_INLINE void load_taps(const float *p, int64_t right, int n, max_taps taps, vf *l, vf *r) {
    if (taps == MAX_UNIT) {
        *l = n == NT_LANES ? vf_load(p) : vf_load_n(p, n);
        *r = n == NT_LANES ? vf_load(p + right) : vf_load_n(p + right, n);
        return;
    }
    vf x;
    vf y;
    load_two_n(p, taps == MAX_FAR ? 2 * n - 1 : 2 * n, &x, &y);
    *l = vf_even(x, y);
    if (taps == MAX_FAR) { /* from one before the first right tap, so as to end with the last */
        load_two_n(p + right - 1, 2 * n, &x, &y);
    }
    *r = vf_odd(x, y);
}

/* Where `later` takes the place of `best`. */
ALWAYS_INLINE vm wins(vf later, vf best, bool careful, bool ignore_nan) {
    const vm greater = vm_gt(later, best);
    if (!careful) {
        return greater;
    }
    const vm later_nan = vm_nan(later, later);
    const vm best_nan = vm_nan(best, best);
    return vm_or(greater,
                 ignore_nan ? vm_and_not(best_nan, later_nan) : vm_and_not(later_nan, best_nan));
}

typedef struct max_position {
    const float *upper, *lower; /* the left taps of lane 0 */
    float *dst;
    int64_t *index;
    int64_t first; /* the index of lane 0's left upper tap */
} max_position;

/* n lanes. */
ALWAYS_INLINE void max_vector(const nt_max_block *block, const max_position *at, int n,
                              max_taps taps, bool indexed, bool careful, vm *nan) {
    vf a;
    vf b;
    vf c;
    vf d;
    load_taps(at->upper, block->right, n, taps, &a, &b);
    load_taps(at->lower, block->right, n, taps, &c, &d);
    vf best;
    if (indexed || careful) {
        const vm b_wins = wins(b, a, careful, block->ignore_nan);
        best = vf_select(b_wins, b, a);
        const vm c_wins = wins(c, best, careful, block->ignore_nan);
        best = vf_select(c_wins, c, best);
        const vm d_wins = wins(d, best, careful, block->ignore_nan);
        best = vf_select(d_wins, d, best);
        if (indexed) {
            const vm right = vm_or(d_wins, vm_and_not(b_wins, c_wins));
            vm_store_index(at->index, n, at->first, block->step, right, block->right_index,
                           vm_or(c_wins, d_wins), block->lower_index);
        }
    } else {
        best = vf_max(d, vf_max(c, vf_max(b, a)));
    }
    if (!careful) {
        *nan = vm_or(*nan, vm_or(vm_nan(a, b), vm_nan(c, d)));
    }
    if (n == NT_LANES) {
        vf_store(at->dst, best);
    } else {
        vf_store_n(at->dst, best, n);
    }
}

/* From the start of a line to its lane i. */
ALWAYS_INLINE max_position max_at(const nt_max_block *block, const max_position *line, int64_t i,
                                  max_taps taps, bool indexed) {
    const int64_t distance = taps == MAX_UNIT ? i : 2 * i;
    return (max_position){line->upper + distance, line->lower + distance, line->dst + i,
                          indexed ? line->index + i : NULL, line->first + i * block->step};
}

/* The last vector of a line steps back to end with it. */
ALWAYS_INLINE vm max_pass(const nt_max_block *block, max_taps taps, bool indexed, bool careful) {
    max_position line = {block->upper, block->lower, block->dst, block->index, block->first};
    vm nan = vm_nan(vf_zero(), vf_zero());
    const int64_t n = block->n;
    for (int64_t left = block->lines; left > 0; left--) {
        int64_t i = 0;
        for (; i + NT_LANES <= n; i += NT_LANES) {
            const max_position at = max_at(block, &line, i, taps, indexed);
            max_vector(block, &at, NT_LANES, taps, indexed, careful, &nan);
        }
        if (i < n) {
            i = n < NT_LANES ? 0 : n - NT_LANES;
            const max_position at = max_at(block, &line, i, taps, indexed);
            if (n < NT_LANES) {
                max_vector(block, &at, (int)n, taps, indexed, careful, &nan);
            } else {
                max_vector(block, &at, NT_LANES, taps, indexed, careful, &nan);
            }
        }
        line.upper += block->src_line;
        line.lower += block->src_line;
        line.dst += block->dst_line;
        line.first += block->first_line;
        if (indexed) {
            line.index += block->index_line;
        }
    }
    return nan;
}

ALWAYS_INLINE void max_block(const nt_max_block *block, max_taps taps) {
    if (block->index == NULL) {
        if (vm_any(max_pass(block, taps, false, false))) {
            (void)max_pass(block, taps, false, true);
        }
    } else if (vm_any(max_pass(block, taps, true, false))) {
        (void)max_pass(block, taps, true, true);
    }
}

static void max_unit(const nt_max_block *block) {
    max_block(block, MAX_UNIT);
}

static void max_two(const nt_max_block *block) {
    if (block->right == 1) {
        max_block(block, MAX_PAIR);
    } else {
        max_block(block, MAX_FAR);
    }
}
