/* Template: what happens to a finished sum. Needs a vocabulary. */
#include "isa/compiler.h"
#include "isa/table.h"

/* act(sum + bias). `kind` repeats epilogue->kind, as a literal where the caller has branched on it.
 * vf_max and vf_min return their second operand on NaN: a NaN goes through. */
ALWAYS_INLINE vf finish(vf sum, vf bias, nt_epilogue_kind kind, const nt_epilogue *epilogue) {
    const vf x = vf_add(sum, bias);
    switch (kind) {
    case NT_LEAKY:
        return vf_select(vm_gt(x, vf_zero()), x, vf_mul(x, vf_set1(epilogue->slope)));
    case NT_HARD_SWISH: {
        const vf six = vf_set1(6.0F);
        const vf gate = vf_min(six, vf_max(vf_zero(), vf_add(x, vf_set1(3.0F))));
        return vf_mul(x, vf_div(gate, six));
    }
    case NT_CLAMP:
    default:
        return vf_min(vf_set1(epilogue->hi), vf_max(vf_set1(epilogue->lo), x));
    }
}
