/* Body: 2x2 pooling. Needs a vocabulary.
 *
 *   left  right          a b
 *   left' right'         c d
 *
 * One body for all operations and both layouts: lines of lanes, which are the columns of a row or
 * the channels of a pixel. What is made of the four taps is in maxpool.h and avgpool.h. */
#ifndef NINETAP_POOL_H
#define NINETAP_POOL_H

#include <stdbool.h>
#include <stdint.h>

/* What is computed from the four taps of a 2x2 window, as ninetap.h says for each function. */
typedef enum nt_pool_op {
    NT_MAX,
    NT_AVERAGE,
    NT_MIXED, /* 0 < alpha < 1 */
    NT_MAX_U8,
    NT_MAX_S8,
    NT_AVERAGE_U8,
    NT_AVERAGE_S8,
    NT_POOL_OPS
} nt_pool_op;

/* `lines` times `n` windows. What a line is depends on the layout: a row of a plane, or the
 * channels of a pixel. Pitches are in elements, floats or bytes as the operation has it. A row of
 * taps that all windows lack is the other one (lower == upper); so is a column (right == 0). */
typedef struct nt_pool_block {
    const void *upper, *lower; /* the left taps of the first line */
    int64_t right;             /* from a left tap to its right one; `two`: >= 1 */
    int64_t src_line;
    void *dst;
    int64_t dst_line;
    int64_t lines, n;
    bool lacks_left, lacks_right; /* `unit`, right == 1, no index: the first and the last lane
                                     have no such taps */
    bool ignore_nan;
    float alpha;    /* NT_MIXED */
    bool prefetch;  /* the tensors are beyond what the CPU's address translations reach */
    bool stream;    /* dst is not to fill the caches */
    int64_t *index; /* maxima; NULL: none wanted; else lane i of line l has the index */
    int64_t index_line;
    int64_t first, first_line, step;  /* first + l * first_line + i * step */
    int64_t right_index, lower_index; /* + these for a winner on the right, below */
} nt_pool_block;
typedef void nt_pool_fn(const nt_pool_block *block);
typedef struct nt_pool_kernel {
    const char *name;
    nt_pool_fn *unit; /* lane i's left taps lie at upper + i, lower + i */
    nt_pool_fn *two;  /* ... at upper + 2 * i, lower + 2 * i */
} nt_pool_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_POOL_BODY)
#define NINETAP_POOL_BODY

#include "bodies/maximum.h"
#include "simd/compiler.h"

/* Where the taps of neighbouring lanes lie. */
typedef enum pool_taps {
    TAPS_UNIT, /* side by side */
    TAPS_PAIR, /* two apart, the right tap between */
    TAPS_FAR   /* two apart, the right tap anywhere */
} pool_taps;

typedef struct pool_position {
    const char *upper, *lower; /* the left taps of lane 0 */
    const char *ahead;         /* what to prefetch */
    char *dst;
    int64_t *index;
    int64_t first;    /* the index of lane 0's left upper tap */
    bool left, right; /* taps that the first and the last lane lack */
} pool_position;

/* How a pass is done, all literals. */
typedef struct pool_mode {
    nt_pool_op op;
    pool_taps taps;
    bool indexed, careful, prefetch, stream;
    bool two;     /* a line is more than one vector, and two at most */
    bool edges;   /* block->lacks_left, lacks_right may be set */
    bool partial; /* averages of floats: windows may have fewer than four taps */
} pool_mode;

/* gcc makes a vector that is used twice a memory operand of both instructions, which loads it
 * twice. Emulated vectors (tests/emulate) have no register. */
#if !defined(__clang__) && \
    ((NT_LANES == 8 && defined(__AVX__)) || (NT_LANES == 16 && defined(__AVX512F__)))
#define LOADED_ONCE(v) __asm__("" : "+v"(v))
#else
#define LOADED_ONCE(v) ((void)0)
#endif

#define TAPS(name) name##_f32
#define WORD(name) vf_##name
#define VECTOR vf
#define ELEMENT float
#define LANES NT_LANES
#include "bodies/pool_taps.h"
#define TAPS(name) name##_bytes
#define WORD(name) v8_##name
#define VECTOR v8
#define ELEMENT uint8_t
#define LANES NT_BYTES
#include "bodies/pool_taps.h"

/* In this order. */
#include "bodies/maxpool.h"

#include "bodies/avgpool.h"

ALWAYS_INLINE bool of_bytes(nt_pool_op op) {
    return op >= NT_MAX_U8;
}
ALWAYS_INLINE int pool_lanes(pool_mode mode) {
    return of_bytes(mode.op) ? NT_BYTES : NT_LANES;
}
ALWAYS_INLINE int64_t pool_element(pool_mode mode) {
    return of_bytes(mode.op) ? 1 : (int64_t)sizeof(float);
}

/* Prefetches while a vector's taps are read. The hardware's prefetcher does not follow two short
 * rows in turns, and most of a miss is the translation of an address in a new page. So two rows of
 * less than a page are prefetched as one, in the order of their addresses. */
enum { POOL_PAGE = 4096 };
ALWAYS_INLINE int64_t rows_apart(const nt_pool_block *block) {
    return (const char *)block->lower - (const char *)block->upper;
}
ALWAYS_INLINE bool rows_as_one(const nt_pool_block *block) {
    return rows_apart(block) < POOL_PAGE;
}
ALWAYS_INLINE void prefetch(const char *ahead, const nt_pool_block *block, pool_mode mode) {
    enum { LINE = 64 };
    const int64_t bytes = 2 * pool_lanes(mode) * pool_element(mode);
    const int64_t second = rows_as_one(block) ? bytes : rows_apart(block);
    for (int64_t i = 0; i < bytes; i += LINE) {
        __builtin_prefetch(ahead + i, 0, 3);
        __builtin_prefetch(ahead + second + i, 0, 3);
    }
}

/* n lanes. */
ALWAYS_INLINE void pool_vector(const nt_pool_block *block, const pool_position *at, int n,
                               pool_mode mode, vm *nan) {
    if (mode.prefetch) {
        prefetch(at->ahead, block, mode);
    }
    if (mode.op == NT_MAX) {
        max_vector(block, at, n, mode, nan);
    } else if (mode.op == NT_MAX_U8 || mode.op == NT_MAX_S8) {
        max_bytes_vector(block, at, n, mode);
    } else if (of_bytes(mode.op)) {
        average_bytes_vector(block, at, n, mode);
    } else {
        average_vector(block, at, n, mode);
    }
}

/* From the start of a line to its lane i. */
ALWAYS_INLINE pool_position pool_at(const nt_pool_block *block, const pool_position *line,
                                    int64_t i, pool_mode mode) {
    const int64_t element = pool_element(mode);
    const int64_t distance = (mode.taps == TAPS_UNIT ? i : 2 * i) * element;
    return (pool_position){.upper = line->upper + distance,
                           .lower = line->lower + distance,
                           .ahead = line->ahead + (rows_as_one(block) ? 2 : 1) * distance,
                           .dst = line->dst + i * element,
                           .index = mode.indexed ? line->index + i : NULL,
                           .first = line->first + i * block->step,
                           .left = mode.edges && block->lacks_left && i == 0,
                           .right = mode.edges && block->lacks_right &&
                                    i == block->n - pool_lanes(mode)};
}

/* At least a vector of them. The last vector steps back to end with the line, and for streaming
 * stores the second one to where they are aligned. */
ALWAYS_INLINE void pool_long_line(const nt_pool_block *block, const pool_position *line,
                                  pool_mode mode, vm *nan) {
    const int lanes = pool_lanes(mode);
    const int64_t last = block->n - lanes;
    int64_t i = 0;
    if (mode.edges || mode.stream) {
        const pool_position at = pool_at(block, line, 0, mode);
        pool_vector(block, &at, lanes, mode, nan);
        i = lanes;
    }
    if (mode.stream) {
        i = lanes - (int64_t)((uintptr_t)line->dst / (uintptr_t)pool_element(mode)) % lanes;
    }
    pool_mode inner = mode;
    inner.edges = false;
    for (; mode.edges ? i < last : i <= last; i += lanes) {
        const pool_position at = pool_at(block, line, i, inner);
        pool_vector(block, &at, lanes, inner, nan);
    }
    if (i < last + lanes) {
        const pool_position at = pool_at(block, line, last, mode);
        pool_vector(block, &at, lanes, mode, nan);
    }
}

/* Without a loop, which costs a short line a third of its time. */
ALWAYS_INLINE void pool_two_vectors(const nt_pool_block *block, const pool_position *line,
                                    pool_mode mode, vm *nan) {
    const int lanes = pool_lanes(mode);
    const pool_position first = pool_at(block, line, 0, mode);
    const pool_position second = pool_at(block, line, block->n - lanes, mode);
    pool_vector(block, &first, lanes, mode, nan);
    pool_vector(block, &second, lanes, mode, nan);
}

/* True if there was a NaN among the elements that a maximum was taken of. */
ALWAYS_INLINE bool pool_pass(const nt_pool_block *shared, pool_mode mode) {
    const nt_pool_block own = *shared; /* stores of vectors may alias anything but locals */
    const nt_pool_block *block = &own;
    const int64_t element = pool_element(mode);
    const int64_t ahead = (rows_as_one(block) ? 2 : 4) * POOL_PAGE;
    pool_position line = {.upper = block->upper,
                          .lower = block->lower,
                          .ahead = (const char *)block->upper + ahead,
                          .dst = block->dst,
                          .index = block->index,
                          .first = block->first,
                          .left = block->lacks_left,
                          .right = block->lacks_right};
    vm nan = vm_nan(vf_zero(), vf_zero());
    for (int64_t left = block->lines; left > 0; left--) {
        if (mode.two) {
            pool_two_vectors(block, &line, mode, &nan);
        } else if (mode.stream || block->n >= pool_lanes(mode)) {
            pool_long_line(block, &line, mode, &nan);
        } else {
            pool_vector(block, &line, (int)block->n, mode, &nan);
        }
        line.upper += block->src_line * element;
        line.lower += block->src_line * element;
        line.ahead += block->src_line * element;
        line.dst += block->dst_line * element;
        line.first += block->first_line;
        if (mode.indexed) {
            line.index += block->index_line;
        }
    }
    if (mode.stream) {
        vf_stream_end();
    }
    return mode.op == NT_MAX && !mode.careful && vm_any(nan);
}

/* As the caller says of the tensors. */
ALWAYS_INLINE bool pool_fast(const nt_pool_block *block, pool_mode mode) {
    pool_mode far = mode;
    far.prefetch = mode.taps == TAPS_PAIR; /* elsewhere it gained nothing, or lost */
    const bool usual = mode.op == NT_MAX || mode.op == NT_AVERAGE || mode.op == NT_MAX_U8;
    const bool hints = NT_CACHE_HINTS && usual; /* the others are not worth 10 kB */
    if (hints && mode.taps != TAPS_FAR && block->stream && block->n >= pool_lanes(mode)) {
        far.stream = true;
        return pool_pass(block, far);
    }
    if (hints && far.prefetch && block->prefetch) {
        return pool_pass(block, far);
    }
    if (mode.op == NT_MAX && block->n > pool_lanes(mode) && block->n <= 2 * pool_lanes(mode)) {
        mode.two = true;
        return pool_pass(block, mode);
    }
    return pool_pass(block, mode);
}

/* And again where there was a NaN. */
ALWAYS_INLINE void pool_passes(const nt_pool_block *block, pool_mode mode) {
    const bool special = mode.indexed || mode.edges || mode.partial;
    if (special ? pool_pass(block, mode) : pool_fast(block, mode)) {
        mode.careful = true;
        (void)pool_pass(block, mode);
    }
}

ALWAYS_INLINE void pool_block(const nt_pool_block *block, nt_pool_op op, pool_taps taps) {
    const bool maxima = op == NT_MAX || op == NT_MAX_U8 || op == NT_MAX_S8;
    const bool averages = op == NT_AVERAGE || op == NT_MIXED;
    if (maxima && block->index != NULL) {
        pool_passes(block, (pool_mode){.op = op, .taps = taps, .indexed = true});
    } else if (taps == TAPS_UNIT && (block->lacks_left || block->lacks_right)) {
        pool_passes(block, (pool_mode){.op = op, .taps = taps, .edges = true, .partial = averages});
    } else if (averages && (block->upper == block->lower || block->right == 0)) {
        pool_passes(block, (pool_mode){.op = op, .taps = taps, .partial = true});
    } else {
        pool_passes(block, (pool_mode){.op = op, .taps = taps});
    }
}

#define POOL_DEFINE(name, op)                             \
    static void name##_unit(const nt_pool_block *block) { \
        pool_block(block, op, TAPS_UNIT);                 \
    }                                                     \
    static void name##_two(const nt_pool_block *block) {  \
        if (block->right == 1) {                          \
            pool_block(block, op, TAPS_PAIR);             \
        } else {                                          \
            pool_block(block, op, TAPS_FAR);              \
        }                                                 \
    }
POOL_DEFINE(maxpool, NT_MAX)
POOL_DEFINE(avgpool, NT_AVERAGE)
POOL_DEFINE(mixedpool, NT_MIXED)
POOL_DEFINE(maxpool_u8, NT_MAX_U8)
POOL_DEFINE(maxpool_s8, NT_MAX_S8)
POOL_DEFINE(avgpool_u8, NT_AVERAGE_U8)
POOL_DEFINE(avgpool_s8, NT_AVERAGE_S8)

#define POOL_KERNEL(kernel) \
    { #kernel "_" NT_ISA_NAME, kernel##_unit, kernel##_two }
#define POOL_KERNELS                                                                      \
    {                                                                                     \
        [NT_MAX] = POOL_KERNEL(maxpool), [NT_AVERAGE] = POOL_KERNEL(avgpool),             \
        [NT_MIXED] = POOL_KERNEL(mixedpool), [NT_MAX_U8] = POOL_KERNEL(maxpool_u8),       \
        [NT_MAX_S8] = POOL_KERNEL(maxpool_s8), [NT_AVERAGE_U8] = POOL_KERNEL(avgpool_u8), \
        [NT_AVERAGE_S8] = POOL_KERNEL(avgpool_s8),                                        \
    }

#endif
