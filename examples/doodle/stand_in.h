#ifndef STAND_IN_H
#define STAND_IN_H
#include "ninetap.h"
ninetap_status stand_in_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *d, const void *w,
                               const void *b);
ninetap_status ninetap_conv3x3_create_backward_data(ninetap_conv3x3 **plan,
                                                    const ninetap_conv3x3_desc *forward,
                                                    const float *weights);
ninetap_status ninetap_conv3x3_set_weights(ninetap_conv3x3 *plan, const float *weights,
                                           const float *bias);
ninetap_status stand_in_run(const ninetap_conv3x3 *plan, const void *src, void *dst, void *ws);
ninetap_status stand_in_dense_create(ninetap_dense **plan, const ninetap_dense_desc *d,
                                     const void *w, const void *b);
ninetap_status stand_in_dense_run(const ninetap_dense *plan, const void *src, void *dst);
ninetap_status ninetap_dense_set_weights(ninetap_dense *plan, const float *weights,
                                         const float *bias);
ninetap_status ninetap_dense_backward_data(const ninetap_dense_desc *forward, const float *weights,
                                           const float *diff_dst, float *diff_src);
ninetap_status ninetap_conv3x3_backward_weights(const ninetap_conv3x3_desc *forward,
                                                const float *src, const float *diff_dst,
                                                float *diff_weights, float *diff_bias,
                                                int accumulate);
ninetap_status ninetap_dense_backward_weights(const ninetap_dense_desc *forward, const float *src,
                                              const float *diff_dst, float *diff_weights,
                                              float *diff_bias, int accumulate);
ninetap_status ninetap_act_backward_f32(ninetap_act act, float lo, float hi, float slope, int64_t n,
                                        const float *x, const float *diff_dst, float *diff_src);
ninetap_status ninetap_maxpool2x2_backward_f32(const ninetap_pool2x2_desc *desc,
                                               const int64_t *indices, const float *diff_dst,
                                               float *diff_src);
ninetap_status ninetap_softmax_cross_entropy_f32(int64_t rows, int64_t columns, const float *logits,
                                                 const int64_t *label, float *probabilities,
                                                 float *diff, double *loss);
#ifndef STAND_IN_C
#define ninetap_conv3x3_create stand_in_create
#define ninetap_conv3x3_run stand_in_run
#define ninetap_dense_create stand_in_dense_create
#define ninetap_dense_run stand_in_dense_run
#endif
#endif
