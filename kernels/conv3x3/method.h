/* A way to compute a 3x3 convolution: one struct, in a file of its own. Whoever adds one writes
 * that file and adds a line to the list in choose.c. */
#ifndef NINETAP_CONV3X3_METHOD_H
#define NINETAP_CONV3X3_METHOD_H

#include "conv3x3/conv3x3.h"

struct nt_method {
    const char *name; /* in reasons */
    const char
        *algorithm;    /* "direct", "winograd2", ...: methods of one algorithm have equal bits */
    ninetap_algo algo; /* ... as descriptions ask for it */
    bool integers;     /* it computes them, too */
    bool spreads;      /* it takes inputs that lie apart */
    size_t plan_bytes; /* of the method's plan, whose first member is the head */
    /* Whether it can solve the problem, and AUTO may take it. */
    bool (*fits)(const nt_conv *c);
    /* Predicted, of a run on one core. */
    double (*cycles)(const nt_conv *c);
    /* Kernels, cuts and the slice. The head is set but for kernel, units, slice_bytes, packed;
     * together is 1. */
    ninetap_status (*plan)(ninetap_conv3x3 *plan);
    /* Weights and bias in the order in which the kernels read them. bias may be NULL. Called
     * again, it replaces what it packed. */
    ninetap_status (*pack)(ninetap_conv3x3 *plan, const void *weights, const void *bias);
    /* Units [begin, end). No unit shares anything with another but the inputs. */
    void (*walk)(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice, int64_t begin,
                 int64_t end);
    /* Before the activation. */
    nt_conv_error (*error)(const nt_conv *c);
};

extern const nt_method nt_direct_channels, nt_direct_columns, nt_direct_phases, nt_depthwise_pixels,
    nt_depthwise_planes, nt_depthwise_columns, nt_depthwise_flat, nt_depthwise_integers,
    nt_winograd2, nt_winograd4, nt_winograd6, nt_naive;

#endif
