/* 32 registers, one or two FMA pipes of latency 4.
 * OC 14x32:  28 sums + 2 weights + 1 input = 31; 16 loads for 28 multiply-adds
 * OC 2x7x32: the same over two rows, for maps at most 7 wide
 * OC 14x16:  14 sums, for the last 16 channels or fewer
 * X 8x2:     16 sums + 2 inputs + 1 weight = 19; 10 loads for 16 multiply-adds
 * X 4x2x2 pooled: 16 sums of two rows + 4 inputs + 1 weight = 21; 8 loads for 16 multiply-adds
 * DW 2x6:    12 sums + 8 inputs + 9 weights = 29; 41 loads for 108 multiply-adds
 * DW X 7:    7 sums + 3 inputs + 9 weights = 19; 27 loads for 63 multiply-adds
 * DENSE 1x16: 16 sums + 1 input; 17 loads for 16 multiply-adds, which take their weights from
 * memory; DENSE 3x4: 12 sums + 4 weights + 1 input */
#include "core/build.h"
#include "targets/target.h"
#include "targets/isa.h"

#ifdef NINETAP_HAVE_AVX512
#include <immintrin.h>
TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,fma")
#include "simd/avx512.h"
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
    T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define FUSED_X_POOL(T) T(4, 2) T(3, 2) T(2, 2) T(1, 2) T(4, 1) T(3, 1) T(2, 1) T(1, 1)
#define FUSED_DW(T) \
    T(2, 6, 1) T(2, 5, 1) T(2, 4, 1) T(2, 3, 1) T(2, 2, 1) T(2, 1, 1) \
    T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1) \
    T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 2, apart) T(1, 1, apart)
#define FUSED_DW_X(T) T(7, 1) T(3, 2)
#define FUSED_DENSE(T) \
    T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) T(3, 1) T(2, 1) T(1, 1) \
    T(1, 16) T(1, 15) T(1, 14) T(1, 13) T(1, 12) T(1, 11) T(1, 10) T(1, 9) T(1, 8) T(1, 7) \
    T(1, 6) T(1, 5) T(1, 4) T(1, 3) T(2, 4) T(2, 3) T(3, 4) T(3, 3)
#define WINOGRAD_TILES(T) \
    T(14, 2) T(13, 2) T(12, 2) T(11, 2) T(10, 2) T(9, 2) T(8, 2) T(7, 2) T(6, 2) T(5, 2) T(4, 2) \
    T(3, 2) T(2, 2) T(1, 2) \
    T(14, 1) T(13, 1) T(12, 1) T(11, 1) T(10, 1) T(9, 1) T(8, 1) T(7, 1) T(6, 1) T(5, 1) T(4, 1) \
    T(3, 1) T(2, 1) T(1, 1)
/* Few CPUs that have the rest lack VNNI. Where integers are multiplied in pairs, a sum waits for an
 * addition alone: 6x2 sums are enough. */
#define PAIRS_OC(T) \
    T(1, 6, 2) T(1, 5, 2) T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#define PAIRS_DENSE(T) QUADS_DENSE(T)
/* clang-format on */

#include "targets/build_table.h"

BUILD_TABLE(nt_isa_avx512);
TARGET_END
#endif
