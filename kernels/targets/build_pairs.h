/* The kernels of integers: arith/s16_pairs.h comes before, arith/end.h after. A product needs a
 * register of its own, as separate_tiles.h has it. */
#include "bodies/dense.h"
#include "bodies/direct_channels.h"
#include "targets/isa.h"

/* clang-format off */
/* Fewer than of floats, for the library's size. */
#define PAIRS_DENSE(T) \
    T(4, 1) T(3, 1) T(2, 1) T(1, 1) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(1, 3) T(1, 4) T(1, 5) T(1, 6) T(1, 7) T(1, 8)

SEPARATE_OC(DIRECT_OC_APART_DEFINE)
PAIRS_DENSE(DENSE_DEFINE)
static const nt_oc_kernel oc_pairs[] = {SEPARATE_OC(DIRECT_OC_APART_ROW)};
static const nt_dense_kernel dense_list_pairs[] = {PAIRS_DENSE(DENSE_ROW)};
/* clang-format on */

static const nt_kernels kernels_pairs = {
    .oc = oc_pairs,
    .oc_count = COUNT(oc_pairs),
    .dense = dense_list_pairs,
    .dense_count = COUNT(dense_list_pairs),
};
