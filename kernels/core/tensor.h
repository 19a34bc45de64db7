/* Where the elements of a tensor lie, with both layouts and all pitches resolved. */
#ifndef NINETAP_TENSOR_H
#define NINETAP_TENSOR_H

#include <stdbool.h>

#include "ninetap.h"

/* What decisions assume of a CPU: that it keeps the translations of 3000 pages of 4 KiB, and 32 MiB
 * of data. What is decided wrongly near these sizes costs little. */
enum { NT_NEAR_BYTES = 12 * 1024 * 1024, NT_CACHE_BYTES = 32 * 1024 * 1024 };

typedef struct nt_tensor {
    int64_t image, channel, row, column; /* pitches in elements */
    int64_t extent;                      /* from the first element to past the last one */
} nt_tensor;

/* pitch: as in the public descriptions. Sizes are >= 1. */
ninetap_status nt_tensor_resolve(nt_tensor *tensor, ninetap_layout layout, int64_t n, int64_t c,
                                 int64_t h, int64_t w, const int64_t pitch[3], size_t element);

/* Whether two ranges of bytes share one. */
bool nt_overlap(const void *a, size_t a_bytes, const void *b, size_t b_bytes);

/* The number of outputs along one axis before any check: -1 when the kernel, which spans
 * (taps - 1) * dilation + 1, is larger than the padded input; -2 on overflow. */
int64_t nt_output_size(int64_t size, int64_t before, int64_t after, int taps, int64_t dilation,
                       int64_t stride, bool ceil_mode);

/* A stretch [from, to) along one axis. */
typedef struct nt_span {
    int64_t from, to;
} nt_span;

/* Which of `outputs` have all their taps inside the tensor. */
nt_span nt_inner_outputs(int64_t size, int64_t before, int taps, int64_t dilation, int64_t stride,
                         int64_t outputs);

#endif
