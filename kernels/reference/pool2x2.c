/* 2x2 max pooling as its definition: for every window, its elements in row-major order. */
#include <math.h>
#include <stddef.h>

#include "core/tensor.h"
#include "reference/reference.h"

typedef struct winner {
    float value;
    int64_t index; /* -1: none yet */
} winner;

/* Whether v takes the place of the winner so far. */
static bool beats(float v, winner so_far, ninetap_nan rule) {
    if (so_far.index < 0) {
        return true;
    }
    if (isnan(so_far.value)) {
        return rule == NINETAP_NAN_IGNORE && !isnan(v);
    }
    if (isnan(v)) {
        return rule == NINETAP_NAN_PROPAGATE;
    }
    return v > so_far.value;
}

void nt_reference_maxpool2x2_f32(const ninetap_pool2x2_desc *d, const float *src, float *dst,
                                 int64_t *indices) {
    const int64_t stride = d->stride == 0 ? 2 : d->stride;
    const int64_t dilation = d->dilation == 0 ? 1 : d->dilation;
    const int64_t dense[3] = {0, 0, 0};
    int64_t oh = 0;
    int64_t ow = 0;
    nt_tensor in;
    nt_tensor out;
    nt_tensor places;
    (void)ninetap_pool2x2_output(d, &oh, &ow);
    const int64_t n = d->n == 0 ? 1 : d->n;
    (void)nt_tensor_resolve(&in, d->layout, n, d->c, d->ih, d->iw, d->src_pitch, sizeof *src);
    (void)nt_tensor_resolve(&out, d->layout, n, d->c, oh, ow, d->dst_pitch, sizeof *dst);
    (void)nt_tensor_resolve(&places, d->layout, n, d->c, oh, ow, dense, sizeof *indices);
    for (int64_t o = 0; o < d->n * d->c * oh * ow; o++) {
        const int64_t x = o % ow;
        const int64_t y = o / ow % oh;
        const int64_t c = o / ow / oh % d->c;
        const int64_t i = o / ow / oh / d->c;
        winner best = {-INFINITY, -1};
        for (int64_t k = 0; k < 4; k++) {
            const int64_t iy = y * stride + k / 2 * dilation - d->pad[0];
            const int64_t ix = x * stride + k % 2 * dilation - d->pad[1];
            if (iy < 0 || iy >= d->ih || ix < 0 || ix >= d->iw) {
                continue;
            }
            const float v = src[i * in.image + c * in.channel + iy * in.row + ix * in.column];
            if (beats(v, best, d->nan)) {
                best = (winner){v, iy * d->iw + ix};
            }
        }
        dst[i * out.image + c * out.channel + y * out.row + x * out.column] = best.value;
        if (indices != NULL) {
            indices[i * places.image + c * places.channel + y * places.row + x * places.column] =
                best.index;
        }
    }
}
