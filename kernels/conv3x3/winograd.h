/* Inside a Winograd plan: F(m x m, 3x3) for m = 2, 4, 6, each a method of its own. */
#ifndef NINETAP_CONV3X3_WINOGRAD_H
#define NINETAP_CONV3X3_WINOGRAD_H

#include "conv3x3/panel.h"

/* A Winograd plan's own part. Tiles of m x m outputs are walked in blocks of block_y x block_x.
 * `at` says where in the slice each buffer of a block begins, in floats. */
typedef struct nt_winograd_plan {
    ninetap_conv3x3 head;
    const nt_winograd_kernel *kernel;
    int m;
    int64_t tiles_y, tiles_x; /* of an image */
    int64_t block_y, block_x, blocks_y, blocks_x;
    int64_t vectors;  /* of input channels */
    nt_panels panels; /* of output channels */
    nt_winograd_multiply_fn
        *multiply[NT_WINOGRAD_VECTORS][NT_WINOGRAD_TILES + 1]; /* [vectors - 1][tiles] */
    int most[NT_WINOGRAD_VECTORS];                             /* the widest of them */
    int64_t input_frequency, product_frequency;                /* pitches of V and M */
    int64_t outside_row;                                       /* floats of a row outside */
    bool prefetch_input, prefetch_output;                      /* during multiplications */
    struct {
        int64_t rows;    /* NCHW: [row][column][lanes]: image rows of one vector of channels */
        int64_t edge;    /* [column][m + 2]: pointers to columns that are not in their row */
        int64_t outside; /* two such rows: of the border's constant, of zeros */
        int64_t input;   /* V: [frequency]: [vector][tile][lanes] */
        int64_t product; /* M: [frequency]: [tile][panel] */
        int64_t pixels;  /* NCHW: [row][column][lanes]: outputs before their transposition */
    } at;
    nt_conv_map map; /* dst: the transforms pool themselves */
} nt_winograd_plan;

enum { NT_WINOGRAD_CHUNK = 16 }; /* tiles of a row whose outputs wait together: NCHW */

/* A block under way. */
typedef struct nt_winograd_block {
    const nt_winograd_plan *plan;
    const nt_conv_call *call;
    float *slice;
    const float *src; /* the image */
    float *dst;
    int64_t y, x;             /* the block's first tile */
    int64_t tiles_y, tiles_x; /* the block's tiles */
} nt_winograd_block;

/* winograd_cut.c: the cheapest blocks, and what they cost on so many threads. */
typedef struct nt_winograd_cut {
    int64_t y, x;  /* tiles of a block */
    double blocks; /* of all images */
    double cycles; /* predicted */
} nt_winograd_cut;
nt_winograd_cut nt_winograd_cheapest(const nt_conv *c, int m, int threads);
int nt_winograd_most_tiles(const nt_isa *isa, int vectors);

/* winograd_input.c: the block's transformed input, into the slice; before the first block, what
 * stands for rows outside the image. */
void nt_winograd_transform_input(const nt_winograd_block *block);
void nt_winograd_fill_outside(const nt_winograd_plan *plan, float *slice);

/* winograd_fetch.c: what is needed soon, into the L2 cache: at each of a panel's frequencies a
 * share of what the next block reads and of what this one writes. */
void nt_winograd_fetch(const nt_winograd_block *block, int64_t panel, int64_t frequency);
/* Outputs along an axis of `size` that tile t begins with, in dst. */
int64_t nt_winograd_outputs_before(const nt_winograd_plan *plan, int64_t t, int64_t size);

/* winograd_weights.c: the filters' transforms, into the plan. */
void nt_winograd_pack(nt_winograd_plan *plan, const float *weights);

/* winograd_matrices.c */
typedef struct nt_winograd_matrices {
    double a[6][NT_WINOGRAD_MOST];                /* outputs from frequencies */
    double g[NT_WINOGRAD_MOST][3];                /* frequencies of a filter */
    double b[NT_WINOGRAD_MOST][NT_WINOGRAD_MOST]; /* frequencies of the input */
} nt_winograd_matrices;
void nt_winograd_matrices_of(int m, nt_winograd_matrices *matrices);
nt_conv_error nt_winograd_error_of(int m, int64_t channels, bool fused, double largest_weight);

#endif
