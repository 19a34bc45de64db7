/* Arithmetic: two products of integers of 16 bits, added to a sum of 32 bits, modulo 2^32. An
 * element is a pair of int16_t. What bodies/direct_channels.h and dense.h ask for. */
#define ELEMENT int32_t
#define INPUTS 1
#define VECTOR v32
#define VECTOR_ELEMENTS (NT_LANES * INPUTS)
#define SINGLE v32
#define GROUP v32 /* of one: pixels lie apart */
#define SUMS v32
#define SUM int32_t
#define SUMS_ZERO() v32_set1(0)
#define SUMS_STORE(p, sums) v32_store(p, sums)
#define SUMS_STORE_N(p, sums, n) v32_store_n(p, sums, n)
#define SUMS_ARE_PLAIN 1
#define SUMS_FINISH(tile, sums, count, vectors) ((void)0)
#define SUMS_POOL(sums, pixels, vectors) ((void)0)
#define VECTOR_LOAD(p) v32_load(p)
#define SINGLE_LOAD(p) v32_load1(p)
#define GROUP_LOAD(p) v32_load1(p)

#define ARITH(name) name##_pairs
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
