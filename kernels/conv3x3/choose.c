/* Which method solves a problem: those that can are asked what they would cost. */
#include "core/build.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conv3x3/method.h"

/* nt_naive is not among them: it does what none of them can. */
static const nt_method *const methods[] = {
    &nt_direct_channels,  &nt_direct_columns,    &nt_direct_phases,  &nt_depthwise_pixels,
    &nt_depthwise_planes, &nt_depthwise_columns, &nt_depthwise_flat, &nt_depthwise_integers,
    &nt_winograd2,        &nt_winograd4,         &nt_winograd6,
};
enum { METHODS = sizeof methods / sizeof methods[0] };
_Static_assert((int)METHODS <= (int)NT_CANDIDATES, "a list of candidates has room for all methods");

static bool may_take(const nt_conv *c, const nt_method *m) {
    return (c->desc.algo == NINETAP_ALGO_AUTO || c->desc.algo == m->algo) &&
           (!c->integers || m->integers) && (c->shape.spread == 1 || m->spreads) && m->fits(c);
}

/* Cheapest first. */
static int all_candidates(const nt_conv *c, nt_candidate list[NT_CANDIDATES]) {
    int count = 0;
    for (int i = 0; i < METHODS; i++) {
        const nt_method *m = methods[i];
        if (!may_take(c, m)) {
            continue;
        }
        const nt_candidate candidate = {m, m->cycles(c)};
        int at = count++;
        for (; at > 0 && list[at - 1].cycles > candidate.cycles; at--) {
            list[at] = list[at - 1];
        }
        list[at] = candidate;
    }
    return count;
}

/* ---- the algorithm ---- */

enum { ALGORITHMS = NINETAP_ALGO_WINOGRAD6 + 1 };

/* Adds the cycles of each algorithm's cheapest method: of an image of a batch of `images`, not
 * pooled, in `layout`. */
static void add_cycles(const nt_conv *c, ninetap_layout layout, int64_t images,
                       double cycles[ALGORITHMS]) {
    double least[ALGORITHMS];
    nt_candidate list[NT_CANDIDATES];
    nt_conv one = *c;
    one.desc.layout = layout;
    one.pooled = false;
    one.shape.n = images;
    one.shape.oh = c->shape.map_h;
    one.shape.ow = c->shape.map_w;
    const int count = all_candidates(&one, list);
    for (int a = 0; a < ALGORITHMS; a++) {
        least[a] = INFINITY;
    }
    for (int i = 0; i < count; i++) {
        const ninetap_algo a = list[i].method->algo;
        least[a] = fmin(least[a], list[i].cycles);
    }
    for (int a = 0; a < ALGORITHMS; a++) {
        cycles[a] += least[a] / (double)images;
    }
}

/* Another algorithm has other bits. So the choice must not depend on what leaves an image's outputs
 * the same: the number of images, their layout, the pool. It adds up the cycles of an image alone
 * and of one in a batch of eight, whose filters are read again for each image. */
static ninetap_algo choose_algorithm(const nt_conv *c) {
    static const int64_t batches[] = {1, 8};
    double cycles[ALGORITHMS] = {0.0};
    for (int i = 0; i < 2; i++) {
        add_cycles(c, NINETAP_NCHW, batches[i], cycles);
        add_cycles(c, NINETAP_NHWC, batches[i], cycles);
    }
    ninetap_algo best = NINETAP_ALGO_DIRECT;
    for (int a = NINETAP_ALGO_DIRECT; a < ALGORITHMS; a++) {
        best = cycles[a] < cycles[best] ? (ninetap_algo)a : best;
    }
    return best;
}

/* The chosen algorithm's methods first; the order is otherwise kept. */
static void move_to_front(nt_candidate *list, int count, ninetap_algo algorithm) {
    int front = 0;
    for (int i = 0; i < count; i++) {
        if (list[i].method->algo == algorithm) {
            const nt_candidate c = list[i];
            memmove(list + front + 1, list + front, (size_t)(i - front) * sizeof *list);
            list[front++] = c;
        }
    }
}

bool nt_conv_is_solvable(const nt_conv *c) {
    bool any = may_take(c, &nt_naive);
    for (int i = 0; i < METHODS; i++) {
        any = any || may_take(c, methods[i]);
    }
    return any;
}

int nt_conv_candidates(const nt_conv *c, nt_candidate list[NT_CANDIDATES]) {
    if (may_take(c, &nt_naive)) {
        list[0] = (nt_candidate){&nt_naive, nt_naive.cycles(c)};
        return 1;
    }
    const int count = all_candidates(c, list);
    bool several = false; /* algorithms */
    for (int i = 0; i < count; i++) {
        several = several || list[i].method->algo != list[0].method->algo;
    }
    if (several) {
        move_to_front(list, count, choose_algorithm(c));
    }
    return count;
}

void nt_conv_explain(char *reason, size_t size, const nt_candidate *list, int count,
                     const nt_candidate *chosen) {
    if (chosen->method == &nt_naive) {
        snprintf(reason, size,
                 "a weight is not finite: padding taps must be skipped, not multiplied by zero");
        return;
    }
    bool cheapest = true;
    for (int i = 0; i < count; i++) {
        cheapest = cheapest && chosen->cycles <= list[i].cycles;
    }
    size_t used =
        (size_t)snprintf(reason, size, "%s: %.3g cycles predicted%s", chosen->method->name,
                         chosen->cycles, cheapest ? "" : ", chosen for any batch and layout");
    for (int i = 0; i < count && used < size; i++) {
        if (&list[i] != chosen) {
            used += (size_t)snprintf(reason + used, size - used, ", %s %.3g", list[i].method->name,
                                     list[i].cycles);
        }
    }
}
