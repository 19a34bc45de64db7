/* SPDX-License-Identifier: MIT
 *
 * ninetap: 3x3 convolution and 2x2 pooling for CPUs, and the dense layer that follows them.
 *
 * Zero is the sensible default in every description, so a designated initialiser says only what
 * matters (`reserved` stays zero, or NINETAP_ERR_ARG):
 *
 *     ninetap_conv3x3_desc d = {.n = 1, .ic = 3, .ih = 224, .iw = 224, .oc = 64,
 *                               .pad = {1, 1, 1, 1}, .act = NINETAP_RELU};
 *     ninetap_conv3x3 *conv;
 *     if (ninetap_conv3x3_create(&conv, &d, weights, bias) != NINETAP_OK) ...
 *     ninetap_conv3x3_run(conv, src, dst, NULL);
 *     ninetap_conv3x3_free(conv);
 *
 * C++ compilers may warn of every field that such an initialiser leaves out. There, in C++98 as in
 * C++20, start from zero and set fields:
 *
 *     ninetap_conv3x3_desc d = {};
 *     d.n = 1;
 *     d.ic = 3;
 *     d.ih = d.iw = 224;
 *     d.oc = 64;
 *     d.pad[0] = d.pad[1] = d.pad[2] = d.pad[3] = 1;
 *     d.act = NINETAP_RELU;
 *
 * What holds for every function:
 *   memory   Only the elements a description names are read or written; no slack is asked for.
 *            Tensors need the alignment of their element type, nothing more.
 *   errors   Every bad argument has its status; when the status is not NINETAP_OK, nothing that
 *            belongs to the caller was written. The library never exits, aborts or sets errno,
 *            and prints only the lines that the environment asks for (below).
 *   aliasing dst must not overlap any input (NINETAP_ERR_ALIAS). The test is on whole ranges, from
 *            the first element of a tensor to its last; inputs may overlap each other.
 *   threads  Every function may be called from any thread at any time, and after fork: in the child
 *            of a process that had threads it runs on one. Plans are immutable, but for weights
 *            that are set. No function may be called in a signal handler; a signal may come at any
 *            time. OpenMP's run-time libraries end the process when a thread cannot be created. So
 *            before a team larger than any before starts, the library tries how many threads can be
 *            created, and uses as many. It cannot see a limit that is reached after that.
 *            `threads = 1` starts no team. After a team that other processes kept waiting, runs
 *            take one thread for a while.
 *   rounding The caller's floating-point control word (rounding, flush-to-zero) holds in every
 *            worker thread and is left as it was. What is said of bits below holds among calls
 *            under the same control word. (gcc and clang set flush-to-zero when a program, or a
 *            shared object that is loaded, was linked with -ffast-math: subnormals then count as 0
 *            here, too.)
 *
 * Environment, read once, ignored in programs with more rights than their user (set-user-ID, and on
 * Linux those with capabilities):
 *   NINETAP_ISA=avx2     force an instruction set by name (unknown or unusable: one line to
 *                        stderr, then the best one)
 *   NINETAP_MACHINE=zen4 predict as for this CPU, whatever CPU it is; `ninetap-bench --info` names
 *                        the one in use (unknown: one line to stderr, then that one). AUTO may take
 *                        other algorithms, and then results differ
 *   NINETAP_PAIRS=1      bytes are multiplied in pairs as on older CPUs, also where this one takes
 *                        four at once. The results are the same
 *   NINETAP_THREADS=4    what `threads = 0` means; otherwise OpenMP's default
 *   NINETAP_TUNE=1       plans are made by measuring the kernels of the chosen algorithm instead
 *                        of predicting which is fastest. The algorithm is still predicted, so
 *                        results are the same. Creation takes longer
 *   NINETAP_VERBOSE=1    one CSV line a call to stderr: ninetap, operation, shape, isa,
 *                        algorithm, kernel, threads, microseconds
 */
#ifndef NINETAP_H
#define NINETAP_H

#include <stddef.h>
#include <stdint.h>

#define NINETAP_VERSION_MAJOR 0
#define NINETAP_VERSION_MINOR 1
#define NINETAP_VERSION_PATCH 0

#if defined(_WIN32) && defined(NINETAP_SHARED)
#ifdef NINETAP_BUILDING
#define NINETAP_API __declspec(dllexport)
#else
#define NINETAP_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define NINETAP_API __attribute__((visibility("default")))
#else
#define NINETAP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ------------------------------------------------------------------------------- */

typedef enum ninetap_status {
    NINETAP_OK = 0,
    NINETAP_ERR_ARG,        /* NULL where a pointer is needed, unknown enum value, a value out of
                               its range, a misaligned pointer */
    NINETAP_ERR_SHAPE,      /* a size of zero, kernel larger than the padded input, groups that do
                               not divide the channels, pitch smaller than what it spans */
    NINETAP_ERR_OVERFLOW,   /* a size in bytes does not fit */
    NINETAP_ERR_ALIAS,      /* dst overlaps src, weights or bias */
    NINETAP_ERR_NOMEM,      /* out of memory */
    NINETAP_ERR_UNSUPPORTED /* legal, but not offered by this build on this machine */
} ninetap_status;

/* A static, one-line English description; never NULL. */
NINETAP_API const char *ninetap_strerror(ninetap_status status);

/* "major.minor.patch" of the library in use, a static string. */
NINETAP_API const char *ninetap_version(void);

/* ---- 3x3 convolution ---------------------------------------------------------------------- */

/* The type of a tensor's elements. */
typedef enum ninetap_dtype {
    NINETAP_F32 = 0, /* float */
    NINETAP_U8,      /* uint8_t */
    NINETAP_S8,      /* int8_t */
    NINETAP_S16,     /* int16_t */
    NINETAP_S32      /* int32_t */
} ninetap_dtype;

/* What integers stand for: real = scale * (integer - zero). Scales are finite and above 0, zeros
 * are values of their type. */
typedef struct ninetap_quantization {
    float src_scale;
    int32_t src_zero;
    const float *weights_scale; /* the zero of weights is 0 */
    int64_t weights_scales;     /* 1, or one for each output channel */
    float dst_scale;            /* of dst U8 and S8; otherwise it and dst_zero are not looked at */
    int32_t dst_zero;
} ninetap_quantization;

typedef enum ninetap_layout {
    NINETAP_NCHW = 0, /* [n][channel][row][column] */
    NINETAP_NHWC      /* [n][row][column][channel] */
} ninetap_layout;

/* O = output channel, I = input channel within the group, H = ky, W = kx. */
typedef enum ninetap_weights_layout {
    NINETAP_OIHW = 0, /* [oc][ic/groups][3][3]: PyTorch, ONNX */
    NINETAP_OHWI,     /* [oc][3][3][ic/groups]: TensorFlow Lite, XNNPACK */
    NINETAP_HWIO      /* [3][3][ic/groups][oc]: TensorFlow, Keras */
} ninetap_weights_layout;

/* Applied to x = sum + bias. A NaN stays a NaN under every one of them. */
typedef enum ninetap_act {
    NINETAP_LINEAR = 0, /* x */
    NINETAP_RELU,       /* max(x, 0) */
    NINETAP_CLAMP,      /* min(max(x, act_lo), act_hi); needs act_lo <= act_hi */
    NINETAP_LEAKY_RELU, /* x > 0 ? x : x * act_slope */
    NINETAP_HARD_SWISH  /* x * (min(max(x + 3, 0), 6) / 6); Howard et al. 2019, arXiv 1905.02244 */
} ninetap_act;

typedef enum ninetap_fused_pool {
    NINETAP_POOL_NONE = 0,
    NINETAP_POOL_MAX /* 2x2, stride 2, floor */
} ninetap_fused_pool;

/* What lies outside the image. */
typedef enum ninetap_border {
    NINETAP_BORDER_ZERO = 0,   /* those taps add nothing, whatever the weight */
    NINETAP_BORDER_REPLICATE,  /* aaa|abcd|ddd */
    NINETAP_BORDER_REFLECT101, /* dcb|abcd|cba */
    NINETAP_BORDER_CONSTANT    /* border_value */
} ninetap_border;

/* Winograd's minimal filtering (Lavin and Gray, arXiv 1509.09308) does 2.25, 4 or 5.06 times fewer
 * multiplications. It needs stride 1, dilation 1, groups 1, precision DEFAULT or FAST, and weights
 * whose largest magnitude is 0 or from 2^-120 to 2^96, so that transformed filters neither vanish
 * nor overflow: NINETAP_ERR_UNSUPPORTED otherwise, and AUTO takes direct. A NaN or Inf of the input
 * reaches only outputs of tiles (m x m outputs, from output 0, 0 of the image on) that read it, but
 * all of those. What large and subnormal inputs do: ninetap_plan_info. For one algorithm and one
 * kind of rounding (fused multiply-add or not) the bits are the same on every instruction set. */
typedef enum ninetap_algo {
    NINETAP_ALGO_AUTO = 0, /* what is predicted to be fastest within the precision, for any batch.
                              It depends on the channels, the map (size and padding), stride,
                              dilation, groups, the precision, the instruction set, the CPU's
                              costs and caches (NINETAP_MACHINE) and the range of the weights;
                              on nothing else. So on one machine an image has the same bits in
                              every batch, layout and pitch, pooled in the same call or not, for
                              any number of threads and parts, any workspace and alignment */
    NINETAP_ALGO_DIRECT,
    NINETAP_ALGO_WINOGRAD2, /* F(2x2,3x3) */
    NINETAP_ALGO_WINOGRAD4, /* F(4x4,3x3) */
    NINETAP_ALGO_WINOGRAD6  /* F(6x6,3x3) */
} ninetap_algo;

typedef enum ninetap_precision {
    NINETAP_PRECISION_DEFAULT = 0, /* direct, F(2x2,3x3), F(4x4,3x3) */
    NINETAP_PRECISION_EXACT,       /* direct with fused multiply-add: the same bits on every machine
                                      that has it, for any thread count. An ISA without it (sse2)
                                      hands the work to the scalar kernels and fmaf */
    NINETAP_PRECISION_PORTABLE,    /* direct with separate multiply and add: the same bits on every
                                      machine, for any thread count */
    NINETAP_PRECISION_FAST         /* F(6x6,3x3) too */
} ninetap_precision;

typedef struct ninetap_conv3x3_desc {
    int64_t n, ic, ih, iw, oc; /* input N x IC x IH x IW; n == 0 is a no-op, any other zero is
                                  NINETAP_ERR_SHAPE */
    int pad[4];                /* top, left, bottom, right; each 0 .. 2*dilation */
    int stride, dilation;      /* 0 means 1 */
    int64_t groups;            /* 0 means 1; groups == ic == oc is depthwise */
    ninetap_layout layout;     /* of src and dst */
    ninetap_weights_layout weights_layout;
    ninetap_border border;
    float border_value; /* of NINETAP_BORDER_CONSTANT */
    ninetap_act act;
    float act_lo, act_hi, act_slope; /* CLAMP: lo, hi; LEAKY_RELU: slope */
    ninetap_fused_pool pool;         /* dst is then N x OC x OH/2 x OW/2 */
    ninetap_algo algo;
    ninetap_precision precision;
    const char *isa; /* NULL: NINETAP_ISA's, or the best; else one of ninetap_isa_name() */
    int threads;     /* 0: NINETAP_THREADS or OpenMP's default; 1: never a parallel region */
    int64_t src_pitch[3], dst_pitch[3]; /* in elements. NCHW: image, channel, row; NHWC: image,
                                           row, pixel. 0: dense, given the pitches to its right */
    ninetap_dtype src_type, weights_type, dst_type; /* F32 all, or U8 or S8, S8, U8 to S32 or F32 */
    const ninetap_quantization *quantization;       /* of integers; NULL with floats alone */
    int64_t reserved[8];
} ninetap_conv3x3_desc;

/* A plan: the packed weights and every decision. Opaque, and immutable but for set_weights: any
 * number of threads may run one plan at once. */
typedef struct ninetap_conv3x3 ninetap_conv3x3;

typedef struct ninetap_plan_info {
    const char *algorithm; /* "direct", "winograd2", "winograd4", "winograd6" */
    const char *kernel;    /* "direct_avx512_14x32": family, ISA, tile */
    const char *isa;       /* the ISA whose kernels run */
    const char *reason;    /* one line: why this one */
    int64_t macs;          /* multiply-accumulates of one run, padding taps included */
    size_t packed_bytes, workspace_bytes;
    double error_bound; /* of floats; of integers all three are 0. Before the activation, in
                           rounding to nearest, |y - exact| <=
                           error_bound * (|bias| + sum |w||x|) + error_floor: gamma_k =
                           k*u/(1-k*u), u = 2^-24, k the number of roundings (Higham, Accuracy and
                           Stability, ch. 3). For Winograd with the largest such sum of the
                           output's tile, each |w| in it counted as the largest of its 3x3 filter
                           plane and as 2^-120 at least, and gamma_k times what the transforms
                           amplify at most; errors are some hundred times smaller
                           (docs/kernels.md) */
    double error_floor; /* what underflow may add. Where subnormals are flushed to zero, those of
                           the inputs, weights and bias count as 0, this is 2^25 times as large,
                           and 2^-96 stands for 2^-120 */
    double headroom;    /* of finite inputs nothing overflows while headroom times that sum, and
                           for Winograd headroom times each |x| of the tile, are at most FLT_MAX.
                           Where something does, y is infinite or NaN, or still within the bound */
} ninetap_plan_info;

/* The output is N x OC x OH x OW with OH = (ih + top + bottom - 2*dilation - 1) / stride + 1 and
 * OW likewise (halved, rounding down, by the fused pool). Writes *oh and *ow. */
NINETAP_API ninetap_status ninetap_conv3x3_output(const ninetap_conv3x3_desc *desc, int64_t *oh,
                                                  int64_t *ow);

/* Makes a plan. weights: oc * (ic / groups) * 9 elements in desc->weights_layout; bias: oc floats
 * (with a quantization: int32_t), or NULL for none. Both are copied, and so is the quantization. On
 * failure *plan is NULL (when plan itself is not). */
NINETAP_API ninetap_status ninetap_conv3x3_create(ninetap_conv3x3 **plan,
                                                  const ninetap_conv3x3_desc *desc,
                                                  const void *weights, const void *bias);

/* Bytes of the workspace that run can be given; 0 where none is needed. */
NINETAP_API size_t ninetap_conv3x3_workspace(const ninetap_conv3x3 *plan);

/* dst[n][o][y][x] = act(bias[o] + sum over i, ky, kx of
 *                       w[o][i][ky][kx] * src[n][i][y*stride + ky*dilation - top]
 *                                                  [x*stride + kx*dilation - left])
 *
 * a cross-correlation, as in every CNN library. The sum starts at +0 and runs over i, then ky, then
 * kx; the bias (-0 counts as +0) is added last, then comes the activation. (Winograd's sums run
 * over i, between its transforms.) workspace: ninetap_conv3x3_workspace() bytes at any alignment,
 * used by one run at a time, or NULL for the library's own, which is allocated when first needed
 * and kept. */
NINETAP_API ninetap_status ninetap_conv3x3_run(const ninetap_conv3x3 *plan, const void *src,
                                               void *dst, void *workspace);

/* The same of integers, as ONNX has it in QLinearConv and ConvInteger: src U8 or S8, weights S8,
 * the bias in units of src_scale * weights_scale[o],
 *
 *   sum[o] = bias[o] + sum over i, ky, kx of (src - src_zero) * w
 *   dst S32: sum[o]
 *   dst F32: (float)sum[o] * (float)(src_scale * weights_scale[o]), then the activation
 *   dst U8, S8: (float)sum[o] * (float)(src_scale * weights_scale[o] / dst_scale), rounded to the
 *               nearest integer, halves to even, plus dst_zero, to the nearest value of dst's type
 *
 * where the sum is exact, the products and quotients of scales are in double, and the product with
 * the sum is one of floats. In rounding to nearest the bytes are the same on every machine, for any
 * number of threads. A real x that the description has, a limit of the activation or border_value,
 * stands for (float)(x / scale) rounded likewise, plus the zero. Padding of NINETAP_BORDER_ZERO
 * adds nothing.
 *
 * create: NINETAP_ERR_ARG for a scale or zero out of its range, a product of scales that is not a
 * finite float, or a border_value that is NaN; NINETAP_ERR_OVERFLOW where some input would make a
 * sum leave 32 bits; NINETAP_ERR_UNSUPPORTED for other types, for Winograd by name, leaky ReLU and
 * hard-swish, for any activation with dst S32, and from run_residual and conv3x3_f32. Any precision
 * means the same. */

/* The same with an addend: dst = act(sum + bias + residual), added in this order, as at the end of
 * a residual block (He et al., arXiv 1512.03385). residual: shape, layout and pitches of dst, which
 * it must not overlap. A plan with the fused pool: NINETAP_ERR_UNSUPPORTED. */
NINETAP_API ninetap_status ninetap_conv3x3_run_residual(const ninetap_conv3x3 *plan,
                                                        const void *src, const void *residual,
                                                        void *dst, void *workspace);

/* Part `part` of `parts` (0 <= part < parts), on the calling thread: all parts, in any order or at
 * once, are one run. Parts that run at once need a workspace each, or NULL. */
NINETAP_API ninetap_status ninetap_conv3x3_run_part(const ninetap_conv3x3 *plan, const void *src,
                                                    void *dst, void *workspace, int part,
                                                    int parts);

/* Fills *info. Its strings are static, but for the reason, which is the plan's and ends with it. */
NINETAP_API void ninetap_conv3x3_describe(const ninetap_conv3x3 *plan, ninetap_plan_info *info);

/* NULL is fine. No run of the plan may be under way. */
NINETAP_API void ninetap_conv3x3_free(ninetap_conv3x3 *plan);

/* create, run, free in one call: for a filter that is used once. */
NINETAP_API ninetap_status ninetap_conv3x3_f32(const ninetap_conv3x3_desc *desc, const float *src,
                                               const float *weights, const float *bias, float *dst);

/* ---- 2x2 pooling -------------------------------------------------------------------------- */

typedef enum ninetap_nan {
    NINETAP_NAN_PROPAGATE = 0, /* a window with a NaN gives its first NaN */
    NINETAP_NAN_IGNORE         /* NaNs lose; a window of nothing but NaN gives its first one */
} ninetap_nan;

typedef struct ninetap_pool2x2_desc {
    int64_t n, c, ih, iw; /* n == 0 is a no-op, any other zero is NINETAP_ERR_SHAPE */
    int stride;           /* 0 means 2 */
    int pad[4];           /* top, left, bottom, right; each 0 .. dilation */
    int dilation;         /* 0 means 1 */
    int ceil_mode;        /* 0: floor. Otherwise a last, partial window counts when it starts
                             inside the image or its top/left padding, as in PyTorch */
    ninetap_layout layout;
    ninetap_nan nan;
    const char *isa; /* as in ninetap_conv3x3_desc */
    int threads;
    int64_t src_pitch[3], dst_pitch[3];
    int64_t reserved[8];
} ninetap_pool2x2_desc;

/* OH = (ih + top + bottom - dilation - 1) / stride + 1, rounded down or up; OW likewise. */
NINETAP_API ninetap_status ninetap_pool2x2_output(const ninetap_pool2x2_desc *desc, int64_t *oh,
                                                  int64_t *ow);

/* src is N x C x ih x iw, dst N x C x OH x OW. No function of this family allocates; the result
 * depends neither on `threads` nor on `isa`. Sizes and pitches are in elements. */

/* Each output is one element of its window, bit for bit: the largest one; the first in row-major
 * window order on ties, also between -0 and +0. Padding never wins; a window that lies wholly in
 * the padding (possible with dilation > 1 only) gives -Inf and index -1.
 * indices: NULL, or N*C*OH*OW values in dst's layout, dense: y*iw + x of that element in the plane
 * of its image and channel. They must overlap neither src nor dst. */
NINETAP_API ninetap_status ninetap_maxpool2x2_f32(const ninetap_pool2x2_desc *desc,
                                                  const float *src, float *dst, int64_t *indices);

/* The same of bytes, whose NaN rule is not looked at (but must be a valid one). A window wholly in
 * the padding gives the type's smallest value, 0 or -128, and index -1. */
NINETAP_API ninetap_status ninetap_maxpool2x2_u8(const ninetap_pool2x2_desc *desc,
                                                 const uint8_t *src, uint8_t *dst,
                                                 int64_t *indices);
NINETAP_API ninetap_status ninetap_maxpool2x2_s8(const ninetap_pool2x2_desc *desc,
                                                 const int8_t *src, int8_t *dst, int64_t *indices);

/* Each output is the sum of the elements of its window that lie in the image, divided by their
 * number: padding is not counted (elsewhere: count_include_pad=False). They are four, two or one,
 * so the division is an exact multiplication. With a b above c d the sum is
 *
 *     (a + c) + (b + d)
 *
 * each addition rounded to float, missing elements left out: a + b of a single row, a + c of a
 * single column. The same bits on every machine, but for the payload of a NaN. A NaN anywhere in
 * the window gives NaN, whatever `nan` says; a sum beyond the range of float is infinite. A window
 * wholly in the padding gives 0, as PyTorch's does. */
NINETAP_API ninetap_status ninetap_avgpool2x2_f32(const ninetap_pool2x2_desc *desc,
                                                  const float *src, float *dst);

/* The same of bytes: the true mean, rounded to the nearest integer, ties to even. */
NINETAP_API ninetap_status ninetap_avgpool2x2_u8(const ninetap_pool2x2_desc *desc,
                                                 const uint8_t *src, uint8_t *dst);
NINETAP_API ninetap_status ninetap_avgpool2x2_s8(const ninetap_pool2x2_desc *desc,
                                                 const int8_t *src, int8_t *dst);

/* alpha * max + (1 - alpha) * average (Lee, Gallagher, Tu 2016: mixed pooling), of max and average
 * as above: 1 - alpha, both products and the sum are each rounded to float; nothing is fused.
 * alpha: 0 .. 1, anything else and NaN is NINETAP_ERR_ARG. alpha == 0 is the average and
 * alpha == 1 the maximum with the NaN rule of `nan`, bit for bit; in between, a NaN in the window
 * makes its average NaN, and so the output. A window wholly in the padding gives -Inf, with
 * alpha == 0 it gives 0. */
NINETAP_API ninetap_status ninetap_mixedpool2x2_f32(const ninetap_pool2x2_desc *desc, float alpha,
                                                    const float *src, float *dst);

/* The way back: each value goes to where its maximum was, and everything else is +0. The
 * description is that of the pooling which gave the indices: src and indices are N x C x OH x OW,
 * src with the pitches dst_pitch, indices dense; dst is N x C x ih x iw with the pitches src_pitch.
 * (`nan` is not looked at, but must be valid.)
 * indices: as ninetap_maxpool2x2_f32 gives them, or any others: -1 is skipped; one that is neither
 * -1 nor in [0, ih*iw) is NINETAP_ERR_ARG, found before anything is written. Of equal indices in
 * one plane the last one in row-major order of the windows counts. Values are moved bit for bit.
 * dst must overlap neither src nor indices, which may overlap each other. Fast for stride 2,
 * dilation 1, no window that reaches into the padding, and indices in their own windows. */
NINETAP_API ninetap_status ninetap_maxunpool2x2_f32(const ninetap_pool2x2_desc *desc,
                                                    const float *src, const int64_t *indices,
                                                    float *dst);

/* ---- Image filters ------------------------------------------------------------------------ */

/* A 3x3 filter on an image as cameras and decoders give it: rows of pixels of 1 to 4 interleaved
 * channels, bytes or floats. No plan, no packing. */
typedef struct ninetap_filter3x3_desc {
    int64_t n, ih, iw;                /* images, rows, pixels of a row; n == 0 is a no-op, any
                                         other zero is NINETAP_ERR_SHAPE */
    int channels;                     /* 1 .. 4 values a pixel, filtered apart and alike */
    int keep_alpha;                   /* not 0, with 2 or 4 channels: of the last channel the
                                         output is the source's value in the window's middle */
    ninetap_dtype src_type, dst_type; /* U8 to U8, S16, F32; F32 to F32. Others that exist:
                                         NINETAP_ERR_UNSUPPORTED */
    ninetap_border border;            /* what lies outside the image: the filter reaches one
                                         pixel there */
    float border_value[4];            /* NINETAP_BORDER_CONSTANT: of each channel; of bytes
                                         whole, 0 .. 255, or NINETAP_ERR_ARG */
    int margin[4];                    /* pixels of the image beyond top, left, bottom, right of
                                         what is filtered, a region of it. They are read like any
                                         others (at most one on each side), and the border lies
                                         behind them */
    float scale, delta;               /* dst = scale * sum + delta; scale 0 means 1 */
    int absolute;                     /* not 0: the magnitude of that */
    ninetap_fused_pool pool;          /* dst is then N x ih/2 x iw/2, rounded down (0 is
                                         NINETAP_ERR_SHAPE): each channel's maximum of four pixels
                                         that have dst_type already, NaN rule PROPAGATE */
    const char *isa;                  /* as in ninetap_conv3x3_desc */
    int threads;
    int64_t src_pitch[2], dst_pitch[2]; /* bytes from an image, a row to the next, multiples of the
                                           element; negative ones are NINETAP_ERR_ARG. 0: dense;
                                           the source is then the whole image, margins and all */
    int64_t reserved[8];
} ninetap_filter3x3_desc;

/* dst[n][y][x][c] = saturate(scale * sum + delta),
 *     sum = sum over ky, kx of kernel[3*ky + kx] * src[n][y + ky - 1][x + kx - 1][c]
 *
 * a cross-correlation whose anchor is the middle, as OpenCV's filter2D. src: the first pixel of
 * what is filtered. kernel, scale and delta are finite, or NINETAP_ERR_ARG. How it is computed
 * follows from the description and the kernel alone, so every machine, instruction set and number
 * of threads gives the same bits. Of bytes, s from 0 to 30:
 *
 * - exact: if for some s all of scale * kernel[i] * 2^s and delta * 2^s are integers, and 255 times
 *   the sum of the magnitudes of the first, plus that of the last, plus 2^s, is below 2^31: the
 *   true value, rounded once;
 * - sum: otherwise, if for some s all kernel[i] * 2^s are integers, and 255 times the sum of their
 *   magnitudes is below 2^31: with the least such s the integer sum * 2^s is converted to float,
 *   multiplied by scale * 2^-s, and delta is added, each rounded to float;
 * - float: otherwise, and of floats always: sum starts at +0 and runs over ky, then kx; each
 *   product and each sum is rounded to float, nothing is fused; then sum * scale, then + delta
 *   likewise. (-0 counts as +0 in delta. With a scale of 1 nothing is multiplied.)
 *
 * Integers are rounded to the nearest, halves to even, and saturate at the limits of dst_type; a
 * NaN, which an overflow of floats can make, gives its smallest value. (With the caller's control
 * word set to another rounding, floats are rounded so.) `absolute` comes before saturation.
 *
 * In place is allowed: dst == src with equal types, channels and pitches, without the pool. Then
 * threads share whole images only, and rows of more than 380 values may take memory for four of
 * them (NINETAP_ERR_NOMEM); otherwise nothing is allocated. Any other overlap, of dst and what is
 * read of the margins too, is NINETAP_ERR_ALIAS. */
NINETAP_API ninetap_status ninetap_filter3x3(const ninetap_filter3x3_desc *desc,
                                             const float kernel[9], const void *src, void *dst);

typedef enum ninetap_norm {
    NINETAP_NORM_L1 = 0, /* |gx| + |gy| */
    NINETAP_NORM_L2      /* sqrt(gx * gx + gy * gy) */
} ninetap_norm;

/* The magnitude of a gradient in one pass, the edge picture: gx and gy are the sums of kernels kx
 * and ky, dst = saturate(scale * norm(gx, gy) + delta). Both sums are exact integers, converted to
 * float and multiplied by 2^-s, where both kernels, with one s, fulfil the condition of `sum`
 * above; otherwise both are those of `float`. The norm, its products, scale and delta are floats,
 * each rounded; the rest is as above. */
NINETAP_API ninetap_status ninetap_gradient3x3(const ninetap_filter3x3_desc *desc,
                                               const float kx[9], const float ky[9],
                                               ninetap_norm norm, const void *src, void *dst);

/* ---- Dense layer and softmax -------------------------------------------------------------- */

typedef struct ninetap_dense_desc {
    int64_t n, in, out; /* src: n rows of `in`; dst: n rows of `out`; n == 0 is a no-op, any other
                           zero is NINETAP_ERR_SHAPE */
    ninetap_act act;
    float act_lo, act_hi, act_slope;
    ninetap_precision precision; /* EXACT, PORTABLE: as for a convolution; DEFAULT, FAST: fused
                                    where the ISA has it */
    const char *isa;             /* as in ninetap_conv3x3_desc */
    int threads;
    int64_t src_pitch, dst_pitch; /* elements from a row to the next; 0: dense */
    ninetap_dtype src_type, weights_type, dst_type;
    const ninetap_quantization *quantization; /* as in ninetap_conv3x3_desc */
    int64_t reserved[8];
} ninetap_dense_desc;

/* A plan: the packed weights and every decision. Opaque, and immutable but for set_weights: any
 * number of threads may run one plan at once. */
typedef struct ninetap_dense ninetap_dense;

/* Makes a plan. weights: [out][in], as in PyTorch; bias: `out` floats (with a quantization:
 * int32_t), or NULL for none. Both are copied. On failure *plan is NULL (when plan itself is
 * not). */
NINETAP_API ninetap_status ninetap_dense_create(ninetap_dense **plan,
                                                const ninetap_dense_desc *desc, const void *weights,
                                                const void *bias);

/* dst[r][o] = act(bias[o] + sum over i of w[o][i] * src[r][i])
 *
 * The sum starts at +0 and runs over i in its order; the bias (-0 counts as +0) is added last, then
 * comes the activation. So the bits of a result do not depend on the thread count or on n, and
 * EXACT and PORTABLE are as in ninetap_conv3x3_desc. A NaN or an infinity goes wherever IEEE
 * arithmetic carries it. dst must not overlap src (NINETAP_ERR_ALIAS). Nothing is allocated.
 *
 * A feature map N x C x H x W, dense, is N rows of C*H*W: in NCHW that is what "flatten" gives
 * elsewhere.
 *
 * Of integers: types, results and errors are those of a convolution of integers, whose output
 * channels are the `out` outputs. ninetap_dense_f32 is NINETAP_ERR_UNSUPPORTED for them. */
NINETAP_API ninetap_status ninetap_dense_run(const ninetap_dense *plan, const void *src, void *dst);

/* NULL is fine. No run of the plan may be under way. */
NINETAP_API void ninetap_dense_free(ninetap_dense *plan);

/* create, run, free in one call; the same bits. It packs the weights, which takes longer than the
 * product with one row: for weights that are used again, keep a plan. */
NINETAP_API ninetap_status ninetap_dense_f32(const ninetap_dense_desc *desc, const float *src,
                                             const float *weights, const float *bias, float *dst);

/* dst[r][i] = exp(src[r][i] - m) / s, row by row: m is the row's largest element and s the sum of
 * the row's exponentials, so nothing overflows. Pitches are elements from a row to the next, 0:
 * dense. rows == 0 is a no-op, columns == 0 is NINETAP_ERR_SHAPE. In place is allowed: src == dst
 * with equal pitches; any other overlap is NINETAP_ERR_ALIAS.
 *
 * The same bits on every machine (in rounding to nearest), for any pitch and thread count: no
 * multiply-add is fused, and s is 16 sums of every 16th element, added as a tree. The exponential
 * is the library's own, off by less than 1 ulp; rounding src - m comes on top of that. -Inf gives
 * 0. A row with a NaN, with +Inf, or of nothing but -Inf is NaN throughout, as in PyTorch. Threads:
 * NINETAP_THREADS or OpenMP's default, when there is enough to share. */
NINETAP_API ninetap_status ninetap_softmax_f32(int64_t rows, int64_t columns, const float *src,
                                               int64_t src_pitch, float *dst, int64_t dst_pitch);

/* ---- Training ----------------------------------------------------------------------------- */

/* Descriptions are the forward ones, whatever is computed: src, dst, their pitches and weights are
 * those of the layer. diff_src and diff_dst are the gradients of the loss with respect to src and
 * dst, and have their shapes, layouts and pitches. Gradients are those of the layer alone, of
 * floats: an activation, a fused pool, a border other than zeros, or integers are
 * NINETAP_ERR_UNSUPPORTED. Precisions are as in ninetap_conv3x3_desc. */

/* Makes a plan that ninetap_conv3x3_run runs with src = diff_dst and dst = diff_src, and run_part
 * and run_residual (which adds another gradient) likewise:
 *
 * diff_src[n][i][y][x] = sum over o, ky, kx of w[o][i][ky][kx] * diff_dst[n][o][oy][ox]
 *
 * with y = oy*stride + ky*dilation - top and x = ox*stride + kx*dilation - left. The sum starts at
 * +0 and runs over o, then oy, then ox, upwards (so ky and kx go down). It has the bits of a
 * convolution of diff_dst whose taps are turned and whose channels are exchanged; with stride 1 it
 * may be Winograd's under the same conditions. An element of src that no output reads is +0.
 * weights: as for ninetap_conv3x3_create; `macs` of the plan are the forward ones. */
NINETAP_API ninetap_status ninetap_conv3x3_create_backward_data(ninetap_conv3x3 **plan,
                                                                const ninetap_conv3x3_desc *forward,
                                                                const float *weights);

/* Other weights and another bias for a plan that no run is using: it then gives the bits of a plan
 * that is made of them. Nothing is allocated. Of a plan of create_backward_data, weights are the
 * forward ones, and bias is NULL.
 * NINETAP_ERR_UNSUPPORTED, and the plan is as it was: it is one of integers; a new plan would take
 * another algorithm, or skip padding, which depends on whether all weights are finite and within
 * Winograd's range; or, with the fused pool, the bias is not finite and the first one was. */
NINETAP_API ninetap_status ninetap_conv3x3_set_weights(ninetap_conv3x3 *plan, const float *weights,
                                                       const float *bias);

/* The same of a dense layer; NINETAP_ERR_UNSUPPORTED for integers alone. */
NINETAP_API ninetap_status ninetap_dense_set_weights(ninetap_dense *plan, const float *weights,
                                                     const float *bias);

/* diff_src[r][i] = sum over o of w[o][i] * diff_dst[r][o]
 *
 * The sum starts at +0 and runs over o in its order. weights: [out][in], as for
 * ninetap_dense_create. diff_src must overlap neither of the inputs (NINETAP_ERR_ALIAS). Memory for
 * a part of the weights for each thread is allocated when first needed and kept. */
NINETAP_API ninetap_status ninetap_dense_backward_data(const ninetap_dense_desc *forward,
                                                       const float *weights, const float *diff_dst,
                                                       float *diff_src);

/* diff_weights[o][i][ky][kx] = sum over n, oy, ox of diff_dst[n][o][oy][ox] * src[n][i][y][x]
 * diff_bias[o]               = sum over n, oy, ox of diff_dst[n][o][oy][ox]
 *
 * with y and x as above. `algo` is not looked at.
 *
 * diff_weights is laid out as forward->weights_layout says; diff_bias may be NULL. accumulate not
 * 0: the sum is added to what is there. A tap outside the image adds nothing, whatever diff_dst is.
 *
 * The order of summation follows from the shape alone, so the bits are the same in either layout,
 * for any number of threads and, with EXACT and PORTABLE, on every machine that forward's are the
 * same on. The n * OH rows of diff_dst, image by image, are cut into chunks of max(ceil(512 / OW),
 * ceil(n * OH / 64)) rows; the last may have fewer. Within a chunk one sum starts at +0 and runs
 * over n, oy, ox in that order. The result starts at +0, to which the chunks' sums are added in
 * their order. DEFAULT and FAST: the same with multiply-adds as the instruction set has them.
 *
 * n == 0: the sums are 0, and src and diff_dst are not looked at. No output may overlap an input or
 * the other output (NINETAP_ERR_ALIAS). Memory is the library's own, allocated when first needed
 * and kept. */
NINETAP_API ninetap_status ninetap_conv3x3_backward_weights(const ninetap_conv3x3_desc *forward,
                                                            const float *src, const float *diff_dst,
                                                            float *diff_weights, float *diff_bias,
                                                            int accumulate);

/* diff_weights[o][i] = sum over r of diff_dst[r][o] * src[r][i]
 * diff_bias[o]       = sum over r of diff_dst[r][o]
 *
 * Sums start at +0 and run over r in its order; all else is as above. */
NINETAP_API ninetap_status ninetap_dense_backward_weights(const ninetap_dense_desc *forward,
                                                          const float *src, const float *diff_dst,
                                                          float *diff_weights, float *diff_bias,
                                                          int accumulate);

/* The gradient of an activation: diff_src[i] is diff_dst[i] times the derivative at element i.
 *
 *   LINEAR      diff_dst, whatever x is (it may be NULL)
 *   RELU        x <= 0 ? 0 : diff_dst
 *   CLAMP       x <= lo || x >= hi ? 0 : diff_dst
 *   LEAKY_RELU  x > 0 ? diff_dst : diff_dst * slope; slope >= 0, or NINETAP_ERR_ARG
 *   HARD_SWISH  x <= -3 ? 0 : x >= 3 ? diff_dst : diff_dst * (x / 3 + 0.5), each step rounded
 *
 * x: what the activation gave, or what it was given; of hard-swish what it was given. 0 is +0,
 * whatever diff_dst is, so ReLU has no gradient at 0. A NaN of x fails every comparison, as in
 * PyTorch: under RELU and CLAMP the gradient goes on, under HARD_SWISH it becomes NaN. `lo`, `hi`
 * and `slope` are looked at by the activations that have them. n == 0 is a no-op. In place is
 * allowed: diff_src may be diff_dst, or x; any other overlap with them is NINETAP_ERR_ALIAS. The
 * same bits on every machine, but for a NaN's payload. Nothing is allocated. Threads: as softmax.
 */
NINETAP_API ninetap_status ninetap_act_backward_f32(ninetap_act act, float lo, float hi,
                                                    float slope, int64_t n, const float *x,
                                                    const float *diff_dst, float *diff_src);

/* The gradients of pooling. The description is that of the pooling: diff_dst is N x C x OH x OW
 * with the pitches dst_pitch, diff_src is N x C x ih x iw with the pitches src_pitch. Every element
 * of diff_src starts at +0; then the windows that have a share in it add theirs, in row-major order
 * of the windows, each addition rounded to float. So the bits are the same on every machine, for
 * any number of threads, but for a NaN's payload. (`nan` is not looked at, but must be valid.)
 * diff_src must not overlap an input. Nothing is allocated. */

/* A window's share is its value, for the element that its index names. indices: as
 * ninetap_maxpool2x2_f32 gave them, dense; -1 has a share in nothing. Others are taken as they
 * come: one that is neither -1 nor in [0, ih*iw) is NINETAP_ERR_ARG, found before anything is
 * written. diff_dst and indices may overlap each other. Fast where ninetap_maxunpool2x2_f32 is. */
NINETAP_API ninetap_status ninetap_maxpool2x2_backward_f32(const ninetap_pool2x2_desc *desc,
                                                           const int64_t *indices,
                                                           const float *diff_dst, float *diff_src);

/* A window's share is its value divided by the number of its elements that lie in the image, for
 * each of them. They are four, two or one, so the division is a multiplication, and exact but for
 * subnormal results. */
NINETAP_API ninetap_status ninetap_avgpool2x2_backward_f32(const ninetap_pool2x2_desc *desc,
                                                           const float *diff_dst, float *diff_src);

/* Softmax, its cross entropy with the right answers, and the gradient of that in the logits, of
 * dense rows. label: a column for each row; one outside [0, columns) is NINETAP_ERR_ARG, found
 * before anything is written. Each of the last three may be NULL: then it is not wanted.
 *
 * probabilities: those of ninetap_softmax_f32, bit for bit.
 * diff[r][i]     (probabilities[r][i] - (i == label[r] ? 1 : 0)) / rows: the difference, rows and
 *                the quotient are each rounded to float.
 * *loss          the mean over the rows of log(s) - (logits[r][label[r]] - m), which is
 *                -log(probabilities[r][label[r]]) before rounding; m and s are softmax's. It is in
 *                double, each step rounded; rows add up in their order. The logarithm is the
 *                library's own, off by less than 2^-51 of its value.
 *
 * The same bits on every machine (in rounding to nearest) and for any number of threads. A row of
 * which softmax makes NaN is NaN in all three; a label's logit of -Inf gives a loss of +Inf.
 * rows == 0 is a no-op, columns == 0 is NINETAP_ERR_SHAPE. In place is allowed: probabilities or
 * diff may be logits. Any other overlap of an output with anything is NINETAP_ERR_ALIAS. Threads:
 * as softmax. Memory is taken for the rows' losses and, when neither probabilities nor diff is
 * wanted, for a row for each thread (NINETAP_ERR_NOMEM); it is kept for the next call. */
NINETAP_API ninetap_status ninetap_softmax_cross_entropy_f32(int64_t rows, int64_t columns,
                                                             const float *logits,
                                                             const int64_t *label,
                                                             float *probabilities, float *diff,
                                                             double *loss);

/* ---- Quantization ------------------------------------------------------------------------- */

/* Numbers as integers, and back, as ONNX has it in QuantizeLinear and DequantizeLinear: `rows`
 * dense rows of `columns` elements. Row r has scale[r % scales] and zero[r % scales]; zero NULL:
 * all are 0. So a tensor of one scale is one row; weights in NINETAP_OIHW with a scale for each
 * output channel are oc rows, oc scales; N x C x H x W with one for each channel are N*C rows, C
 * scales.
 *
 *   scale[o], zero[o] of weights[o]:
 *       ninetap_range(ic * 9, weights + o * ic * 9, &lo, &hi);
 *       ninetap_choose_quantization(lo, hi, NINETAP_S8, 1, &scale[o], &zero[o]);
 *   all of them:
 *       ninetap_quantize(oc, ic * 9, weights, NINETAP_S8, scale, NULL, oc, bytes);
 *
 * Scales are finite and above 0, zeros are values of the integers' type, of NINETAP_S32 0, scales
 * is 1 or more: otherwise NINETAP_ERR_ARG. Types that exist but are not named below are
 * NINETAP_ERR_UNSUPPORTED. rows == 0 is a no-op, columns == 0 is NINETAP_ERR_SHAPE. dst must
 * overlap none of src, scale and zero (NINETAP_ERR_ALIAS). Nothing is allocated. Threads: as
 * softmax.
 *
 * dst U8, S8: src / scale, rounded to float, then to the nearest integer, halves to even, plus
 * zero, to the nearest value of the type. An infinity gives the type's largest or smallest value, a
 * NaN the smallest. The same bytes on every machine, in rounding to nearest. */
NINETAP_API ninetap_status ninetap_quantize(int64_t rows, int64_t columns, const float *src,
                                            ninetap_dtype dst_type, const float *scale,
                                            const int32_t *zero, int64_t scales, void *dst);

/* src U8, S8: (src - zero) * scale, rounded to float once. S32, say sums of a convolution: src is
 * rounded to float, and the product again. The same bits on every machine, in rounding to nearest.
 */
NINETAP_API ninetap_status ninetap_dequantize(int64_t rows, int64_t columns, ninetap_dtype src_type,
                                              const void *src, const float *scale,
                                              const int32_t *zero, int64_t scales, float *dst);

/* *lo and *hi: the least and the greatest of 0 and n elements, n >= 0. NaNs are passed over; an
 * infinity counts, and has no quantization. One thread. */
NINETAP_API ninetap_status ninetap_range(int64_t n, const float *src, float *lo, float *hi);

/* A scale and a zero for numbers from lo to hi, in a range of U8 or S8 that is made to include 0,
 * which always has its own integer. The scale is (hi - lo) / 255 and the zero is
 * least - lo / scale, to the nearest integer of the type, halves to even, as in ONNX's
 * DynamicQuantizeLinear: floats, each operation rounded. symmetric: the larger magnitude / 127,
 * and the zero 0 (U8: 128), as weights need it. Where that scale would be below 2^-126, it is
 * 2^-126; of lo == hi == 0 it is 1. NINETAP_ERR_ARG: NaN, an infinity, lo > hi, hi - lo beyond the
 * range of float; NINETAP_ERR_UNSUPPORTED: another type that exists. */
NINETAP_API ninetap_status ninetap_choose_quantization(float lo, float hi, ninetap_dtype type,
                                                       int symmetric, float *scale, int32_t *zero);

/* ---- CPU dispatch ------------------------------------------------------------------------- */

/* The instruction sets compiled in and usable here, best first, "scalar" last.
 * ninetap_isa_name: NULL when i is out of range; static strings. */
NINETAP_API int ninetap_isa_count(void);
NINETAP_API const char *ninetap_isa_name(int i);

/* What a description with isa == NULL gets now. */
NINETAP_API const char *ninetap_isa(void);

/* Sets that for the whole process, plans made before excepted. NULL: back to the environment's
 * choice or the best. A name that is not usable here: NINETAP_ERR_UNSUPPORTED, nothing changes. */
NINETAP_API ninetap_status ninetap_set_isa(const char *name);

typedef struct ninetap_selftest_report {
    int64_t cases, failures;
    char first_failure[256]; /* one line, "" when all passed */
} ninetap_selftest_report;

/* Runs every usable path against the reference on this machine, in about a second. It does so in
 * C's default floating-point environment, and leaves the caller's as it was. report may be NULL.
 * NINETAP_OK: all the cases ran; look at report->failures for how they went. */
NINETAP_API ninetap_status ninetap_selftest(ninetap_selftest_report *report);

#ifdef __cplusplus
}
#endif

#endif
