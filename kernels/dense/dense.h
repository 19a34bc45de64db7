/* Inside a dense layer's plan. */
#ifndef NINETAP_DENSE_INTERNAL_H
#define NINETAP_DENSE_INTERNAL_H

#include "core/quantize.h"
#include "targets/choice.h"
#include "ninetap.h"

/* The description, validated and made explicit. */
typedef struct nt_dense_shape {
    int64_t n, in, out;
    int64_t src_row, dst_row;       /* pitches */
    int64_t src_extent, dst_extent; /* from the first element to past the last one */
    size_t src_element, weights_element, dst_element; /* bytes */
} nt_dense_shape;

/* `whole` things cut into `parts` parts, the first `wide` of which are larger by one. */
typedef struct nt_cut {
    int64_t parts, size, wide;
} nt_cut;

static inline nt_cut nt_cut_of(int64_t whole, int64_t parts) {
    return (nt_cut){parts, whole / parts, whole % parts};
}
static inline int64_t nt_cut_begin(const nt_cut *c, int64_t part) {
    return part * c->size + (part < c->wide ? part : c->wide);
}
static inline int64_t nt_cut_size(const nt_cut *c, int64_t part) {
    return c->size + (part < c->wide ? 1 : 0);
}

struct ninetap_dense {
    nt_dense_shape shape;
    const nt_isa *isa;
    const nt_kernels *kernels;
    bool fused; /* as nt_choice has it */
    nt_epilogue epilogue;
    int threads;
    nt_cut tiles;              /* the rows */
    nt_cut panels;             /* the vectors of outputs */
    nt_dense_fn *kernel[2][2]; /* [wide tile][wide panel] */
    char name[48];             /* "dense_avx512_1x256": ISA, rows, outputs */
    bool integers;             /* the kernels leave sums, which become `to` */
    nt_quantized to;
    nt_entry entry;    /* of integers */
    int64_t depth;     /* elements of a row: of integers several inputs */
    void *weights;     /* [panel][depth][vectors of the panel][lanes] of 4 bytes */
    void *bias;        /* [vectors][lanes], floats or int32_t */
    float *multiplier; /* of integers: [vectors][lanes] */
};

/* Of a packed weight and of a sum. */
enum { NT_DENSE_BYTES = 4 };

static inline nt_types nt_dense_types(const ninetap_dense_desc *d) {
    return (nt_types){d->src_type, d->weights_type, d->dst_type, d->quantization};
}

/* plan.c: what a plan of that shape has but for the weights: kernels, tiles, panels, threads. */
ninetap_status nt_dense_choose(ninetap_dense *plan, const ninetap_dense_desc *desc);
/* run.c: a tile of a panel, whose packed weights and bias these are. */
void nt_dense_do_tile(const ninetap_dense *p, int64_t panel, int64_t tile, const void *weights,
                      const void *bias, const void *src, void *dst);
/* integers.c: packs the weights, the bias and what sums are multiplied by.
 * NINETAP_ERR_OVERFLOW: some input would make a sum leave 32 bits. */
ninetap_status nt_dense_pack_integers(const ninetap_dense *p, const nt_types *types,
                                      const int8_t *weights, const int32_t *bias);
/* integers.c: a tile, whose `dst` is where its first output goes. */
void nt_dense_do_integers(const ninetap_dense *p, nt_dense_fn *kernel, nt_dense_tile tile,
                          int64_t rows, int64_t output, int64_t outputs);
/* shape.c */
ninetap_status nt_dense_shape_of(const ninetap_dense_desc *desc, nt_dense_shape *shape);
/* shape.c: `rows` rows of `columns` elements, `given` apart; 0: dense. */
ninetap_status nt_rows_resolve(int64_t rows, int64_t columns, int64_t given, size_t element,
                               int64_t *pitch, int64_t *extent);
/* softmax.c: ninetap_softmax_f32 on an ISA and as many threads as a description may ask for. */
ninetap_status nt_softmax(const nt_isa *isa, int threads, int64_t rows, int64_t columns,
                          const float *src, int64_t src_pitch, float *dst, int64_t dst_pitch);
/* softmax.c: how many threads so many exponentials are worth. */
int nt_softmax_threads(const nt_isa *isa, int64_t rows, int64_t columns, int asked);
/* cross_entropy.c: ninetap_softmax_cross_entropy_f32 likewise. */
typedef struct nt_cross_entropy {
    int64_t rows, columns;
    const float *logits;
    const int64_t *label;
    float *probabilities, *diff; /* NULL: not wanted */
    double *loss;                /* NULL: not wanted */
} nt_cross_entropy;
ninetap_status nt_softmax_cross_entropy(const nt_isa *isa, int threads, const nt_cross_entropy *c);
/* cross_entropy.c: the natural logarithm of x >= 1, or NaN. */
double nt_log_of_sum(double x);

#endif
