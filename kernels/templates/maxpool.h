/* Template: the largest of four. Needs a vocabulary.
 *
 * The rule, for each ISA, in body and tail: a before b before c before d; a later element wins only
 * when it is greater. The hot path is vf_max and one test for NaN a vector; what NaNs ask for is
 * decided in a branch that ordinary data never takes. */
#include "isa/compiler.h"
#include "isa/table.h"

/* Neither NaN rule can be had from vf_max alone: with a NaN it returns the second operand. */
ALWAYS_INLINE vf max_of_two_nan(vf first, vf later, bool ignore_nan) {
    const vm later_nan = vm_nan(later, later);
    const vm first_nan = vm_nan(first, first);
    const vf larger = vf_max(later, first);
    if (ignore_nan) {
        return vf_select(later_nan, first, vf_select(first_nan, later, larger));
    }
    return vf_select(first_nan, first, vf_select(later_nan, later, larger));
}

ALWAYS_INLINE vf max_of_four(vf a, vf b, vf c, vf d, bool ignore_nan) {
    if (__builtin_expect(vm_any(vm_or(vm_nan(a, b), vm_nan(c, d))), 0)) {
        return max_of_two_nan(max_of_two_nan(max_of_two_nan(a, b, ignore_nan), c, ignore_nan), d,
                              ignore_nan);
    }
    return vf_max(d, vf_max(c, vf_max(b, a)));
}

static void max4(const float *a, const float *b, const float *c, const float *d, float *dst,
                 int64_t n, bool ignore_nan) {
    int64_t i = 0;
    for (; i + NT_LANES <= n; i += NT_LANES) {
        vf_store(dst + i, max_of_four(vf_load(a + i), vf_load(b + i), vf_load(c + i),
                                      vf_load(d + i), ignore_nan));
    }
    if (i < n) {
        const int m = (int)(n - i);
        vf_store_n(dst + i,
                   max_of_four(vf_load_n(a + i, m), vf_load_n(b + i, m), vf_load_n(c + i, m),
                               vf_load_n(d + i, m), ignore_nan),
                   m);
    }
}

/* Two vectors of each row, even and odd columns apart, make one vector of outputs. */
ALWAYS_INLINE vf max_of_windows(vf u0, vf u1, vf l0, vf l1, bool ignore_nan) {
    return max_of_four(vf_even(u0, u1), vf_odd(u0, u1), vf_even(l0, l1), vf_odd(l0, l1),
                       ignore_nan);
}

/* `n` columns (2 .. 2 * NT_LANES) of a row as two vectors. */
ALWAYS_INLINE void load_columns(const float *p, int n, vf *first, vf *second) {
    *first = n >= NT_LANES ? vf_load(p) : vf_load_n(p, n);
    *second = n > NT_LANES ? vf_load_n(p + NT_LANES, n - NT_LANES) : vf_zero();
}

ALWAYS_INLINE void max2x2_row(const float *upper, const float *lower, float *dst, int64_t n,
                              bool ignore_nan) {
    int64_t i = 0;
    for (; i + NT_LANES <= n; i += NT_LANES) {
        const float *u = upper + 2 * i;
        const float *l = lower + 2 * i;
        vf_store(dst + i, max_of_windows(vf_load(u), vf_load(u + NT_LANES), vf_load(l),
                                         vf_load(l + NT_LANES), ignore_nan));
    }
    if (i < n) {
        const int m = (int)(n - i);
        vf u0;
        vf u1;
        vf l0;
        vf l1;
        load_columns(upper + 2 * i, 2 * m, &u0, &u1);
        load_columns(lower + 2 * i, 2 * m, &l0, &l1);
        vf_store_n(dst + i, max_of_windows(u0, u1, l0, l1, ignore_nan), m);
    }
}

static void max2x2(const nt_max2x2_block *block) {
    const float *upper = block->upper;
    const float *lower = block->lower;
    float *dst = block->dst;
    for (int64_t y = block->rows; y > 0; y--) {
        max2x2_row(upper, lower, dst, block->columns, block->ignore_nan);
        upper += block->src_row;
        lower += block->src_row;
        dst += block->dst_row;
    }
}
