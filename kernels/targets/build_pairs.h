/* The kernels of integers: arith/s16_pairs.h comes before, arith/end.h after. A product needs a
 * register of its own, as separate_tiles.h has it. */
#include "bodies/dense.h"
#include "bodies/direct_channels.h"
#include "targets/isa.h"

/* clang-format off */
SEPARATE_OC(DIRECT_OC_APART_DEFINE)
SEPARATE_DENSE(DENSE_DEFINE)
static const nt_oc_kernel oc_pairs[] = {SEPARATE_OC(DIRECT_OC_APART_ROW)};
static const nt_dense_kernel dense_list_pairs[] = {SEPARATE_DENSE(DENSE_ROW)};
/* clang-format on */

static const nt_kernels kernels_pairs = {
    .oc = oc_pairs,
    .oc_count = COUNT(oc_pairs),
    .dense = dense_list_pairs,
    .dense_count = COUNT(dense_list_pairs),
};
