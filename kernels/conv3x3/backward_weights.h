/* Inside the weight gradient of a convolution: how a call is laid out, and its sums.
 *
 * What is computed is a matrix of sums for each group: a row for each tap of each input channel,
 * and one more for the bias, a column for each output channel. It is cut into blocks of so many
 * input channels by so many panels, vectors of output channels. Pixels come in chunks, and a chunk
 * in strips: their input is packed as a forward run packs it, and their diff_dst, panel by panel,
 * as [pixel][lane]. */
#ifndef NINETAP_CONV3X3_BACKWARD_WEIGHTS_H
#define NINETAP_CONV3X3_BACKWARD_WEIGHTS_H

#include "conv3x3/strip.h"

typedef struct nt_gradient_plan {
    nt_conv conv;
    nt_strips strips; /* of a block's input */
    int64_t group_ic; /* of the problem; the conv's own is a block's */
    bool with_bias;
    bool depthwise;               /* lanes are the groups, as if these were the channels of one */
    int64_t width;                /* lanes of a panel, but perhaps for a group's last one */
    int64_t panels, block_panels; /* of a group, of a block */
    int64_t block_ic;             /* input channels of a block */
    int64_t blocks_down, blocks;  /* of a group's input channels; all */
    int64_t chunk_rows, chunks;   /* rows of all images together */
    int64_t rows, sums;           /* of a block's matrix, filled up for any tile; its floats */
    int threads;
    bool chunks_apart; /* threads share chunks, too: each has sums of its own */
    size_t ones_at, panel_at, offset_at, sums_at, total_at, slice_bytes; /* in a slice */
} nt_gradient_plan;

/* A block, with what its sums are made of. */
typedef struct nt_gradient_block {
    const nt_gradient_plan *plan;
    nt_conv conv; /* with the block's own input channels */
    int64_t group, first_ic, first_panel, panels;
    int64_t rows; /* of its matrix: taps, and the bias in a group's first input channels */
    bool with_bias;
} nt_gradient_block;

/* NINETAP_ERR_OVERFLOW: the scratch would be larger than any tensor. */
ninetap_status nt_gradient_plan_of(const nt_conv *c, bool with_bias, nt_gradient_plan *plan);

nt_gradient_block nt_gradient_block_of(const nt_gradient_plan *plan, int64_t index);
/* Output channels of a block's panel, and its lanes: a whole number of vectors. */
int64_t nt_gradient_channels(const nt_gradient_block *b, int64_t panel);
int64_t nt_gradient_lanes(const nt_gradient_block *b, int64_t panel);

/* Of output rows [y, y + rows) of an image: a panel of its diff_dst as [pixel][lane], and of a
 * depthwise convolution the panel's input as [row][column][lane], with the border. */
void nt_gradient_pack_diff(const nt_gradient_block *b, int64_t panel, const float *diff_dst,
                           int64_t y, int64_t rows, float *out);
void nt_gradient_pack_src(const nt_gradient_block *b, int64_t panel, const float *src, int64_t y,
                          int64_t rows, float *out);

/* Fills in what the slice of a thread keeps. */
void nt_gradient_begin(const nt_gradient_plan *plan, unsigned char *slice);
/* The sums of a chunk: [panel][row][lane], panels plan->rows * plan->width apart. */
void nt_gradient_sum(const nt_gradient_block *b, int64_t chunk, const float *src,
                     const float *diff_dst, unsigned char *slice, float *sums);

#endif
