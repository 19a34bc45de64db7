/* The kernels of integers: arith/<name>.h comes before, with its lists of tiles, arith/end.h after.
 * Makes ARITH(kernels). */
#include "bodies/dense.h"
#include "bodies/direct_channels.h"
#include "targets/isa.h"

/* clang-format off */
ARITH_TILES(OC)(DIRECT_OC_APART_DEFINE)
ARITH_TILES(DENSE)(DENSE_DEFINE)
static const nt_oc_kernel ARITH(oc)[] = {ARITH_TILES(OC)(DIRECT_OC_APART_ROW)};
static const nt_dense_kernel ARITH(dense_list)[] = {ARITH_TILES(DENSE)(DENSE_ROW)};
/* clang-format on */

static const nt_kernels ARITH(kernels) = {
    .bytes = BYTES,
    .takes_signed = BYTES_ARE_SIGNED,
    .arrange = ARRANGE,
    .oc = ARITH(oc),
    .oc_count = COUNT(ARITH(oc)),
    .dense = ARITH(dense_list),
    .dense_count = COUNT(ARITH(dense_list)),
};
