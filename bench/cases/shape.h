/* A shape as text, the same in tables, on the command line and in the names of benchmarks:
 *
 *   convolution  [Nx]ICxIHxIW-OC[s2][p0][d2][g4][+pool]   64x56x56-64   3x224x224-32s2 1x28x28-8p0
 *   depthwise    [Nx]CxIHxIW-dw[s2][p0][d2][+pool]        32x112x112-dw
 *   of bytes     either of them, then :u8                 64x56x56-64s2:u8
 *   gradient     either of them without +pool, then       64x56x56-64s2:bwd_data
 *                :bwd_data or :bwd_weights                32x1x28x28-8:bwd_weights
 *   max pooling  [Nx]CxIHxIW[s1][p1][d2][i]               64x224x224
 *   other pools  the same, then which                     64x224x224:avg :mix :u8 :s8 :unpool
 *                                                         :avg_u8 :avg_s8 :max_backward
 *                                                         :avg_backward
 *   image filter [Nx]CxIHxIW, then which of shape_filters 3x1080x1920:edge
 *   network      [Nx]CxIHxIW, then two or more of -OC..., -dw..., -pool...:
 *                1x28x28-8p0+pool-16p0+pool; or the name of one of the program's own: lenet;
 *                of bytes: then :u8                       lenet:u8
 *   dense        fc[Nx]IN-OUT                             fc784-10
 *   softmax      softmax[Nx]C                             softmax1000
 *
 * help.txt says what the letters mean: each at most once, in any order, i for maxima only. Each
 * shape has one text without anything that could be left out: 64x56x56-64s1p1g1 is 64x56x56-64. */
#ifndef NINETAP_BENCH_SHAPE_H
#define NINETAP_BENCH_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ninetap.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHAPE_TEXT = 112, /* nine numbers of ten digits, what is between them, +pool, the end */
    SHAPE_LAYERS = 32 /* of a network */
};

/* As the pool_op of selftest/pool2x2.h. */
typedef enum shape_pool {
    SHAPE_MAX,
    SHAPE_AVERAGE,
    SHAPE_MIXED,
    SHAPE_MAX_U8,
    SHAPE_MAX_S8,
    SHAPE_UNPOOL,
    SHAPE_AVERAGE_U8,
    SHAPE_AVERAGE_S8,
    SHAPE_MAX_BACKWARD,
    SHAPE_AVERAGE_BACKWARD
} shape_pool;

/* A filter of images, whose channels are interleaved. */
typedef struct shape_filter {
    const char *word; /* ":edge" */
    int filter, op;   /* filter_kind, filter_op of selftest/filter3x3.h */
    ninetap_dtype src, dst;
    bool pooled; /* in the same call */
} shape_filter;
extern const shape_filter shape_filters[]; /* NULL ends it */

typedef struct shape {
    char text[SHAPE_TEXT];
    bool network; /* nothing below but n, c, h, w, int8: the rest are its layers' */
    bool pooling;
    shape_pool pool; /* which */
    int64_t n, c, h, w;
    int64_t oc, groups; /* pooling: c, 1 */
    int stride, pad, dilation;
    bool pooled;                /* convolution: +pool */
    bool int8;                  /* convolution, network: of u8 by s8 to u8 */
    bool chained;               /* its input is another layer's output */
    bool backward_data;         /* convolution: the gradient of its input */
    bool backward_weights;      /* convolution: that of its weights */
    bool indices;               /* pooling: where each maximum was, too */
    bool dense;                 /* n, c = IN, oc = OUT; the rest is 1 or 0 */
    bool softmax;               /* n, c */
    const shape_filter *filter; /* n, c, h, w; NULL: it is none */
} shape;

/* Whether its tensors may have either layout; otherwise they have this one. */
static inline bool shape_has_layout(const shape *s) {
    return !s->dense && !s->softmax && s->filter == NULL;
}
static inline ninetap_layout shape_layout(const shape *s) {
    return s->filter != NULL ? NINETAP_NHWC : NINETAP_NCHW;
}

/* False if `text` is not of that form. Whether there is such an operation is the library's to say.
 */
bool shape_parse(const char *text, shape *parsed);

/* The layers of a network, as text: "-8p0+pool-16p0+pool". */
const char *shape_layers(const shape *network);
/* Reads the next of them. The channels, rows and columns of `s` are those of its input, and its
 * other fields become the layer's. */
bool shape_next_layer(const char **at, shape *s);

#ifdef __cplusplus
}
#endif

#endif
