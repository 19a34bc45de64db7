/* A problem: a shape in one of the two plain layouts, and the data of it. The type names are
 * spelled with `struct` where a member has the same name: this header is read by C++ too. */
#ifndef NINETAP_BENCH_PROBLEM_H
#define NINETAP_BENCH_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ninetap.h"
#include "cases/shape.h"

#ifdef __cplusplus
extern "C" {
#endif

struct operation;

typedef struct problem {
    const struct operation *operation;
    struct shape shape;
    ninetap_layout layout;
    int64_t oh, ow;           /* of dst */
    int64_t conv_oh, conv_ow; /* of a convolution, before the pooling of a pooled shape */
    size_t src_count, weights_count, bias_count, dst_count; /* floats; src and dst: of one set */
    size_t index_count;                                     /* of pooling; mostly 0 */
    double flops; /* of one run: taps in the padding counted; of pooling by itself, comparisons */
    double bytes; /* of src, weights and dst */
    double reference_seconds; /* plain C loops on one thread; 0: not measured yet */
    /* The data, NULL while unloaded. There are `sets` copies of src and of dst: 1 when hot; when
     * cold so many that a round over all of them leaves nothing of the first in the caches. Each is
     * aligned to 64 bytes and followed by 64 readable ones (XNNPACK reads past its inputs). */
    size_t sets;
    float **src, **dst; /* pooling of bytes: as many floats as hold them */
    int64_t *indices;   /* of pooling, where the shape asks for them: of the last run; of max
                           unpooling: what it is given */
    float *weights;     /* [oc][ic / groups][3][3], dense: [oc][c]; of a network, one layer's behind
                           the other's, as chain.h says; otherwise unused */
    float *bias;        /* [oc] */
} problem;

const char *layout_name(ninetap_layout layout);

ninetap_status problem_init(problem *p, const struct shape *what, ninetap_layout layout);

/* Makes the data, the same each time and in every set, every page touched. False when memory is
 * short. */
bool problem_load(problem *p, bool cold);
void problem_unload(problem *p);

/* Fills set 0's dst with NaN, so that an element nothing writes is seen. */
void problem_poison(const problem *p);

/* How far an output may be off, all of it added up. Pooling: not at all. */
typedef struct tolerance {
    double of_magnitude; /* times its |bias| + sum |w||x| */
    double of_rms;       /* times the root mean square of all the sums */
} tolerance;

/* Whether set 0's dst is right. If not, says where in `why`. */
bool problem_verify(const problem *p, tolerance allowed, char *why, size_t size);

/* Seconds that the plain C loops take on one thread, calculated from a part if it is a big problem.
 * Overwrites set 0's dst. */
double problem_time_reference(const problem *p);

#ifdef __cplusplus
}
#endif

#endif
