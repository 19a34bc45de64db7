/* Turns a vocabulary and two lists of tiles into the ISA's table. An ISA file includes its
 * vocabulary, defines
 *   OC_TILES(T)  T(rows, pixels, vectors) for each tile of direct_oc.h
 *   OC_POOL_TILES(T)  T(pixels, vectors) for each tile of two rows that it pools
 *   X_TILES(T)   T(filters, vectors) for each tile of direct_x.h
 *   X_POOL_TILES(T)  T(filters, vectors) for each tile of two rows that it pools
 *   DW_TILES(T)  T(rows, pixels, stride) for each tile of depthwise.h
 *   DW_X_TILES(T)  T(rows, stride) for each tile of depthwise_x.h
 *   DENSE_TILES(T)  T(1, rows, vectors) for each tile of dense.h that OC_TILES does not have
 * includes this file, and says BUILD_TABLE(nt_isa_<name>). */
#include "isa/table.h"
#include "templates/epilogue.h"
#include "templates/pool.h"
#include "templates/direct_oc.h"
#include "templates/direct_x.h"
#include "templates/depthwise.h"
#include "templates/depthwise_x.h"
#include "templates/winograd_1d.h"
#include "templates/winograd.h"
#include "templates/dense.h"
#include "templates/softmax.h"
#include "templates/block.h"
#include "templates/unpool.h"
#include "templates/peak.h"

OC_TILES(DIRECT_OC_DEFINE)
OC_POOL_TILES(DIRECT_OC_POOL_DEFINE)
X_TILES(DIRECT_X_DEFINE)
X_POOL_TILES(DIRECT_X_POOL_DEFINE)
DW_TILES(DEPTHWISE_DEFINE)
DW_X_TILES(DEPTHWISE_X_DEFINE)
OC_TILES(WINOGRAD_MULTIPLY_DEFINE)
OC_TILES(DENSE_DEFINE)
DENSE_TILES(DENSE_DEFINE)
WINOGRAD_DEFINE(2)
WINOGRAD_DEFINE(4)
WINOGRAD_DEFINE(6)

static const nt_oc_kernel oc_kernels[] = {OC_TILES(DIRECT_OC_ROW)};
static const nt_oc_kernel oc_pool_kernels[] = {OC_POOL_TILES(DIRECT_OC_POOL_ROW)};
static const nt_x_kernel x_kernels[] = {X_TILES(DIRECT_X_ROW)};
static const nt_x_kernel x_pool_kernels[] = {X_POOL_TILES(DIRECT_X_POOL_ROW)};
static const nt_dw_kernel dw_kernels[] = {DW_TILES(DEPTHWISE_ROW)};
static const nt_dw_x_kernel dw_x_kernels[] = {DW_X_TILES(DEPTHWISE_X_ROW)};
static const nt_winograd_kernel winograd_kernels[] = {WINOGRAD_ROW(2) WINOGRAD_ROW(4)
                                                          WINOGRAD_ROW(6)};
static const nt_winograd_tile winograd_products[] = {OC_TILES(WINOGRAD_MULTIPLY_ROW)};
static const nt_dense_kernel dense_kernels[] = {OC_TILES(DENSE_ROW) DENSE_TILES(DENSE_ROW)};

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define BUILD_TABLE(symbol)                              \
    const nt_isa symbol = {                              \
        .name = NT_ISA_NAME,                             \
        .lanes = NT_LANES,                               \
        .has_fma = NT_FAST_FMA,                          \
        .oc = oc_kernels,                                \
        .oc_count = COUNT(oc_kernels),                   \
        .oc_pool = oc_pool_kernels,                      \
        .oc_pool_count = COUNT(oc_pool_kernels),         \
        .x = x_kernels,                                  \
        .x_count = COUNT(x_kernels),                     \
        .x_pool = x_pool_kernels,                        \
        .x_pool_count = COUNT(x_pool_kernels),           \
        .dw = dw_kernels,                                \
        .dw_count = COUNT(dw_kernels),                   \
        .dw_x = dw_x_kernels,                            \
        .dw_x_count = COUNT(dw_x_kernels),               \
        .winograd = winograd_kernels,                    \
        .winograd_count = COUNT(winograd_kernels),       \
        .winograd_tile = winograd_products,              \
        .winograd_tile_count = COUNT(winograd_products), \
        .dense = dense_kernels,                          \
        .dense_count = COUNT(dense_kernels),             \
        .softmax = SOFTMAX_KERNEL,                       \
        .transpose = transpose,                          \
        .finish = finish,                                \
        .take_second = take_second,                      \
        .add = add,                                      \
        .activate = activate,                            \
        .pool = POOL_KERNELS,                            \
        .unpool = UNPOOL_KERNEL,                         \
        .peak = peak,                                    \
    }
