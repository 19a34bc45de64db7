#include <math.h>
#include <stdlib.h>

#include "trainer.h"

static const double mean_decay = 0.9, variance_decay = 0.999;

bool adam_create(adam *a, int64_t count) {
    *a = (adam){.count = count, .mean_left = 1, .variance_left = 1};
    a->mean = calloc((size_t)count, sizeof *a->mean);
    a->variance = calloc((size_t)count, sizeof *a->variance);
    return a->mean && a->variance;
}

void adam_free(adam *a) {
    free(a->mean);
    free(a->variance);
    *a = (adam){0};
}

/* Products and no pow(), whose last bit differs between C libraries. */
static void count_step(adam *a) {
    a->steps++;
    a->mean_left *= mean_decay;
    a->variance_left *= variance_decay;
}

void adam_resume(adam *a, int64_t steps) {
    a->steps = 0;
    a->mean_left = a->variance_left = 1;
    while (a->steps < steps)
        count_step(a);
}

void adam_step(adam *a, float *values, const float *gradient) {
    const float keep_mean = (float)mean_decay, keep_variance = (float)variance_decay;
    count_step(a);
    const float rate = (float)(a->rate / (1 - a->mean_left));
    const float scale = (float)(1 / sqrt(1 - a->variance_left));
    float *restrict mean = a->mean, *restrict variance = a->variance;
    for (int64_t i = 0; i < a->count; i++) {
        const float g = gradient[i];
        mean[i] = keep_mean * mean[i] + (1 - keep_mean) * g;
        variance[i] = keep_variance * variance[i] + (1 - keep_variance) * (g * g);
        values[i] -= rate * mean[i] / (sqrtf(variance[i]) * scale + 1e-8F);
    }
}
