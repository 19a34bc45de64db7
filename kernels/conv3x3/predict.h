/* What predictions share. The unit is a cycle of a core that does one multiply-add of all lanes in
 * it; what co-issues with multiply-adds is not counted. */
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

/* The input's way to the scratch, and what a strip costs besides, for a row. */
static inline double nt_pack_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const double rows = (double)s->ih / (double)s->oh;
    return 3.0 * (double)s->group_ic * nt_vectors(c, s->iw) * rows + 300.0 / (double)s->oh;
}

#endif
