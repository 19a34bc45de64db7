/* 16 registers, two FMA pipes of latency 4: at least 8 sums in flight.
 * OC 6x16:   12 sums + 2 weights + 1 input = 15; 8 loads for 12 multiply-adds
 * OC 2x3x16: the same over two rows, for maps so narrow that 6 pixels do not divide them
 * X 4x3:     12 sums + 3 inputs + 1 weight = 16; 7 loads for 12 multiply-adds
 * X 3x2x2 pooled: 12 sums of two rows + 3 weights + 1 input = 16; 7 loads for 12 multiply-adds
 * DW 1x4:    8 sums of two vectors of channels + 6 inputs + 1 weight = 15, each weight used at
 *            once and loaded again
 * DW X 3:    3 sums + 3 inputs + 9 weights = 15; stride 2: 2 sums
 * DENSE 1x12: 12 sums + 1 input; 13 loads for 12 multiply-adds, which take their weights from
 * memory; DENSE 2x4: 8 sums + 4 weights + 1 input */
#include "core/build.h"
#include "targets/target.h"
#include "targets/isa.h"

#ifdef NINETAP_HAVE_AVX2
#include <immintrin.h>
TARGET_BEGIN("avx2,fma")
#include "simd/avx2.h"
#include "targets/separate_tiles.h"

/* clang-format off */
#define FUSED_OC(T) \
    T(1, 6, 2) T(1, 5, 2) T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(2, 3, 2) T(2, 2, 2) T(2, 1, 2) \
    T(1, 12, 1) T(1, 11, 1) T(1, 10, 1) T(1, 9, 1) T(1, 8, 1) T(1, 7, 1) T(1, 6, 1) T(1, 5, 1) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define FUSED_OC_POOL(T) T(2, 2) T(6, 1) T(4, 1) T(2, 1)
#define FUSED_X(T) \
    T(4, 3) T(3, 3) T(2, 3) T(1, 3) \
    T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define FUSED_X_POOL(T) T(3, 2) T(2, 2) T(1, 2) T(3, 1) T(2, 1) T(1, 1)
#define FUSED_DW(T) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1) \
    T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 2, apart) T(1, 1, apart)
#define FUSED_DW_X(T) T(3, 1) T(2, 2)
#define FUSED_DENSE(T) \
    T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1) \
    T(1, 12) T(1, 11) T(1, 10) T(1, 9) T(1, 8) T(1, 7) T(1, 6) T(1, 5) T(1, 4) T(1, 3) T(2, 4) \
    T(2, 3)
#define WINOGRAD_TILES(T) \
    T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(12, 1) T(11, 1) T(10, 1) T(9, 1) T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) \
    T(1, 1)
/* clang-format on */

#include "targets/build_table.h"

BUILD_TABLE(nt_isa_avx2);
TARGET_END
#endif
