/* The 2x2 pool of a filter's rows. */
#include "core/build.h"

#include "filter3x3/filter3x3.h"

#include <string.h>

/* A literal size makes a copy of each pixel one or two moves. */
#define PICK(bytes)                                                    \
    case bytes:                                                        \
        for (int64_t x = 0; x < count; x++) {                          \
            memcpy(dst + x * (bytes), src + 2 * x * (bytes), (bytes)); \
        }                                                              \
        break

static void every_second_pixel(const nt_filter_kernel *kernel, char *dst, const char *src,
                               int64_t count, int64_t bytes) {
    switch (bytes) {
        PICK(2);
        PICK(3);
        PICK(6);
        PICK(8);
        PICK(12);
        PICK(16);
    default:
        kernel->evens(dst, src, count, (int)bytes);
    }
}

void nt_filter_pool(const nt_filter_job *j, void *dst, void *upper, const void *lower, int64_t n) {
    const nt_filter_shape *s = &j->shape;
    const nt_filter_kernel *kernel = &s->isa->filter;
    kernel->maxima(j->filter.to, upper, upper, lower, n, s->channels);
    every_second_pixel(kernel, dst, upper, n / s->channels / 2, s->channels * s->dst_element);
}
