/* What predictions share. A method counts what it does, in vectors; core/machine.h says what that
 * costs. */
#ifndef NINETAP_CONV3X3_PREDICT_H
#define NINETAP_CONV3X3_PREDICT_H

#include "conv3x3/conv3x3.h"

static inline double nt_vectors(const nt_conv *c, int64_t count) {
    return (double)nt_div_up(count, c->isa->lanes);
}

/* Of all images and groups, where a row of outputs of one group takes `row_cycles`. */
static inline double nt_all_rows(const nt_conv *c, double row_cycles) {
    const nt_conv_shape *s = &c->shape;
    return row_cycles * (double)nt_max64(s->n, 1) * (double)s->groups * (double)s->oh;
}

static inline double nt_vector_bytes(const nt_conv *c) {
    return (double)c->isa->lanes * (double)sizeof(float);
}

/* Shuffles of a vector's share of a transposition of squares. */
static inline double nt_turn_shuffles(const nt_conv *c) {
    double shuffles = 0.0;
    for (int lanes = c->isa->lanes; lanes > 1; lanes /= 2) {
        shuffles += 1.0;
    }
    return shuffles;
}
static inline double nt_turn_cycles(const nt_conv *c) {
    return nt_move_cycles(&c->machine, 1.0, 1.0, nt_turn_shuffles(c));
}

/* Packing the input into the scratch, and the other costs of a strip. A stride sorts the columns of
 * each row of NCHW, a short loop for each residue. */
static inline double nt_pack_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const double rows = (double)s->ih / (double)s->oh;
    double row = nt_vectors(c, s->iw) * nt_move_cycles(&c->machine, 1.0, 1.0, 0.0);
    if (s->stride > 1 && c->desc.layout == NINETAP_NCHW) {
        row += (double)nt_min64(s->stride, 3) * nt_code_cycles(&c->machine, 60.0, 2.0);
    }
    return (double)s->group_ic * rows * row +
           nt_code_cycles(&c->machine, 900.0, 12.0) / (double)s->oh;
}

/* Reading `inputs` vectors from where both tensors stay, and writing one there. */
static inline double nt_tensor_cycles(const nt_conv *c, double inputs) {
    const nt_conv_shape *s = &c->shape;
    const double elements = (double)s->ic * (double)s->ih * (double)s->iw +
                            (double)s->oc * (double)s->oh * (double)s->ow;
    const nt_level level = nt_level_of(&c->machine, elements * (double)sizeof(float));
    return level == NT_IN_L1 ? 0.0
                             : nt_read_cycles(&c->machine, level, inputs * nt_vector_bytes(c)) +
                                   nt_write_cycles(&c->machine, level, nt_vector_bytes(c));
}

#endif
