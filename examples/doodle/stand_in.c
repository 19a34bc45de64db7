#define STAND_IN_C
#include "stand_in.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const void *key;
    ninetap_conv3x3 *now;
    ninetap_conv3x3_desc d;
    bool back;
} conv[64];
static struct {
    const void *key;
    ninetap_dense *now;
    ninetap_dense_desc d;
} dense[16];
static int convs, denses;

ninetap_status stand_in_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *d, const void *w,
                               const void *b) {
    ninetap_status st = ninetap_conv3x3_create(plan, d, w, b);
    if (st == NINETAP_OK && convs < 64) {
        conv[convs].key = *plan;
        conv[convs].d = *d;
        conv[convs].now = NULL;
        conv[convs++].back = false;
    }
    return st;
}
static ninetap_status back_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *f,
                                  const float *w) {
    ninetap_conv3x3_desc d = *f;
    d.ic = f->oc;
    d.oc = f->ic;
    d.act = NINETAP_LINEAR;
    float *t = malloc((size_t)(f->ic * f->oc * 9) * sizeof *t);
    for (int64_t o = 0; o < f->oc; o++)
        for (int64_t i = 0; i < f->ic; i++)
            for (int k = 0; k < 9; k++)
                t[(i * f->oc + o) * 9 + 8 - k] = w[(o * f->ic + i) * 9 + k];
    ninetap_status st = ninetap_conv3x3_create(plan, &d, t, NULL);
    free(t);
    return st;
}
ninetap_status ninetap_conv3x3_create_backward_data(ninetap_conv3x3 **plan,
                                                    const ninetap_conv3x3_desc *f, const float *w) {
    ninetap_status st = back_create(plan, f, w);
    if (st == NINETAP_OK) {
        conv[convs].key = *plan;
        conv[convs].d = *f;
        conv[convs].now = NULL;
        conv[convs++].back = true;
    }
    return st;
}
ninetap_status ninetap_conv3x3_set_weights(ninetap_conv3x3 *plan, const float *w, const float *b) {
    for (int i = convs - 1; i >= 0; i--)
        if (conv[i].key == plan) {
            ninetap_conv3x3_free(conv[i].now);
            return conv[i].back ? back_create(&conv[i].now, &conv[i].d, w)
                                : ninetap_conv3x3_create(&conv[i].now, &conv[i].d, w, b);
        }
    return NINETAP_ERR_ARG;
}
ninetap_status stand_in_run(const ninetap_conv3x3 *plan, const void *src, void *dst, void *ws) {
    for (int i = convs - 1; i >= 0; i--)
        if (conv[i].key == plan && conv[i].now)
            return ninetap_conv3x3_run(conv[i].now, src, dst, ws);
    return ninetap_conv3x3_run(plan, src, dst, ws);
}
ninetap_status stand_in_dense_create(ninetap_dense **plan, const ninetap_dense_desc *d,
                                     const void *w, const void *b) {
    ninetap_status st = ninetap_dense_create(plan, d, w, b);
    if (st == NINETAP_OK) {
        dense[denses].key = *plan;
        dense[denses].now = NULL;
        dense[denses++].d = *d;
    }
    return st;
}
ninetap_status ninetap_dense_set_weights(ninetap_dense *plan, const float *w, const float *b) {
    for (int i = denses - 1; i >= 0; i--)
        if (dense[i].key == plan) {
            ninetap_dense_free(dense[i].now);
            return ninetap_dense_create(&dense[i].now, &dense[i].d, w, b);
        }
    return NINETAP_ERR_ARG;
}
ninetap_status stand_in_dense_run(const ninetap_dense *plan, const void *src, void *dst) {
    for (int i = denses - 1; i >= 0; i--)
        if (dense[i].key == plan && dense[i].now)
            return ninetap_dense_run(dense[i].now, src, dst);
    return ninetap_dense_run(plan, src, dst);
}
ninetap_status ninetap_dense_backward_data(const ninetap_dense_desc *f, const float *w,
                                           const float *dd, float *ds) {
    for (int64_t r = 0; r < f->n; r++)
        for (int64_t i = 0; i < f->in; i++) {
            float s = 0;
            for (int64_t o = 0; o < f->out; o++)
                s += w[o * f->in + i] * dd[r * f->out + o];
            ds[r * f->in + i] = s;
        }
    return NINETAP_OK;
}
ninetap_status ninetap_conv3x3_backward_weights(const ninetap_conv3x3_desc *f, const float *src,
                                                const float *dd, float *dw, float *db,
                                                int accumulate) {
    const int64_t h = f->ih, w = f->iw;
    for (int64_t o = 0; o < f->oc; o++) {
        float bias = 0;
        for (int64_t n = 0; n < f->n; n++)
            for (int64_t p = 0; p < h * w; p++)
                bias += dd[(n * f->oc + o) * h * w + p];
        db[o] = accumulate ? db[o] + bias : bias;
        for (int64_t i = 0; i < f->ic; i++)
            for (int ky = 0; ky < 3; ky++)
                for (int kx = 0; kx < 3; kx++) {
                    float lane[8] = {0};
                    for (int64_t n = 0; n < f->n; n++)
                        for (int64_t y = 0; y < h; y++) {
                            const int64_t sy = y + ky - 1;
                            if (sy < 0 || sy >= h)
                                continue;
                            const float *s = src + ((n * f->ic + i) * h + sy) * w + kx - 1,
                                        *d = dd + ((n * f->oc + o) * h + y) * w;
                            const int64_t from = kx == 0, to = kx == 2 ? w - 1 : w;
                            int64_t x = from;
                            for (; x + 8 <= to; x += 8)
                                for (int k = 0; k < 8; k++)
                                    lane[k] += s[x + k] * d[x + k];
                            for (; x < to; x++)
                                lane[0] += s[x] * d[x];
                        }
                    float sum = 0;
                    for (int k = 0; k < 8; k++)
                        sum += lane[k];
                    float *at = dw + ((o * f->ic + i) * 3 + ky) * 3 + kx;
                    *at = accumulate ? *at + sum : sum;
                }
    }
    return NINETAP_OK;
}
ninetap_status ninetap_dense_backward_weights(const ninetap_dense_desc *f, const float *src,
                                              const float *dd, float *dw, float *db,
                                              int accumulate) {
    if (!accumulate) {
        memset(dw, 0, (size_t)(f->in * f->out) * 4);
        memset(db, 0, (size_t)f->out * 4);
    }
    for (int64_t o = 0; o < f->out; o++)
        for (int64_t r = 0; r < f->n; r++) {
            const float d = dd[r * f->out + o];
            db[o] += d;
            for (int64_t i = 0; i < f->in; i++)
                dw[o * f->in + i] += d * src[r * f->in + i];
        }
    return NINETAP_OK;
}
ninetap_status ninetap_act_backward_f32(ninetap_act act, float lo, float hi, float slope, int64_t n,
                                        const float *x, const float *dd, float *ds) {
    (void)act;
    (void)lo;
    (void)hi;
    (void)slope;
    for (int64_t i = 0; i < n; i++)
        ds[i] = x[i] <= 0 ? 0 : dd[i];
    return NINETAP_OK;
}
ninetap_status ninetap_maxpool2x2_backward_f32(const ninetap_pool2x2_desc *d, const int64_t *idx,
                                               const float *dd, float *ds) {
    return ninetap_maxunpool2x2_f32(d, dd, idx, ds);
}
ninetap_status ninetap_softmax_cross_entropy_f32(int64_t rows, int64_t columns, const float *logits,
                                                 const int64_t *label, float *p, float *diff,
                                                 double *loss) {
    ninetap_softmax_f32(rows, columns, logits, 0, p, 0);
    *loss = 0;
    for (int64_t r = 0; r < rows; r++) {
        *loss -= log((double)p[r * columns + label[r]]) / (double)rows;
        for (int64_t i = 0; i < columns; i++)
            diff[r * columns + i] =
                (p[r * columns + i] - (i == label[r] ? 1.0F : 0.0F)) / (float)rows;
    }
    return NINETAP_OK;
}
