/* softmax: what to run, what is right, what the plain C loops take. */
#include "dense/dense.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cases/operation.h"
#include "reference/reference.h"

static ninetap_status measure(problem *p) {
    const int64_t elements = p->shape.n * p->shape.c; /* each below 2^30 */
    p->oh = p->ow = 1;
    p->src_count = p->dst_count = (size_t)elements;
    p->flops = 24.0 * (double)elements; /* of bodies/softmax.h */
    p->bytes = 2.0 * (double)sizeof(float) * (double)elements;
    return elements < (int64_t)1 << 40 ? NINETAP_OK : NINETAP_ERR_OVERFLOW;
}

/* Plain C in float, expf and all. */
static double run_reference(const problem *p) {
    const int64_t columns = p->shape.c;
    for (int64_t r = 0; r < p->shape.n; r++) {
        const float *src = p->src[0] + r * columns;
        float *dst = p->dst[0] + r * columns;
        float largest = src[0];
        float sum = 0.0F;
        for (int64_t i = 1; i < columns; i++) {
            largest = src[i] > largest ? src[i] : largest;
        }
        for (int64_t i = 0; i < columns; i++) {
            dst[i] = expf(src[i] - largest);
            sum += dst[i];
        }
        for (int64_t i = 0; i < columns; i++) {
            dst[i] /= sum;
        }
    }
    return 1;
}

static bool verify(const problem *p, tolerance allowed, char *why, size_t size) {
    double *wanted = malloc(p->dst_count * sizeof *wanted);
    if (wanted == NULL) {
        snprintf(why, size, "no memory to verify the output");
        return false;
    }
    nt_reference_softmax_f64(p->shape.n, p->shape.c, p->src[0], 0, wanted);
    size_t i = 0;
    while (i < p->dst_count &&
           fabs((double)p->dst[0][i] - wanted[i]) <= allowed.of_magnitude * wanted[i]) {
        i++;
    }
    free(wanted);
    if (i < p->dst_count) {
        snprintf(why, size, "element %zu of the output is wrong", i);
    }
    return i == p->dst_count;
}

static tolerance usual_error(const problem *p) {
    (void)p;
    return (tolerance){.of_magnitude = 0x1p-18};
}

/* The data lie in (-1, 1): a difference is rounded by 2^-24 at most, then come the exponential, the
 * sum of 16 partial ones, and the quotient. */
static double error_bound(const problem *p) {
    return (8.0 + (double)p->shape.c / 16.0) * 0x1p-24;
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    *made = (plan){.kernel = c->isa->softmax.name,
                   .isa = c->isa->name,
                   .algorithm = "",
                   .promised = {.of_magnitude = error_bound(p)},
                   .softmax = {c->isa, c->threads, p->shape.n, p->shape.c}};
    return NINETAP_OK;
}

static ninetap_status run(const plan *made, const float *src, float *dst) {
    return nt_softmax(made->softmax.isa, made->softmax.threads, made->softmax.rows,
                      made->softmax.columns, src, 0, dst, 0);
}

static void destroy(plan *made) {
    (void)made;
}

const operation softmax = {.name = "softmax",
                           .moves = true,
                           .measure = measure,
                           .run_reference = run_reference,
                           .verify = verify,
                           .usual_error = usual_error,
                           .create = create,
                           .run = run,
                           .free = destroy};
