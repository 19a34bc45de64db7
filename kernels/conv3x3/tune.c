/* NINETAP_TUNE=1: the candidates are run, on one core, and the fastest one is taken. */
#include "core/build.h"

#include <string.h>

#include "conv3x3/method.h"
#include "core/clock.h"
#include "core/workspace.h"

/* The fastest of at least three runs, made for some milliseconds. */
static double least_time(const ninetap_conv3x3 *plan, const void *src, void *dst) {
    double least = 1e9;
    double spent = 0.0;
    for (int i = 0; i < 1000 && (i < 3 || spent < 3e-3); i++) {
        const double start = nt_seconds();
        if (ninetap_conv3x3_run_part(plan, src, dst, NULL, 0, 1) != NINETAP_OK) {
            return 1e9;
        }
        const double taken = nt_seconds() - start;
        least = taken < least ? taken : least;
        spent += taken;
    }
    return least;
}

/* Without memory a candidate counts as slow; that is no error. */
static double candidate_time(const nt_conv_order *order, int candidate) {
    ninetap_conv3x3 *plan = NULL;
    double taken = 1e9;
    if (nt_conv_create(&plan, order, candidate) != NINETAP_OK) {
        return taken;
    }
    const nt_conv_shape *s = &plan->conv.shape;
    const size_t src_bytes = (size_t)s->src.extent * s->src_element;
    const size_t dst_bytes = (size_t)s->dst.extent * s->dst_element;
    void *src = nt_aligned_alloc(src_bytes);
    void *dst = nt_aligned_alloc(dst_bytes);
    if (src != NULL && dst != NULL) {
        memset(src, 0, src_bytes);
        memset(dst, 0, dst_bytes);
        taken = least_time(plan, src, dst);
    }
    nt_aligned_free(src);
    nt_aligned_free(dst);
    ninetap_conv3x3_free(plan);
    return taken;
}

int nt_conv_fastest(const nt_conv_order *order, const nt_candidate *list, int count) {
    int fastest = 0;
    double least = 1e9;
    for (int i = 0; i < count; i++) {
        if (list[i].method->algo != list[0].method->algo) {
            continue; /* another algorithm would give other bits */
        }
        const double taken = candidate_time(order, i);
        if (taken < least) {
            least = taken;
            fastest = i;
        }
    }
    return fastest;
}
