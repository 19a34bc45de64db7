/* dense with bias and ReLU: what to run, what is right, what the plain C loops take. */
#include "dense/dense.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cases/operation.h"
#include "cases/random.h"
#include "reference/reference.h"

/* About 10 ms of the reference's loops. */
#define REFERENCE_MACS 1e7

static ninetap_dense_desc description(const problem *p) {
    return (ninetap_dense_desc){
        .n = p->shape.n, .in = p->shape.c, .out = p->shape.oc, .act = NINETAP_RELU};
}

static ninetap_status measure(problem *p) {
    const ninetap_dense_desc d = description(p);
    nt_dense_shape s;
    const ninetap_status status = nt_dense_shape_of(&d, &s);
    if (status != NINETAP_OK) {
        return status;
    }
    p->oh = p->ow = 1;
    p->src_count = (size_t)(d.n * d.in);
    p->weights_count = (size_t)(d.in * d.out);
    p->bias_count = (size_t)d.out;
    p->dst_count = (size_t)(d.n * d.out);
    p->flops = 2.0 * (double)d.in * (double)p->dst_count;
    p->bytes = (double)sizeof(float) *
               ((double)p->src_count + (double)p->weights_count + (double)p->dst_count);
    return NINETAP_OK;
}

/* As many of `all` rows or outputs as make REFERENCE_MACS. */
static int64_t part_of(int64_t all, double macs_each) {
    const double part = fmax(1.0, floor(REFERENCE_MACS / macs_each));
    return part < (double)all ? (int64_t)part : all;
}

/* Of a big problem only as many outputs, of one row if need be: each of them costs the same. */
static double run_reference(const problem *p) {
    ninetap_dense_desc d = description(p);
    d.n = part_of(p->shape.n, (double)d.in * (double)d.out);
    d.out = part_of(p->shape.oc, (double)d.in * (double)d.n);
    d.dst_pitch = p->shape.oc;
    nt_reference_dense_f32(&d, NT_SEPARATE, p->src[0], p->weights, p->bias, p->dst[0]);
    return p->flops / 2.0 / ((double)d.n * (double)d.in * (double)d.out);
}

/* Every output, if it is not too much; else of as many rows as are not. */
static bool verify(const problem *p, tolerance allowed, char *why, size_t size) {
    ninetap_dense_desc d = description(p);
    const int64_t rows = part_of(d.n, (double)d.in * (double)d.out);
    double *value = malloc((size_t)d.out * sizeof *value);
    double *magnitude = malloc((size_t)d.out * sizeof *magnitude);
    bool good = value != NULL && magnitude != NULL;
    if (!good) {
        snprintf(why, size, "no memory to verify the output");
    }
    d.n = 1;
    for (int64_t i = 0; good && i < rows; i++) {
        const int64_t r = i + 1 < rows ? i : p->shape.n - 1; /* the last one, too */
        const float *got = p->dst[0] + r * d.out;
        nt_reference_dense_f64(&d, p->src[0] + r * d.in, p->weights, p->bias, value, magnitude);
        for (int64_t o = 0; good && o < d.out; o++) {
            good = fabs((double)got[o] - value[o]) <= allowed.of_magnitude * magnitude[o];
            if (!good) {
                snprintf(why, size, "row %" PRId64 ", output %" PRId64 " is wrong", r, o);
            }
        }
    }
    for (size_t i = 0; good && i < p->dst_count; i++) {
        good = !isnan(p->dst[0][i]);
        if (!good) {
            snprintf(why, size, "element %zu of the output was not written, or is NaN", i);
        }
    }
    free(value);
    free(magnitude);
    return good;
}

/* As of a convolution (conv3x3.c), whose taps are the inputs here. */
static tolerance usual_error(const problem *p) {
    return (tolerance){.of_magnitude = 0x1p-11 / sqrt((double)p->shape.c)};
}

/* One to two standard deviations of the sums it is added to. 7/12 is the mean square of src and of
 * weights. */
static void fill(const problem *p) {
    const double deviation = sqrt((double)p->shape.c) * (7.0 / 12.0);
    rng r = {3};
    random_fill(p->weights, p->weights_count, 2);
    for (size_t i = 0; i < p->bias_count; i++) {
        p->bias[i] = (float)(deviation * (1.0 + random_unit(&r)));
    }
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    ninetap_dense_desc d = description(p);
    d.isa = c->isa->name;
    d.threads = c->threads;
    d.precision = c->precision;
    *made = (plan){.algorithm = "direct"};
    const ninetap_status status = ninetap_dense_create(&made->dense, &d, p->weights, p->bias);
    if (status != NINETAP_OK) {
        return status;
    }
    const double ku = (2.0 * (double)d.in + 1.0) * 0x1p-24; /* two roundings an input at most */
    made->kernel = made->dense->name;
    made->isa = made->dense->isa->name;
    made->promised.of_magnitude = ku < 1.0 ? ku / (1.0 - ku) : INFINITY;
    return NINETAP_OK;
}

static ninetap_status run(const plan *made, const float *src, float *dst) {
    return ninetap_dense_run(made->dense, src, dst);
}

static void destroy(plan *made) {
    ninetap_dense_free(made->dense);
    made->dense = NULL;
}

const operation dense = {.name = "dense",
                         .reads = true,
                         .measure = measure,
                         .fill = fill,
                         .run_reference = run_reference,
                         .verify = verify,
                         .usual_error = usual_error,
                         .create = create,
                         .run = run,
                         .free = destroy};
