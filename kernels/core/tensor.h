/* Where the elements of a tensor lie, with both layouts and all pitches resolved. */
#ifndef NINETAP_TENSOR_H
#define NINETAP_TENSOR_H

#include <stdbool.h>

#include "ninetap.h"

typedef struct nt_tensor {
    int64_t image, channel, row, column; /* pitches in elements */
    int64_t extent;                      /* from the first element to past the last one */
} nt_tensor;

/* pitch: as in the public descriptions. Sizes are >= 1. */
ninetap_status nt_tensor_resolve(nt_tensor *tensor, ninetap_layout layout, int64_t n, int64_t c,
                                 int64_t h, int64_t w, const int64_t pitch[3], size_t element);

/* Bytes of an element; 0: there is no such type. */
size_t nt_element_size(ninetap_dtype type);

/* The types of a description: whether they exist, and floats have no quantization; whether all are
 * floats. */
typedef struct nt_types {
    ninetap_dtype src, weights, dst;
    const ninetap_quantization *quantization;
} nt_types;
bool nt_types_exist(const nt_types *types);
bool nt_types_are_floats(const nt_types *types);

/* An address so many elements further. */
static inline const void *nt_at(const void *base, int64_t elements, size_t element) {
    return (const char *)base + elements * (int64_t)element;
}
static inline void *nt_out(void *base, int64_t elements, size_t element) {
    return (char *)base + elements * (int64_t)element;
}

/* Whether the last fields of a description are all zero. */
bool nt_reserved_is_zero(const int64_t reserved[8]);

/* Elements in memory, as a caller gives them: from a tensor's first one to its last one. */
typedef struct nt_range {
    const void *at;
    int64_t count;
    size_t element; /* bytes */
} nt_range;

/* Whether they are there, aligned to their size. */
bool nt_range_is_usable(nt_range range);
bool nt_ranges_overlap(nt_range a, nt_range b);
/* Of an operation's input and output: NINETAP_ERR_ARG, NINETAP_ERR_ALIAS. */
ninetap_status nt_check_ranges(nt_range src, nt_range dst);
/* Of inputs and two outputs, the second of which may be NULL. */
ninetap_status nt_check_gradient_ranges(const nt_range *in, int count, nt_range weights,
                                        nt_range bias);

/* The number of outputs along one axis before any check: -1 when the kernel, which spans
 * (taps - 1) * dilation + 1, is larger than the padded input; -2 on overflow. */
int64_t nt_output_size(int64_t size, int64_t before, int64_t after, int taps, int64_t dilation,
                       int64_t stride, bool ceil_mode);

/* The positions [from, to) of one axis. */
typedef struct nt_span {
    int64_t from, to;
} nt_span;

/* Which of `outputs` have all their taps inside the tensor. */
nt_span nt_inner_outputs(int64_t size, int64_t before, int taps, int64_t dilation, int64_t stride,
                         int64_t outputs);

#endif
