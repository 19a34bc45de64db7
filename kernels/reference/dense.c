/* Dense layer and softmax as their definitions. Every operation on floats is assigned to one, as in
 * conv3x3.c. */
#include "core/build.h"

#include <math.h>
#include <stddef.h>

#include "core/fma.h"
#include "reference/reference.h"

static int64_t pitch_or(int64_t pitch, int64_t dense) {
    return pitch == 0 ? dense : pitch;
}

/* What becomes of a sum is as in a convolution. */
static ninetap_conv3x3_desc activation_of(const ninetap_dense_desc *d) {
    return (ninetap_conv3x3_desc){.act = d->act,
                                  .act_lo = d->act_lo,
                                  .act_hi = d->act_hi,
                                  .act_slope = d->act_slope,
                                  .src_type = d->src_type,
                                  .weights_type = d->weights_type,
                                  .dst_type = d->dst_type,
                                  .quantization = d->quantization};
}

void nt_reference_dense_f32(const ninetap_dense_desc *d, nt_arithmetic arithmetic, const float *src,
                            const float *weights, const float *bias, float *dst) {
    const ninetap_conv3x3_desc act = activation_of(d);
    for (int64_t r = 0; r < d->n; r++) {
        const float *x = src + r * pitch_or(d->src_pitch, d->in);
        float *y = dst + r * pitch_or(d->dst_pitch, d->out);
        for (int64_t o = 0; o < d->out; o++) {
            const float *w = weights + o * d->in;
            float sum = 0.0F;
            for (int64_t i = 0; i < d->in; i++) {
                if (arithmetic == NT_FUSED) {
                    sum = nt_fmaf(w[i], x[i], sum);
                } else {
                    const float product = w[i] * x[i];
                    sum += product;
                }
            }
            const float b = bias == NULL ? 0.0F : bias[o] + 0.0F; /* -0 counts as +0 */
            sum += b;
            y[o] = nt_reference_activation(&act, sum);
        }
    }
}

void nt_reference_dense_backward_data_f32(const ninetap_dense_desc *d, nt_arithmetic arithmetic,
                                          const float *weights, const float *diff_dst,
                                          float *diff_src) {
    for (int64_t r = 0; r < d->n; r++) {
        const float *x = diff_dst + r * pitch_or(d->dst_pitch, d->out);
        float *y = diff_src + r * pitch_or(d->src_pitch, d->in);
        for (int64_t i = 0; i < d->in; i++) {
            float sum = 0.0F;
            for (int64_t o = 0; o < d->out; o++) {
                const float w = weights[o * d->in + i];
                if (arithmetic == NT_FUSED) {
                    sum = nt_fmaf(w, x[o], sum);
                } else {
                    const float product = w * x[o];
                    sum += product;
                }
            }
            y[i] = sum + 0.0F; /* -0 becomes +0 */
        }
    }
}

void nt_reference_dense_int8(const ninetap_dense_desc *d, const void *src, const int8_t *weights,
                             const int32_t *bias, void *dst) {
    const ninetap_conv3x3_desc act = activation_of(d);
    for (int64_t r = 0; r < d->n; r++) {
        const int64_t from = r * pitch_or(d->src_pitch, d->in);
        const int64_t to = r * pitch_or(d->dst_pitch, d->out);
        for (int64_t o = 0; o < d->out; o++) {
            int64_t sum = bias == NULL ? 0 : bias[o];
            for (int64_t i = 0; i < d->in; i++) {
                const int x = d->src_type == NINETAP_S8 ? ((const int8_t *)src)[from + i]
                                                        : ((const uint8_t *)src)[from + i];
                sum += (int64_t)(x - d->quantization->src_zero) * weights[o * d->in + i];
            }
            nt_reference_write_sum(&act, o, (int32_t)sum, to + o, dst);
        }
    }
}

void nt_reference_dense_at(const ninetap_dense_desc *d, int64_t row, int64_t output,
                           const float *src, const float *weights, const float *bias, double *value,
                           double *magnitude) {
    const ninetap_conv3x3_desc act = activation_of(d);
    const float *x = src + row * pitch_or(d->src_pitch, d->in);
    const double b = bias == NULL ? 0.0 : (double)bias[output];
    double sum = 0.0;
    double size = 0.0;
    for (int64_t i = 0; i < d->in; i++) {
        const double product = (double)weights[output * d->in + i] * (double)x[i];
        sum += product;
        size += fabs(product);
    }
    *value = nt_reference_activation_f64(&act, sum + b);
    *magnitude = size + fabs(b);
}

void nt_reference_softmax_f64(int64_t rows, int64_t columns, const float *src, int64_t src_pitch,
                              double *dst) {
    for (int64_t r = 0; r < rows; r++) {
        const float *x = src + r * pitch_or(src_pitch, columns);
        double *y = dst + r * columns;
        double largest = -INFINITY;
        double sum = 0.0;
        for (int64_t i = 0; i < columns; i++) {
            largest = (double)x[i] > largest ? (double)x[i] : largest;
        }
        for (int64_t i = 0; i < columns; i++) {
            y[i] = exp((double)x[i] - largest);
            sum += y[i];
        }
        for (int64_t i = 0; i < columns; i++) {
            y[i] /= sum;
        }
    }
}

double nt_reference_cross_entropy_f64(int64_t rows, int64_t columns, const float *logits,
                                      const int64_t *label, double *diff) {
    double loss = 0.0;
    nt_reference_softmax_f64(rows, columns, logits, 0, diff);
    for (int64_t r = 0; r < rows; r++) {
        const float *x = logits + r * columns;
        double sum = 0.0;
        int64_t i = 0;
        do {
            sum += exp((double)x[i] - (double)x[label[r]]);
            diff[r * columns + i] -= i == label[r] ? 1.0 : 0.0;
            diff[r * columns + i] /= (double)rows;
        } while (++i < columns);
        loss += log(sum);
    }
    return loss / (double)rows;
}
