/* 2x2 pooling as its definition: for every window, its elements in row-major order. */
#include "core/build.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/tensor.h"
#include "reference/reference.h"

/* The tensors of a description; the one that is N x C x OH x OW is `out`. */
typedef struct tensors {
    nt_tensor in, out, indices;
    int64_t oh, ow, outputs; /* outputs: of all planes */
    int64_t stride, dilation;
} tensors;

static tensors tensors_of(const ninetap_pool2x2_desc *d, size_t element) {
    const int64_t dense[3] = {0, 0, 0};
    tensors t = {.stride = d->stride == 0 ? 2 : d->stride,
                 .dilation = d->dilation == 0 ? 1 : d->dilation};
    (void)ninetap_pool2x2_output(d, &t.oh, &t.ow);
    t.outputs = d->n * d->c * t.oh * t.ow;
    (void)nt_tensor_resolve(&t.in, d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch, element);
    (void)nt_tensor_resolve(&t.out, d->layout, d->n, d->c, t.oh, t.ow, d->dst_pitch, element);
    (void)nt_tensor_resolve(&t.indices, d->layout, d->n, d->c, t.oh, t.ow, dense, sizeof(int64_t));
    return t;
}

/* One output, and the window it is made of. */
typedef struct window {
    int64_t dst, indices; /* where it lies in those tensors */
    int64_t plane;        /* where its image and channel begin in the other one */
    int64_t tap[4];       /* from there, in row-major order; -1: not in the image */
    int64_t index[4];     /* y * iw + x of the tap */
} window;

static window window_of(const ninetap_pool2x2_desc *d, const tensors *t, int64_t output) {
    const int64_t x = output % t->ow;
    const int64_t y = output / t->ow % t->oh;
    const int64_t c = output / t->ow / t->oh % d->c;
    const int64_t i = output / t->ow / t->oh / d->c;
    window w = {.dst = i * t->out.image + c * t->out.channel + y * t->out.row + x * t->out.column,
                .indices = i * t->indices.image + c * t->indices.channel + y * t->indices.row +
                           x * t->indices.column,
                .plane = i * t->in.image + c * t->in.channel};
    for (int64_t k = 0; k < 4; k++) {
        const int64_t iy = y * t->stride + k / 2 * t->dilation - d->pad[0];
        const int64_t ix = x * t->stride + k % 2 * t->dilation - d->pad[1];
        const bool inside = iy >= 0 && iy < d->ih && ix >= 0 && ix < d->iw;
        w.tap[k] = inside ? iy * t->in.row + ix * t->in.column : -1;
        w.index[k] = iy * d->iw + ix;
    }
    return w;
}

/* ---- Maxima ---- */

/* Whether v takes the place of the best so far. */
static bool beats(float v, float best, ninetap_nan rule) {
    if (isnan(best)) {
        return rule == NINETAP_NAN_IGNORE && !isnan(v);
    }
    if (isnan(v)) {
        return rule == NINETAP_NAN_PROPAGATE;
    }
    return v > best;
}

/* Which tap of the window is the largest; -1: there is none. */
static int largest(const window *w, const float *src, ninetap_nan rule) {
    int best = -1;
    for (int k = 0; k < 4; k++) {
        if (w->tap[k] >= 0 &&
            (best < 0 || beats(src[w->plane + w->tap[k]], src[w->plane + w->tap[best]], rule))) {
            best = k;
        }
    }
    return best;
}

void nt_reference_maxpool2x2_f32(const ninetap_pool2x2_desc *d, const float *src, float *dst,
                                 int64_t *indices) {
    const tensors t = tensors_of(d, sizeof *src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        const int k = largest(&w, src, d->nan);
        dst[w.dst] = k < 0 ? -INFINITY : src[w.plane + w.tap[k]];
        if (indices != NULL) {
            indices[w.indices] = k < 0 ? -1 : w.index[k];
        }
    }
}

/* Bytes as integers: `sign` is what to exclusive-or them with to get their order as uint8_t. */
static void max_of_bytes(const ninetap_pool2x2_desc *d, const uint8_t *src, uint8_t *dst,
                         int64_t *indices, uint8_t sign) {
    const tensors t = tensors_of(d, sizeof *src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        int best = 0;
        int64_t index = -1;
        for (int k = 0; k < 4; k++) {
            const int v = w.tap[k] < 0 ? 0 : src[w.plane + w.tap[k]] ^ sign;
            if (w.tap[k] >= 0 && (index < 0 || v > best)) {
                best = v;
                index = w.index[k];
            }
        }
        dst[w.dst] = (uint8_t)(best ^ sign);
        if (indices != NULL) {
            indices[w.indices] = index;
        }
    }
}

void nt_reference_maxpool2x2_u8(const ninetap_pool2x2_desc *d, const uint8_t *src, uint8_t *dst,
                                int64_t *indices) {
    max_of_bytes(d, src, dst, indices, 0);
}

void nt_reference_maxpool2x2_s8(const ninetap_pool2x2_desc *d, const int8_t *src, int8_t *dst,
                                int64_t *indices) {
    max_of_bytes(d, (const uint8_t *)src, (uint8_t *)dst, indices, 0x80);
}

/* ---- Averages ---- */

/* The sum of a column's taps of those in the image; how many they are is added to *count. */
static float column_sum(const window *w, const float *src, int column, int *count) {
    const int64_t upper = w->tap[column];
    const int64_t lower = w->tap[column + 2];
    *count += (upper >= 0) + (lower >= 0);
    if (upper >= 0 && lower >= 0) {
        return src[w->plane + upper] + src[w->plane + lower];
    }
    return upper >= 0 ? src[w->plane + upper] : lower >= 0 ? src[w->plane + lower] : 0.0F;
}

static float average(const window *w, const float *src) {
    int left_count = 0;
    int right_count = 0;
    const float left = column_sum(w, src, 0, &left_count);
    const float right = column_sum(w, src, 1, &right_count);
    const int count = left_count + right_count;
    if (count == 0) {
        return 0.0F;
    }
    const float sum = left_count == 0 ? right : right_count == 0 ? left : left + right;
    return sum / (float)count;
}

void nt_reference_avgpool2x2_f32(const ninetap_pool2x2_desc *d, const float *src, float *dst) {
    const tensors t = tensors_of(d, sizeof *src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        dst[w.dst] = average(&w, src);
    }
}

/* `sign` as above. */
static uint8_t byte_average(const window *w, const uint8_t *src, uint8_t sign) {
    int sum = 0;
    int count = 0;
    for (int k = 0; k < 4; k++) {
        if (w->tap[k] >= 0) {
            sum += src[w->plane + w->tap[k]] ^ sign;
            count++;
        }
    }
    if (count == 0) {
        return 0;
    }
    const int floor = sum / count;
    const int rest = 2 * (sum % count) - count; /* beyond the half */
    const int mean = rest > 0 || (rest == 0 && floor % 2 == 1) ? floor + 1 : floor;
    return (uint8_t)(mean ^ sign);
}

static void average_of_bytes(const ninetap_pool2x2_desc *d, const uint8_t *src, uint8_t *dst,
                             uint8_t sign) {
    const tensors t = tensors_of(d, sizeof *src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        dst[w.dst] = byte_average(&w, src, sign);
    }
}

void nt_reference_avgpool2x2_u8(const ninetap_pool2x2_desc *d, const uint8_t *src, uint8_t *dst) {
    average_of_bytes(d, src, dst, 0);
}

void nt_reference_avgpool2x2_s8(const ninetap_pool2x2_desc *d, const int8_t *src, int8_t *dst) {
    average_of_bytes(d, (const uint8_t *)src, (uint8_t *)dst, 0x80);
}

void nt_reference_mixedpool2x2_f32(const ninetap_pool2x2_desc *d, float alpha, const float *src,
                                   float *dst) {
    if (alpha == 0.0F) {
        nt_reference_avgpool2x2_f32(d, src, dst);
        return;
    }
    if (alpha == 1.0F) {
        nt_reference_maxpool2x2_f32(d, src, dst, NULL);
        return;
    }
    const tensors t = tensors_of(d, sizeof *src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        const int k = largest(&w, src, d->nan);
        const float largest_part = alpha * (k < 0 ? -INFINITY : src[w.plane + w.tap[k]]);
        const float rest = 1.0F - alpha;
        const float average_part = rest * average(&w, src);
        dst[w.dst] = largest_part + average_part;
    }
}

/* ---- And back ---- */

/* The tensor that is N x C x ih x iw. */
static void clear_in(const ninetap_pool2x2_desc *d, const tensors *t, float *dst) {
    for (int64_t k = 0; k < d->n * d->c * d->ih * d->iw; k++) {
        const int64_t x = k % d->iw;
        const int64_t y = k / d->iw % d->ih;
        const int64_t c = k / d->iw / d->ih % d->c;
        const int64_t i = k / d->iw / d->ih / d->c;
        dst[i * t->in.image + c * t->in.channel + y * t->in.row + x * t->in.column] = 0.0F;
    }
}

/* Where an index lies in its plane. */
static int64_t place_in(const ninetap_pool2x2_desc *d, const tensors *t, int64_t index) {
    return index / d->iw * t->in.row + index % d->iw * t->in.column;
}

void nt_reference_maxunpool2x2_f32(const ninetap_pool2x2_desc *d, const float *src,
                                   const int64_t *indices, float *dst) {
    const tensors t = tensors_of(d, sizeof *src);
    clear_in(d, &t, dst);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        const int64_t index = indices[w.indices];
        if (index >= 0) {
            memcpy(dst + w.plane + place_in(d, &t, index), src + w.dst, sizeof *dst);
        }
    }
}

void nt_reference_maxpool2x2_backward_f32(const ninetap_pool2x2_desc *d, const int64_t *indices,
                                          const float *diff_dst, float *diff_src) {
    const tensors t = tensors_of(d, sizeof *diff_dst);
    clear_in(d, &t, diff_src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        const int64_t index = indices[w.indices];
        if (index >= 0) {
            diff_src[w.plane + place_in(d, &t, index)] += diff_dst[w.dst];
        }
    }
}

void nt_reference_avgpool2x2_backward_f32(const ninetap_pool2x2_desc *d, const float *diff_dst,
                                          float *diff_src) {
    const tensors t = tensors_of(d, sizeof *diff_dst);
    clear_in(d, &t, diff_src);
    for (int64_t o = 0; o < t.outputs; o++) {
        const window w = window_of(d, &t, o);
        int count = 0;
        for (int k = 0; k < 4; k++) {
            count += w.tap[k] >= 0;
        }
        for (int k = 0; k < 4; k++) {
            if (w.tap[k] >= 0) {
                const float share = diff_dst[w.dst] / (float)count;
                diff_src[w.plane + w.tap[k]] += share;
            }
        }
    }
}
