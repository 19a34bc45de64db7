/* How the plans of convolutions that are tried are made. */
#include "core/build.h"

#include <stdlib.h>
#include <string.h>

#include "conv3x3/conv3x3.h"
#include "selftest/conv3x3.h"

static ninetap_status make(const conv_problem *p, const nt_conv_order *order,
                           ninetap_conv3x3 **plan) {
    /* the plan within a one-shot call is the first candidate's */
    if (p->candidate != 0 && p->call != CALL_ONE_SHOT) {
        return nt_conv_create(plan, order, p->candidate);
    }
    return order->backward ? ninetap_conv3x3_create_backward_data(plan, order->desc, order->weights)
                           : ninetap_conv3x3_create(plan, order->desc, order->weights, order->bias);
}

static ninetap_status make_and_set(const conv_problem *p, const nt_conv_order *order,
                                   const nt_operand *o, ninetap_conv3x3 **plan) {
    float *weights = nt_other_floats(&o[CONV_WEIGHTS]);
    float *bias = nt_other_floats(&o[CONV_BIAS]);
    nt_conv_order first = *order;
    first.weights = weights;
    first.bias = bias;
    const bool room = weights != NULL && (bias != NULL) == (order->bias != NULL);
    ninetap_status status = room ? make(p, &first, plan) : NINETAP_ERR_NOMEM;
    if (status == NINETAP_OK) {
        status = ninetap_conv3x3_set_weights(*plan, order->weights, order->bias);
    }
    free(weights);
    free(bias);
    return status;
}

static void look_at_plan(const ninetap_conv3x3 *plan, nt_call *call) {
    ninetap_conv3x3_describe(plan, &call->info);
    if (call->info.workspace_bytes != ninetap_conv3x3_workspace(plan)) {
        nt_wrong(call, "workspace: %zu bytes are described", call->info.workspace_bytes);
    }
    if (call->info.reason[0] == '\0' || strchr(call->info.reason, '\n') != NULL) {
        nt_wrong(call, "reason: '%s'", call->info.reason);
    }
}

ninetap_status nt_conv_prepare(const conv_problem *p, bool backward, const nt_operand *o,
                               nt_call *call) {
    const nt_conv_order order = {.desc = &p->desc,
                                 .backward = backward,
                                 .weights = o[CONV_WEIGHTS].data,
                                 .bias = o[CONV_BIAS].data};
    ninetap_conv3x3 *plan = NULL;
    int64_t oh = -1;
    int64_t ow = -1;
    ninetap_status status = ninetap_conv3x3_output(&p->desc, &oh, &ow);
    if (status == NINETAP_OK && (oh != conv_out_h(p) || ow != conv_out_w(p))) {
        nt_wrong(call, "output: %lld x %lld", (long long)oh, (long long)ow);
    }
    if (status == NINETAP_OK) {
        status = p->set ? make_and_set(p, &order, o, &plan) : make(p, &order, &plan);
    }
    if (status == NINETAP_OK) {
        look_at_plan(plan, call);
    } else if (plan != NULL && !p->set) {
        nt_wrong(call, "not made, but there is a plan");
    }
    call->plan = plan;
    return status;
}
