/* A problem: one operation on one shape in one layout, with its data and its true answer.
 * A runner: an implementation of it, ready to be timed. */
#ifndef NINETAP_BENCH_PROBLEM_H
#define NINETAP_BENCH_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/table.h"
#include "ninetap.h"
#include "shape.h"

typedef struct operation operation;

typedef struct problem {
    const operation *operation;
    shape shape;
    ninetap_layout layout;
    int64_t oh, ow;
    size_t src_count, weights_count, bias_count, dst_count;
    double flops; /* of one run: taps in the padding counted; of pooling, its comparisons */
    double bytes; /* of src and dst */
    double reference_seconds;          /* 0: not measured yet */
    float *src, *weights, *bias, *dst; /* NULL while unloaded */
} problem;

typedef struct runner {
    const problem *problem;
    const char *kernel, *isa;
    double error_bound;
    ninetap_conv3x3 *plan;
    ninetap_pool2x2_desc pool;
} runner;

struct operation {
    const char *name;
    /* Fills in oh ... bytes; an error where the shape makes no such operation. */
    ninetap_status (*measure)(problem *p);
    /* Runs the plain C loops, on all of it or, where that would take long, on a part; returns how
     * many such parts there are. Overwrites dst. */
    double (*run_reference)(const problem *p);
    /* Whether p->dst is right, within the runner's error bound. If not, says where in `why`. */
    bool (*verify)(const runner *r, char *why, size_t size);

    ninetap_status (*create)(runner *r, const problem *p, const nt_isa *isa, int threads);
    ninetap_status (*run)(const runner *r);
    void (*free)(runner *r);
};

extern const operation conv3x3, maxpool2x2;

const char *layout_name(ninetap_layout layout);

ninetap_status problem_init(problem *p, const shape *what, ninetap_layout layout);

/* What rate and limit are counted in: flops; for pooling, bytes. */
double problem_work(const problem *p);

/* Makes the data, the same each time, every page touched. False when memory is short. */
bool problem_load(problem *p);
void problem_unload(problem *p);

/* Fills dst with NaN, so that an element no kernel writes is seen. */
void problem_poison(const problem *p);

/* Seconds that the plain C loops take on one thread, calculated from a part if it is a big problem.
 */
double problem_time_reference(const problem *p);

/* splitmix64 (Steele, Lea, Flood 2014): the next number of the sequence. */
uint64_t random_next(uint64_t *state);

#endif
