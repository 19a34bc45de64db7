/* Depthwise convolution, lanes = channels (bodies/depthwise_channels.h), of pixels: an NHWC image's
 * own, or planes turned to pixels. Which inputs meet is told to the kernels in pointers, and
 * nothing is copied. A tap in the padding points at the border that belongs to the plan, or at the
 * pixel it mirrors. */
#ifndef NINETAP_CONV3X3_DEPTHWISE_TILES_H
#define NINETAP_CONV3X3_DEPTHWISE_TILES_H

#include "conv3x3/depthwise.h"

/* A row of tiles of one height: `tiles` tiles, the first `wide_count` of them one pixel wider. */
typedef struct nt_pixels_row {
    const nt_dw_kernel *wide, *narrow;
    int64_t tiles, wide_count;
} nt_pixels_row;

typedef struct nt_pixels_plan {
    ninetap_conv3x3 head;
    nt_tensor src, dst;   /* as the kernels see them */
    int sharing;          /* nt_dw_kernel's stride */
    nt_pixels_row row[2]; /* of several rows, of one */
    int64_t columns;      /* input pixels of a row of outputs, */
    int64_t *offset;      /* bytes of each from the row's first one */
    int64_t *beside;      /* which of them lie beside the image and are not mirrored, */
    int64_t beside_count; /* so many */
    nt_depthwise_packed packed;
    nt_conv_map map;
} nt_pixels_plan;

/* Channels [first, first + count), of the image at src; dst: their output row `row`. */
typedef struct nt_pixels_block {
    const nt_epilogue *epilogue;
    const void *src;
    void *dst;
    int64_t row, first, count;
} nt_pixels_block;

/* Tiles and the table of columns' size; returns the height of the main tiles. */
int nt_pixels_plan_tiles(nt_pixels_plan *plan);

/* border: elements of the constant. */
ninetap_status nt_pixels_pack(nt_pixels_plan *plan, const float *weights, const float *bias,
                              int64_t border);

/* Output rows [y, end). */
void nt_pixels_run(const nt_pixels_plan *plan, const nt_pixels_block *block, int64_t y,
                   int64_t end);

/* Predicted, of a run on one core whose calls of kernels take so many vectors of channels. */
double nt_pixels_cycles(const nt_conv *c, double vectors);

#endif
