/* Arithmetic: four products of bytes, added to a sum. For functions that may use NT_QUADS. */
#include "arith/s32.h"

#define SINGLE vq
#define GROUP vq /* of one: pixels lie apart */
#define SINGLE_LOAD(p) vq_load(p)
#define GROUP_LOAD(p) vq_load(p)
#define BYTES 4
#define BYTES_ARE_SIGNED NT_QUADS_SIGNED
#define ARRANGE interleave

#define ARITH(name) name##_quads
#define ARITH_NAME "_s8"
#define ARITH_TILE(name, tile) name##_quads_##tile
#define ARITH_TILES(list) QUADS_##list
#define PRODUCT 0

ALWAYS_INLINE v32 multiply_add_quads(v32 vector, vq single, v32 sum) {
    sum = v32_add_quads(vector, single, sum);
    IN_ORDER(sum);
    return sum;
}

ALWAYS_INLINE v32 multiply_add_at_quads(v32 vector, vq group, int at, v32 sum) {
    (void)at;
    return multiply_add_quads(vector, group, sum);
}
