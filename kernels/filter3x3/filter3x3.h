/* Inside a filter call. */
#ifndef NINETAP_FILTER3X3_INTERNAL_H
#define NINETAP_FILTER3X3_INTERNAL_H

#include <stdbool.h>

#include "core/tensor.h"
#include "targets/isa.h"
#include "ninetap.h"

/* The description, validated and made explicit. Offsets are in bytes. */
typedef struct nt_filter_shape {
    int64_t n, ih, oh; /* images, rows, rows of dst */
    int64_t values;    /* of a row: pixels times channels */
    int64_t out_values;
    int channels;
    bool alpha, absolute, pool;
    ninetap_dtype src_type, dst_type;
    int64_t src_element, dst_element;
    int64_t src_image, src_row, dst_image, dst_row;
    ninetap_border border;
    float border_value[4];
    int64_t margin[4];         /* top, left, bottom, right; what lies there is read */
    int64_t first, src_extent; /* what is read of src: from there, so many elements */
    int64_t dst_extent;        /* elements */
    float scale, delta;
    const nt_isa *isa;
} nt_filter_shape;

/* What is to be done with it. */
typedef struct nt_filter_job {
    nt_filter_shape shape;
    nt_filter filter;
    const char *src;
    char *dst;
    bool in_place;
    int64_t element; /* bytes of a value as the kernel reads it */
    int64_t room;    /* values of a row that is prepared at once */
    char *memory;    /* of rows in place that are longer than the stack has room for; or NULL */
    int64_t memory_bytes; /* of each thread */
} nt_filter_job;

/* shape.c */
ninetap_status nt_filter_shape_of(const ninetap_filter3x3_desc *desc, nt_filter_shape *shape);
/* Which of `size` places, with real ones before and after, stands for place -1 or `size`;
 * NT_OUTSIDE: the border's value does. */
#define NT_OUTSIDE INT64_MIN
int64_t nt_filter_place(ninetap_border border, int64_t i, int64_t size, int64_t before,
                        int64_t after);

/* arithmetic.c: ky: NULL where there is no gradient. */
void nt_filter_choose(const nt_filter_shape *shape, const float *kx, const float *ky,
                      nt_filter_norm norm, nt_filter *filter);

/* walk.c: the room that rows find on the stack, and that many bytes otherwise; then all of it. */
void nt_filter_find_room(nt_filter_job *job);
void nt_filter_run(nt_filter_job *job, int threads);

/* pool.c: the maxima of `upper` and `lower`, n values each; upper's are overwritten. */
void nt_filter_pool(const nt_filter_job *job, void *dst, void *upper, const void *lower, int64_t n);

#endif
