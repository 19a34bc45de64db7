/* Which gradients of activations are legal. */
#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static bool act_legal(const void *problem, amounts *a, bool *sure) {
    const act_problem *p = problem;
    *sure = true;
    a->elements = a->macs = (double)p->n;
    return p->n >= 0 && p->threads >= 0 && p->act >= 0 && p->act <= 4 &&
           (p->act != NINETAP_CLAMP || p->lo <= p->hi) &&
           (p->act != NINETAP_LEAKY_RELU || p->slope >= 0) &&
           fuzz_fits((double)p->n, sizeof(float), sure);
}

static void act_settle(void *problem) {
    act_problem *p = problem;
    p->over = p->over >= OVER_NOTHING && p->over <= OVER_X ? p->over : OVER_NOTHING;
}

/* The tensors are guard pages: a refused call that touches them dies. */
static bool act_taken(const void *problem) {
    const act_problem *p = problem;
    buffer nothing = buffer_new(0, AT_END, 0);
    amounts a;
    bool sure;
    const bool legal = act_legal(problem, &a, &sure);
    float *x = nothing.data;
    if (!legal && sure && p->threads >= 0)
        fuzz_require(ninetap_act_backward_f32((ninetap_act)p->act, p->lo, p->hi, p->slope, p->n, x,
                                              x + 64, x + 128) != NINETAP_OK ||
                     suite_wrong("called although it is not legal"));
    buffer_free(&nothing);
    return legal;
}

const legality legality_act_backward = {&nt_operation_act_backward, act_settle, act_legal,
                                        act_taken};
