/* Template: the steps of a softmax. Needs a vocabulary.
 *
 * exp(x) for x <= 0: with k the whole number next to x / ln 2, exp(x) = 2^k exp(r), r = x - k ln 2
 * and |r| <= ln 2 / 2. ln 2 is subtracted in two pieces (Cody and Waite, Software Manual for the
 * Elementary Functions, 1980, ch. 6): k times the first one is exact. exp(r) = 1 + r + r^2 q(r), q
 * of degree 4, is off by at most 3.1e-9 of its value (its coefficients are minimax, by Remez's
 * exchange). Measured over every float from -104 to 0, in rounding to nearest: at most 0.98 ulp
 * where the result is normal; results below 2^-126 are rounded to a multiple of 2^-149 once.
 *
 * No step is fused and the sum does not know how long a vector is, so the results have the same
 * bits on every machine. */
#ifndef NINETAP_SOFTMAX_H
#define NINETAP_SOFTMAX_H

#include <stdint.h>

/* Softmax over n >= 1 values, and its steps. */
enum { NT_SOFTMAX_FEW = 16 };
typedef struct nt_softmax_kernel {
    void (*few)(float *dst, const float *src, int64_t n); /* n <= NT_SOFTMAX_FEW; may be src */
    float (*largest)(const float *src, int64_t n);        /* of those that are no NaN; -Inf: none */
    /* dst[i] = exp(src[i] - largest); returns their sum. dst may be src. */
    float (*exponentials)(float *dst, const float *src, int64_t n, float largest);
    void (*divide)(float *values, int64_t n, float by);
    const char *name;
} nt_softmax_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_SOFTMAX_BODY)
#define NINETAP_SOFTMAX_BODY

#include <math.h>

#include "simd/compiler.h"

#include <math.h>

/* A NaN stays one. Below -104 the result is 0, as at -104. */
ALWAYS_INLINE vf exp_of_negative(vf x) {
    x = vf_max(vf_set1(-104.0F), x);
    /* adding 1.5 * 2^23 rounds to a whole number; 64 more keeps 2^k normal until the last step */
    const vf shift = vf_set1(0x1.8p23F + 64.0F);
    const vf t = vf_add(vf_mul(x, vf_set1(1.44269504F)), shift);
    const vf k = vf_sub(t, shift);
    vf r = vf_sub(x, vf_mul(k, vf_set1(0x1.62E4p-1F)));
    r = vf_sub(r, vf_mul(k, vf_set1(1.42860682e-6F)));
    vf q = vf_set1(1.38145683e-3F);
    q = vf_add(vf_mul(q, r), vf_set1(8.36873149e-3F));
    q = vf_add(vf_mul(q, r), vf_set1(4.16683895e-2F));
    q = vf_add(vf_mul(q, r), vf_set1(1.66665205e-1F));
    q = vf_add(vf_mul(q, r), vf_set1(4.99999934e-1F));
    const vf e = vf_add(vf_set1(1.0F), vf_add(r, vf_mul(q, vf_mul(r, r))));
    return vf_mul(vf_mul(e, vf_two_to(t)), vf_set1(0x1p-64F));
}

/* Every lane: the largest of all. */
ALWAYS_INLINE vf softmax_top(vf m) {
    UNROLL
    for (int width = NT_LANES; width > 1; width /= 2) {
        m = vf_max(vf_even(m, m), vf_odd(m, m));
    }
    return m;
}

/* 16 sums whatever the vector, element i in sum i % 16; then neighbours are added, 8 pairs, 4,
 * 2, 1. Every lane: the sum of all. */
enum { SOFTMAX_SUMS = 16, SOFTMAX_VECTORS = SOFTMAX_SUMS / NT_LANES };

ALWAYS_INLINE vf softmax_add_up(vf *sum) {
    UNROLL
    for (int count = SOFTMAX_VECTORS; count > 1; count /= 2) {
        UNROLL
        for (int v = 0; v < count / 2; v++) {
            const vf even = vf_even(sum[2 * v], sum[2 * v + 1]);
            sum[v] = vf_add(even, vf_odd(sum[2 * v], sum[2 * v + 1]));
        }
    }
    UNROLL
    for (int width = NT_LANES; width > 1; width /= 2) {
        sum[0] = vf_add(vf_even(sum[0], sum[0]), vf_odd(sum[0], sum[0]));
    }
    return sum[0];
}

ALWAYS_INLINE float softmax_lane(vf v) {
    float all[NT_LANES];
    vf_store(all, v);
    return all[0];
}

/* How many of the lanes from element `at` on exist. */
ALWAYS_INLINE int softmax_rest(int64_t n, int64_t at) {
    return n - at < NT_LANES ? (int)(n - at) : NT_LANES;
}

/* A last vector's exponentials, + 0 in the lanes that do not exist. Those are worked on as if they
 * held the largest element: nothing is raised there. */
ALWAYS_INLINE vf softmax_last(const float *src, int rest, vf most) {
    static const float ones[SOFTMAX_SUMS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const vf e = exp_of_negative(vf_sub(vf_load_or(src, rest, most), most));
    return vf_mul(e, vf_load_n(ones, rest));
}

static float softmax_largest(const float *src, int64_t n) {
    vf most[4];
    UNROLL
    for (int v = 0; v < 4; v++) {
        most[v] = vf_set1(-INFINITY);
    }
    int64_t i = 0;
    for (; i + 4 * NT_LANES <= n; i += 4 * NT_LANES) {
        UNROLL
        for (int v = 0; v < 4; v++) {
            most[v] = vf_max(vf_load(src + i + v * NT_LANES), most[v]);
        }
    }
    for (; i < n; i += NT_LANES) {
        most[0] = vf_max(vf_load_or(src + i, softmax_rest(n, i), most[0]), most[0]);
    }
    return softmax_lane(softmax_top(vf_max(vf_max(most[0], most[1]), vf_max(most[2], most[3]))));
}

static float softmax_exponentials(float *dst, const float *src, int64_t n, float largest) {
    const vf most = vf_set1(largest);
    vf sum[SOFTMAX_VECTORS];
    UNROLL
    for (int v = 0; v < SOFTMAX_VECTORS; v++) {
        sum[v] = vf_zero();
    }
    int64_t i = 0;
    for (; i + SOFTMAX_SUMS <= n; i += SOFTMAX_SUMS) {
        UNROLL
        for (int v = 0; v < SOFTMAX_VECTORS; v++) {
            const vf x = vf_load(src + i + v * NT_LANES);
            const vf e = exp_of_negative(vf_sub(x, most));
            vf_store(dst + i + v * NT_LANES, e);
            sum[v] = vf_add(sum[v], e);
        }
    }
    UNROLL
    for (int v = 0; v < SOFTMAX_VECTORS; v++) {
        const int64_t at = i + v * NT_LANES;
        if (at < n) {
            const vf e = softmax_last(src + at, softmax_rest(n, at), most);
            vf_store_n(dst + at, e, softmax_rest(n, at));
            sum[v] = vf_add(sum[v], e);
        }
    }
    return softmax_lane(softmax_add_up(sum));
}

/* All of it at once, in registers: the same operations, so the same bits. */
static void softmax_few(float *dst, const float *src, int64_t n) {
    vf e[SOFTMAX_VECTORS];
    vf sum[SOFTMAX_VECTORS];
    vf most = vf_set1(-INFINITY);
    UNROLL
    for (int v = 0; v < SOFTMAX_VECTORS; v++) {
        if (v * NT_LANES < n) {
            const float *p = src + v * NT_LANES;
            most = vf_max(vf_load_or(p, softmax_rest(n, v * NT_LANES), most), most);
        }
    }
    most = softmax_top(most);
    UNROLL
    for (int v = 0; v < SOFTMAX_VECTORS; v++) {
        e[v] = vf_zero();
        if (v * NT_LANES < n) {
            e[v] = softmax_last(src + v * NT_LANES, softmax_rest(n, v * NT_LANES), most);
        }
        sum[v] = e[v];
    }
    const vf divisor = softmax_add_up(sum);
    UNROLL
    for (int v = 0; v < SOFTMAX_VECTORS; v++) {
        if (v * NT_LANES < n) {
            vf_store_n(dst + v * NT_LANES, vf_div(e[v], divisor), softmax_rest(n, v * NT_LANES));
        }
    }
}

static void softmax_divide(float *values, int64_t n, float by) {
    const vf divisor = vf_set1(by);
    int64_t i = 0;
    for (; i + NT_LANES <= n; i += NT_LANES) {
        vf_store(values + i, vf_div(vf_load(values + i), divisor));
    }
    if (i < n) {
        const int rest = (int)(n - i);
        vf_store_n(values + i, vf_div(vf_load_n(values + i, rest), divisor), rest);
    }
}

#define SOFTMAX_KERNEL \
    { softmax_few, softmax_largest, softmax_exponentials, softmax_divide, "softmax_" NT_ISA_NAME }

#endif
