#include "window.h"

#include <math.h>
#include <stdlib.h>

#include "support/view.h"

typedef struct entry {
    float value;
    int64_t index;
} entry;

static int nan_rank(const entry *e, ninetap_nan rule) {
    if (!isnan(e->value))
        return 0;
    return rule == NINETAP_NAN_PROPAGATE ? 1 : -1;
}

/* Winners first. Indices rise in row-major order, so the lower one is the first. */
static int better(const entry *a, const entry *b, ninetap_nan rule) {
    const int rank_a = nan_rank(a, rule), rank_b = nan_rank(b, rule);
    if (rank_a != rank_b)
        return rank_a > rank_b;
    if (a->value > b->value || a->value < b->value)
        return a->value > b->value;
    return a->index < b->index;
}

window_winner window_max(const pool_problem *p, const float *src, int64_t n, int64_t c, int64_t y,
                         int64_t x) {
    const ninetap_pool2x2_desc *d = &p->desc;
    const view v = view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
    entry best = {-INFINITY, -1};
    for (int64_t k = 0; k < 4; k++) {
        const int64_t row = y * pool_stride(p) - d->pad[0] + k / 2 * pool_dilation(p);
        const int64_t col = x * pool_stride(p) - d->pad[1] + k % 2 * pool_dilation(p);
        if (row < 0 || row >= d->ih || col < 0 || col >= d->iw)
            continue;
        const entry e = {src[view_at(&v, n, c, row, col)], row * d->iw + col};
        if (best.index < 0 || better(&e, &best, d->nan))
            best = e;
    }
    return (window_winner){best.value, best.index};
}
