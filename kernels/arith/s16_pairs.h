/* Arithmetic: two products of integers of 16 bits, added to a sum. */
#include "arith/s32.h"

#define SINGLE v32
#define GROUP v32 /* of one: pixels lie apart */
#define SINGLE_LOAD(p) v32_load1(p)
#define GROUP_LOAD(p) v32_load1(p)
#define BYTES 2
#define BYTES_ARE_SIGNED 0 /* u8, and s8 ^ 0x80 */
#define ARRANGE widen

#define ARITH(name) name##_pairs
#define ARITH_NAME "_s16"
#define ARITH_TILE(name, tile) name##_pairs_##tile
#define ARITH_TILES(list) PAIRS_##list
#define PRODUCT 1

ALWAYS_INLINE v32 multiply_add_pairs(v32 vector, v32 single, v32 sum) {
    sum = v32_add_pairs(vector, single, sum);
    IN_ORDER(sum);
    return sum;
}

ALWAYS_INLINE v32 multiply_add_at_pairs(v32 vector, v32 group, int at, v32 sum) {
    (void)at;
    return multiply_add_pairs(vector, group, sum);
}
