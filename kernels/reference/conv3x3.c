/* 3x3 convolution as its definition: for every image, output channel, row and column; for every
 * input channel of the group and every tap.
 *
 * Every operation on floats is assigned to one, here and in pool2x2.c: where FLT_EVAL_METHOD is not
 * 0 (s390x), only that rounds it. */
#include "core/build.h"

#include <math.h>
#include <stddef.h>

#include "core/fma.h"
#include "reference/naive_conv.h"
#include "reference/reference.h"

/* A pointer to it: on 32-bit x86 a function returns a float through an x87 register. */
static const float *weight(const naive_conv *q, int64_t o, int64_t i, int64_t ky, int64_t kx) {
    return (const float *)q->weights + weight_at(q, o, i, ky, kx);
}

/* The input under a tap; false: the tap adds nothing. */
static bool input(const naive_conv *q, int64_t n, int64_t c, int64_t y, int64_t x, float *value) {
    const int64_t at = input_at(q, n, c, y, x);
    if (at == INPUT_NOTHING) {
        return false;
    }
    *value = at == INPUT_CONSTANT ? q->d->border_value : ((const float *)q->in)[at];
    return true;
}

/* The sum of one output over input channels, ky, kx, in that order. */
static float sum_f32(const naive_conv *q, nt_arithmetic arithmetic, int64_t n, int64_t o,
                     int64_t oy, int64_t ox) {
    float sum = 0.0F;
    for (int64_t i = 0; i < q->group_ic; i++) {
        for (int64_t ky = 0; ky < 3; ky++) {
            for (int64_t kx = 0; kx < 3; kx++) {
                const int64_t y = oy * q->stride + ky * q->dilation - q->d->pad[0];
                const int64_t x = ox * q->stride + kx * q->dilation - q->d->pad[1];
                float v;
                if (!input(q, n, o / q->group_oc * q->group_ic + i, y, x, &v)) {
                    continue;
                }
                const float w = *weight(q, o, i, ky, kx);
                if (arithmetic == NT_FUSED) {
                    sum = nt_fmaf(w, v, sum);
                } else {
                    const float product = w * v;
                    sum += product;
                }
            }
        }
    }
    return sum;
}

static void sum_f64(const naive_conv *q, int64_t n, int64_t o, int64_t oy, int64_t ox, double *sum,
                    double *magnitude) {
    *sum = 0.0;
    *magnitude = 0.0;
    for (int64_t i = 0; i < q->group_ic; i++) {
        for (int64_t ky = 0; ky < 3; ky++) {
            for (int64_t kx = 0; kx < 3; kx++) {
                const int64_t y = oy * q->stride + ky * q->dilation - q->d->pad[0];
                const int64_t x = ox * q->stride + kx * q->dilation - q->d->pad[1];
                float v;
                if (input(q, n, o / q->group_oc * q->group_ic + i, y, x, &v)) {
                    const double product = (double)*weight(q, o, i, ky, kx) * (double)v;
                    *sum += product;
                    *magnitude += fabs(product);
                }
            }
        }
    }
}

/* The comparisons keep NaN and match vf_max and vf_min. */
float nt_reference_activation(const ninetap_conv3x3_desc *d, float x) {
    switch (d->act) {
    case NINETAP_RELU:
        return 0.0F > x ? 0.0F : x;
    case NINETAP_CLAMP:
        x = d->act_lo > x ? d->act_lo : x;
        return d->act_hi < x ? d->act_hi : x;
    case NINETAP_LEAKY_RELU:
        return x > 0.0F ? x : x * d->act_slope;
    case NINETAP_HARD_SWISH: {
        float gate = x + 3.0F;
        gate = 0.0F > gate ? 0.0F : gate;
        gate = 6.0F < gate ? 6.0F : gate;
        gate /= 6.0F;
        return x * gate;
    }
    case NINETAP_LINEAR:
    default:
        return x;
    }
}

double nt_reference_activation_f64(const ninetap_conv3x3_desc *d, double x) {
    switch (d->act) {
    case NINETAP_RELU:
        return 0.0 > x ? 0.0 : x;
    case NINETAP_CLAMP:
        x = (double)d->act_lo > x ? (double)d->act_lo : x;
        return (double)d->act_hi < x ? (double)d->act_hi : x;
    case NINETAP_LEAKY_RELU:
        return x > 0.0 ? x : x * (double)d->act_slope;
    case NINETAP_HARD_SWISH: {
        double gate = 0.0 > x + 3.0 ? 0.0 : x + 3.0;
        gate = 6.0 < gate ? 6.0 : gate;
        return x * (gate / 6.0);
    }
    case NINETAP_LINEAR:
    default:
        return x;
    }
}

void nt_reference_conv3x3_f32(const ninetap_conv3x3_desc *d, nt_arithmetic arithmetic,
                              const float *src, const float *weights, const float *bias,
                              float *dst) {
    const naive_conv q = naive_conv_of(d, d->dst_pitch, src, weights, bias);
    for (int64_t n = 0; n < d->n; n++) {
        for (int64_t o = 0; o < d->oc; o++) {
            const float b = bias == NULL ? 0.0F : bias[o] + 0.0F; /* -0 counts as +0 */
            for (int64_t y = 0; y < q.oh; y++) {
                for (int64_t x = 0; x < q.ow; x++) {
                    const float sum = sum_f32(&q, arithmetic, n, o, y, x);
                    dst[element_at(&q.dst, n, o, y, x)] = nt_reference_activation(d, sum + b);
                }
            }
        }
    }
}

static void output_f64(const naive_conv *q, int64_t n, int64_t o, int64_t y, int64_t x,
                       double *value, double *magnitude) {
    const double b = q->bias == NULL ? 0.0 : (double)((const float *)q->bias)[o];
    double sum;
    double size;
    sum_f64(q, n, o, y, x, &sum, &size);
    *value = nt_reference_activation_f64(q->d, sum + b);
    *magnitude = size + fabs(b);
}

void nt_reference_conv3x3_f64(const ninetap_conv3x3_desc *d, const float *src, const float *weights,
                              const float *bias, double *value, double *magnitude) {
    const int64_t dense[3] = {0, 0, 0};
    const naive_conv q = naive_conv_of(d, dense, src, weights, bias);
    for (int64_t n = 0; n < d->n; n++) {
        for (int64_t o = 0; o < d->oc; o++) {
            for (int64_t y = 0; y < q.oh; y++) {
                for (int64_t x = 0; x < q.ow; x++) {
                    const int64_t at = element_at(&q.dst, n, o, y, x);
                    double sum;
                    output_f64(&q, n, o, y, x, value != NULL ? &value[at] : &sum, &magnitude[at]);
                }
            }
        }
    }
}

void nt_reference_conv3x3_at(const ninetap_conv3x3_desc *d, const int64_t at[4], const float *src,
                             const float *weights, const float *bias, double *value,
                             double *magnitude) {
    const int64_t dense[3] = {0, 0, 0};
    const naive_conv q = naive_conv_of(d, dense, src, weights, bias);
    output_f64(&q, at[0], at[1], at[2], at[3], value, magnitude);
}

/* The largest |w| of a plane, 2^-120 at least. */
static double largest_weight(const naive_conv *q, int64_t o, int64_t i) {
    double largest = 0x1p-120;
    for (int64_t tap = 0; tap < 9; tap++) {
        const double w = fabs((double)*weight(q, o, i, tap / 3, tap % 3));
        largest = w > largest ? w : largest;
    }
    return largest;
}

/* The sum of |x| under the taps of one output, in one channel. */
static double input_sum(const naive_conv *q, int64_t n, int64_t i, int64_t oy, int64_t ox) {
    double sum = 0.0;
    for (int64_t tap = 0; tap < 9; tap++) {
        float v;
        if (input(q, n, i, oy + tap / 3 - q->d->pad[0], ox + tap % 3 - q->d->pad[1], &v)) {
            sum += fabs((double)v);
        }
    }
    return sum;
}

/* Gives all outputs of a tile the largest of their values; a NaN counts as the largest. */
static void spread(const naive_conv *q, int64_t m, int64_t n, int64_t o, int64_t top, int64_t left,
                   double *scale) {
    const int64_t bottom = top + m < q->oh ? top + m : q->oh;
    const int64_t right = left + m < q->ow ? left + m : q->ow;
    double most = 0.0;
    for (int64_t y = top; y < bottom; y++) {
        for (int64_t x = left; x < right; x++) {
            const double s = scale[element_at(&q->dst, n, o, y, x)];
            most = s > most || isnan(s) ? s : most;
        }
    }
    for (int64_t y = top; y < bottom; y++) {
        for (int64_t x = left; x < right; x++) {
            scale[element_at(&q->dst, n, o, y, x)] = most;
        }
    }
}

void nt_reference_winograd_scale(const ninetap_conv3x3_desc *d, int m, const float *src,
                                 const float *weights, const float *bias, double *scale) {
    const int64_t dense[3] = {0, 0, 0};
    const naive_conv q = naive_conv_of(d, dense, src, weights, bias);
    for (int64_t n = 0; n < d->n; n++) {
        for (int64_t o = 0; o < d->oc; o++) {
            const double b = bias == NULL ? 0.0 : fabs((double)bias[o]);
            for (int64_t i = 0; i < q.group_ic; i++) {
                const double largest = largest_weight(&q, o, i);
                for (int64_t at = 0; at < q.oh * q.ow; at++) {
                    const int64_t y = at / q.ow;
                    const int64_t x = at % q.ow;
                    double *s = &scale[element_at(&q.dst, n, o, y, x)];
                    *s = (i == 0 ? b : *s) + largest * input_sum(&q, n, i, y, x);
                }
            }
            for (int64_t y = 0; y < q.oh; y += m) {
                for (int64_t x = 0; x < q.ow; x += m) {
                    spread(&q, m, n, o, y, x, scale);
                }
            }
        }
    }
}
