#include "window.h"

#include <math.h>
#include <stdlib.h>

#include "selftest/view.h"

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
    const view v = nt_view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
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

int window_elements(const pool_problem *p, int64_t n, int64_t c, int64_t y, int64_t x,
                    int64_t at[4]) {
    const ninetap_pool2x2_desc *d = &p->desc;
    const view v = nt_view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
    int count = 0;
    for (int64_t row = 0; row < d->ih; row++)
        for (int64_t col = 0; col < d->iw; col++) {
            const int64_t below = row + d->pad[0] - y * pool_stride(p);
            const int64_t beside = col + d->pad[1] - x * pool_stride(p);
            if ((below == 0 || below == pool_dilation(p)) &&
                (beside == 0 || beside == pool_dilation(p)))
                at[count++] = view_at(&v, n, c, row, col);
        }
    return count;
}

double window_average(const pool_problem *p, const float *src, int64_t n, int64_t c, int64_t y,
                      int64_t x) {
    int64_t at[4];
    double sum = 0;
    const int count = window_elements(p, n, c, y, x, at);
    for (int i = 0; i < count; i++)
        sum += (double)src[at[i]];
    return count == 0 ? 0 : sum / count;
}
