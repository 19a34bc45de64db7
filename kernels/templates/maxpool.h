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

/* The same side by side, where lane 0 may lack its left tap and lane n-1 its right one: the other
 * one stands in. */
ALWAYS_INLINE void load_edge_taps(const float *p, int n, bool left, bool right, vf *l, vf *r) {
    if (right) {
        *r = vf_load_or(p + 1, n - 1, vf_set1(p[n - 1]));
    } else {
        *r = n == NT_LANES ? vf_load(p + 1) : vf_load_n(p + 1, n);
    }
    if (left) {
        *l = vf_prepend(*r, vf_set1(p[1]));
    } else {
        *l = n == NT_LANES ? vf_load(p) : vf_load_n(p, n);
    }
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
    int64_t first;    /* the index of lane 0's left upper tap */
    bool left, right; /* taps that the first and the last lane lack */
} max_position;

/* How a pass is done, all literals. */
typedef struct max_mode {
    max_taps taps;
    bool indexed, careful, prefetch, stream;
    bool edges; /* block->lacks_left, lacks_right may be set */
} max_mode;

/* The lines of 64 bytes, a page ahead. The hardware's prefetcher loses its way between two short
 * rows, and the costly part of a miss is the address of a page not met before. */
ALWAYS_INLINE void prefetch(const max_position *at, max_taps taps) {
    enum { PAGE = 1024, LINE = 16 }; /* floats */
    for (int i = 0; i < (taps == MAX_UNIT ? 1 : 2) * NT_LANES; i += LINE) {
        __builtin_prefetch(at->upper + PAGE + i, 0, 3);
        __builtin_prefetch(at->lower + PAGE + i, 0, 3);
    }
}

ALWAYS_INLINE void store_max(float *dst, vf best, int n, bool stream) {
    if (n != NT_LANES) {
        vf_store_n(dst, best, n);
    } else if (stream && (uintptr_t)dst % (NT_LANES * sizeof(float)) == 0) {
        vf_stream(dst, best);
    } else {
        vf_store(dst, best);
    }
}

/* n lanes. */
ALWAYS_INLINE void max_vector(const nt_max_block *block, const max_position *at, int n,
                              max_mode mode, vm *nan) {
    vf a;
    vf b;
    vf c;
    vf d;
    if (mode.prefetch) {
        prefetch(at, mode.taps);
    }
    if (mode.edges) {
        load_edge_taps(at->upper, n, at->left, at->right, &a, &b);
        load_edge_taps(at->lower, n, at->left, at->right, &c, &d);
    } else {
        load_taps(at->upper, block->right, n, mode.taps, &a, &b);
        load_taps(at->lower, block->right, n, mode.taps, &c, &d);
    }
    vf best;
    if (mode.indexed || mode.careful) {
        const vm b_wins = wins(b, a, mode.careful, block->ignore_nan);
        best = vf_select(b_wins, b, a);
        const vm c_wins = wins(c, best, mode.careful, block->ignore_nan);
        best = vf_select(c_wins, c, best);
        const vm d_wins = wins(d, best, mode.careful, block->ignore_nan);
        best = vf_select(d_wins, d, best);
        if (mode.indexed) {
            const vm right = vm_or(d_wins, vm_and_not(b_wins, c_wins));
            vm_store_index(at->index, n, at->first, block->step, right, block->right_index,
                           vm_or(c_wins, d_wins), block->lower_index);
        }
    } else {
        best = vf_max(d, vf_max(c, vf_max(b, a)));
    }
    if (!mode.careful) {
        *nan = vm_or(*nan, vm_or(vm_nan(a, b), vm_nan(c, d)));
    }
    store_max(at->dst, best, n, mode.stream);
}

/* From the start of a line to its lane i. */
ALWAYS_INLINE max_position max_at(const nt_max_block *block, const max_position *line, int64_t i,
                                  max_mode mode) {
    const int64_t distance = mode.taps == MAX_UNIT ? i : 2 * i;
    return (max_position){.upper = line->upper + distance,
                          .lower = line->lower + distance,
                          .dst = line->dst + i,
                          .index = mode.indexed ? line->index + i : NULL,
                          .first = line->first + i * block->step,
                          .left = mode.edges && block->lacks_left && i == 0,
                          .right = mode.edges && block->lacks_right && i == block->n - NT_LANES};
}

/* At least a vector of them. The last vector steps back to end with the line, and for streaming
 * stores the second one to where they are aligned. */
ALWAYS_INLINE void max_long_line(const nt_max_block *block, const max_position *line, max_mode mode,
                                 vm *nan) {
    const int64_t last = block->n - NT_LANES;
    int64_t i = 0;
    if (mode.edges || mode.stream) {
        const max_position at = max_at(block, line, 0, mode);
        max_vector(block, &at, NT_LANES, mode, nan);
        i = NT_LANES;
    }
    if (mode.stream) {
        i = NT_LANES - (int64_t)((uintptr_t)line->dst / sizeof(float) % NT_LANES);
    }
    max_mode inner = mode;
    inner.edges = false;
    for (; mode.edges ? i < last : i <= last; i += NT_LANES) {
        const max_position at = max_at(block, line, i, inner);
        max_vector(block, &at, NT_LANES, inner, nan);
    }
    if (i < last + NT_LANES) {
        const max_position at = max_at(block, line, last, mode);
        max_vector(block, &at, NT_LANES, mode, nan);
    }
}

/* True if there was a NaN. */
ALWAYS_INLINE bool max_pass(const nt_max_block *shared, max_mode mode) {
    const nt_max_block own = *shared; /* stores of vectors may alias anything but locals */
    const nt_max_block *block = &own;
    max_position line = {block->upper, block->lower,      block->dst,        block->index,
                         block->first, block->lacks_left, block->lacks_right};
    vm nan = vm_nan(vf_zero(), vf_zero());
    for (int64_t left = block->lines; left > 0; left--) {
        if (block->n >= NT_LANES) {
            max_long_line(block, &line, mode, &nan);
        } else {
            max_vector(block, &line, (int)block->n, mode, &nan);
        }
        line.upper += block->src_line;
        line.lower += block->src_line;
        line.dst += block->dst_line;
        line.first += block->first_line;
        if (mode.indexed) {
            line.index += block->index_line;
        }
    }
    if (mode.stream) {
        vf_stream_end();
    }
    return vm_any(nan);
}

ALWAYS_INLINE void max_block(const nt_max_block *block, max_taps taps) {
    bool nan;
    if (block->index != NULL) {
        if (max_pass(block, (max_mode){.taps = taps, .indexed = true})) {
            (void)max_pass(block, (max_mode){.taps = taps, .indexed = true, .careful = true});
        }
        return;
    }
    if (taps == MAX_UNIT && (block->lacks_left || block->lacks_right)) {
        if (max_pass(block, (max_mode){.taps = taps, .edges = true})) {
            (void)max_pass(block, (max_mode){.taps = taps, .edges = true, .careful = true});
        }
        return;
    }
    const bool prefetch = taps == MAX_PAIR; /* elsewhere it gained nothing, or lost */
    if (taps != MAX_FAR && block->distance == NT_MEMORY) {
        nan = max_pass(block, (max_mode){.taps = taps, .prefetch = prefetch, .stream = true});
    } else if (prefetch && block->distance == NT_OUTER_CACHE) {
        nan = max_pass(block, (max_mode){.taps = taps, .prefetch = true});
    } else {
        nan = max_pass(block, (max_mode){.taps = taps});
    }
    if (nan) {
        (void)max_pass(block, (max_mode){.taps = taps, .careful = true});
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
