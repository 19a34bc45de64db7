#include "measure/candidates.h"

#include "conv3x3/conv3x3.h"

int candidate_count(const ninetap_conv3x3_desc *d) {
    nt_conv_shape shape;
    nt_conv c;
    nt_candidate list[NT_CANDIDATES];
    return nt_conv_shape_of(d, &shape) == NINETAP_OK && nt_conv_of(d, &shape, &c) == NINETAP_OK
               ? nt_conv_candidates(&c, list)
               : 0;
}

ninetap_status candidate_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *d,
                                const float *weights, const float *bias, int candidate) {
    if (candidate == 0) {
        return ninetap_conv3x3_create(plan, d, weights, bias);
    }
    return candidate < candidate_count(d) ? nt_conv_create(plan, d, weights, bias, candidate)
                                          : NINETAP_ERR_UNSUPPORTED;
}

static bool may_take(const ninetap_conv3x3 *plan, ninetap_precision precision) {
    nt_candidate list[NT_CANDIDATES];
    nt_conv asked = plan->conv;
    asked.desc.algo = NINETAP_ALGO_AUTO;
    asked.desc.precision = precision;
    for (int i = 0, count = nt_conv_candidates(&asked, list); i < count; i++) {
        if (list[i].method == plan->method) {
            return true;
        }
    }
    return false;
}

const char *candidate_choice(const ninetap_conv3x3 *plan) {
    const bool usual = may_take(plan, NINETAP_PRECISION_DEFAULT);
    const bool fast = may_take(plan, NINETAP_PRECISION_FAST);
    return usual && fast ? "default fast" : usual ? "default" : fast ? "fast" : "";
}
