/* Turns a vocabulary and lists of tiles into the target's table. A target file includes its
 * vocabulary and separate_tiles.h, and defines
 *   FUSED_OC(T)       T(rows, pixels, vectors) for each tile of direct_channels.h
 *   FUSED_OC_POOL(T)  T(pixels, vectors) for each tile of two rows that it pools
 *   FUSED_X(T)        T(filters, vectors) for each tile of direct_columns.h
 *   FUSED_X_POOL(T)   T(filters, vectors) for each tile of two rows that it pools
 *   FUSED_DW(T)       T(rows, pixels, stride) for each tile of depthwise_channels.h; stride: 1, 2,
 *                     or apart
 *   FUSED_DW_X(T)     T(rows, stride) for each kernel of depthwise_columns.h
 *   FUSED_DENSE(T)    T(rows, vectors) for each tile of dense.h
 *   WINOGRAD_TILES(T) T(tiles, vectors) for each product of winograd.h
 * (without NT_HAS_FMA the last one alone), includes this file, and says BUILD_TABLE(nt_isa_<name>).
 */
#include "bodies/act_backward.h"
#include "bodies/block.h"
#include "bodies/depthwise_integers.h"
#include "bodies/epilogue.h"
#include "bodies/filter3x3.h"
#include "bodies/interleave.h"
#include "bodies/pool.h"
#include "bodies/quantize.h"
#include "bodies/quantize_rows.h"
#include "bodies/softmax.h"
#include "bodies/spread.h"
#include "bodies/unpool.h"
#include "bodies/widen.h"
#include "targets/integer_tiles.h"
#include "targets/isa.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

#include "arith/f32_separate.h"
#include "targets/build_kernels.h"
#if !NT_FAST_FMA
#include "bodies/winograd.h"
#endif
#include "arith/end.h"

#if NT_HAS_FMA
#include "arith/f32_fused.h"
#include "targets/build_kernels.h"
#if NT_FAST_FMA
#include "bodies/winograd.h"
#endif
#include "arith/end.h"
#define FUSED_OR_NULL &kernels_fused
#else
#define FUSED_OR_NULL NULL
#endif

#include "arith/s16_pairs.h"
#include "targets/build_integers.h"
#include "arith/end.h"

#ifdef NT_QUADS
FEATURES_BEGIN(NT_QUADS)
#include "arith/s8_quads.h"
#include "targets/build_integers.h"
#include "arith/end.h"
FEATURES_END
#define QUADS_OR_NULL &kernels_quads
#else
#define QUADS_OR_NULL NULL
#endif

/* clang-format off */
WINOGRAD_TILES(WINOGRAD_MULTIPLY_DEFINE)
WINOGRAD_DEFINE(2)
WINOGRAD_DEFINE(4)
WINOGRAD_DEFINE(6)
static const nt_winograd_kernel winograd_kernels[] = {WINOGRAD_ROW(2) WINOGRAD_ROW(4)
                                                          WINOGRAD_ROW(6)};
static const nt_winograd_tile winograd_products[] = {WINOGRAD_TILES(WINOGRAD_MULTIPLY_ROW)};
/* clang-format on */

#define BUILD_TABLE(symbol)                              \
    const nt_isa symbol = {                              \
        .name = NT_ISA_NAME,                             \
        .lanes = NT_LANES,                               \
        .fast_fma = NT_FAST_FMA,                         \
        .fused = FUSED_OR_NULL,                          \
        .separate = &kernels_separate,                   \
        .pairs = &kernels_pairs,                         \
        .quads = QUADS_OR_NULL,                          \
        .pairs_apart = NT_PAIRS_APART,                   \
        .taps = TAPS_KERNEL,                             \
        .quantize = quantize,                            \
        .winograd = winograd_kernels,                    \
        .winograd_count = COUNT(winograd_kernels),       \
        .winograd_tile = winograd_products,              \
        .winograd_tile_count = COUNT(winograd_products), \
        .gradient = "gradient_" NT_ISA_NAME,             \
        .softmax = SOFTMAX_KERNEL,                       \
        .transpose = transpose,                          \
        .finish = finish,                                \
        .take_second = take_second,                      \
        .add = add,                                      \
        .activate = activate,                            \
        .act_backward = ACT_BACKWARD_KERNEL,             \
        .pool = POOL_KERNELS,                            \
        .unpool = UNPOOL_KERNEL,                         \
        .spread = SPREAD_KERNEL,                         \
        .filter = FILTER_KERNEL,                         \
        .rows = ROWS_KERNEL,                             \
    }
