/* The tiles of integers; fewer than of floats, for the library's size. Included after the
 * vocabulary and separate_tiles.h. A target may have defined those of pairs.
 *
 *            16 registers                          32 registers
 * PAIRS OC   a product needs a register of its own: separate_tiles.h
 * QUADS OC   6x2: 12 sums + 2 weights + 1 input    8x2: 16 sums + 2 weights + 1 input, enough for
 *                                                  two pipes of latency 5
 * DENSE      a row takes as long as its weights    the same
 *            take to come from the L2 cache */
#ifndef NINETAP_INTEGER_TILES_H
#define NINETAP_INTEGER_TILES_H

/* clang-format off */
#ifndef PAIRS_OC
#define PAIRS_OC(T) SEPARATE_OC(T)
#define PAIRS_DENSE(T) \
    T(4, 1) T(3, 1) T(2, 1) T(1, 1) T(4, 2) T(3, 2) T(2, 2) T(1, 2) \
    T(1, 3) T(1, 4) T(1, 5) T(1, 6) T(1, 7) T(1, 8)
#endif

#define QUADS_OC_NARROW(T) \
    T(1, 6, 2) T(1, 5, 2) T(1, 4, 2) T(1, 3, 2) T(1, 2, 2) T(1, 1, 2) \
    T(1, 8, 1) T(1, 7, 1) T(1, 6, 1) T(1, 5, 1) T(1, 4, 1) T(1, 3, 1) T(1, 2, 1) T(1, 1, 1)
#if NT_REGISTERS == 32
#define QUADS_OC(T) T(1, 8, 2) T(1, 7, 2) QUADS_OC_NARROW(T)
#else
#define QUADS_OC(T) QUADS_OC_NARROW(T)
#endif
#define QUADS_DENSE(T) T(3, 1) T(2, 1) T(1, 1) T(3, 2) T(2, 2) T(1, 2) T(1, 3) T(1, 4)
/* clang-format on */

#endif
