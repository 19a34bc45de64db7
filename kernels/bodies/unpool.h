/* Body: max unpooling where windows do not overlap and each index lies in its own window. Then
 * every element of the large tensor belongs to one window and is its value or 0, so elements are
 * stored in order. */
#ifndef NINETAP_UNPOOL_H
#define NINETAP_UNPOOL_H

#include <stdbool.h>
#include <stdint.h>

/* Max unpooling of `lines` times `n` windows that have no element in common. Each index is one of
 * the four of its window, as ninetap_maxunpool2x2_f32 says. */
typedef struct nt_unpool_block {
    const float *src; /* a value and an index for each window */
    const int64_t *index;
    int64_t src_line, index_line;
    float *upper, *lower; /* where the left taps of the first line go */
    int64_t right;        /* unit: from a left tap to its right one */
    int64_t dst_line;
    int64_t lines, n;
    int64_t first, first_line, step;  /* the index of a left upper tap, as in nt_pool_block */
    int64_t right_index, lower_index; /* so much more on the right, below; all below 2^32 */
    float cleared;                    /* what becomes +0: +0, or -0, as if it were added to +0 */
    bool stream;                      /* the large tensor is not to fill the caches */
} nt_unpool_block;
typedef struct nt_unpool_kernel {
    const char *name;
    bool (*own)(const nt_unpool_block *block);  /* whether each index is one of its window's */
    void (*unit)(const nt_unpool_block *block); /* lane i's left taps go to upper + i, lower + i */
    void (*two)(const nt_unpool_block *block);  /* ... + 2 * i, the right ones behind them */
} nt_unpool_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_UNPOOL_BODY)
#define NINETAP_UNPOOL_BODY

#include "simd/compiler.h"

typedef struct unpool_position {
    const float *src;
    const int64_t *index;
    float *upper, *lower;
    int64_t first;
} unpool_position;

/* Which lanes exist: the first n. */
ALWAYS_INLINE vm unpool_lanes(int n) {
    const vf one = vf_set1(1.0F);
    float ones[NT_LANES];
    if (n == NT_LANES) {
        return vm_same(one, one);
    }
    vf_store(ones, one);
    return vm_same(vf_load_n(ones, n), one);
}

/* The bits that the indices of tap k would have. */
ALWAYS_INLINE vf unpool_tap(const nt_unpool_block *block, const unpool_position *at, int k) {
    const int64_t first =
        at->first + (k % 2 == 0 ? 0 : block->right_index) + (k / 2 == 0 ? 0 : block->lower_index);
    return vf_ramp((uint32_t)first, (uint32_t)block->step);
}

/* The lanes whose index does not lie in their window. */
ALWAYS_INLINE vm unpool_strangers(const nt_unpool_block *block, const unpool_position *at, int n) {
    const vf low = vf_low_words(at->index, n);
    vm own = vm_same(low, unpool_tap(block, at, 0));
    UNROLL
    for (int k = 1; k < 4; k++) {
        own = vm_or(own, vm_same(low, unpool_tap(block, at, k)));
    }
    const vm small = vm_same(vf_high_words(at->index, n), vf_zero());
    const vm lanes = unpool_lanes(n);
    return vm_or(vm_and_not(lanes, own), vm_and_not(lanes, small));
}

/* n elements, 1 .. NT_LANES. */
ALWAYS_INLINE void store_unpooled(float *dst, vf v, int n, bool stream) {
    if (n != NT_LANES) {
        vf_store_n(dst, v, n);
    } else if (stream && (uintptr_t)dst % (NT_LANES * sizeof *dst) == 0) {
        vf_stream(dst, v);
    } else {
        vf_store(dst, v);
    }
}

/* The left and the right taps of n windows, either side by side or in turns. */
ALWAYS_INLINE void store_row(float *dst, int64_t right, vf l, vf r, int n, bool two, bool stream) {
    if (!two) {
        store_unpooled(dst, l, n, stream);
        store_unpooled(dst + right, r, n, stream);
        return;
    }
    store_unpooled(dst, vf_zip_low(l, r), 2 * n < NT_LANES ? 2 * n : NT_LANES, stream);
    if (2 * n > NT_LANES) {
        store_unpooled(dst + NT_LANES, vf_zip_high(l, r), 2 * n - NT_LANES, stream);
    }
}

ALWAYS_INLINE void unpool_vector(const nt_unpool_block *block, const unpool_position *at, int n,
                                 bool two, bool stream) {
    const vf given = n == NT_LANES ? vf_load(at->src) : vf_load_n(at->src, n);
    const vf value = vf_select(vm_same(given, vf_set1(block->cleared)), vf_zero(), given);
    const vf low = vf_low_words(at->index, n);
    vf tap[4];
    UNROLL
    for (int k = 0; k < 4; k++) {
        tap[k] = vf_select(vm_same(low, unpool_tap(block, at, k)), value, vf_zero());
    }
    store_row(at->upper, block->right, tap[0], tap[1], n, two, stream);
    store_row(at->lower, block->right, tap[2], tap[3], n, two, stream);
}

/* From the start of a line to its lane i. */
ALWAYS_INLINE unpool_position unpool_at(const nt_unpool_block *block, const unpool_position *line,
                                        int64_t i, bool two) {
    const int64_t distance = two ? 2 * i : i;
    return (unpool_position){line->src + i, line->index + i, line->upper + distance,
                             line->lower + distance, line->first + i * block->step};
}

ALWAYS_INLINE void next_line(const nt_unpool_block *block, unpool_position *line) {
    line->src += block->src_line;
    line->index += block->index_line;
    line->upper += block->dst_line;
    line->lower += block->dst_line;
    line->first += block->first_line;
}

/* The last vector of a line steps back to end with it. */
ALWAYS_INLINE void unpool_pass(const nt_unpool_block *shared, bool two, bool stream) {
    const nt_unpool_block own = *shared; /* stores of vectors may alias anything but locals */
    const nt_unpool_block *block = &own;
    unpool_position line = {block->src, block->index, block->upper, block->lower, block->first};
    for (int64_t left = block->lines; left > 0; left--) {
        if (block->n < NT_LANES) {
            unpool_vector(block, &line, (int)block->n, two, stream);
        }
        int64_t i = 0;
        for (; i + NT_LANES <= block->n; i += NT_LANES) {
            const unpool_position at = unpool_at(block, &line, i, two);
            unpool_vector(block, &at, NT_LANES, two, stream);
        }
        if (i < block->n && block->n > NT_LANES) {
            const unpool_position at = unpool_at(block, &line, block->n - NT_LANES, two);
            unpool_vector(block, &at, NT_LANES, two, stream);
        }
        next_line(block, &line);
    }
    if (stream) {
        vf_stream_end();
    }
}

static bool unpool_own(const nt_unpool_block *block) {
    unpool_position line = {block->src, block->index, block->upper, block->lower, block->first};
    vm strangers = vm_nan(vf_zero(), vf_zero());
    for (int64_t left = block->lines; left > 0; left--) {
        int64_t i = 0;
        for (; i + NT_LANES <= block->n; i += NT_LANES) {
            const unpool_position at = unpool_at(block, &line, i, false);
            strangers = vm_or(strangers, unpool_strangers(block, &at, NT_LANES));
        }
        if (i < block->n) {
            const int rest = block->n < NT_LANES ? (int)block->n : NT_LANES;
            const unpool_position at = unpool_at(block, &line, block->n - rest, false);
            strangers = vm_or(strangers, unpool_strangers(block, &at, rest));
        }
        line.index += block->index_line;
        line.first += block->first_line;
    }
    return !vm_any(strangers);
}

ALWAYS_INLINE void unpool_block(const nt_unpool_block *block, bool two) {
    if (NT_CACHE_HINTS && block->stream) {
        unpool_pass(block, two, true);
    } else {
        unpool_pass(block, two, false);
    }
}

static void unpool_unit(const nt_unpool_block *block) {
    unpool_block(block, false);
}
static void unpool_two(const nt_unpool_block *block) {
    unpool_block(block, true);
}

#define UNPOOL_KERNEL \
    { "maxunpool_" NT_ISA_NAME, unpool_own, unpool_unit, unpool_two }

#endif
