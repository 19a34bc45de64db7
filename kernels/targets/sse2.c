/* 16 registers, no FMA: a product needs a register of its own. */
#include "core/build.h"
#include "targets/target.h"
#include "targets/isa.h"

#ifdef NINETAP_HAVE_SSE2
#include "simd/sse2.h"
#include "targets/separate_tiles.h"

#define WINOGRAD_TILES(T) SEPARATE_WINOGRAD(T)

#include "targets/build_table.h"

BUILD_TABLE(nt_isa_sse2);
#endif
