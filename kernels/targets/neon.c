/* 32 registers, two to four FMA pipes of latency 4: up to 16 sums in flight. Some of these CPUs run
 * in order: inputs are loaded one load ahead, weights as soon as a register is free. FMLA takes its
 * multiplier from a lane, so four neighbours come by one load, and none is broadcast. gcc must not
 * schedule before it allocates registers (cmake/target.cmake): it would spill sums.
 *
 * OC 14x8:        28 sums + 2 weights + 2 loads of inputs = 32; 6 loads of neighbouring inputs for
 *                 28 multiply-adds
 * X 8x3:          24 sums + 3 inputs + 2 loads of weights = 29; 5 loads for 24
 * X 6x2x2 pooled: 24 sums of two rows + 4 inputs + 2 loads of weights = 30; 6 loads for 24
 * DW 2x6:         12 sums + 8 inputs + 9 weights = 29
 * DW X 7:         7 sums + 3 inputs + 9 weights = 19
 * DENSE 1x16:     16 sums + 8 weights + 1 input
 * DENSE 12x2:     24 sums + 2 weights + 2 inputs */
#include "core/build.h"
#include "targets/target.h"
#include "targets/isa.h"

#ifdef NINETAP_HAVE_NEON
#include "simd/neon.h"
#include "targets/separate_tiles.h"

/* clang-format off */
#define FUSED_OC(T) \
    T(1, 14, 2) T(1, 13, 2) T(1, 12, 2) T(1, 11, 2) T(1, 10, 2) T(1, 9, 2) T(1, 8, 2) T(1, 7, 2) \
    T(1, 6, 2) T(1, 5, 2) T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(2, 7, 2) T(2, 6, 2) T(2, 5, 2) T(2, 4, 2) T(2, 3, 2) T(2, 2, 2) T(2, 1, 2) \
    T(1, 14, 1) T(1, 13, 1) T(1, 12, 1) T(1, 11, 1) T(1, 10, 1) T(1, 9, 1) T(1, 8, 1) T(1, 7, 1) \
    T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define FUSED_OC_POOL(T) T(6, 2) T(4, 2) T(2, 2) T(8, 1) T(6, 1) T(4, 1) T(2, 1)
#define FUSED_X(T) \
    T(8, 3) T(7, 3) T(6, 3) T(5, 3) T(4, 3) T(3, 3) T(2, 3) T(1, 3) \
    T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define FUSED_X_POOL(T) \
    T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define FUSED_DW(T) \
    T(2, 6, 1) T(2, 5, 1) T(2, 4, 1) T(2, 3, 1) T(2, 2, 1) T(2, 1, 1) \
    T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1) \
    T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 2, apart) T(1, 1, apart)
#define FUSED_DW_X(T) T(7, 1) T(3, 2)
#define FUSED_DENSE(T) \
    T(12, 2) T(11, 2) T(10, 2) T(9, 2) T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) \
    T(1, 2) \
    T(12, 1) T(11, 1) T(10, 1) T(9, 1) T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) \
    T(1, 1) \
    T(1, 16) T(1, 15) T(1, 14) T(1, 13) T(1, 12) T(1, 11) T(1, 10) T(1, 9) T(1, 8) T(1, 7) \
    T(1, 6) T(1, 5) T(1, 4) T(1, 3) T(2, 4) T(2, 3) T(3, 4) T(3, 3)
#define WINOGRAD_TILES(T) \
    T(14, 2) T(13, 2) T(12, 2) T(11, 2) T(10, 2) T(9, 2) T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) \
    T(3, 2) T(2, 2) T(1, 2) \
    T(14, 1) T(13, 1) T(12, 1) T(11, 1) T(10, 1) T(9, 1) T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) \
    T(3, 1) T(2, 1) T(1, 1)
/* clang-format on */

#include "targets/build_table.h"

BUILD_TABLE(nt_isa_neon);
#endif
