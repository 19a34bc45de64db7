/* Turns a vocabulary and two lists of tiles into the ISA's table. An ISA file includes its
 * vocabulary, defines
 *   OC_TILES(T)  T(rows, pixels, vectors) for each tile of direct_oc.h
 *   X_TILES(T)   T(filters, vectors) for each tile of direct_x.h
 * includes this file, and says BUILD_TABLE(nt_isa_<name>). */
#include "isa/table.h"
#include "templates/epilogue.h"
#include "templates/direct_oc.h"
#include "templates/direct_x.h"
#include "templates/depthwise.h"
#include "templates/block.h"
#include "templates/maxpool.h"
#include "templates/peak.h"

OC_TILES(DIRECT_OC_DEFINE)
X_TILES(DIRECT_X_DEFINE)

static const nt_oc_kernel oc_kernels[] = {OC_TILES(DIRECT_OC_ROW)};
static const nt_x_kernel x_kernels[] = {X_TILES(DIRECT_X_ROW)};

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define BUILD_TABLE(symbol)                                \
    const nt_isa symbol = {                                \
        .name = NT_ISA_NAME,                               \
        .lanes = NT_LANES,                                 \
        .has_fma = NT_FAST_FMA,                            \
        .oc = oc_kernels,                                  \
        .oc_count = COUNT(oc_kernels),                     \
        .x = x_kernels,                                    \
        .x_count = COUNT(x_kernels),                       \
        .depthwise_fused = FUSED_OR_NULL(depthwise_fused), \
        .depthwise_separate = depthwise_separate,          \
        .depthwise_name = "depthwise_" NT_ISA_NAME,        \
        .transpose = transpose,                            \
        .finish_nchw = finish_nchw,                        \
        .finish_nhwc = finish_nhwc,                        \
        .max4 = max4,                                      \
        .max2x2 = max2x2,                                  \
        .maxpool_name = "maxpool_" NT_ISA_NAME,            \
        .peak = peak,                                      \
    }
