/* 16 registers, no FMA: a product needs a register of its own.
 * OC 4x8:  8 sums + 2 weights + 1 input + 1 product = 12; 5x8 would be 14, at no better a load rate
 * X 4x2:   8 sums + 2 inputs + 1 weight + 1 product = 12
 * X 2x2x2 pooled: 8 sums of two rows + 2 weights + 1 input + 1 product = 12
 * DW 1x4:  4 sums + 6 inputs + 1 weight + 1 product = 12
 * DENSE 1x8: 8 sums + 1 input + products; DENSE 2x4: 8 sums + 4 weights + 1 input + 1 product */
#include "isa/vec_sse2.h"

/* clang-format off */
#define OC_TILES(T) \
    T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 8, 1) T(1, 7, 1) T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define OC_POOL_TILES(T) T(2, 2) T(4, 1) T(2, 1)
#define X_TILES(T) \
    T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define X_POOL_TILES(T) T(2, 2) T(1, 2) T(2, 1) T(1, 1)
#define DW_TILES(T) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1) T(1, 1, 2) T(1, 1, 3)
#define DW_X_TILES(T) T(1, 1) T(1, 2)
#define DENSE_TILES(T) \
    T(1, 1, 8) T(1, 1, 7) T(1, 1, 6) T(1, 1, 5) T(1, 1, 4) T(1, 1, 3) \
    T(1, 2, 4) T(1, 2, 3)
/* clang-format on */

#include "isa/build_table.h"

BUILD_TABLE(nt_isa_sse2);
