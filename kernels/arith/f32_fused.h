/* Arithmetic: a multiply-add of floats in one rounding. Needs a vocabulary with NT_HAS_FMA. */
#include "arith/f32.h"

#define ARITH(name) name##_fused
#define ARITH_TILE(name, tile) name##_fused_##tile
#define ARITH_TILES(list) FUSED_##list
#define PRODUCT 0

ALWAYS_INLINE vf multiply_add_fused(vf vector, vs single, vf sum) {
    sum = vf_fma1(vector, single, sum);
    IN_ORDER(sum);
    return sum;
}

ALWAYS_INLINE vf multiply_add_at_fused(vf vector, vg group, int at, vf sum) {
    sum = vf_fma_at(vector, group, at, sum);
    IN_ORDER(sum);
    return sum;
}

ALWAYS_INLINE vf multiply_add_lanes_fused(vf a, vf b, vf sum) {
    return vf_fma(a, b, sum);
}
