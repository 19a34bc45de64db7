/* Problems of image filters. */
#ifndef NINETAP_SELFTEST_FILTER3X3_H
#define NINETAP_SELFTEST_FILTER3X3_H

#include "selftest/operation.h"

typedef enum filter_op { FILTER_PLAIN, FILTER_L1, FILTER_L2, FILTER_OPS } filter_op;

/* Kernels, one for each way to compute. */
typedef enum filter_kind {
    FILTER_EDGE,    /* 8 and -1 */
    FILTER_SOBEL,   /* six taps */
    FILTER_GAUSS,   /* sixteenths: an exact shift */
    FILTER_BOX,     /* 1/9, no integers */
    FILTER_SHARPEN, /* five taps */
    FILTER_WIDE,    /* sums of 32 bits */
    FILTER_LARGE,   /* coefficients of more than 16 bits */
    FILTER_RANDOM,  /* floats */
    FILTER_FINE,    /* 256ths */
    FILTER_SMOOTH,  /* 2, 1, 1, ... all taps of 8 bits */
    FILTER_HUGE,    /* floats that overflow */
    FILTER_NOTHING, /* zeros */
    FILTER_LAPLACE, /* 1, -4: OpenCV's */
    FILTER_KINDS
} filter_kind;

typedef struct filter_problem {
    ninetap_filter3x3_desc desc;
    int op;     /* filter_op; a gradient's other kernel is the transposed one */
    int filter; /* filter_kind */
    int data;   /* data_kind */
    int in_place;
    int fail; /* which allocation fails; 0: none */
    int placement;
    int seed;
} filter_problem;

/* FILTER_SRC is the whole image, with its margins. */
enum { FILTER_SRC, FILTER_DST };

void nt_filter_coefficients(const filter_problem *p, float kx[9], float ky[9]);
/* On the first pixel that is filtered. */
ninetap_status nt_filter_call(const filter_problem *p, const void *src, void *dst);
static inline int64_t filter_out_h(const filter_problem *p) {
    return p->desc.pool == NINETAP_POOL_MAX ? p->desc.ih / 2 : p->desc.ih;
}
static inline int64_t filter_out_w(const filter_problem *p) {
    return p->desc.pool == NINETAP_POOL_MAX ? p->desc.iw / 2 : p->desc.iw;
}

#endif
