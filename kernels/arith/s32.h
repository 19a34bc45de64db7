/* What the arithmetics of integers have in common: sums of 32 bits, modulo 2^32. An element is so
 * many integers as one multiply-add takes for a lane, 32 bits together. What
 * bodies/direct_channels.h and dense.h ask for. */
#define ELEMENT int32_t
#define INPUTS 1
#define VECTOR v32
#define VECTOR_ELEMENTS (NT_LANES * INPUTS)
#define SUMS v32
#define SUM int32_t
#define SUMS_ZERO() v32_set1(0)
#define SUMS_STORE(p, sums) v32_store(p, sums)
#define SUMS_STORE_N(p, sums, n) v32_store_n(p, sums, n)
#define SUMS_ARE_PLAIN 1
#define SUMS_FINISH(tile, sums, count, vectors) ((void)0)
#define SUMS_POOL(sums, pixels, vectors) ((void)0)
#define VECTOR_LOAD(p) v32_load(p)
