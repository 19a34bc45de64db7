/* The kernels of one arithmetic, from the target's lists of tiles: arith/<name>.h comes before,
 * arith/end.h after. Makes ARITH(kernels). */
#include "bodies/dense.h"
#include "bodies/depthwise_channels.h"
#include "bodies/depthwise_columns.h"
#include "bodies/direct_channels.h"
#include "bodies/direct_columns.h"
#include "bodies/gradient.h"
#include "targets/every_tile.h"
#include "targets/isa.h"

_Static_assert(sizeof(ELEMENT) * INPUTS == sizeof(float), "block.h moves inputs together");

/* clang-format off */
ARITH_TILES(OC)(DIRECT_OC_DEFINE)
ARITH_TILES(OC_POOL)(DIRECT_OC_POOL_DEFINE)
ARITH_TILES(X)(DIRECT_X_DEFINE)
ARITH_TILES(X_POOL)(DIRECT_X_POOL_DEFINE)
ARITH_TILES(DW)(DEPTHWISE_DEFINE)
ARITH_TILES(DW_X)(DEPTHWISE_X_DEFINE)
ARITH_TILES(DENSE)(DENSE_DEFINE)
GRADIENT_TILES(GRADIENT_DEFINE)

static const nt_oc_kernel ARITH(oc)[] = {ARITH_TILES(OC)(DIRECT_OC_ROW)};
static const nt_oc_kernel ARITH(oc_pool)[] = {ARITH_TILES(OC_POOL)(DIRECT_OC_POOL_ROW)};
static const nt_x_kernel ARITH(x)[] = {ARITH_TILES(X)(DIRECT_X_ROW)};
static const nt_x_kernel ARITH(x_pool)[] = {ARITH_TILES(X_POOL)(DIRECT_X_POOL_ROW)};
static const nt_dw_kernel ARITH(dw)[] = {ARITH_TILES(DW)(DEPTHWISE_ROW)};
static const nt_dw_x_kernel ARITH(dw_x)[] = {ARITH_TILES(DW_X)(DEPTHWISE_X_ROW)};
static const nt_dense_kernel ARITH(dense_list)[] = {ARITH_TILES(DENSE)(DENSE_ROW)};
static const nt_gradient_kernel ARITH(gradient_list)[] = {GRADIENT_TILES(GRADIENT_ROW)};
/* clang-format on */

static const nt_kernels ARITH(kernels) = {
    .oc = ARITH(oc),
    .oc_count = COUNT(ARITH(oc)),
    .oc_pool = ARITH(oc_pool),
    .oc_pool_count = COUNT(ARITH(oc_pool)),
    .x = ARITH(x),
    .x_count = COUNT(ARITH(x)),
    .x_pool = ARITH(x_pool),
    .x_pool_count = COUNT(ARITH(x_pool)),
    .dw = ARITH(dw),
    .dw_count = COUNT(ARITH(dw)),
    .dw_x = ARITH(dw_x),
    .dw_x_count = COUNT(ARITH(dw_x)),
    .dense = ARITH(dense_list),
    .dense_count = COUNT(ARITH(dense_list)),
    .gradient = ARITH(gradient_list),
    .gradient_lanes = ARITH(gradient_lanes),
};
