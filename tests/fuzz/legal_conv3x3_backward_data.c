/* Which gradients of convolutions' inputs are legal: those of legal convolutions. */
#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static void backward_settle(void *problem) {
    conv_problem *p = problem;
    p->call = p->call == CALL_ONE_SHOT ? CALL_RUN : p->call;
    if (p->call == CALL_PARTS && p->parts == 0)
        p->parts = 1;
    p->residual = p->residual && p->call == CALL_RUN;
    p->bias = 0;
}

static bool backward_is_offered(const conv_problem *p) {
    const ninetap_conv3x3_desc *d = &p->desc;
    return d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 &&
           d->dst_type == NINETAP_F32 && d->act == NINETAP_LINEAR && d->pool == NINETAP_POOL_NONE &&
           d->border == NINETAP_BORDER_ZERO &&
           (d->algo < NINETAP_ALGO_WINOGRAD2 || conv_allows_winograd(p));
}

/* Integers would need a quantization. */
static bool backward_legal(const void *problem, amounts *a, bool *sure) {
    a->offered = backward_is_offered(problem);
    return fuzz_conv_is_legal(problem, a, sure) && !fuzz_conv_is_of_integers(problem);
}

/* The weights are a guard page: a refused call that touches them dies. */
static void backward_not_made(const conv_problem *p, ninetap_status expected) {
    buffer nothing = buffer_new(0, AT_END, 0);
    ninetap_conv3x3 *plan = nothing.data;
    const ninetap_status status =
        ninetap_conv3x3_create_backward_data(&plan, &p->desc, nothing.data);
    fuzz_require((status == expected && plan == NULL) ||
                 suite_wrong("create: %s", ninetap_strerror(status)));
    buffer_free(&nothing);
}

static bool backward_taken(const void *problem) {
    const conv_problem *p = problem;
    int64_t oh, ow;
    const ninetap_status status = ninetap_conv3x3_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK)
        backward_not_made(p, status);
    else if (!backward_is_offered(p))
        backward_not_made(p, NINETAP_ERR_UNSUPPORTED);
    return status == NINETAP_OK;
}

const legality legality_conv3x3_backward_data = {&nt_operation_conv3x3_backward_data,
                                                 backward_settle, backward_legal, backward_taken};
