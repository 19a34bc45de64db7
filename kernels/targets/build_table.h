/* Turns a vocabulary and lists of tiles into the ISA's table. An ISA file includes its
 * vocabulary and separate_tiles.h, and defines
 *   FUSED_OC(T)       T(rows, pixels, vectors) for each tile of direct_oc.h
 *   FUSED_OC_POOL(T)  T(pixels, vectors) for each tile of two rows that it pools
 *   FUSED_X(T)        T(filters, vectors) for each tile of direct_x.h
 *   FUSED_X_POOL(T)   T(filters, vectors) for each tile of two rows that it pools
 *   FUSED_DW(T)       T(rows, pixels, stride) for each tile of depthwise.h
 *   FUSED_DW_X(T)     T(rows, stride) for each tile of depthwise_x.h
 *   FUSED_DENSE(T)    T(rows, vectors) for each tile of dense.h
 *   WINOGRAD_TILES(T) T(tiles, vectors) for each product of winograd.h
 * (without NT_HAS_FMA the last one alone), includes this file, and says BUILD_TABLE(nt_isa_<name>).
 */
#include "targets/isa.h"
#include "bodies/epilogue.h"
#include "bodies/pool.h"
#include "bodies/direct_oc.h"
#include "bodies/direct_x.h"
#include "bodies/depthwise.h"
#include "bodies/depthwise_x.h"
#include "bodies/winograd_1d.h"
#include "bodies/winograd.h"
#include "bodies/dense.h"
#include "bodies/softmax.h"
#include "bodies/block.h"
#include "bodies/unpool.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* The kernels of one arithmetic, `name`, from the lists that begin with LIST. */
/* clang-format off */
#define DEFINE_KERNELS(LIST)                    \
    LIST##_OC(DIRECT_OC_##LIST)                 \
    LIST##_OC_POOL(DIRECT_OC_POOL_##LIST)       \
    LIST##_X(DIRECT_X_##LIST)                   \
    LIST##_X_POOL(DIRECT_X_POOL_##LIST)         \
    LIST##_DW(DEPTHWISE_##LIST)                 \
    LIST##_DW_X(DEPTHWISE_X_##LIST)             \
    LIST##_DENSE(DENSE_##LIST)
/* clang-format on */
#define BUILD_KERNELS(name, LIST)                                                             \
    DEFINE_KERNELS(LIST)                                                                      \
    static const nt_oc_kernel oc_##name[] = {LIST##_OC(DIRECT_OC_ROW_##LIST)};                \
    static const nt_oc_kernel oc_pool_##name[] = {LIST##_OC_POOL(DIRECT_OC_POOL_ROW_##LIST)}; \
    static const nt_x_kernel x_##name[] = {LIST##_X(DIRECT_X_ROW_##LIST)};                    \
    static const nt_x_kernel x_pool_##name[] = {LIST##_X_POOL(DIRECT_X_POOL_ROW_##LIST)};     \
    static const nt_dw_kernel dw_##name[] = {LIST##_DW(DEPTHWISE_ROW_##LIST)};                \
    static const nt_dw_x_kernel dw_x_##name[] = {LIST##_DW_X(DEPTHWISE_X_ROW_##LIST)};        \
    static const nt_dense_kernel dense_##name[] = {LIST##_DENSE(DENSE_ROW_##LIST)};           \
    static const nt_kernels kernels_##name = {                                                \
        .oc = oc_##name,                                                                      \
        .oc_count = COUNT(oc_##name),                                                         \
        .oc_pool = oc_pool_##name,                                                            \
        .oc_pool_count = COUNT(oc_pool_##name),                                               \
        .x = x_##name,                                                                        \
        .x_count = COUNT(x_##name),                                                           \
        .x_pool = x_pool_##name,                                                              \
        .x_pool_count = COUNT(x_pool_##name),                                                 \
        .dw = dw_##name,                                                                      \
        .dw_count = COUNT(dw_##name),                                                         \
        .dw_x = dw_x_##name,                                                                  \
        .dw_x_count = COUNT(dw_x_##name),                                                     \
        .dense = dense_##name,                                                                \
        .dense_count = COUNT(dense_##name),                                                   \
    };

BUILD_KERNELS(separate, SEPARATE)
#if NT_HAS_FMA
BUILD_KERNELS(fused, FUSED)
#define FUSED_OR_NULL &kernels_fused
#else
#define FUSED_OR_NULL NULL
#endif

WINOGRAD_TILES(WINOGRAD_MULTIPLY_DEFINE)
WINOGRAD_DEFINE(2)
WINOGRAD_DEFINE(4)
WINOGRAD_DEFINE(6)
static const nt_winograd_kernel winograd_kernels[] = {WINOGRAD_ROW(2) WINOGRAD_ROW(4)
                                                          WINOGRAD_ROW(6)};
static const nt_winograd_tile winograd_products[] = {WINOGRAD_TILES(WINOGRAD_MULTIPLY_ROW)};

#define BUILD_TABLE(symbol)                              \
    const nt_isa symbol = {                              \
        .name = NT_ISA_NAME,                             \
        .lanes = NT_LANES,                               \
        .has_fma = NT_FAST_FMA,                          \
        .fused = FUSED_OR_NULL,                          \
        .separate = &kernels_separate,                   \
        .winograd = winograd_kernels,                    \
        .winograd_count = COUNT(winograd_kernels),       \
        .winograd_tile = winograd_products,              \
        .winograd_tile_count = COUNT(winograd_products), \
        .softmax = SOFTMAX_KERNEL,                       \
        .transpose = transpose,                          \
        .finish = finish,                                \
        .take_second = take_second,                      \
        .add = add,                                      \
        .activate = activate,                            \
        .pool = POOL_KERNELS,                            \
        .unpool = UNPOOL_KERNEL,                         \
    }
