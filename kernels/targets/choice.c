#include "core/build.h"
#include "targets/choice.h"

#include "core/dispatch.h"

nt_choice nt_choose_kernels(const char *isa, ninetap_precision precision) {
    nt_choice c = {.isa = nt_find_isa(isa)};
    if (c.isa == NULL) {
        return c;
    }
    c.fused = precision == NINETAP_PRECISION_EXACT ||
              (precision != NINETAP_PRECISION_PORTABLE && c.isa->fast_fma);
    if (c.fused && c.isa->fused == NULL) {
        c.isa = &nt_isa_scalar;
    }
    c.kernels = c.fused ? c.isa->fused : c.isa->separate;
    return c;
}
