/* What the benchmarks know of an operation beside the library's own list (selftest/operation.h),
 * which generates its data, runs it and judges. The type names are spelled with `struct` where a
 * member has the same name: this header is read by C++ too. */
#ifndef NINETAP_BENCH_OPERATION_H
#define NINETAP_BENCH_OPERATION_H

#include "cases/shape.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "core/clock.h"
#include "selftest/operation.h"
#include "targets/isa.h"

enum { ALGOS = 5, PRECISIONS = 4 };
extern const char *const algo_names[ALGOS]; /* of ninetap_algo: "auto" "direct" "winograd2" ... */
extern const char *const precision_names[PRECISIONS];

/* What the rate of an operation counts. */
typedef enum rate_kind { RATE_FLOPS, RATE_BYTES, RATE_PIXELS, RATE_INTEGERS } rate_kind;
extern const char *const rate_units[]; /* "GFLOP/s" "GB/s" "Gpx/s" "GOP/s" */

/* How ninetap is to do it. */
typedef struct choice {
    const nt_isa *isa; /* NULL: the best one */
    int threads;
    ninetap_algo algo;
    ninetap_precision precision;
    int candidate;  /* of the algorithm: conv3x3_candidates */
    bool unfused;   /* a pooled shape as two calls */
    bool workspace; /* the caller's */
    bool clamped;   /* a convolution's outputs to 0 ... 255, instead of ReLU */
} choice;

/* A call of the library: a shape in one of the two plain layouts, and its tensors. */
typedef struct layer {
    const struct operation *operation;
    struct shape shape;
    ninetap_layout layout;
    int64_t oh, ow;           /* of dst */
    int64_t conv_oh, conv_ow; /* of a convolution, before the pooling of a pooled shape */
    size_t src_count, weights_count, bias_count, dst_count; /* floats; bytes: as hold them */
    size_t index_count;                                     /* of pooling; mostly 0 */
    double flops; /* of one run: taps in the padding counted; of pooling by itself, comparisons; of
                     image filters the values that are filtered, whose limit is moving them */
    double bytes; /* of src, weights and dst */
    /* As the library's list of operations has it. Not of a network. */
    nt_problem asked;
    nt_operand operands[NT_OPERANDS];
} layer;

typedef struct operation {
    const char *name;
    rate_kind rate;
    bool reads; /* most of the bytes are read: reading them is its limit, not copying */
    const nt_operation *calls;       /* NULL: a network is a chain of others */
    int weights, bias, dst, indices; /* which operands these are; 0, which is src: there is none */
    /* Writes p->asked; sets oh, ow, and flops to those of one output. An error where the shape
     * makes no such operation. */
    ninetap_status (*ask)(layer *p, const choice *c);
    /* Of a big problem: leaves so much of it asked as plain C does in some 10 ms. Returns how many
     * such parts there are. NULL: all of it is little work. */
    double (*part)(layer *p);
} operation;

extern const operation conv3x3, conv3x3_backward_data, conv3x3_int8;
extern const operation network, network_int8, dense, softmax;
extern const operation pool2x2[];   /* by shape_pool */
extern const operation filter3x3[]; /* by filter_op */

/* Of an image filter: leaves only so many rows of an image asked; they have their neighbours. */
void filter3x3_rows(layer *p, int64_t image, int64_t first, int64_t rows);
/* How many methods there are for the algorithm asked for; the one predicted to be fastest is 0. */
int conv3x3_candidates(const layer *p, const choice *c);
/* In which precisions AUTO could take that plan's method: "default", "fast", "default fast", "". */
const char *conv3x3_chosen_in(const ninetap_conv3x3 *made);

#ifdef __cplusplus
}
#endif

#endif
