/* Portable C: the floor that every machine has, and EXACT precision (through fmaf) where the vector
 * ISA has no fused multiply-add. Where fmaf is a call, no tile makes up for it. */
#include "core/build.h"
#include "simd/scalar.h"
#include "targets/separate_tiles.h"

#if NT_FAST_FMA
#define FUSED_OC(T) SEPARATE_OC(T)
#define FUSED_OC_POOL(T) SEPARATE_OC_POOL(T)
#define FUSED_X(T) SEPARATE_X(T)
#define FUSED_X_POOL(T) SEPARATE_X_POOL(T)
#define FUSED_DW(T) SEPARATE_DW(T)
#define FUSED_DENSE(T) SEPARATE_DENSE(T)
#else
#define FUSED_OC(T) T(1, 1, 2) T(1, 1, 1)
#define FUSED_OC_POOL(T) T(2, 2) T(2, 1)
#define FUSED_X(T) T(1, 1)
#define FUSED_X_POOL(T) T(1, 2)
#define FUSED_DW(T) T(1, 1, 1) T(1, 1, 2) T(1, 1, apart)
#define FUSED_DENSE(T) T(1, 2) T(1, 1)
#endif
#define FUSED_DW_X(T) SEPARATE_DW_X(T)
#define WINOGRAD_TILES(T) SEPARATE_WINOGRAD(T)

#include "targets/build_table.h"

BUILD_TABLE(nt_isa_scalar);
