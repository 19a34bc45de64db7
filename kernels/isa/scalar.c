/* Portable C: the floor that every machine has, and EXACT precision (through fmaf) where the vector
 * ISA has no fused multiply-add. Small tiles: 16 floating-point registers must do. */
#include "isa/vec_scalar.h"

/* clang-format off */
#define OC_TILES(T) \
    T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define OC_POOL_TILES(T) T(2, 2) T(2, 1)
#define X_TILES(T) \
    T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define X_POOL_TILES(T) T(2, 2) T(1, 2)
#define DW_TILES(T) \
    T(1, 2, 1) T(1, 1, 1) T(1, 2, 2) T(1, 1, 2) T(1, 2, 3) T(1, 1, 3)
#define DW_X_TILES(T) T(2, 1) T(1, 2)
#define DENSE_TILES(T) \
    T(1, 1, 8) T(1, 1, 7) T(1, 1, 6) T(1, 1, 5) T(1, 1, 4) T(1, 1, 3) \
    T(1, 2, 4) T(1, 2, 3)
/* clang-format on */

#include "isa/build_table.h"

BUILD_TABLE(nt_isa_scalar);
