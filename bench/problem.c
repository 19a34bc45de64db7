#include "problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

const char *layout_name(ninetap_layout layout) {
    return layout == NINETAP_NCHW ? "nchw" : "nhwc";
}

ninetap_status problem_init(problem *p, const shape *what, ninetap_layout layout) {
    *p = (problem){.shape = *what, .layout = layout};
    p->operation = what->pooling ? &maxpool2x2 : &conv3x3;
    return p->operation->measure(p);
}

double problem_work(const problem *p) {
    return p->shape.pooling ? p->bytes : p->flops;
}

uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Both signs, magnitudes in [0.5, 1): no zeros and no denormals, which some CPUs multiply at
 * another speed. */
static void fill_signed(float *values, size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = random_next(&seed);
        float magnitude = 0.5F + (float)(bits >> 41) * 0x1p-24F;
        values[i] = (bits & 1) != 0 ? magnitude : -magnitude;
    }
}

/* One to two standard deviations of the sums it is added to, so that ReLU leaves most outputs
 * standing and a wrong sum is seen. 7/12 is the mean square of src and of weights. */
static void fill_bias(const problem *p, uint64_t seed) {
    const int64_t taps = 9 * (p->shape.c / p->shape.groups);
    double deviation = sqrt((double)taps) * (7.0 / 12.0);
    for (size_t i = 0; i < p->bias_count; i++) {
        p->bias[i] = (float)(deviation * (1.0 + (double)(random_next(&seed) >> 11) * 0x1p-53));
    }
}

static float *allocate(size_t count) {
    if (count > SIZE_MAX / sizeof(float) - 64) {
        return NULL;
    }
    return aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
}

bool problem_load(problem *p) {
    p->src = allocate(p->src_count);
    p->dst = allocate(p->dst_count);
    p->weights = allocate(p->weights_count + 1); /* pooling has none: not a size of 0 */
    p->bias = allocate(p->bias_count + 1);
    if (p->src == NULL || p->dst == NULL || p->weights == NULL || p->bias == NULL) {
        problem_unload(p);
        return false;
    }
    fill_signed(p->src, p->src_count, 1);
    fill_signed(p->weights, p->weights_count, 2);
    fill_bias(p, 3);
    problem_poison(p);
    return true;
}

void problem_unload(problem *p) {
    free(p->src);
    free(p->dst);
    free(p->weights);
    free(p->bias);
    p->src = p->dst = p->weights = p->bias = NULL;
}

void problem_poison(const problem *p) {
    memset(p->dst, 0xFF, p->dst_count * sizeof *p->dst);
}

double problem_time_reference(const problem *p) {
    double best = INFINITY, spent = 0, parts = 1;
    int64_t times = 1;
    for (int tries = 0; tries < 20 && spent < 0.05; tries++) {
        double start = host_seconds();
        for (int64_t i = 0; i < times; i++) {
            parts = p->operation->run_reference(p);
        }
        double seconds = host_seconds() - start;
        best = fmin(best, seconds / (double)times);
        spent += seconds;
        if (seconds < 1e-4) {
            times *= 4; /* too short for the clock */
        }
    }
    return best * parts;
}
