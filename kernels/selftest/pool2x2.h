/* A pooling to try: its description and how it is to be called. */
#ifndef NINETAP_SELFTEST_POOL2X2_H
#define NINETAP_SELFTEST_POOL2X2_H

#include "selftest/operation.h"

typedef enum pool_op {
    POOL_MAX,
    POOL_AVERAGE,
    POOL_MIXED,
    POOL_MAX_U8,
    POOL_MAX_S8,
    POOL_UNPOOL,
    POOL_AVERAGE_U8,
    POOL_AVERAGE_S8,
    POOL_MAX_BACKWARD,
    POOL_AVERAGE_BACKWARD
} pool_op;
enum { POOL_OPS = POOL_AVERAGE_BACKWARD + 1 };

typedef struct pool_problem {
    ninetap_pool2x2_desc desc;
    int op;        /* pool_op */
    float alpha;   /* POOL_MIXED */
    int data;      /* data_kind; what follows from it is drawn with `seed` */
    int indices;   /* maxima: they are an output, too; an input: any, not those of maxima */
    int placement; /* of every buffer */
    int seed;
} pool_problem;

/* Of what goes back the source is the small tensor; indices, if there are any, are an input. */
enum { POOL_SRC, POOL_DST, POOL_INDICES };

/* The call on tensors of bytes or floats as the problem has it; `indices` may be NULL where the
 * call allows it, and is only read by what goes back. */
ninetap_status nt_pool_call(const pool_problem *p, const void *src, void *dst, int64_t *indices);

/* Bytes of an element of src and dst. */
static inline size_t pool_element(const pool_problem *p) {
    const bool bytes = p->op == POOL_MAX_U8 || p->op == POOL_MAX_S8 || p->op == POOL_AVERAGE_U8 ||
                       p->op == POOL_AVERAGE_S8;
    return bytes ? 1 : sizeof(float);
}
/* From the small tensor to the large one; whether indices are an input. */
static inline bool pool_goes_back(const pool_problem *p) {
    return p->op == POOL_UNPOOL || p->op == POOL_MAX_BACKWARD || p->op == POOL_AVERAGE_BACKWARD;
}
static inline bool pool_takes_indices(const pool_problem *p) {
    return p->op == POOL_UNPOOL || p->op == POOL_MAX_BACKWARD;
}
/* Whether indices are among the outputs there may be. */
static inline bool pool_gives_indices(const pool_problem *p) {
    return p->op == POOL_MAX || p->op == POOL_MAX_U8 || p->op == POOL_MAX_S8;
}

/* The problem's 0-means-default parameters, and its output size by the definition, written apart
 * from the library's own. */
static inline int pool_stride(const pool_problem *p) {
    return p->desc.stride != 0 ? p->desc.stride : 2;
}
static inline int pool_dilation(const pool_problem *p) {
    return p->desc.dilation != 0 ? p->desc.dilation : 1;
}
/* Counts the windows one by one: whole ones, and with ceil_mode one partial one, if it starts
 * before the bottom (right) padding does. */
int64_t nt_pool_windows(const pool_problem *p, int64_t in, int before, int after);
static inline int64_t pool_out_h(const pool_problem *p) {
    return nt_pool_windows(p, p->desc.ih, p->desc.pad[0], p->desc.pad[2]);
}
static inline int64_t pool_out_w(const pool_problem *p) {
    return nt_pool_windows(p, p->desc.iw, p->desc.pad[1], p->desc.pad[3]);
}

#endif
