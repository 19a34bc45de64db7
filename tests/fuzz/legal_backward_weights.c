/* Which gradients of weights are legal: where the forward call is, and offered of plain floats. */
#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static void gradient_settle(void *problem) {
    (void)problem;
}

static conv_problem forward_of(const conv_gradient_problem *p) {
    return (conv_problem){.desc = p->desc};
}

static bool conv_gradient_legal(const void *problem, amounts *a, bool *sure) {
    const conv_gradient_problem *p = problem;
    const ninetap_conv3x3_desc *d = &p->desc;
    const conv_problem forward = forward_of(p);
    a->offered = d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 &&
                 d->dst_type == NINETAP_F32 && d->act == NINETAP_LINEAR &&
                 d->pool == NINETAP_POOL_NONE && d->border == NINETAP_BORDER_ZERO;
    return fuzz_conv_is_legal(&forward, a, sure) && !fuzz_conv_is_of_integers(&forward);
}

/* The tensors are guard pages: a refused call that touches them dies. */
static bool conv_gradient_taken(const void *problem) {
    const conv_gradient_problem *p = problem;
    buffer nothing = buffer_new(0, AT_END, 0);
    float *x = nothing.data;
    amounts a;
    bool sure;
    const bool legal = conv_gradient_legal(p, &a, &sure);
    if (sure && !(legal && a.offered)) {
        const ninetap_status status = ninetap_conv3x3_backward_weights(&p->desc, x, x, x, x, 0);
        fuzz_require((legal ? status == NINETAP_ERR_UNSUPPORTED : status != NINETAP_OK) ||
                     suite_wrong("not refused: %s", ninetap_strerror(status)));
    }
    buffer_free(&nothing);
    return legal;
}

const legality legality_conv3x3_backward_weights = {&nt_operation_conv3x3_backward_weights,
                                                    gradient_settle, conv_gradient_legal,
                                                    conv_gradient_taken};

/* ---- Of a dense layer ---- */

static bool dense_gradient_legal(const void *problem, amounts *a, bool *sure) {
    const ninetap_dense_desc *d = &((const dense_gradient_problem *)problem)->desc;
    const dense_problem forward = {.desc = *d};
    a->offered = d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 &&
                 d->dst_type == NINETAP_F32 && d->act == NINETAP_LINEAR;
    return fuzz_dense_is_legal(&forward, a, sure) && !fuzz_dense_is_of_integers(&forward);
}

static bool dense_gradient_taken(const void *problem) {
    const dense_gradient_problem *p = problem;
    buffer nothing = buffer_new(0, AT_END, 0);
    float *x = nothing.data;
    amounts a;
    bool sure;
    const bool legal = dense_gradient_legal(p, &a, &sure);
    if (sure && !(legal && a.offered)) {
        const ninetap_status status = ninetap_dense_backward_weights(&p->desc, x, x, x, x, 0);
        fuzz_require((legal ? status == NINETAP_ERR_UNSUPPORTED : status != NINETAP_OK) ||
                     suite_wrong("not refused: %s", ninetap_strerror(status)));
    }
    buffer_free(&nothing);
    return legal;
}

const legality legality_dense_backward_weights = {&nt_operation_dense_backward_weights,
                                                  gradient_settle, dense_gradient_legal,
                                                  dense_gradient_taken};
