/* Bytes to the input of convolutions and dense layers of integers, the channels of a pixel side by
 * side in elements (arith/end.h): widen.h to pairs of 16 bits, interleave.h to four bytes. */
#ifndef NINETAP_ARRANGE_H
#define NINETAP_ARRANGE_H

#include <stdint.h>

/* Pixels that follow each other in dst. Up to a vector more is written behind each: whoever packs a
 * row writes what lies behind it later. */
typedef struct nt_arrange {
    const uint8_t *src;
    int64_t src_pixel, src_channel; /* one of them is 1 */
    int64_t pixels, channels;
    int sign;          /* each byte is exclusive-ored with it, */
    int zero;          /* and where it is widened loses this */
    void *dst;         /* elements */
    int64_t dst_pixel; /* in elements; what a pixel's last one lacks may be anything */
} nt_arrange;
typedef void nt_arrange_fn(const nt_arrange *job);

#endif
