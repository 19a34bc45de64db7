/* A problem: a shape in one of the two plain layouts, and the data of it. The type names are
 * spelled with `struct` where a member has the same name: this header is read by C++ too. */
#ifndef NINETAP_BENCH_PROBLEM_H
#define NINETAP_BENCH_PROBLEM_H

#include "cases/shape.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "selftest/operation.h"

struct choice;
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
    /* As the library's list of operations has it: the call, and its tensors, which are those below,
     * of set 0. Not of a network. */
    nt_problem asked;
    nt_operand operands[NT_OPERANDS];
    /* The data, NULL while unloaded. There are `sets` copies of src and of dst: 1 when hot; when
     * cold so many that a round over all of them leaves nothing of the first in the caches. Each is
     * aligned to 64 bytes and followed by 64 readable ones (XNNPACK reads past its inputs). */
    size_t sets;
    float **src, **dst; /* pooling of bytes: as many floats as hold them */
    int64_t *indices;   /* of pooling, where the shape asks for them: of the last run; of max
                           unpooling: what it is given */
    float *weights;     /* [oc][ic / groups][3][3], dense: [oc][c]; of a network, one layer's behind
                           the other's, as struct chain says; otherwise unused */
    float *bias;        /* [oc] */
} problem;

const char *layout_name(ninetap_layout layout);

ninetap_status problem_init(problem *p, const struct shape *what, ninetap_layout layout);
/* A layer of a network, or of any other problem the only one: so much of it, with its weights. */
ninetap_status problem_layer(problem *made, const problem *whole, const chain_layer *l);
/* Asks for the problem in that way. */
ninetap_status problem_ask(problem *p, const struct choice *c);
/* To be called after a change of the data's addresses. */
void problem_bind(problem *p);

/* Makes the data, the same each time and in every set, every page touched. False when memory is
 * short. */
bool problem_load(problem *p, bool cold);
void problem_unload(problem *p);

/* Fills set 0's dst with NaN, so that an element nothing writes is seen. */
void problem_poison(const problem *p);

/* How far an output may be off, all of it added up. Pooling and softmax have bounds of their own.
 */
typedef struct tolerance {
    double of_magnitude; /* times its |bias| + sum |w||x| */
    double of_rms;       /* times the root mean square of all the sums */
} tolerance;

/* Of implementations that promise nothing. */
tolerance problem_usual_error(const problem *p);
/* How far a convolution of that algorithm may be off, relative to the root mean square. */
double problem_rms_error(const problem *p, const char *algorithm);

/* Whether set 0's dst is right. If not, says where in `why`. */
bool problem_verify(const problem *p, tolerance allowed, char *why, size_t size);

/* Seconds that the plain C loops take on one thread, calculated from a part if it is a big problem.
 * Overwrites set 0's dst. 0: not known. */
double problem_time_reference(const problem *p);

#ifdef __cplusplus
}
#endif

#endif
