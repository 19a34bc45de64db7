/* Inside a convolution: the problem, the head of every plan, and what methods share. */
#ifndef NINETAP_CONV3X3_INTERNAL_H
#define NINETAP_CONV3X3_INTERNAL_H

#include "core/machine.h"
#include "core/quantize.h"
#include "core/size.h"
#include "core/tensor.h"
#include "ninetap.h"
#include "targets/choice.h"

/* The description, validated and made explicit. */
typedef struct nt_conv_shape {
    /* oh, ow: before the fused pool, without an odd last row and column */
    int64_t n, ic, ih, iw, oc, oh, ow;
    int64_t map_h, map_w; /* oh, ow with an odd last row and column */
    int64_t groups, group_ic, group_oc;
    int64_t stride, dilation, top, left;
    bool backward;  /* the forward convolution's gradient: channels exchanged, taps turned */
    int64_t spread; /* of a gradient the forward stride: so far apart do the inputs lie, and
                       nothing between them; otherwise 1 */
    bool padded;    /* some tap lies outside the image, or between inputs */
    nt_tensor src, dst;
    size_t src_element, weights_element, dst_element; /* bytes */
    int64_t macs;
} nt_conv_shape;

static inline nt_types nt_conv_types(const ninetap_conv3x3_desc *d) {
    return (nt_types){d->src_type, d->weights_type, d->dst_type, d->quantization};
}

/* problem.c: every fault of a description is found here. */
ninetap_status nt_conv_shape_of(const ninetap_conv3x3_desc *desc, nt_conv_shape *shape);
/* backward_data.c: the gradient's shape instead of the forward one. */
ninetap_status nt_conv_turn(const ninetap_conv3x3_desc *forward, nt_conv_shape *shape);

/* Where the caller's weights lie: steps from an output channel, an input channel, a tap to the
 * next one, and what a group adds to them. */
typedef struct nt_conv_weights {
    int64_t first, group, o, i, tap;
} nt_conv_weights;

/* What a method is asked to do: all that predictions and plans may depend on. */
typedef struct nt_conv {
    ninetap_conv3x3_desc desc; /* the forward one. Its pointers are not kept but for the
                                  quantization, while a plan is made */
    nt_conv_shape shape;
    nt_conv_weights weights;
    const nt_isa *isa;
    const nt_kernels *kernels;
    nt_machine machine;
    bool fused; /* as nt_choice has it */
    nt_epilogue epilogue;
    bool pooled;
    bool integers;   /* the kernels leave sums, which become `to` */
    nt_quantized to; /* of integers */
    nt_entry entry;  /* of integers */
    int64_t depth;   /* elements of a pixel of a group as kernels read it (arith/end.h) */
    bool finite_bias;
    bool finite_weights, winograd_weights; /* all finite; within Winograd's range */
    double largest_weight;                 /* its magnitude, where all are finite */
} nt_conv;

/* weights.c */
nt_conv_weights nt_conv_weights_of(ninetap_weights_layout layout, const nt_conv_shape *shape);
/* Where the tap (o, i) of the caller's weights lies; o counts through all groups. */
static inline int64_t nt_conv_weight_index(const nt_conv *c, int64_t o, int64_t i, int tap) {
    const nt_conv_weights *w = &c->weights;
    const int64_t group = w->group == 0 ? 0 : o / c->shape.group_oc * w->group;
    return w->first + group + o * w->o + i * w->i + tap * w->tap;
}
/* problem.c: everything but what the weights and the bias tell, of which the best is assumed. */
ninetap_status nt_conv_of(const ninetap_conv3x3_desc *desc, const nt_conv_shape *shape, nt_conv *c);
/* weights.c: the rest. bias may be NULL. NINETAP_ERR_OVERFLOW: of integers, a sum might. */
ninetap_status nt_conv_look_at(nt_conv *c, const void *weights, const void *bias);

typedef struct nt_method nt_method;

/* The head of a plan, which is the first member of each method's own. */
struct ninetap_conv3x3 {
    const nt_method *method;
    nt_conv conv;
    const char *kernel;
    char reason[200];
    int threads;
    int64_t units;      /* of work; the parts of a run are stretches of them */
    int64_t together;   /* so many units, from a multiple of it on, have their input in common */
    size_t slice_bytes; /* of scratch, for each part; a multiple of NT_ALIGNMENT */
    void *packed;       /* weights, bias and what else a run reads; at NT_ALIGNMENT */
    size_t packed_bytes;
};

/* The tensors of a run. */
typedef struct nt_conv_call {
    const void *src, *residual; /* residual may be NULL */
    void *dst;
    const nt_epilogue *epilogue; /* the kernels' */
} nt_conv_call;

/* choose.c: the methods that can solve a problem; returns how many. Those of the algorithm that is
 * taken come first; else cheapest first. */
typedef struct nt_candidate {
    const nt_method *method;
    double cycles; /* predicted, of a run on one core */
} nt_candidate;
enum { NT_CANDIDATES = 11 };
int nt_conv_candidates(const nt_conv *c, nt_candidate list[NT_CANDIDATES]);
/* choose.c: whether there is any. */
bool nt_conv_is_solvable(const nt_conv *c);
/* choose.c: one line that says why. */
void nt_conv_explain(char *reason, size_t size, const nt_candidate *list, int count,
                     const nt_candidate *chosen);
/* What a plan is made of. */
typedef struct nt_conv_order {
    const ninetap_conv3x3_desc *desc; /* the forward one */
    bool backward;                    /* the plan's dst is the gradient of src */
    const void *weights, *bias;       /* bias: NULL for none */
} nt_conv_order;
/* plan.c: with one of the candidates, whatever NINETAP_TUNE says. One that is not there is the
 * first. */
ninetap_status nt_conv_create(ninetap_conv3x3 **plan, const nt_conv_order *order, int candidate);
/* plan.c: with the best one. */
ninetap_status nt_conv_create_best(ninetap_conv3x3 **plan, const nt_conv_order *order);
/* tune.c: which candidate of the first one's algorithm runs fastest. */
int nt_conv_fastest(const nt_conv_order *order, const nt_candidate *list, int count);

/* log.c: the line of a run, if `start` (core/log.h) says that there is one. */
void nt_conv_log(const ninetap_conv3x3 *plan, double start);

/* ---- What methods share ---- */

/* Bytes of a sum in scratch, and of what the kernels take for an element of inputs and weights: a
 * float, or two integers of 16 bits, or four of 8. */
enum { NT_SUM_BYTES = 4, NT_PACKED_BYTES = 4 };
enum { NT_STACK_SCRATCH = 4096 }; /* bytes of a slice that needs no workspace */

/* plan.c: the plan's packed memory, all zeros when it is new: stretches of so many bytes, of which
 * at[i] is where the i-th one starts, at NT_ALIGNMENT. Asked again, it gives the same memory. */
ninetap_status nt_conv_allocate(ninetap_conv3x3 *plan, const nt_size *bytes, int count, void **at);

/* Adds a stretch to a slice that ends at *end, and returns where it starts. */
size_t nt_slice_place(size_t *end, size_t bytes);

/* finish.c: where kernels write `rows` x `columns` outputs of a unit, `channels` of them: dst, or
 * with a pool that is not the kernels' own a map in the slice. */
typedef struct nt_conv_map {
    bool used;
    nt_tensor tensor; /* dst's, or the map's */
    size_t at;        /* the map, in the slice */
} nt_conv_map;
ninetap_status nt_conv_map_of(const nt_conv *c, bool pools_itself, int64_t rows, int64_t columns,
                              int64_t channels, size_t *slice_end, nt_conv_map *map);

/* finish.c: what kernels have left to do on `rows` x `columns` outputs of `channels` channels at
 * `values`. `home` is where the first of them belongs in dst. */
typedef struct nt_conv_piece {
    void *values;
    int64_t rows, columns, channels;
} nt_conv_piece;
void nt_conv_finish(const nt_conv *c, const nt_conv_map *map, const nt_conv_call *call,
                    const nt_conv_piece *piece, void *home);

/* As ninetap_plan_info has it. */
typedef struct nt_conv_error {
    double bound, floor, headroom;
} nt_conv_error;

/* By how many columns the last window reaches past the image; 0 or less: not at all. */
static inline int64_t nt_conv_beyond(const nt_conv_shape *s) {
    return (s->ow - 1) * s->stride + 2 * s->dilation - s->left - (s->iw - 1);
}

#endif
