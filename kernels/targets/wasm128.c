/* The engine's registers, 16 on x86-64, no FMA: a product needs a register of its own. */
#include "core/build.h"
#include "targets/target.h"
#include "targets/isa.h"

#ifdef NINETAP_HAVE_WASM128
#include <wasm_simd128.h>
TARGET_BEGIN("simd128")
#include "simd/wasm128.h"
#include "targets/separate_tiles.h"

#define WINOGRAD_TILES(T) SEPARATE_WINOGRAD(T)

#include "targets/build_table.h"

BUILD_TABLE(nt_isa_wasm128);
TARGET_END
#endif
