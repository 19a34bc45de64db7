/* The tiles of the separate arithmetic (a product, then a sum), by the number of registers; a
 * product needs one of its own. Included after the vocabulary.
 *
 *           16 registers                          32 registers
 * OC        6x2: 12 sums + 2 weights + 1 input    8x2: 16 sums + 2 weights + 1 input; a weight
 *                                                 feeds 8 products, or the L2 cache is the limit
 * X         4x2: 8 sums + 2 inputs + 1 weight     8x2: 16 sums + 2 inputs + 1 weight
 * X pooled  2x2x2: 8 sums of two rows + 2 + 1     4x2x2: 16 sums of two rows + 4 inputs + 1 weight
 * DW        1x4: 4 sums + 6 inputs + 1 weight     1x4: 4 sums + 6 inputs + 9 weights
 * DW X      2: 2 sums + 3 inputs + 9 weights      the same
 * DENSE     1x8: 8 sums + 1 input; 2x4: 8 sums    the same
 *           + 4 weights + 1 input */
#ifndef NINETAP_SEPARATE_TILES_H
#define NINETAP_SEPARATE_TILES_H

/* clang-format off */
#if NT_REGISTERS == 32
#define GRADIENT_TILES(T) T(10, 1) T(10, 2)
#define SEPARATE_OC(T) \
    T(1, 8, 2) T(1, 7, 2) T(1, 6, 2) T(1, 5, 2) T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(2, 4, 2) T(2, 3, 2) T(2, 2, 2) T(2, 1, 2) \
    T(1, 8, 1) T(1, 7, 1) T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define SEPARATE_OC_POOL(T) T(4, 2) T(2, 2) T(4, 1) T(2, 1)
#define SEPARATE_X(T) \
    T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define SEPARATE_X_POOL(T) T(4, 2) T(3, 2) T(2, 2) T(1, 2) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define SEPARATE_DW(T) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1) \
    T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) T(1, 1, apart)
#else
#define GRADIENT_TILES(T) T(10, 1) T(6, 2)
#define SEPARATE_OC(T) \
    T(1, 6, 2) T(1, 5, 2) T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(2, 3, 2) T(2, 2, 2) T(2, 1, 2) \
    T(1, 8, 1) T(1, 7, 1) T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define SEPARATE_OC_POOL(T) T(2, 2) T(4, 1) T(2, 1)
#define SEPARATE_X(T) \
    T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#if NT_LANES > 1
#define SEPARATE_X_POOL(T) T(2, 2) T(1, 2) T(2, 1) T(1, 1)
#else /* two columns that become one are two vectors */
#define SEPARATE_X_POOL(T) T(2, 2) T(1, 2)
#endif
#define SEPARATE_DW(T) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1) \
    T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) T(1, 1, apart)
#endif
#define SEPARATE_DW_X(T) T(2, 1) T(1, 2)
#define SEPARATE_DENSE(T) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1) \
    T(4, 2) T(3, 2) T(2, 2) T(1, 2) T(2, 3) T(2, 4) \
    T(1, 3) T(1, 4) T(1, 5) T(1, 6) T(1, 7) T(1, 8)
#define SEPARATE_WINOGRAD(T) \
    T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
/* clang-format on */

#endif
