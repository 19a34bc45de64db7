/* Body: the gradient of an average. An element is the sum of its windows' shares: of up to two
 * along each axis. It is gathered, so that every element is written once, by one thread. */
#ifndef NINETAP_SPREAD_H
#define NINETAP_SPREAD_H

#include <stdint.h>

/* `lines` times n elements that the same windows, relative to themselves, have a share in:
 * dst[i] = +0 + src[0][i] * share[0] + ..., windows in row-major order. */
typedef struct nt_spread_block {
    const float *src[4];
    float share[4];
    float *dst;
    int64_t src_line, dst_line;
    int64_t lines, n;
    int64_t lower; /* two: from an element to that below it; 0: there is none */
} nt_spread_block;
typedef void nt_spread_fn(const nt_spread_block *block);
typedef struct nt_spread_kernel {
    const char *name;
    nt_spread_fn *sum[3]; /* of one window, two, four */
    nt_spread_fn *two;    /* of one, whose elements are dst[2 * i], dst[2 * i + 1] of two rows */
} nt_spread_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_SPREAD_BODY)
#define NINETAP_SPREAD_BODY

#include "bodies/unpool.h"
#include "simd/compiler.h"

/* The n lanes from element `at` of src on. */
ALWAYS_INLINE vf spread_sum(const nt_spread_block *block, int64_t at, int n, int windows) {
    vf sum = vf_zero();
    UNROLL
    for (int k = 0; k < windows; k++) {
        const float *src = block->src[k] + at;
        const vf value = n == NT_LANES ? vf_load(src) : vf_load_n(src, n);
        sum = vf_add(sum, vf_mul(value, vf_set1(block->share[k])));
    }
    return sum;
}

ALWAYS_INLINE void spread_store(const nt_spread_block *block, int64_t at, vf sum, int n, bool two) {
    if (!two) {
        store_unpooled(block->dst + at, sum, n, false);
        return;
    }
    store_row(block->dst + at, 0, sum, sum, n, true, false);
    store_row(block->dst + at + block->lower, 0, sum, sum, n, true, false);
}

ALWAYS_INLINE void spread(const nt_spread_block *shared, int windows, bool two) {
    const nt_spread_block own = *shared; /* stores of vectors may alias anything but locals */
    const nt_spread_block *block = &own;
    for (int64_t line = 0; line < block->lines; line++) {
        const int64_t from = line * block->src_line;
        const int64_t to = line * block->dst_line;
        int64_t i = 0;
        for (; i + NT_LANES <= block->n; i += NT_LANES) {
            const vf sum = spread_sum(block, from + i, NT_LANES, windows);
            spread_store(block, to + (two ? 2 * i : i), sum, NT_LANES, two);
        }
        if (i < block->n) { /* a last vector steps back to end with the line */
            const int rest = block->n < NT_LANES ? (int)block->n : NT_LANES;
            i = block->n - rest;
            const vf sum = spread_sum(block, from + i, rest, windows);
            spread_store(block, to + (two ? 2 * i : i), sum, rest, two);
        }
    }
}

static void spread_one(const nt_spread_block *block) {
    spread(block, 1, false);
}
static void spread_pair(const nt_spread_block *block) {
    spread(block, 2, false);
}
static void spread_four(const nt_spread_block *block) {
    spread(block, 4, false);
}
static void spread_two(const nt_spread_block *block) {
    spread(block, 1, true);
}

#define SPREAD_KERNEL \
    { "avgpool_backward_" NT_ISA_NAME, {spread_one, spread_pair, spread_four}, spread_two }

#endif
