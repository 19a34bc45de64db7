/* Gradients of activations on an ISA, and on as many threads as a description may ask for. */
#ifndef NINETAP_ACT_INTERNAL_H
#define NINETAP_ACT_INTERNAL_H

#include "ninetap.h"
#include "targets/isa.h"

/* An activation with its parameters, as a description has it. */
typedef struct nt_act {
    ninetap_act act;
    float lo, hi, slope;
} nt_act;

ninetap_status nt_act_backward(const nt_isa *isa, int threads, const nt_act *act, int64_t n,
                               const float *x, const float *diff_dst, float *diff_src);

#endif
