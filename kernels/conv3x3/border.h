/* What lies outside the image. */
#ifndef NINETAP_CONV3X3_BORDER_H
#define NINETAP_CONV3X3_BORDER_H

#include <string.h>

#include "conv3x3/conv3x3.h"

/* Where a position outside [0, size) is mirrored or clamped to; -1: a constant. */
int64_t nt_border_index(ninetap_border border, int64_t i, int64_t size);

/* `count` elements of the constant. */
void nt_border_fill(const nt_conv *c, void *out, int64_t count);

/* An element of 1, 2 or 4 bytes, from one place to another. */
static inline void nt_copy_element(void *dst, const void *src, size_t element) {
    if (element == 4) {
        memcpy(dst, src, 4);
    } else {
        memcpy(dst, src, element);
    }
}

#endif
