#include "im2col.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "support/fmaf.h"

/* The image coordinate that stands for `i`, or -1 where only the border's value does. */
static int64_t inside(int64_t i, int64_t size, ninetap_border border) {
    if (i >= 0 && i < size)
        return i;
    if (border == NINETAP_BORDER_REPLICATE)
        return i < 0 ? 0 : size - 1;
    if (border == NINETAP_BORDER_REFLECT101) {
        /* The mirrored image repeats with period 2 * (size - 1). */
        const int64_t period = size > 1 ? 2 * (size - 1) : 1;
        const int64_t phase = ((i % period) + period) % period;
        return phase < size ? phase : period - phase;
    }
    return -1;
}

typedef struct column {
    float value, weight;
} column;

/* The taps of one output, in the contract's order; without those that count for nothing. */
static int64_t gather(const conv_problem *p, const float *src, const float *weights, int64_t n,
                      int64_t o, int64_t y, int64_t x, column *columns) {
    const ninetap_conv3x3_desc *d = &p->desc;
    const int64_t group_in = d->ic / conv_groups(p), group_out = d->oc / conv_groups(p);
    const view image = nt_view_of(d->layout, d->n, d->ic, d->ih, d->iw, d->src_pitch);
    const view filter = nt_view_of_weights(d->weights_layout, d->oc, group_in);
    const int64_t top = y * conv_stride(p) - d->pad[0], left = x * conv_stride(p) - d->pad[1];
    int64_t count = 0;
    for (int64_t k = 0; k < 9 * group_in; k++) {
        const int64_t i = k / 9, ky = k / 3 % 3, kx = k % 3;
        const int64_t row = inside(top + ky * conv_dilation(p), d->ih, d->border);
        const int64_t col = inside(left + kx * conv_dilation(p), d->iw, d->border);
        const bool outside = row < 0 || col < 0;
        if (outside && d->border == NINETAP_BORDER_ZERO)
            continue;
        const int64_t channel = o / group_out * group_in + i;
        columns[count].value =
            outside ? d->border_value : src[view_at(&image, n, channel, row, col)];
        columns[count++].weight = weights[view_at(&filter, o, i, ky, kx)];
    }
    return count;
}

im2col_result im2col_output(const conv_problem *p, const float *src, const float *weights,
                            const float *bias, int64_t n, int64_t o, int64_t y, int64_t x) {
    column *columns = calloc((size_t)(9 * p->desc.ic), sizeof *columns);
    if (columns == NULL)
        abort();
    const int64_t count = gather(p, src, weights, n, o, y, x, columns);
    im2col_result sum = {0};
    for (int64_t k = 0; k < count; k++) {
        const float value = columns[k].value, weight = columns[k].weight;
        sum.exact += (double)value * (double)weight;
        sum.magnitude += fabs((double)value * (double)weight);
        sum.fused = fmaf(value, weight, sum.fused);
        sum.separate += value * weight;
    }
    free(columns);
    const float last = bias != NULL && bias[o] != 0 ? bias[o] : 0.0F; /* -0 counts as +0 */
    sum.exact += (double)last;
    sum.magnitude += fabs((double)last);
    sum.fused += last;
    sum.separate += last;
    return sum;
}
