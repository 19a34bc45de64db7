/* Inside a convolution plan. */
#ifndef NINETAP_CONV3X3_INTERNAL_H
#define NINETAP_CONV3X3_INTERNAL_H

#include <math.h>

#include "core/tensor.h"
#include "targets/isa.h"
#include "ninetap.h"

/* The description, validated and made explicit. */
typedef struct nt_conv_shape {
    int64_t n, ic, ih, iw, oc, oh, ow; /* oh, ow: before the fused pool, of what it looks at */
    int64_t map_h, map_w;              /* the same with an odd last row and column */
    int64_t groups, group_ic, group_oc;
    int64_t stride, dilation, top, left;
    bool padded; /* some tap lies outside the image */
    nt_tensor src, dst;
    size_t src_element, weights_element, dst_element; /* bytes */
    int64_t macs;
} nt_conv_shape;

/* shape.c */
ninetap_status nt_conv_shape_of(const ninetap_conv3x3_desc *desc, nt_conv_shape *shape);

/* One dimension of the packed input. Positions are sorted by their residue modulo the stride (a
 * phase each), so that the neighbours of a tap are neighbours in memory whatever the stride: one
 * kernel serves them all. Tap t of output o lies in phase[t] at place o + shift[t]. */
typedef struct nt_axis {
    int64_t stride, pad;
    int phases;
    int64_t residue[3];
    int64_t extra[3]; /* places of a phase beyond the number of outputs */
    int phase[3];
    int64_t shift[3];
} nt_axis;

nt_axis nt_axis_of(int64_t stride, int64_t dilation, int64_t pad);
int64_t nt_axis_length(const nt_axis *axis, int64_t outputs);
int64_t nt_axis_start(const nt_axis *axis, int phase, int64_t outputs);

/* A row of tiles of one height: `tiles` tiles, the first `wide_count` of them one pixel wider. */
typedef struct nt_tile_row {
    const nt_oc_kernel *wide, *narrow;
    int64_t tiles, wide_count;
} nt_tile_row;

/* The same of bodies/depthwise.h. */
typedef struct nt_dw_row {
    const nt_dw_kernel *wide, *narrow;
    int64_t tiles, wide_count;
} nt_dw_row;

typedef enum nt_family {
    NT_DIRECT_OC,   /* bodies/direct_oc.h */
    NT_DIRECT_X,    /* bodies/direct_x.h */
    NT_DEPTHWISE,   /* bodies/depthwise.h */
    NT_DEPTHWISE_X, /* bodies/depthwise_x.h */
    NT_WINOGRAD2,   /* bodies/winograd.h */
    NT_WINOGRAD4,
    NT_WINOGRAD6,
    NT_NAIVE /* reference/conv3x3.c */
} nt_family;

/* A depthwise plan's own part. */
typedef struct nt_dw_plan {
    const nt_dw_x_kernel *plane_kernel; /* NT_DEPTHWISE_X; the rest is NT_DEPTHWISE's */
    bool blocked;       /* NCHW: a vector of channels at a time, turned in scratch */
    nt_tensor src, dst; /* the tensors as the kernels see them */
    int sharing;        /* nt_dw_kernel's stride */
    nt_dw_row row[2];   /* of several rows, of one */
    int64_t columns;    /* input pixels of a row of outputs, */
    int64_t *offset;    /* how far each is from the row's first one; -1: border */
    nt_span inner;      /* output columns without a tap beside the image */
} nt_dw_plan;

/* A Winograd plan's own part. The tiles of m x m outputs are walked in blocks of block_y x block_x.
 * What a block needs of its slice are stretches of floats that start at `at`. */
typedef struct nt_winograd_plan {
    const nt_winograd_kernel *kernel;
    int m;
    int64_t tiles_y, tiles_x; /* of an image */
    int64_t block_y, block_x, blocks_y, blocks_x;
    int64_t vectors;                                             /* of input channels */
    nt_winograd_multiply_fn *multiply[2][NT_WINOGRAD_TILES + 1]; /* [vectors - 1][tiles] */
    int most[2];                                                 /* the widest of them */
    int64_t input_frequency, product_frequency;                  /* pitches of V and M */
    int64_t outside_row;                                         /* floats of a row outside */
    bool prefetch_input, prefetch_output;                        /* during multiplications */
    struct {
        int64_t rows;    /* [row][column][lanes]: image rows of one vector of channels */
        int64_t outside; /* two such rows: of the border's constant, of zeros */
        int64_t input;   /* V: [frequency]: [vector][tile][lanes] */
        int64_t product; /* M: [frequency]: [tile][panel] */
        int64_t pixels;  /* NCHW: [row][column][lanes]: outputs before their transposition */
    } at;
} nt_winograd_plan;

struct ninetap_conv3x3 {
    ninetap_conv3x3_desc desc; /* its isa pointer is not kept */
    nt_conv_shape shape;
    nt_family family;
    const nt_isa *isa;
    bool fused;                /* multiply-add in one rounding */
    const nt_kernels *kernels; /* the kernels for it */
    const char *kernel;
    char reason[200];
    nt_epilogue epilogue;
    int threads;
    bool pooled;
    bool finite_bias;
    bool finite_weights, winograd_weights; /* all finite; within Winograd's range */
    double largest_weight;                 /* its magnitude, where all are finite */
    bool pools_itself;                     /* the direct kernel leaves maxima */
    nt_tensor out; /* where kernels write: dst, or with the pool mostly a map of the unit's own */
    size_t map_bytes; /* of that map */

    /* The output channels of a group are cut into panels of panel_oc, the last one smaller. */
    int64_t panel_oc, panels;
    int64_t chunk;                /* NT_DIRECT_OC: pixels of a row that finish together */
    int tile_rows;                /* NT_DIRECT_OC: rows of the main tile */
    nt_tile_row full[2], last[2]; /* [0]: tile_rows high, [1]: one row; full and last panel */
    const nt_x_kernel *x_full[3], *x_last[3]; /* [vectors - 1] */
    int64_t x_tiles, x_wide_count;            /* of a row; the first ones are one vector wider */
    int x_vectors;                            /* of the others */
    bool narrow;                              /* NT_DIRECT_X: a row is shorter than a vector */

    nt_dw_plan dw;             /* NT_DEPTHWISE, NT_DEPTHWISE_X */
    nt_winograd_plan winograd; /* NT_WINOGRAD... */
    float *border;             /* constants: one pixel, or for NT_DEPTHWISE_X one row */
    int64_t border_count;

    /* The packed input of one strip of strip_rows output rows; or, unpacked, the image itself. */
    bool unpacked;
    nt_axis rows, columns;
    int64_t strip_rows, strips;
    bool apart; /* [row][column][channel] like the image, not planes: NHWC of few channels */
    int64_t scratch_row, scratch_channel;
    int64_t row_step, pixel_step; /* from an output's input to that of its neighbour */
    int64_t tap[9];
    size_t scratch_bytes, sums_bytes, slice_bytes;

    float *weights;                                   /* packed; 64-byte aligned */
    float *bias;                                      /* padded to whole vectors per panel */
    int64_t group_weights, group_bias, panel_weights; /* elements */
    size_t packed_bytes;
};

/* 2, 4, 6; 0: not Winograd. */
static inline int nt_winograd_size(nt_family family) {
    return family == NT_WINOGRAD2 ? 2 : family == NT_WINOGRAD4 ? 4 : family == NT_WINOGRAD6 ? 6 : 0;
}

static inline int64_t nt_div_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}
static inline int64_t nt_min64(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static inline int64_t nt_max64(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* The relative error that k roundings add at most (Higham, ch. 3). */
static inline double nt_gamma(double k) {
    const double ku = k * 0x1p-24;
    return ku < 1.0 ? ku / (1.0 - ku) : INFINITY;
}

/* How many columns behind the image the last window reaches; not above 0: none. */
static inline int64_t nt_conv_beyond(const nt_conv_shape *s) {
    return (s->ow - 1) * s->stride + 2 * s->dilation - s->left - (s->iw - 1);
}

enum { NT_WINOGRAD_CHUNK = 16 };  /* tiles of a row whose outputs wait together: NCHW */
enum { NT_CHUNK = 64 };           /* pixels whose sums wait for the epilogue together */
enum { NT_STACK_SCRATCH = 4096 }; /* bytes of scratch that need no workspace */

/* candidates.c: the families that can run the plan; returns how many. Those of the algorithm that
 * is taken come first; else cheapest first. */
typedef struct nt_candidate {
    nt_family family;
    double cycles; /* predicted, of a run on one core */
} nt_candidate;
enum { NT_CANDIDATES = 7 };
int nt_conv_candidates(const ninetap_conv3x3 *plan, nt_candidate list[NT_CANDIDATES]);
bool nt_conv_winograd_fits(const nt_conv_shape *shape, ninetap_precision precision);
const nt_dw_x_kernel *nt_conv_find_dw_x(const ninetap_conv3x3 *plan);
/* ... the plan's reason. */
void nt_conv_explain(ninetap_conv3x3 *plan, const nt_candidate *list, int count,
                     const nt_candidate *chosen);
/* choose.c: kernels, strips and scratch geometry of a candidate; of the first, if there is no such
 * one. */
ninetap_status nt_conv_choose(ninetap_conv3x3 *plan, int candidate);
/* choose_depthwise.c */
void nt_conv_choose_depthwise(ninetap_conv3x3 *plan, nt_family family);
/* choose_winograd.c: predicted, of a run on one core, as a candidate's; the plan's own part. */
double nt_winograd_cycles(const ninetap_conv3x3 *plan, int m);
void nt_conv_choose_winograd(ninetap_conv3x3 *plan, nt_family family);
/* plan.c: ninetap_conv3x3_create with a candidate, whatever NINETAP_TUNE says. */
ninetap_status nt_conv_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *desc,
                              const void *weights, const void *bias, int candidate);
/* plan.c: "direct", "winograd2" ... */
const char *nt_conv_algorithm(const ninetap_conv3x3 *plan);
/* tune.c: which candidate of the first one's algorithm runs fastest. */
int nt_conv_fastest(const ninetap_conv3x3_desc *desc, const void *weights, const void *bias,
                    const nt_candidate *list, int count);
/* pack.c: weights and bias into the plan. */
ninetap_status nt_conv_pack_weights(ninetap_conv3x3 *plan, const float *weights, const float *bias);
int64_t nt_conv_weight_index(const ninetap_conv3x3 *plan, int64_t o, int64_t i, int tap);
void nt_conv_look_at_weights(ninetap_conv3x3 *plan, const float *weights);
/* scratch.c: the input of one strip. src: the image's first element of the group. */
void nt_conv_pack_input(const ninetap_conv3x3 *plan, const float *src, int64_t first_row,
                        int64_t rows, float *scratch);
void nt_conv_pack_pixels(const ninetap_conv3x3 *plan, const float *src, int64_t first_row,
                         int64_t rows, float *scratch);
/* Where a position outside [0, size) is mirrored or clamped to; -1: a constant. */
int64_t nt_border_index(ninetap_border border, int64_t i, int64_t size);
float nt_conv_border_constant(const ninetap_conv3x3 *plan);
/* The tensors of a run. */
typedef struct nt_conv_call {
    const float *src, *residual; /* residual may be NULL */
    float *dst;
    const nt_epilogue *epilogue; /* the kernels' */
} nt_conv_call;
/* finish.c: what kernels leave of `rows` x `columns` outputs of `channels` channels at `values`; in
 * dst they belong to `home`. */
typedef struct nt_conv_piece {
    float *values;
    int64_t rows, columns, channels;
} nt_conv_piece;
void nt_conv_finish(const ninetap_conv3x3 *plan, const nt_conv_call *call,
                    const nt_conv_piece *piece, float *home);
/* depthwise.c: units [begin, end) of the list; the offsets of NT_DEPTHWISE. */
void nt_conv_walk_depthwise(const ninetap_conv3x3 *plan, const nt_conv_call *call, float *slice,
                            int64_t begin, int64_t end);
void nt_conv_depthwise_columns(const ninetap_conv3x3 *plan, int64_t *offset);
/* winograd.c: units [begin, end) of the list. */
void nt_conv_walk_winograd(const ninetap_conv3x3 *plan, const nt_conv_call *call, float *slice,
                           int64_t begin, int64_t end);
/* winograd_weights.c: the filters' transforms, into the plan. */
void nt_conv_pack_winograd(ninetap_conv3x3 *plan, const float *weights);
/* winograd_matrices.c */
typedef struct nt_winograd_matrices {
    double a[6][NT_WINOGRAD_MOST];                /* outputs from frequencies */
    double g[NT_WINOGRAD_MOST][3];                /* frequencies of a filter */
    double b[NT_WINOGRAD_MOST][NT_WINOGRAD_MOST]; /* frequencies of the input */
} nt_winograd_matrices;
void nt_winograd_matrices_of(int m, nt_winograd_matrices *matrices);
/* As ninetap_plan_info has it. */
typedef struct nt_conv_error {
    double bound, floor, headroom;
} nt_conv_error;
nt_conv_error nt_winograd_error_of(int m, int64_t channels, bool fused, double largest_weight);
/* walk.c: one part of one run; slice is its scratch. */
void nt_conv_walk(const ninetap_conv3x3 *plan, const nt_conv_call *call, float *slice, int part,
                  int parts);

#endif
