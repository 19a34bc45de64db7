#include "core/build.h"
#include "targets/choice.h"

#include "core/dispatch.h"
#include "core/environment.h"

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

nt_choice nt_choose_integers(const char *isa) {
    nt_choice c = {.isa = nt_find_isa(isa)};
    if (c.isa != NULL) {
        c.fused = c.isa->quads != NULL && nt_cpu_has_quads(c.isa) && !nt_environment_get().pairs;
        c.kernels = c.fused ? c.isa->quads : c.isa->pairs;
    }
    return c;
}

nt_entry nt_entry_of(const nt_kernels *kernels, ninetap_dtype src, int src_zero) {
    const bool is_signed = src == NINETAP_S8;
    nt_entry e = {0};
    int zero = src_zero;
    if (is_signed != kernels->takes_signed) {
        e.sign = 0x80;
        zero += is_signed ? 128 : -128;
    }
    *(kernels->bytes == 2 ? &e.zero : &e.nothing) = zero;
    return e;
}
