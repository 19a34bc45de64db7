/* The definition of each operation as naive loops, in plain C. Nothing here is fast; everything
 * else in ninetap is measured against it. The descriptions must be valid (conv3x3_output and
 * pool2x2_output returned NINETAP_OK); isa, threads and algo are not looked at. */
#ifndef NINETAP_REFERENCE_H
#define NINETAP_REFERENCE_H

#include <stdbool.h>

#include "ninetap.h"

typedef enum nt_arithmetic {
    NT_FUSED,   /* float, fmaf in the contract's order: the bits of PRECISION_EXACT */
    NT_SEPARATE /* float, multiply then add in that order: the bits of PRECISION_PORTABLE */
} nt_arithmetic;

/* The operation in float, before the fused pool. With a zero border the taps outside the image are
 * skipped. */
void nt_reference_conv3x3_f32(const ninetap_conv3x3_desc *desc, nt_arithmetic arithmetic,
                              const float *src, const float *weights, const float *bias,
                              float *dst);

/* The same of bytes, as the description's types and quantization have it. */
void nt_reference_conv3x3_int8(const ninetap_conv3x3_desc *desc, const void *src,
                               const int8_t *weights, const int32_t *bias, void *dst);

/* What becomes of a sum of output channel o, at dst[at]. */
void nt_reference_write_sum(const ninetap_conv3x3_desc *desc, int64_t o, int32_t sum, int64_t at,
                            void *dst);

/* The operation on floats in double, before the fused pool. value: act(bias + sum), not rounded to
 * float; magnitude: |bias| + sum |w||x|, which error bounds scale with. Either may be NULL. Both
 * are dense, in the layout of desc. */
void nt_reference_conv3x3_f64(const ninetap_conv3x3_desc *desc, const float *src,
                              const float *weights, const float *bias, double *value,
                              double *magnitude);

/* The same of one output: n, o, y, x. */
void nt_reference_conv3x3_at(const ninetap_conv3x3_desc *desc, const int64_t at[4],
                             const float *src, const float *weights, const float *bias,
                             double *value, double *magnitude);

/* What the error bound of Winograd's F(m x m, 3x3) scales with, dense, in desc's layout: the
 * largest over the outputs of the same m x m tile of |bias| + sum |w||x|, each |w| counted as the
 * largest of its 3x3 plane, and as 2^-120 at least. It is finite where, and only where, all that
 * the tile reads is finite. */
void nt_reference_winograd_scale(const ninetap_conv3x3_desc *desc, int m, const float *src,
                                 const float *weights, const float *bias, double *scale);

/* The gradient of src from that of dst, of the convolution desc: in float, and of one element in
 * double. */
void nt_reference_conv3x3_backward_data_f32(const ninetap_conv3x3_desc *desc,
                                            nt_arithmetic arithmetic, const float *weights,
                                            const float *diff_dst, float *diff_src);
void nt_reference_conv3x3_backward_data_at(const ninetap_conv3x3_desc *desc, const int64_t at[4],
                                           const float *weights, const float *diff_dst,
                                           double *value, double *magnitude);

/* act(x) in float, as every kernel computes it. */
float nt_reference_activation(const ninetap_conv3x3_desc *desc, float x);
double nt_reference_activation_f64(const ninetap_conv3x3_desc *desc, double x);

/* Pooling. Indices that are an input must be valid ones. */
void nt_reference_maxpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src, float *dst,
                                 int64_t *indices);
void nt_reference_maxpool2x2_u8(const ninetap_pool2x2_desc *desc, const uint8_t *src, uint8_t *dst,
                                int64_t *indices);
void nt_reference_maxpool2x2_s8(const ninetap_pool2x2_desc *desc, const int8_t *src, int8_t *dst,
                                int64_t *indices);
void nt_reference_avgpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src, float *dst);
void nt_reference_avgpool2x2_u8(const ninetap_pool2x2_desc *desc, const uint8_t *src, uint8_t *dst);
void nt_reference_avgpool2x2_s8(const ninetap_pool2x2_desc *desc, const int8_t *src, int8_t *dst);
void nt_reference_mixedpool2x2_f32(const ninetap_pool2x2_desc *desc, float alpha, const float *src,
                                   float *dst);
void nt_reference_maxunpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src,
                                   const int64_t *indices, float *dst);

/* And their gradients, which add. */
void nt_reference_maxpool2x2_backward_f32(const ninetap_pool2x2_desc *desc, const int64_t *indices,
                                          const float *diff_dst, float *diff_src);
void nt_reference_avgpool2x2_backward_f32(const ninetap_pool2x2_desc *desc, const float *diff_dst,
                                          float *diff_src);

/* The gradient of an activation. */
void nt_reference_act_backward_f32(ninetap_act act, float lo, float hi, float slope, int64_t n,
                                   const float *x, const float *diff_dst, float *diff_src);

/* A dense layer, of floats and of bytes; an output in double, value and magnitude as above. */
void nt_reference_dense_f32(const ninetap_dense_desc *desc, nt_arithmetic arithmetic,
                            const float *src, const float *weights, const float *bias, float *dst);
void nt_reference_dense_backward_data_f32(const ninetap_dense_desc *desc, nt_arithmetic arithmetic,
                                          const float *weights, const float *diff_dst,
                                          float *diff_src);
void nt_reference_dense_int8(const ninetap_dense_desc *desc, const void *src, const int8_t *weights,
                             const int32_t *bias, void *dst);
void nt_reference_dense_at(const ninetap_dense_desc *desc, int64_t row, int64_t output,
                           const float *src, const float *weights, const float *bias, double *value,
                           double *magnitude);

/* The gradients of weights, in the order of the contract. diff_bias may be NULL. _at: of one weight
 * the sum in double, and that of magnitudes; at: o, i, 3 * ky + kx. */
void nt_reference_conv3x3_backward_weights(const ninetap_conv3x3_desc *desc,
                                           nt_arithmetic arithmetic, const float *src,
                                           const float *diff_dst, float *diff_weights,
                                           float *diff_bias, bool accumulate);
void nt_reference_conv3x3_backward_weights_at(const ninetap_conv3x3_desc *desc, const int64_t at[3],
                                              const float *src, const float *diff_dst,
                                              double *value, double *magnitude);
void nt_reference_dense_backward_weights(const ninetap_dense_desc *desc, nt_arithmetic arithmetic,
                                         const float *src, const float *diff_dst,
                                         float *diff_weights, float *diff_bias, bool accumulate);
void nt_reference_dense_backward_weights_at(const ninetap_dense_desc *desc, int64_t output,
                                            int64_t input, const float *src, const float *diff_dst,
                                            double *value, double *magnitude);

/* Image filters. dst must not be src. */
void nt_reference_filter3x3(const ninetap_filter3x3_desc *desc, const float kernel[9],
                            const void *src, void *dst);
void nt_reference_gradient3x3(const ninetap_filter3x3_desc *desc, const float kx[9],
                              const float ky[9], ninetap_norm norm, const void *src, void *dst);

/* Quantization; `zero` is never NULL. */
void nt_reference_quantize(int64_t rows, int64_t columns, const float *src, ninetap_dtype dst_type,
                           const float *scale, const int32_t *zero, int64_t scales, void *dst);
void nt_reference_dequantize(int64_t rows, int64_t columns, ninetap_dtype src_type, const void *src,
                             const float *scale, const int32_t *zero, int64_t scales, float *dst);
void nt_reference_range(int64_t n, const float *src, float *lo, float *hi);

/* Softmax in double; dst dense. */
void nt_reference_softmax_f64(int64_t rows, int64_t columns, const float *src, int64_t src_pitch,
                              double *dst);
/* Its cross entropy and the gradient, of finite logits; dense. */
double nt_reference_cross_entropy_f64(int64_t rows, int64_t columns, const float *logits,
                                      const int64_t *label, double *diff);

#endif
