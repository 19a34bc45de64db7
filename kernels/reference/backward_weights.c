/* The gradients of weights as their definition, and in double. As in conv3x3.c, every operation on
 * floats is assigned to one. */
#include "core/build.h"

#include <math.h>

#include "core/fma.h"
#include "reference/naive_conv.h"
#include "reference/reference.h"

static float add_product(nt_arithmetic arithmetic, float a, float b, float sum) {
    if (arithmetic == NT_FUSED) {
        return nt_fmaf(a, b, sum);
    }
    const float product = a * b;
    sum += product;
    return sum;
}

static float add_floats(float a, float b) {
    const float sum = a + b;
    return sum;
}

static int64_t least_quotient(int64_t a, int64_t b) {
    return a / b + (a % b != 0);
}

static int64_t rows_of_chunk(int64_t rows, int64_t columns) {
    const int64_t for_pixels = least_quotient(512, columns);
    const int64_t for_chunks = least_quotient(rows, 64);
    return for_pixels > for_chunks ? for_pixels : for_chunks;
}

/* Where diff_dst of a row of all images lies, and its input under a tap; tap 9 is the bias, whose
 * input is 1. False: the tap is outside. */
static bool factors(const naive_conv *q, const float *src, const float *diff_dst,
                    const int64_t at[3], int64_t row, int64_t ox, float *d, float *v) {
    const int64_t o = at[0];
    const int64_t n = row / q->oh;
    const int64_t oy = row % q->oh;
    *d = diff_dst[element_at(&q->dst, n, o, oy, ox)];
    *v = 1.0F;
    if (at[2] == 9) {
        return true;
    }
    const int64_t y = oy * q->stride + at[2] / 3 * q->dilation - q->d->pad[0];
    const int64_t x = ox * q->stride + at[2] % 3 * q->dilation - q->d->pad[1];
    const int64_t i = input_at(q, n, o / q->group_oc * q->group_ic + at[1], y, x);
    if (i >= 0) {
        *v = src[i];
    }
    return i >= 0;
}

/* o, i, tap */
static float gradient_f32(const naive_conv *q, nt_arithmetic arithmetic, const float *src,
                          const float *diff_dst, const int64_t at[3]) {
    const int64_t rows = q->d->n * q->oh;
    const int64_t chunk = rows_of_chunk(rows, q->ow);
    float total = 0.0F;
    for (int64_t first = 0; first < rows; first += chunk) {
        float sum = 0.0F;
        for (int64_t row = first; row < first + chunk && row < rows; row++) {
            for (int64_t ox = 0; ox < q->ow; ox++) {
                float d;
                float v;
                if (factors(q, src, diff_dst, at, row, ox, &d, &v)) {
                    sum = add_product(arithmetic, d, v, sum);
                }
            }
        }
        total = add_floats(total, sum);
    }
    return total;
}

void nt_reference_conv3x3_backward_weights(const ninetap_conv3x3_desc *d, nt_arithmetic arithmetic,
                                           const float *src, const float *diff_dst,
                                           float *diff_weights, float *diff_bias, bool accumulate) {
    const naive_conv q = naive_conv_of(d, d->dst_pitch, src, diff_weights, diff_bias);
    for (int64_t o = 0; o < d->oc; o++) {
        for (int64_t t = 0; t < 9 * q.group_ic; t++) {
            const int64_t at[3] = {o, t / 9, t % 9};
            float *w = &diff_weights[weight_at(&q, o, t / 9, t % 9 / 3, t % 3)];
            const float sum = gradient_f32(&q, arithmetic, src, diff_dst, at);
            *w = accumulate ? add_floats(*w, sum) : sum;
        }
        if (diff_bias != NULL) {
            const int64_t at[3] = {o, 0, 9};
            const float sum = gradient_f32(&q, arithmetic, src, diff_dst, at);
            diff_bias[o] = accumulate ? add_floats(diff_bias[o], sum) : sum;
        }
    }
}

void nt_reference_conv3x3_backward_weights_at(const ninetap_conv3x3_desc *d, const int64_t at[3],
                                              const float *src, const float *diff_dst,
                                              double *value, double *magnitude) {
    const naive_conv q = naive_conv_of(d, d->dst_pitch, src, NULL, NULL);
    *value = 0.0;
    *magnitude = 0.0;
    for (int64_t i = 0; i < d->n * q.oh * q.ow; i++) {
        float v;
        float g;
        if (factors(&q, src, diff_dst, at, i / q.ow, i % q.ow, &g, &v)) {
            *value += (double)g * (double)v;
            *magnitude += fabs((double)g * (double)v);
        }
    }
}

void nt_reference_dense_backward_weights(const ninetap_dense_desc *d, nt_arithmetic arithmetic,
                                         const float *src, const float *diff_dst,
                                         float *diff_weights, float *diff_bias, bool accumulate) {
    const int64_t src_row = d->src_pitch != 0 ? d->src_pitch : d->in;
    const int64_t dst_row = d->dst_pitch != 0 ? d->dst_pitch : d->out;
    for (int64_t o = 0; o < d->out; o++) {
        float bias = 0.0F;
        for (int64_t i = 0; i < d->in; i++) {
            float sum = 0.0F;
            for (int64_t r = 0; r < d->n; r++) {
                sum = add_product(arithmetic, diff_dst[r * dst_row + o], src[r * src_row + i], sum);
            }
            float *w = &diff_weights[o * d->in + i];
            *w = accumulate ? add_floats(*w, sum) : sum;
        }
        for (int64_t r = 0; r < d->n; r++) {
            bias = add_floats(bias, diff_dst[r * dst_row + o]);
        }
        if (diff_bias != NULL) {
            diff_bias[o] = accumulate ? add_floats(diff_bias[o], bias) : bias;
        }
    }
}

void nt_reference_dense_backward_weights_at(const ninetap_dense_desc *d, int64_t output,
                                            int64_t input, const float *src, const float *diff_dst,
                                            double *value, double *magnitude) {
    const int64_t src_row = d->src_pitch != 0 ? d->src_pitch : d->in;
    const int64_t dst_row = d->dst_pitch != 0 ? d->dst_pitch : d->out;
    *value = 0.0;
    *magnitude = 0.0;
    for (int64_t r = 0; r < d->n; r++) {
        const double product =
            (double)diff_dst[r * dst_row + output] * (double)src[r * src_row + input];
        *value += product;
        *magnitude += fabs(product);
    }
}
