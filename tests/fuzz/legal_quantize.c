/* Which quantizations are legal. */
#include <float.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST_SCALES = 10000 }; /* of a call whose scales are in memory */

/* What is not an argument of the call. */
static void quantize_settle(void *problem) {
    quantize_problem *p = problem;
    p->op = (int)((unsigned)p->op % QUANTIZE_OPS);
    p->zeros = p->type != NINETAP_S32 && p->zeros != 0;
    if (p->op == QUANTIZE_RANGE)
        p->scales = p->type = 1;
    if (p->scales > MOST_SCALES)
        p->scales = MOST_SCALES;
    if (!(p->scale > 0 && p->scale < FLT_MAX / 4))
        p->scale = 1;
}

static bool quantize_legal(const void *problem, amounts *a, bool *sure) {
    const quantize_problem *p = problem;
    *sure = true;
    if (p->threads < 0 || p->rows < 0 || p->scales < 1 || p->type < NINETAP_F32 ||
        p->type > NINETAP_S32 || (p->columns <= 0))
        return false;
    a->elements = a->macs = (double)p->rows * (double)p->columns;
    a->offered = p->type == NINETAP_U8 || p->type == NINETAP_S8 ||
                 (p->type == NINETAP_S32 && p->op == QUANTIZE_BACK);
    return fuzz_fits(a->elements, sizeof(float), sure);
}

/* The tensors are guard pages: a refused call that touches them dies. */
static ninetap_status untouched(const quantize_problem *p) {
    buffer nothing = buffer_new(0, AT_END, 0);
    float *x = nothing.data;
    const ninetap_dtype type = (ninetap_dtype)p->type;
    const ninetap_status status =
        p->op == QUANTIZE_TO
            ? ninetap_quantize(p->rows, p->columns, x, type, x, NULL, p->scales, x)
            : ninetap_dequantize(p->rows, p->columns, type, x, x, NULL, p->scales, x);
    buffer_free(&nothing);
    return status;
}

static bool quantize_taken(const void *problem) {
    const quantize_problem *p = problem;
    amounts a;
    bool sure;
    const bool legal = quantize_legal(p, &a, &sure);
    if (p->op == QUANTIZE_RANGE || p->threads < 0)
        return legal;
    if (!legal && sure)
        fuzz_require(untouched(p) != NINETAP_OK || suite_wrong("taken although it is not legal"));
    if (legal && sure && !a.offered)
        fuzz_require(untouched(p) == NINETAP_ERR_UNSUPPORTED || suite_wrong("another status"));
    return legal;
}

const legality legality_quantize = {&nt_operation_quantize, quantize_settle, quantize_legal,
                                    quantize_taken};
