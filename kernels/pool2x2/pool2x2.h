/* Inside a pooling call. */
#ifndef NINETAP_POOL2X2_INTERNAL_H
#define NINETAP_POOL2X2_INTERNAL_H

#include "core/tensor.h"
#include "targets/isa.h"
#include "ninetap.h"

/* Where the tensors of a call are likely to be: within the reach of the CPU's address translations
 * (nt_near_bytes), in the last cache, or in memory. */
typedef enum nt_distance { NT_NEAR, NT_OUTER_CACHE, NT_MEMORY } nt_distance;

/* The description, validated and made explicit. */
typedef struct nt_pool_shape {
    int64_t n, c, ih, iw, oh, ow;
    int64_t stride, dilation, top, left;
    ninetap_layout layout;
    bool ignore_nan;
    nt_distance distance;
    nt_span columns, rows; /* outputs whose two taps along the axis both lie inside the image */
    const nt_isa *isa;
    nt_tensor src, dst, indices;
} nt_pool_shape;

/* What is to be done with it. */
typedef struct nt_pool_job {
    nt_pool_shape shape;
    nt_pool_op op;
    int64_t element; /* in bytes */
    const char *src;
    char *dst;
    int64_t *indices;  /* NULL: none wanted */
    const void *empty; /* the element that a window without taps gives */
    float alpha;       /* NT_MIXED */
} nt_pool_job;

/* shape.c */
ninetap_status nt_pool_shape_of(const ninetap_pool2x2_desc *desc, size_t element,
                                nt_pool_shape *shape);

/* run.c: how many threads such a call is worth. */
int nt_pool_threads(const nt_pool_shape *shape, int64_t element, int threads);

/* walk.c */
void nt_pool_run(nt_pool_job *job, int threads);

/* log.c: the line of a call, if `start` (core/log.h) says that there is one. */
void nt_pool_log(const char *operation, const ninetap_pool2x2_desc *desc, const char *isa,
                 const char *kernel, int threads, double start);

#endif
