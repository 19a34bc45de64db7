#include "measure/candidates.h"

#include "conv3x3/conv3x3.h"

ninetap_status candidate_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *d,
                                const float *weights, const float *bias, int candidate) {
    nt_candidate list[NT_CANDIDATES];
    if (candidate == 0) {
        return ninetap_conv3x3_create(plan, d, weights, bias);
    }
    const ninetap_status status = nt_conv_create(plan, d, weights, bias, candidate);
    if (status == NINETAP_OK && candidate >= nt_conv_candidates(*plan, list)) {
        ninetap_conv3x3_free(*plan);
        *plan = NULL;
        return NINETAP_ERR_UNSUPPORTED;
    }
    return status;
}

static bool may_take(const ninetap_conv3x3 *plan, ninetap_precision precision) {
    nt_candidate list[NT_CANDIDATES];
    ninetap_conv3x3 asked = *plan;
    asked.desc.algo = NINETAP_ALGO_AUTO;
    asked.desc.precision = precision;
    for (int i = 0, count = nt_conv_candidates(&asked, list); i < count; i++) {
        if (list[i].family == plan->family) {
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
