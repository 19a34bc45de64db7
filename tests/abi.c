/* The binary interface as it was first released, on machines of 64 bits: compiled, never run. What
 * is wrong here breaks programs that were built before: a new minor version then, and new numbers
 * here. */
#include <stddef.h>

#include "ninetap.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define AT(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), #type "." #field)
#define VALUE(name, number) _Static_assert((int)(name) == (number), #name)
#define FUNCTION(name, result, ...) \
    _Static_assert(_Generic(&(name), result(*)(__VA_ARGS__) : 1, default : 0), #name)

#if defined(__LP64__)
SIZE(ninetap_conv3x3_desc, 272);
AT(ninetap_conv3x3_desc, oc, 32);
AT(ninetap_conv3x3_desc, pad, 40);
AT(ninetap_conv3x3_desc, stride, 56);
AT(ninetap_conv3x3_desc, dilation, 60);
AT(ninetap_conv3x3_desc, groups, 64);
AT(ninetap_conv3x3_desc, layout, 72);
AT(ninetap_conv3x3_desc, weights_layout, 76);
AT(ninetap_conv3x3_desc, border, 80);
AT(ninetap_conv3x3_desc, border_value, 84);
AT(ninetap_conv3x3_desc, act, 88);
AT(ninetap_conv3x3_desc, act_lo, 92);
AT(ninetap_conv3x3_desc, act_hi, 96);
AT(ninetap_conv3x3_desc, act_slope, 100);
AT(ninetap_conv3x3_desc, pool, 104);
AT(ninetap_conv3x3_desc, algo, 108);
AT(ninetap_conv3x3_desc, precision, 112);
AT(ninetap_conv3x3_desc, isa, 120);
AT(ninetap_conv3x3_desc, threads, 128);
AT(ninetap_conv3x3_desc, src_pitch, 136);
AT(ninetap_conv3x3_desc, dst_pitch, 160);
AT(ninetap_conv3x3_desc, src_type, 184);
AT(ninetap_conv3x3_desc, dst_type, 192);
AT(ninetap_conv3x3_desc, quantization, 200);
AT(ninetap_conv3x3_desc, reserved, 208);

SIZE(ninetap_quantization, 32);
AT(ninetap_quantization, weights_scale, 8);
AT(ninetap_quantization, weights_scales, 16);
AT(ninetap_quantization, dst_scale, 24);
AT(ninetap_quantization, dst_zero, 28);

SIZE(ninetap_plan_info, 80);
AT(ninetap_plan_info, kernel, 8);
AT(ninetap_plan_info, isa, 16);
AT(ninetap_plan_info, reason, 24);
AT(ninetap_plan_info, macs, 32);
AT(ninetap_plan_info, packed_bytes, 40);
AT(ninetap_plan_info, workspace_bytes, 48);
AT(ninetap_plan_info, error_bound, 56);
AT(ninetap_plan_info, error_floor, 64);
AT(ninetap_plan_info, headroom, 72);

SIZE(ninetap_pool2x2_desc, 200);
AT(ninetap_pool2x2_desc, iw, 24);
AT(ninetap_pool2x2_desc, stride, 32);
AT(ninetap_pool2x2_desc, pad, 36);
AT(ninetap_pool2x2_desc, dilation, 52);
AT(ninetap_pool2x2_desc, ceil_mode, 56);
AT(ninetap_pool2x2_desc, layout, 60);
AT(ninetap_pool2x2_desc, nan, 64);
AT(ninetap_pool2x2_desc, isa, 72);
AT(ninetap_pool2x2_desc, threads, 80);
AT(ninetap_pool2x2_desc, src_pitch, 88);
AT(ninetap_pool2x2_desc, dst_pitch, 112);
AT(ninetap_pool2x2_desc, reserved, 136);

SIZE(ninetap_dense_desc, 168);
AT(ninetap_dense_desc, out, 16);
AT(ninetap_dense_desc, act, 24);
AT(ninetap_dense_desc, act_slope, 36);
AT(ninetap_dense_desc, precision, 40);
AT(ninetap_dense_desc, isa, 48);
AT(ninetap_dense_desc, threads, 56);
AT(ninetap_dense_desc, src_pitch, 64);
AT(ninetap_dense_desc, dst_pitch, 72);
AT(ninetap_dense_desc, src_type, 80);
AT(ninetap_dense_desc, quantization, 96);
AT(ninetap_dense_desc, reserved, 104);

SIZE(ninetap_filter3x3_desc, 208);
AT(ninetap_filter3x3_desc, channels, 24);
AT(ninetap_filter3x3_desc, keep_alpha, 28);
AT(ninetap_filter3x3_desc, src_type, 32);
AT(ninetap_filter3x3_desc, dst_type, 36);
AT(ninetap_filter3x3_desc, border, 40);
AT(ninetap_filter3x3_desc, border_value, 44);
AT(ninetap_filter3x3_desc, margin, 60);
AT(ninetap_filter3x3_desc, scale, 76);
AT(ninetap_filter3x3_desc, delta, 80);
AT(ninetap_filter3x3_desc, absolute, 84);
AT(ninetap_filter3x3_desc, pool, 88);
AT(ninetap_filter3x3_desc, isa, 96);
AT(ninetap_filter3x3_desc, threads, 104);
AT(ninetap_filter3x3_desc, src_pitch, 112);
AT(ninetap_filter3x3_desc, dst_pitch, 128);
AT(ninetap_filter3x3_desc, reserved, 144);
#endif

SIZE(ninetap_selftest_report, 272);
AT(ninetap_selftest_report, failures, 8);
AT(ninetap_selftest_report, first_failure, 16);

VALUE(NINETAP_OK, 0);
VALUE(NINETAP_ERR_ARG, 1);
VALUE(NINETAP_ERR_SHAPE, 2);
VALUE(NINETAP_ERR_OVERFLOW, 3);
VALUE(NINETAP_ERR_ALIAS, 4);
VALUE(NINETAP_ERR_NOMEM, 5);
VALUE(NINETAP_ERR_UNSUPPORTED, 6);
VALUE(NINETAP_F32, 0);
VALUE(NINETAP_U8, 1);
VALUE(NINETAP_S8, 2);
VALUE(NINETAP_S16, 3);
VALUE(NINETAP_S32, 4);
VALUE(NINETAP_NHWC, 1);
VALUE(NINETAP_OHWI, 1);
VALUE(NINETAP_HWIO, 2);
VALUE(NINETAP_RELU, 1);
VALUE(NINETAP_CLAMP, 2);
VALUE(NINETAP_LEAKY_RELU, 3);
VALUE(NINETAP_HARD_SWISH, 4);
VALUE(NINETAP_POOL_MAX, 1);
VALUE(NINETAP_BORDER_REPLICATE, 1);
VALUE(NINETAP_BORDER_REFLECT101, 2);
VALUE(NINETAP_BORDER_CONSTANT, 3);
VALUE(NINETAP_ALGO_DIRECT, 1);
VALUE(NINETAP_ALGO_WINOGRAD2, 2);
VALUE(NINETAP_ALGO_WINOGRAD4, 3);
VALUE(NINETAP_ALGO_WINOGRAD6, 4);
VALUE(NINETAP_PRECISION_EXACT, 1);
VALUE(NINETAP_PRECISION_PORTABLE, 2);
VALUE(NINETAP_PRECISION_FAST, 3);
VALUE(NINETAP_NAN_IGNORE, 1);
VALUE(NINETAP_NORM_L1, 0);
VALUE(NINETAP_NORM_L2, 1);

/* clang-format off */
FUNCTION(ninetap_strerror, const char *, ninetap_status);
FUNCTION(ninetap_version, const char *, void);
FUNCTION(ninetap_conv3x3_output, ninetap_status, const ninetap_conv3x3_desc *, int64_t *, int64_t *);
FUNCTION(ninetap_conv3x3_create, ninetap_status, ninetap_conv3x3 **, const ninetap_conv3x3_desc *,
         const void *, const void *);
FUNCTION(ninetap_conv3x3_workspace, size_t, const ninetap_conv3x3 *);
FUNCTION(ninetap_conv3x3_run, ninetap_status, const ninetap_conv3x3 *, const void *, void *, void *);
FUNCTION(ninetap_conv3x3_run_residual, ninetap_status, const ninetap_conv3x3 *, const void *,
         const void *, void *, void *);
FUNCTION(ninetap_conv3x3_run_part, ninetap_status, const ninetap_conv3x3 *, const void *, void *,
         void *, int, int);
FUNCTION(ninetap_conv3x3_describe, void, const ninetap_conv3x3 *, ninetap_plan_info *);
FUNCTION(ninetap_conv3x3_free, void, ninetap_conv3x3 *);
FUNCTION(ninetap_conv3x3_f32, ninetap_status, const ninetap_conv3x3_desc *, const float *,
         const float *, const float *, float *);
FUNCTION(ninetap_pool2x2_output, ninetap_status, const ninetap_pool2x2_desc *, int64_t *, int64_t *);
FUNCTION(ninetap_maxpool2x2_f32, ninetap_status, const ninetap_pool2x2_desc *, const float *, float *,
         int64_t *);
FUNCTION(ninetap_maxpool2x2_u8, ninetap_status, const ninetap_pool2x2_desc *, const uint8_t *,
         uint8_t *, int64_t *);
FUNCTION(ninetap_maxpool2x2_s8, ninetap_status, const ninetap_pool2x2_desc *, const int8_t *, int8_t *,
         int64_t *);
FUNCTION(ninetap_avgpool2x2_f32, ninetap_status, const ninetap_pool2x2_desc *, const float *, float *);
FUNCTION(ninetap_avgpool2x2_u8, ninetap_status, const ninetap_pool2x2_desc *, const uint8_t *,
         uint8_t *);
FUNCTION(ninetap_avgpool2x2_s8, ninetap_status, const ninetap_pool2x2_desc *, const int8_t *,
         int8_t *);
FUNCTION(ninetap_mixedpool2x2_f32, ninetap_status, const ninetap_pool2x2_desc *, float, const float *,
         float *);
FUNCTION(ninetap_maxunpool2x2_f32, ninetap_status, const ninetap_pool2x2_desc *, const float *,
         const int64_t *, float *);
FUNCTION(ninetap_filter3x3, ninetap_status, const ninetap_filter3x3_desc *, const float *,
         const void *, void *);
FUNCTION(ninetap_gradient3x3, ninetap_status, const ninetap_filter3x3_desc *, const float *,
         const float *, ninetap_norm, const void *, void *);
FUNCTION(ninetap_dense_create, ninetap_status, ninetap_dense **, const ninetap_dense_desc *,
         const void *, const void *);
FUNCTION(ninetap_dense_run, ninetap_status, const ninetap_dense *, const void *, void *);
FUNCTION(ninetap_dense_free, void, ninetap_dense *);
FUNCTION(ninetap_dense_f32, ninetap_status, const ninetap_dense_desc *, const float *, const float *,
         const float *, float *);
FUNCTION(ninetap_conv3x3_create_backward_data, ninetap_status, ninetap_conv3x3 **,
         const ninetap_conv3x3_desc *, const float *);
FUNCTION(ninetap_conv3x3_set_weights, ninetap_status, ninetap_conv3x3 *, const float *,
         const float *);
FUNCTION(ninetap_dense_set_weights, ninetap_status, ninetap_dense *, const float *, const float *);
FUNCTION(ninetap_dense_backward_data, ninetap_status, const ninetap_dense_desc *, const float *,
         const float *, float *);
FUNCTION(ninetap_conv3x3_backward_weights, ninetap_status, const ninetap_conv3x3_desc *,
         const float *, const float *, float *, float *, int);
FUNCTION(ninetap_dense_backward_weights, ninetap_status, const ninetap_dense_desc *, const float *,
         const float *, float *, float *, int);
FUNCTION(ninetap_softmax_f32, ninetap_status, int64_t, int64_t, const float *, int64_t, float *,
         int64_t);
FUNCTION(ninetap_act_backward_f32, ninetap_status, ninetap_act, float, float, float, int64_t,
         const float *, const float *, float *);
FUNCTION(ninetap_maxpool2x2_backward_f32, ninetap_status, const ninetap_pool2x2_desc *,
         const int64_t *, const float *, float *);
FUNCTION(ninetap_avgpool2x2_backward_f32, ninetap_status, const ninetap_pool2x2_desc *,
         const float *, float *);
FUNCTION(ninetap_softmax_cross_entropy_f32, ninetap_status, int64_t, int64_t, const float *,
         const int64_t *, float *, float *, double *);
FUNCTION(ninetap_quantize, ninetap_status, int64_t, int64_t, const float *, ninetap_dtype,
         const float *, const int32_t *, int64_t, void *);
FUNCTION(ninetap_dequantize, ninetap_status, int64_t, int64_t, ninetap_dtype, const void *,
         const float *, const int32_t *, int64_t, float *);
FUNCTION(ninetap_range, ninetap_status, int64_t, const float *, float *, float *);
FUNCTION(ninetap_choose_quantization, ninetap_status, float, float, ninetap_dtype, int, float *,
         int32_t *);
FUNCTION(ninetap_isa_count, int, void);
FUNCTION(ninetap_isa_name, const char *, int);
FUNCTION(ninetap_isa, const char *, void);
FUNCTION(ninetap_set_isa, ninetap_status, const char *);
FUNCTION(ninetap_selftest, ninetap_status, ninetap_selftest_report *);
