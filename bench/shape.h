/* A shape as text, the same in tables, on the command line and in the names of benchmarks:
 *
 *   convolution  [Nx]ICxIHxIW-OC[s2][p0][d2][g4]   64x56x56-64   3x224x224-32s2   1x28x28-8p0
 *   depthwise    [Nx]CxIHxIW-dw[s2][p0][d2]        32x112x112-dw
 *   max pooling  [Nx]CxIHxIW[s1][p1][d2][i]        64x224x224
 *   others       the same, then which               64x224x224:avg :mix :u8 :s8 :unpool
 *
 * s stride, p padding on all four sides, d dilation, g groups, i with indices: each at most once,
 * in any order. avg, mix:
 * average and mixed pooling; u8, s8: max pooling of bytes; unpool: the way back from the maxima of
 * such a pooling; i is for maxima. Left out: N, d and g are 1; s and p are 1 for a convolution, 2
 * and 0 for pooling. Each shape has one text without anything that could be left out:
 * 64x56x56-64s1p1g1 is 64x56x56-64. */
#ifndef NINETAP_BENCH_SHAPE_H
#define NINETAP_BENCH_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { SHAPE_TEXT = 104 }; /* nine numbers of ten digits, what is between them, the end */

typedef enum shape_pool {
    SHAPE_MAX,
    SHAPE_AVERAGE,
    SHAPE_MIXED,
    SHAPE_MAX_U8,
    SHAPE_MAX_S8,
    SHAPE_UNPOOL
} shape_pool;

typedef struct shape {
    char text[SHAPE_TEXT];
    bool pooling;
    shape_pool pool; /* which */
    int64_t n, c, h, w;
    int64_t oc, groups; /* pooling: c, 1 */
    int stride, pad, dilation;
    bool indices; /* pooling: where each maximum was, too */
} shape;

/* False if `text` is not of that form. Whether there is such an operation is the library's to say.
 */
bool shape_parse(const char *text, shape *parsed);

#ifdef __cplusplus
}
#endif

#endif
