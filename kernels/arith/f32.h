/* What the arithmetics of floats have in common; end.h says what each word means. */
#define ELEMENT float
#define INPUTS 1
#define VECTOR vf
#define VECTOR_ELEMENTS (NT_LANES * INPUTS)
#define SINGLE vs
#define GROUP vg
#define SUMS vf
#define SUM float
#define SUMS_ZERO() vf_zero()
#define SUMS_STORE(p, sums) vf_store(p, sums)
#define SUMS_STORE_N(p, sums, n) vf_store_n(p, sums, n)
#define SUMS_ARE_PLAIN 0
#define SUMS_FINISH(tile, sums, count, vectors) \
    finish_channels(sums, count, vectors, (tile)->bias, (tile)->epilogue)
#define SUMS_POOL(sums, pixels, vectors) direct_oc_pool(sums, pixels, vectors)
#define VECTOR_LOAD(p) vf_load(p)
#define VECTOR_LOAD_N(p, n) vf_load_n(p, n)
#define VECTOR_STORE(p, v) vf_store(p, v)
#define VECTOR_BROADCAST(x) vf_set1(x)
#define SINGLE_LOAD(p) vs_load(p)
#define GROUP_LOAD(p) vg_load(p)
