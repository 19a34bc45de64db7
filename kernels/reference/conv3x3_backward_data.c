/* The gradient of a 3x3 convolution's input as its definition: for every element of the input, for
 * every output channel of the group and every output that read it, in the order of their rows and
 * columns, so that taps come backwards. Every operation on floats is assigned to one, as in
 * conv3x3.c. */
#include "core/build.h"

#include <math.h>
#include <stddef.h>

#include "core/fma.h"
#include "reference/naive_conv.h"
#include "reference/reference.h"

/* The output that read input position x by tap k of an axis; -1: there is none. */
static int64_t reader(int64_t x, int before, int64_t k, int64_t stride, int64_t dilation,
                      int64_t outputs) {
    const int64_t from = x + before - k * dilation;
    return from >= 0 && from % stride == 0 && from / stride < outputs ? from / stride : -1;
}

/* Where the weight of tap 8 - t, t = 3 * ky + kx, and the gradient that it meets lie. */
typedef struct naive_tap {
    float w, v;
} naive_tap;

static bool gradient_at(const naive_conv *q, const float *diff_dst, const int64_t at[4], int64_t o,
                        int64_t t, naive_tap *tap) {
    const int64_t ky = 2 - t / 3;
    const int64_t kx = 2 - t % 3;
    const int64_t group = at[1] / q->group_ic;
    const int64_t channel = group * q->group_oc + o;
    const int64_t y = reader(at[2], q->d->pad[0], ky, q->stride, q->dilation, q->oh);
    const int64_t x = reader(at[3], q->d->pad[1], kx, q->stride, q->dilation, q->ow);
    if (y < 0 || x < 0) {
        return false;
    }
    tap->w = ((const float *)q->weights)[weight_at(q, channel, at[1] % q->group_ic, ky, kx)];
    tap->v = diff_dst[element_at(&q->dst, at[0], channel, y, x)];
    return true;
}

static void gradient_f32(const naive_conv *q, nt_arithmetic arithmetic, const float *diff_dst,
                         const int64_t at[4], float *to) {
    float sum = 0.0F;
    for (int64_t o = 0; o < q->group_oc; o++) {
        for (int64_t t = 0; t < 9; t++) {
            naive_tap tap;
            if (!gradient_at(q, diff_dst, at, o, t, &tap)) {
                continue;
            }
            if (arithmetic == NT_FUSED) {
                sum = nt_fmaf(tap.w, tap.v, sum);
            } else {
                const float product = tap.w * tap.v;
                sum += product;
            }
        }
    }
    *to = sum + 0.0F; /* -0 becomes +0 */
}

void nt_reference_conv3x3_backward_data_f32(const ninetap_conv3x3_desc *d, nt_arithmetic arithmetic,
                                            const float *weights, const float *diff_dst,
                                            float *diff_src) {
    const naive_conv q = naive_conv_of(d, d->dst_pitch, NULL, weights, NULL);
    for (int64_t n = 0; n < d->n; n++) {
        for (int64_t i = 0; i < d->ic; i++) {
            for (int64_t y = 0; y < d->ih; y++) {
                for (int64_t x = 0; x < d->iw; x++) {
                    const int64_t at[4] = {n, i, y, x};
                    gradient_f32(&q, arithmetic, diff_dst, at,
                                 &diff_src[element_at(&q.src, n, i, y, x)]);
                }
            }
        }
    }
}

void nt_reference_conv3x3_backward_data_at(const ninetap_conv3x3_desc *d, const int64_t at[4],
                                           const float *weights, const float *diff_dst,
                                           double *value, double *magnitude) {
    const naive_conv q = naive_conv_of(d, d->dst_pitch, NULL, weights, NULL);
    *value = 0.0;
    *magnitude = 0.0;
    for (int64_t o = 0; o < q.group_oc; o++) {
        for (int64_t t = 0; t < 9; t++) {
            naive_tap tap;
            if (gradient_at(&q, diff_dst, at, o, t, &tap)) {
                const double product = (double)tap.w * (double)tap.v;
                *value += product;
                *magnitude += fabs(product);
            }
        }
    }
}
