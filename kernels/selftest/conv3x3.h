/* A convolution to try: its description and how it is to be called. */
#ifndef NINETAP_SELFTEST_CONV3X3_H
#define NINETAP_SELFTEST_CONV3X3_H

#include "selftest/operation.h"

typedef enum conv_call { CALL_RUN, CALL_PARTS, CALL_ONE_SHOT } conv_call;

typedef struct conv_problem {
    ninetap_conv3x3_desc desc;
    int bias;
    int residual; /* 1: run_residual */
    int data;     /* data_kind; what follows from it is drawn with `seed` */
    int plain;    /* weights and bias without what is not finite */
    int call;     /* conv_call */
    int parts;
    int workspace; /* 0: NULL; k: the caller's, k - 1 bytes away from alignment to its end */
    int placement; /* of every buffer */
    int fail;      /* k: the library's k-th allocation fails; 0: none */
    int candidate; /* which of the kernels that can do it; one that is not there is the first */
    int set;       /* 1: the plan is made with other weights and given these */
    int seed;
} conv_problem;

enum { CONV_SRC, CONV_WEIGHTS, CONV_BIAS, CONV_RESIDUAL, CONV_DST };

extern const nt_field nt_conv_fields[];

/* conv3x3_prepare.c: the plan of a call and what it says of itself; of the gradient if `backward`.
 */
ninetap_status nt_conv_prepare(const conv_problem *p, bool backward, const nt_operand *o,
                               nt_call *call);

/* The m of F(m x m, 3x3); 0: direct; -1: no algorithm there is. */
int nt_tile_of_algorithm(const char *algorithm);

/* The problem's 0-means-default parameters, and its output size by the definition, written apart
 * from the library's own: before the fused pool (map) and after it. */
static inline int conv_stride(const conv_problem *p) {
    return p->desc.stride != 0 ? p->desc.stride : 1;
}
static inline int conv_dilation(const conv_problem *p) {
    return p->desc.dilation != 0 ? p->desc.dilation : 1;
}
static inline int64_t conv_groups(const conv_problem *p) {
    return p->desc.groups != 0 ? p->desc.groups : 1;
}
static inline int64_t conv_map_size(const conv_problem *p, int64_t in, int before, int after) {
    const int64_t room = in + before + after - 2 * (int64_t)conv_dilation(p) - 1;
    return room < 0 ? 0 : room / conv_stride(p) + 1;
}
static inline int64_t conv_map_h(const conv_problem *p) {
    return conv_map_size(p, p->desc.ih, p->desc.pad[0], p->desc.pad[2]);
}
static inline int64_t conv_map_w(const conv_problem *p) {
    return conv_map_size(p, p->desc.iw, p->desc.pad[1], p->desc.pad[3]);
}
static inline int64_t conv_out_h(const conv_problem *p) {
    return conv_map_h(p) / (p->desc.pool == NINETAP_POOL_MAX ? 2 : 1);
}
static inline int64_t conv_out_w(const conv_problem *p) {
    return conv_map_w(p) / (p->desc.pool == NINETAP_POOL_MAX ? 2 : 1);
}
static inline double conv_macs(const conv_problem *p) {
    const int64_t taps = 9 * (p->desc.ic / conv_groups(p));
    return (double)(p->desc.n * p->desc.oc * conv_map_h(p) * conv_map_w(p) * taps);
}
/* As far as the description tells; the weights must be finite, too. */
static inline bool conv_allows_winograd(const conv_problem *p) {
    return conv_stride(p) == 1 && conv_dilation(p) == 1 && conv_groups(p) == 1 &&
           (p->desc.precision == NINETAP_PRECISION_DEFAULT ||
            p->desc.precision == NINETAP_PRECISION_FAST);
}

#endif
