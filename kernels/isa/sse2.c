/* 16 registers, no FMA: a product needs a register of its own. */
#include "isa/build.h"
#include "isa/table.h"
#include "isa/target.h"

#ifdef NINETAP_HAVE_SSE2
#include "isa/vec_sse2.h"
#include "isa/separate_tiles.h"

#define WINOGRAD_TILES(T) SEPARATE_WINOGRAD(T)

#include "isa/build_table.h"

BUILD_TABLE(nt_isa_sse2);
#endif
