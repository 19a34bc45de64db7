/* The end of an arithmetic, and the list of what one is. A target file includes arith/<name>.h,
 * then the bodies that multiply, then this file; and so on with the next arithmetic.
 *
 *   ARITH(name)               a function's name with the arithmetic's: direct_oc_fused
 *   ARITH_TILE(name, tile)    the same of a tile: direct_oc_fused_1x6x2
 *   ARITH_TILES(list)         the target's list of tiles: FUSED_OC, ...
 *   ARITH_NAME                of integers: the end of a kernel's public name
 *   ELEMENT                   an input or a weight in memory
 *   INPUTS                    neighbouring inputs that one multiply-add takes; they and their
 *                             weights lie side by side, and strides and channels count them as one
 *   VECTOR                    NT_LANES * INPUTS elements
 *   VECTOR_ELEMENTS           that number
 *   SINGLE                    INPUTS elements, the same for all lanes
 *   GROUP                     NT_GROUP neighbouring SINGLEs
 *   SUMS                      NT_LANES sums: the accumulators
 *   PRODUCT                   registers that a multiply-add needs beside its operands
 *   SUM                       one of them in memory
 *   SUMS_ZERO()
 *   SUMS_STORE(p, sums)
 *   SUMS_STORE_N(p, sums, n)  only n of them are touched
 *   SUMS_ARE_PLAIN            1: kernels leave sums, which are finished apart from them
 *   SUMS_FINISH(tile, sums, count, vectors)
 *                             otherwise: adds the bias of an nt_oc_tile, and clamps
 *   SUMS_POOL(sums, pixels, vectors)
 *                             otherwise: the 2x2 maxima of two rows
 *   VECTOR_LOAD(p)            no alignment is asked for
 *   VECTOR_LOAD_N(p, n)       only n elements are touched; the other ones read as 0
 *   VECTOR_STORE(p, v)
 *   VECTOR_BROADCAST(x)       an element as a VECTOR
 *   SINGLE_LOAD(p)
 *   GROUP_LOAD(p)
 *   BYTES                     of integers: bytes of the caller in an element
 *   BYTES_ARE_SIGNED          of integers: 1: they are made s8, 0: u8
 *   ARRANGE                   of integers: an nt_arrange_fn, which makes elements of them
 *   ARITH(multiply_add)       (VECTOR, SINGLE, SUMS): the SUMS plus the products of a lane
 *   ARITH(multiply_add_at)     (VECTOR, GROUP, int, SUMS): by one of the GROUP
 *   ARITH(multiply_add_lanes) (VECTOR, VECTOR, SUMS)
 *
 * What becomes of sums of floats is in bodies/epilogue.h, of integers in bodies/quantize.h. */
#undef ARITH
#undef ARITH_TILE
#undef ARITH_TILES
#undef ARITH_NAME
#undef ELEMENT
#undef INPUTS
#undef VECTOR
#undef VECTOR_ELEMENTS
#undef SINGLE
#undef GROUP
#undef SUMS
#undef PRODUCT
#undef SUM
#undef SUMS_ZERO
#undef SUMS_STORE
#undef SUMS_STORE_N
#undef SUMS_ARE_PLAIN
#undef SUMS_FINISH
#undef SUMS_POOL
#undef VECTOR_LOAD
#undef VECTOR_LOAD_N
#undef VECTOR_STORE
#undef VECTOR_BROADCAST
#undef SINGLE_LOAD
#undef GROUP_LOAD
#undef BYTES
#undef BYTES_ARE_SIGNED
#undef ARRANGE
