/* What the arithmetics of floats have in common; end.h says what each word means. */
#define ELEMENT float
#define INPUTS 1
#define VECTOR vf
#define VECTOR_ELEMENTS (NT_LANES * INPUTS)
#define SINGLE vs
#define GROUP vg
#define SUMS vf
#define SUMS_ZERO() vf_zero()
#define VECTOR_LOAD(p) vf_load(p)
#define VECTOR_LOAD_N(p, n) vf_load_n(p, n)
#define VECTOR_STORE(p, v) vf_store(p, v)
#define VECTOR_BROADCAST(x) vf_set1(x)
#define SINGLE_LOAD(p) vs_load(p)
#define GROUP_LOAD(p) vg_load(p)
