/* That the lists of an arithmetic have every narrower tile: the operations cut a map into equal
 * tiles and rely on each remainder having its kernel. Included with the arithmetic, once for each.
 *
 * A mask has bit n for the tile of size n of a list; UP_FROM_1 is true of the bits 1 .. n for any
 * n, also for none. */
#define UP_FROM_1(mask) (((mask) & ((mask) + 2)) == 0 && ((mask)&1) == 0)
#define IS_PART_OF(mask, other) (((mask) & ~(other)) == 0)
#define TILE_BIT(condition, size) | ((condition) ? 1ULL << (size) : 0)

/* OC: the pixels of each number of rows and of vectors; two rows never without one. */
#define OC_1_1(R, P, K) TILE_BIT((R) == 1 && (K) == 1, P)
#define OC_1_2(R, P, K) TILE_BIT((R) == 1 && (K) == 2, P)
#define OC_2_1(R, P, K) TILE_BIT((R) == 2 && (K) == 1, P)
#define OC_2_2(R, P, K) TILE_BIT((R) == 2 && (K) == 2, P)
#define OC_OTHER(R, P, K) TILE_BIT((R) > 2 || (K) > 2, P)
#define OC_MASK(which) (0ULL ARITH_TILES(OC)(OC_##which))
_Static_assert(UP_FROM_1(OC_MASK(1_1)) && OC_MASK(1_1) != 0, "OC: one row, one vector");
_Static_assert(UP_FROM_1(OC_MASK(1_2)) && OC_MASK(1_2) != 0, "OC: one row, two vectors");
_Static_assert(UP_FROM_1(OC_MASK(2_1)), "OC: two rows, one vector");
_Static_assert(UP_FROM_1(OC_MASK(2_2)), "OC: two rows, two vectors");
_Static_assert(OC_MASK(OTHER) == 0, "OC: another number of rows or vectors");

/* OC_POOL: half the pixels of each number of vectors. */
#define OC_POOL_1(P, K) TILE_BIT((K) == 1, (P) / 2)
#define OC_POOL_2(P, K) TILE_BIT((K) == 2, (P) / 2)
#define OC_POOL_OTHER(P, K) TILE_BIT((K) > 2 || (P) % 2 != 0, P)
#define OC_POOL_MASK(which) (0ULL ARITH_TILES(OC_POOL)(OC_POOL_##which))
_Static_assert(UP_FROM_1(OC_POOL_MASK(1)) && OC_POOL_MASK(1) != 0, "OC_POOL: one vector");
_Static_assert(UP_FROM_1(OC_POOL_MASK(2)) && OC_POOL_MASK(2) != 0, "OC_POOL: two vectors");
_Static_assert(OC_POOL_MASK(OTHER) == 0, "OC_POOL: more vectors, or odd pixels");

/* X: the filters of each number of vectors, and each filter with fewer vectors. X_POOL: the filters
 * alone; a scalar has no vector that becomes half of one. */
#define X_1(F, V) TILE_BIT((V) == 1, F)
#define X_2(F, V) TILE_BIT((V) == 2, F)
#define X_3(F, V) TILE_BIT((V) == 3, F)
#define X_MASK(list, vectors) (0ULL ARITH_TILES(list)(X_##vectors))
_Static_assert(UP_FROM_1(X_MASK(X, 1)) && X_MASK(X, 1) != 0, "X: one vector");
_Static_assert(UP_FROM_1(X_MASK(X, 2)), "X: two vectors");
_Static_assert(UP_FROM_1(X_MASK(X, 3)), "X: three vectors");
_Static_assert(IS_PART_OF(X_MASK(X, 2), X_MASK(X, 1)), "X: one vector, to two");
_Static_assert(IS_PART_OF(X_MASK(X, 3), X_MASK(X, 2)), "X: two vectors, to three");
_Static_assert(UP_FROM_1(X_MASK(X_POOL, 1)), "X_POOL: one vector");
_Static_assert(UP_FROM_1(X_MASK(X_POOL, 2)) && X_MASK(X_POOL, 2) != 0, "X_POOL: two vectors");
_Static_assert(NT_LANES == 1 || IS_PART_OF(X_MASK(X_POOL, 2), X_MASK(X_POOL, 1)),
               "X_POOL: one vector, to two");

/* DW: the pixels of each number of rows and stride. */
#define DW_1_1(R, P, S) TILE_BIT((R) == 1 && DEPTHWISE_STRIDE_##S == 1, P)
#define DW_2_1(R, P, S) TILE_BIT((R) == 2 && DEPTHWISE_STRIDE_##S == 1, P)
#define DW_1_2(R, P, S) TILE_BIT((R) == 1 && DEPTHWISE_STRIDE_##S == 2, P)
#define DW_1_apart(R, P, S) TILE_BIT((R) == 1 && DEPTHWISE_STRIDE_##S == NT_DW_APART, P)
#define DW_OTHER(R, P, S) TILE_BIT((R) > 2 || ((R) == 2 && DEPTHWISE_STRIDE_##S != 1), P)
#define DW_MASK(which) (0ULL ARITH_TILES(DW)(DW_##which))
_Static_assert(UP_FROM_1(DW_MASK(1_1)) && DW_MASK(1_1) != 0, "DW: one row");
_Static_assert(UP_FROM_1(DW_MASK(1_2)) && DW_MASK(1_2) != 0, "DW: stride 2");
_Static_assert(UP_FROM_1(DW_MASK(1_apart)) && DW_MASK(1_apart) != 0, "DW: apart");
_Static_assert(UP_FROM_1(DW_MASK(2_1)), "DW: two rows");
_Static_assert(IS_PART_OF(DW_MASK(2_1), DW_MASK(1_1)), "DW: one row, to two");
_Static_assert(DW_MASK(OTHER) == 0, "DW: more rows");

/* DW_X: a kernel for each stride; rows left over are done one by one. */
#define DW_X_ANY(R, S) TILE_BIT(true, S)
_Static_assert((0ULL ARITH_TILES(DW_X)(DW_X_ANY)) == 6, "DW_X: strides 1 and 2");

/* DENSE: the rows of one vector and of two, and of few rows each number of vectors. */
#define DENSE_V1(P, K) TILE_BIT((K) == 1, P)
#define DENSE_V2(P, K) TILE_BIT((K) == 2, P)
#define DENSE_R1(P, K) TILE_BIT((P) == 1, K)
#define DENSE_R2(P, K) TILE_BIT((P) == 2, K)
#define DENSE_R3(P, K) TILE_BIT((P) == 3, K)
#define DENSE_OTHER(P, K) TILE_BIT((P) > 3 && (K) > 2, P)
#define DENSE_MASK(which) (0ULL ARITH_TILES(DENSE)(DENSE_##which))
_Static_assert(UP_FROM_1(DENSE_MASK(V1)) && DENSE_MASK(V1) != 0, "DENSE: one vector");
_Static_assert(UP_FROM_1(DENSE_MASK(V2)), "DENSE: two vectors");
_Static_assert(IS_PART_OF(DENSE_MASK(V2), DENSE_MASK(V1)), "DENSE: one vector, to two");
_Static_assert(UP_FROM_1(DENSE_MASK(R1)), "DENSE: one row");
_Static_assert(UP_FROM_1(DENSE_MASK(R2)), "DENSE: two rows");
_Static_assert(UP_FROM_1(DENSE_MASK(R3)), "DENSE: three rows");
_Static_assert(DENSE_MASK(OTHER) == 0, "DENSE: more vectors of more rows");

/* WINOGRAD: the tiles of each number of vectors. */
#define WINOGRAD_1(P, K) TILE_BIT((K) == 1, P)
#define WINOGRAD_2(P, K) TILE_BIT((K) == 2, P)
#define WINOGRAD_MASK(vectors) (0ULL WINOGRAD_TILES(WINOGRAD_##vectors))
_Static_assert(UP_FROM_1(WINOGRAD_MASK(1)) && WINOGRAD_MASK(1) != 0, "WINOGRAD: one vector");
_Static_assert(UP_FROM_1(WINOGRAD_MASK(2)) && WINOGRAD_MASK(2) != 0, "WINOGRAD: two vectors");
