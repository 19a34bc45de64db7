/* Template: the one-dimensional transforms of Winograd's F(m,3), m = 2, 4, 6. Needs a vocabulary.
 *
 * F(m,3) multiplies two polynomials by their values at m + 1 points and at infinity (Lavin and
 * Gray, arXiv 1509.09308; Blahut, Fast Algorithms for Signal Processing, ch. 5). The points are 0
 * and pairs +-p, for which everything comes as an even part and an odd one:
 *
 *   F(2,3)  0, +-1             Lavin's
 *   F(4,3)  0, +-3/4, +-3/2    exact in binary; 1/2 of the RMS error of 0, +-1, +-2
 *   F(6,3)  0, +-1, +-2, +-1/2
 *
 * Frequencies are numbered in this order, infinity last; conv3x3/winograd_weights.c transforms the
 * filters to match. Operations a transform: 4, 12, 24 on the way in; 4, 13, 26 on the way out. */
#ifndef NINETAP_WINOGRAD_1D_H
#define NINETAP_WINOGRAD_1D_H

/* The interpolation points of F(4,3) are 0, +-P, +-Q. */
#define WINOGRAD4_P 0.75F
#define WINOGRAD4_Q 1.5F
#define WINOGRAD4_PP (WINOGRAD4_P * WINOGRAD4_P)
#define WINOGRAD4_QQ (WINOGRAD4_Q * WINOGRAD4_Q)
#define WINOGRAD4_PP_QQ (WINOGRAD4_PP * WINOGRAD4_QQ)
#define WINOGRAD4_PP_PLUS_QQ (WINOGRAD4_PP + WINOGRAD4_QQ)

#endif

#if defined(NT_LANES) && !defined(NINETAP_WINOGRAD_1D_BODY)
#define NINETAP_WINOGRAD_1D_BODY

#include "simd/compiler.h"

/* a * k + c */
ALWAYS_INLINE vf scale_add(vf a, float k, vf c) {
#if NT_FAST_FMA
    return vf_fma(a, vf_set1(k), c);
#else
    return vf_add(vf_mul(a, vf_set1(k)), c);
#endif
}
ALWAYS_INLINE vf scale(vf a, float k) {
    return vf_mul(a, vf_set1(k));
}

/* The values at +-p: w[0] = even + p * odd, w[1] = even - p * odd. */
ALWAYS_INLINE void value_pair(vf *w, vf even, vf odd, float p) {
    w[0] = scale_add(odd, p, even);
    w[1] = scale_add(odd, -p, even);
}

/* d[0] .. d[m + 1] become their m + 2 frequencies. */
ALWAYS_INLINE void input_1d(vf *d, int m) {
    const vf d0 = d[0], d1 = d[1], d2 = d[2], d3 = d[3];
    if (m == 2) {
        d[0] = vf_sub(d2, d0);
        d[1] = vf_add(d2, d1);
        d[2] = vf_sub(d2, d1);
        d[3] = vf_sub(d3, d1);
        return;
    }
    const vf d4 = d[4], d5 = d[5];
    if (m == 4) {
        d[0] = scale_add(d0, WINOGRAD4_PP_QQ, scale_add(d2, -WINOGRAD4_PP_PLUS_QQ, d4));
        d[5] = scale_add(d1, WINOGRAD4_PP_QQ, scale_add(d3, -WINOGRAD4_PP_PLUS_QQ, d5));
        value_pair(d + 1, scale_add(d2, -WINOGRAD4_QQ, d4), scale_add(d1, -WINOGRAD4_QQ, d3),
                   WINOGRAD4_P);
        value_pair(d + 3, scale_add(d2, -WINOGRAD4_PP, d4), scale_add(d1, -WINOGRAD4_PP, d3),
                   WINOGRAD4_Q);
        return;
    }
    const vf d6 = d[6], d7 = d[7];
    d[0] = scale_add(vf_sub(d2, d4), 5.25F, vf_sub(d6, d0));
    d[7] = scale_add(vf_sub(d3, d5), 5.25F, vf_sub(d7, d1));
    const vf even = scale_add(d4, -4.25F, vf_add(d2, d6));
    const vf odd = scale_add(d3, -4.25F, vf_add(d1, d5));
    d[1] = vf_add(even, odd);
    d[2] = vf_sub(even, odd);
    value_pair(d + 3, scale_add(d2, 0.25F, scale_add(d4, -1.25F, d6)),
               scale_add(d1, 0.25F, scale_add(d3, -1.25F, d5)), 2.0F);
    value_pair(d + 5, scale_add(d2, 4.0F, scale_add(d4, -5.0F, d6)),
               scale_add(d1, 4.0F, scale_add(d3, -5.0F, d5)), 0.5F);
}

/* f[0] .. f[m + 1] become m outputs. */
ALWAYS_INLINE void output_1d(vf *f, int m) {
    const vf p = vf_add(f[1], f[2]), pp = vf_sub(f[1], f[2]);
    if (m == 2) {
        f[0] = vf_add(f[0], p);
        f[1] = vf_add(pp, f[3]);
        return;
    }
    const vf q = vf_add(f[3], f[4]), qq = vf_sub(f[3], f[4]);
    if (m == 4) {
        f[0] = vf_add(f[0], vf_add(p, q));
        f[1] = scale_add(qq, WINOGRAD4_Q, scale(pp, WINOGRAD4_P));
        f[2] = scale_add(q, WINOGRAD4_QQ, scale(p, WINOGRAD4_PP));
        f[3] = scale_add(qq, WINOGRAD4_Q * WINOGRAD4_QQ,
                         scale_add(pp, WINOGRAD4_P * WINOGRAD4_PP, f[5]));
        return;
    }
    const vf r = vf_add(f[5], f[6]), rr = vf_sub(f[5], f[6]);
    const vf last = f[7];
    f[0] = vf_add(vf_add(f[0], p), vf_add(q, r));
    f[1] = scale_add(rr, 0.5F, scale_add(qq, 2.0F, pp));
    f[2] = scale_add(r, 0.25F, scale_add(q, 4.0F, p));
    f[3] = scale_add(rr, 0.125F, scale_add(qq, 8.0F, pp));
    f[4] = scale_add(r, 0.0625F, scale_add(q, 16.0F, p));
    f[5] = scale_add(rr, 0.03125F, scale_add(qq, 32.0F, vf_add(pp, last)));
}

#endif
