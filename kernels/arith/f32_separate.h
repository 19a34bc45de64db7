/* Arithmetic: a product of floats, rounded, and a sum, rounded. Needs a vocabulary. */
#include "arith/f32.h"

#define ARITH(name) name##_separate
#define ARITH_TILE(name, tile) name##_separate_##tile
#define ARITH_TILES(list) SEPARATE_##list
#define PRODUCT 1

ALWAYS_INLINE vf multiply_add_separate(vf vector, vs single, vf sum) {
    sum = vf_add(sum, vf_mul1(vector, single));
    IN_ORDER(sum);
    return sum;
}

ALWAYS_INLINE vf multiply_add_at_separate(vf vector, vg group, int at, vf sum) {
    sum = vf_add(sum, vf_mul_at(vector, group, at));
    IN_ORDER(sum);
    return sum;
}

ALWAYS_INLINE vf multiply_add_lanes_separate(vf a, vf b, vf sum) {
    return vf_add(sum, vf_mul(a, b));
}
