/* What an instruction set offers, as one constant struct: kernels for full tiles, each with its
 * tile size as data. The framework (conv3x3/, pool2x2/) reads the sizes, owns edges, packing and
 * threads, and calls the kernels. Each ISA file exports one table and nothing else. */
#ifndef NINETAP_ISA_H
#define NINETAP_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The activation. Kernels clamp; `activate` does what NT_LEAKY and NT_HARD_SWISH ask for. */
typedef enum nt_epilogue_kind { NT_CLAMP, NT_LEAKY, NT_HARD_SWISH } nt_epilogue_kind;
typedef struct nt_epilogue {
    nt_epilogue_kind kind;
    float lo, hi; /* -Inf, +Inf changes nothing */
    bool bounded; /* hi < +Inf */
    float slope;  /* NT_LEAKY */
} nt_epilogue;
typedef void nt_activate_fn(float *values, int64_t n, const nt_epilogue *epilogue);

/* In the table itself: a pointer, with its relocation, would take more room. */
typedef char nt_kernel_name[28];

/* Lanes = output channels: `rows` x `pixels` neighbouring outputs x `vectors` vectors of channels.
 * An output pixel's tap t lies at src + tap[t]. */
typedef struct nt_oc_tile {
    const float *src;   /* [channel][...]: tap 0 of the first pixel is at src + tap[0] */
    const int64_t *tap; /* 9 offsets, in elements */
    int64_t src_row;    /* from an output row to the next one */
    int64_t src_pixel;  /* from a pixel to the next one; run[0]: 1 */
    int64_t src_channel;
    int64_t channels;     /* input channels, >= 1 */
    const float *weights; /* [channel][9][vectors * lanes] */
    const float *bias;    /* [vectors * lanes]; NULL: the plain sums are wanted, every lane */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row, dst_pixel;
    int last_lanes; /* with a bias: lanes of the last vector that exist in dst */
} nt_oc_tile;
typedef void nt_oc_fn(const nt_oc_tile *tile);
typedef struct nt_oc_kernel {
    int rows, pixels, vectors;
    nt_kernel_name name;
    nt_oc_fn *run[2]; /* [1]: for pixels apart */
} nt_oc_kernel;

/* Lanes = output columns: `filters` output channels x `vectors` vectors of columns, `tiles` times
 * side by side, down `rows` rows of dst. */
typedef struct nt_x_strip {
    const float *src; /* as in nt_oc_tile */
    const int64_t *tap;
    int64_t src_row;
    int64_t src_channel;
    int64_t channels;
    const float *weights; /* [channel][9][filters] */
    const float *bias;    /* [filters] */
    const nt_epilogue *epilogue;
    float *dst; /* [filter][row][column] */
    int64_t dst_channel, dst_row;
    int64_t rows, tiles;
    int64_t column[3]; /* where each vector of a tile starts, column[0] = 0: they may overlap in the
                          last tile */
} nt_x_strip;
typedef void nt_x_fn(const nt_x_strip *strip);
typedef struct nt_x_kernel {
    int filters, vectors; /* vectors <= 3 */
    nt_kernel_name name;
    nt_x_fn *run;
} nt_x_kernel;

/* Depthwise, lanes = channels: `tiles` times `rows` x `pixels` neighbouring outputs. */
typedef struct nt_dw_tile {
    const float **input; /* [input row][input pixel]: where its channels lie; moves on */
    int64_t advance;     /* from a tile's input to the next one's */
    int64_t tiles;
    const float *weights; /* [channels / lanes][9][lanes] */
    const float *bias;    /* [channels] */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row, dst_column;
    int64_t channels;
} nt_dw_tile;
typedef void nt_dw_fn(const nt_dw_tile *tile);
typedef struct nt_dw_kernel {
    int rows, pixels;
    int stride; /* 1, 2: of neighbouring outputs; 3: each output has nine inputs of its own */
    nt_kernel_name name;
    nt_dw_fn *run;
} nt_dw_kernel;

/* Depthwise, lanes = output columns: rows of one channel's plane. */
typedef struct nt_dw_plane {
    const float *const *row; /* [input row]: where its column 0 lies */
    const float *weights;    /* [9] */
    float bias;
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row;
    int64_t rows, columns;         /* of the output; columns >= lanes */
    int left, right;               /* columns that the first and the last window lack: 0, 1 */
    int64_t left_fill, right_fill; /* the columns that stand in for them, < 0: `constant` */
    float constant;
} nt_dw_plane;
typedef void nt_dw_x_fn(const nt_dw_plane *plane);
typedef struct nt_dw_x_kernel {
    int rows, stride;
    nt_kernel_name name;
    nt_dw_x_fn *run;
} nt_dw_x_kernel;

/* Winograd F(m x m, 3x3), lanes = channels (bodies/winograd.h). A frequency is one of the
 * (m + 2)^2, row by row. */
enum {
    NT_WINOGRAD_MOST = 8,  /* m + 2 of the largest one */
    NT_WINOGRAD_TILES = 32 /* no kernel multiplies more at once */
};

/* Both transforms of `tiles` tiles side by side, one vector of channels. */
typedef struct nt_winograd_input {
    const float *const *row; /* [m + 2]: column `from` of the tiles' columns */
    int64_t column;          /* from a column to the next one */
    int64_t from, to;        /* the columns that lie there */
    const float *const
        *edge; /* [column][m + 2]: the columns before `from`, then those from `to` on */
    int lanes; /* channels that exist; the others count as 0 */
    int64_t tiles;
    float *dst; /* [frequency]: [tile][lanes] */
    int64_t dst_frequency;
} nt_winograd_input;

/* One frequency of `tiles` tiles times `vectors` vectors of output channels. */
typedef struct nt_winograd_multiply {
    const float *src; /* [channels / lanes]: [tile][lanes] */
    int64_t src_vector;
    int64_t channels;     /* input channels, >= 1 */
    const float *weights; /* [channel][vectors * lanes] */
    float *dst;           /* [tile][vectors * lanes] */
    const char *ahead;    /* memory to fetch meanwhile, for a later call or soon for this one: */
    int64_t ahead_step;   /* bytes from a fetch to the next one: one a cache line of weights */
    bool soon;
} nt_winograd_multiply;
typedef void nt_winograd_multiply_fn(const nt_winograd_multiply *job);
typedef struct nt_winograd_tile {
    int tiles, vectors;
    nt_kernel_name name;
    nt_winograd_multiply_fn *multiply;
} nt_winograd_tile;

/* The inverse transforms of `tiles` tiles side by side, one vector of output channels. */
typedef struct nt_winograd_output {
    const float *src; /* [frequency]: [tile][src_tile] */
    int64_t src_frequency, src_tile;
    int64_t tiles;
    const float *bias; /* [lanes] */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row, dst_column;
    int rows, last_columns; /* of a tile, of the last tile, that exist in dst */
    int lanes;              /* channels that exist in dst */
    bool pooled;            /* dst has the 2x2 maxima; rows, last_columns are theirs */
} nt_winograd_output;

typedef struct nt_winograd_kernel {
    int m;
    void (*input)(const nt_winograd_input *job);
    void (*output)(const nt_winograd_output *job);
} nt_winograd_kernel;

/* The interpolation points of F(4,3) are 0, +-P, +-Q. */
#define WINOGRAD4_P 0.75F
#define WINOGRAD4_Q 1.5F
#define WINOGRAD4_PP (WINOGRAD4_P * WINOGRAD4_P)
#define WINOGRAD4_QQ (WINOGRAD4_Q * WINOGRAD4_Q)
#define WINOGRAD4_PP_QQ (WINOGRAD4_PP * WINOGRAD4_QQ)
#define WINOGRAD4_PP_PLUS_QQ (WINOGRAD4_PP + WINOGRAD4_QQ)

/* Dense layer, lanes = outputs: `rows` rows x `vectors` vectors of outputs. */
typedef struct nt_dense_tile {
    const float *src;
    int64_t src_row;
    int64_t in;           /* >= 1 */
    const float *weights; /* [in][vectors * lanes] */
    const float *bias;    /* [vectors * lanes] */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row;
    int last_lanes; /* lanes of the last vector that exist in dst */
} nt_dense_tile;
typedef void nt_dense_fn(const nt_dense_tile *tile);
typedef struct nt_dense_kernel {
    int rows, vectors;
    nt_dense_fn *run;
} nt_dense_kernel;

/* Softmax over n >= 1 values, and its steps. */
enum { NT_SOFTMAX_FEW = 16 };
typedef struct nt_softmax_kernel {
    void (*few)(float *dst, const float *src, int64_t n); /* n <= NT_SOFTMAX_FEW; may be src */
    float (*largest)(const float *src, int64_t n);        /* of those that are no NaN; -Inf: none */
    /* dst[i] = exp(src[i] - largest); returns their sum. dst may be src. */
    float (*exponentials)(float *dst, const float *src, int64_t n, float largest);
    void (*divide)(float *values, int64_t n, float by);
    const char *name;
} nt_softmax_kernel;

/* A matrix [pixels][channels] and where it goes. */
typedef struct nt_block {
    const float *src;
    int64_t src_pixel; /* pitch of the rows of src */
    float *dst;
    int64_t dst_pitch; /* of dst's rows: a pixel's or a channel's */
    int64_t pixels, channels;
    const float *bias; /* [channels] */
    const nt_epilogue *epilogue;
} nt_block;
typedef void nt_block_fn(const nt_block *block);

/* Where the tensors of a call are likely to be: as near as the address translations the CPU keeps
 * (nt_near_bytes), within the last cache, or beyond it. */
typedef enum nt_distance { NT_NEAR, NT_OUTER_CACHE, NT_MEMORY } nt_distance;

/* What is made of the four taps of a 2x2 window, as the functions of ninetap.h say. */
typedef enum nt_pool_op {
    NT_MAX,
    NT_AVERAGE,
    NT_MIXED, /* 0 < alpha < 1 */
    NT_MAX_U8,
    NT_MAX_S8,
    NT_POOL_OPS
} nt_pool_op;

/* `lines` times `n` windows. What a line is depends on the layout: a row of a plane, or the
 * channels of a pixel. Pitches are in elements, floats or bytes as the operation has it. A row of
 * taps that all windows lack is the other one (lower == upper); so is a column (right == 0). */
typedef struct nt_pool_block {
    const void *upper, *lower; /* the left taps of the first line */
    int64_t right;             /* from a left tap to its right one; `two`: >= 1 */
    int64_t src_line;
    void *dst;
    int64_t dst_line;
    int64_t lines, n;
    bool lacks_left, lacks_right; /* `unit`, right == 1, no index: the first and the last lane
                                     have no such taps */
    bool ignore_nan;
    float alpha; /* NT_MIXED */
    nt_distance distance;
    int64_t *index; /* maxima; NULL: none wanted; else lane i of line l has the index */
    int64_t index_line;
    int64_t first, first_line, step;  /* first + l * first_line + i * step */
    int64_t right_index, lower_index; /* + these for a winner on the right, below */
} nt_pool_block;
typedef void nt_pool_fn(const nt_pool_block *block);
typedef struct nt_pool_kernel {
    const char *name;
    nt_pool_fn *unit; /* lane i's left taps lie at upper + i, lower + i */
    nt_pool_fn *two;  /* ... at upper + 2 * i, lower + 2 * i */
} nt_pool_kernel;

/* Max unpooling, `lines` times `n` windows that share no element, each index one of its window's
 * four: as ninetap_maxunpool2x2_f32 says. */
typedef struct nt_unpool_block {
    const float *src; /* a value and an index for each window */
    const int64_t *index;
    int64_t src_line, index_line;
    float *upper, *lower; /* where the left taps of the first line go */
    int64_t right;        /* unit: from a left tap to its right one */
    int64_t dst_line;
    int64_t lines, n;
    int64_t first, first_line, step;  /* the index of a left upper tap, as in nt_pool_block */
    int64_t right_index, lower_index; /* so much more on the right, below; all below 2^32 */
    nt_distance distance;
} nt_unpool_block;
typedef struct nt_unpool_kernel {
    const char *name;
    bool (*own)(const nt_unpool_block *block);  /* whether each index is one of its window's */
    void (*unit)(const nt_unpool_block *block); /* lane i's left taps go to upper + i, lower + i */
    void (*two)(const nt_unpool_block *block);  /* ... + 2 * i, the right ones behind them */
} nt_unpool_kernel;

/* The kernels of one arithmetic: a multiply-add in one rounding, or in two. */
typedef struct nt_kernels {
    const nt_oc_kernel *oc;
    int oc_count;
    const nt_oc_kernel *oc_pool; /* two rows of outputs become one, and two pixels one */
    int oc_pool_count;
    const nt_x_kernel *x;
    int x_count;
    const nt_x_kernel *x_pool; /* two rows of outputs become one, and two columns one */
    int x_pool_count;
    const nt_dw_kernel *dw;
    int dw_count;
    const nt_dw_x_kernel *dw_x;
    int dw_x_count;
    const nt_dense_kernel *dense;
    int dense_count;
} nt_kernels;

typedef struct nt_isa {
    const char *name;
    int lanes;
    bool has_fma;                       /* in hardware: then DEFAULT precision uses `fused` */
    const nt_kernels *fused, *separate; /* fused: NULL where there is no function for it */
    const nt_winograd_kernel *winograd;
    int winograd_count;
    const nt_winograd_tile *winograd_tile;
    int winograd_tile_count;
    nt_softmax_kernel softmax;
    nt_block_fn *transpose; /* dst[channel][pixel] = src[pixel][channel] */
    nt_block_fn *finish;    /* dst[channel][pixel] = clamp(src[pixel][channel] + bias) */
    void (*take_second)(float *dst, const float *src, int64_t n); /* dst[i] = src[2 * i] */
    nt_activate_fn *activate;
    /* values[i] + addends[i], activated */
    void (*add)(float *values, const float *addends, int64_t n, const nt_epilogue *epilogue);
    nt_pool_kernel pool[NT_POOL_OPS];
    nt_unpool_kernel unpool;
} nt_isa;

extern const nt_isa nt_isa_scalar, nt_isa_sse2, nt_isa_avx2, nt_isa_avx512, nt_isa_neon;

#endif
