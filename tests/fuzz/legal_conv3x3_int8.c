/* Which convolutions of bytes are legal. */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static void settle(void *problem) {
    int8_problem *p = problem;
    p->conv.call = p->conv.call == CALL_PARTS ? CALL_PARTS : CALL_RUN;
    if (p->conv.call == CALL_PARTS && p->conv.parts == 0)
        p->conv.parts = 1;
    if (p->scales.count > NT_MOST_SCALES) /* more than are in memory */
        p->scales.count = 1;
}

static bool legal_quantization(const int8_problem *p) {
    const ninetap_conv3x3_desc *d = &p->conv.desc;
    return fuzz_quantization_is_legal(&p->scales, d->src_type, d->dst_type, d->oc) &&
           (d->border != NINETAP_BORDER_CONSTANT || !isnan(d->border_value));
}

static bool is_offered(const int8_problem *p) {
    const ninetap_conv3x3_desc *d = &p->conv.desc;
    return fuzz_conv_is_of_integers(&p->conv) && d->algo < NINETAP_ALGO_WINOGRAD2 &&
           d->act <= NINETAP_CLAMP && (d->dst_type != NINETAP_S32 || d->act == NINETAP_LINEAR);
}

/* The quantization is never NULL, as it would be of floats. */
static bool legal(const void *problem, amounts *a, bool *sure) {
    const int8_problem *p = problem;
    if (!fuzz_conv_is_legal(&p->conv, a, sure))
        return false;
    const ninetap_conv3x3_desc *d = &p->conv.desc;
    const bool floats =
        d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 && d->dst_type == NINETAP_F32;
    a->offered = is_offered(p);
    return fuzz_conv_is_of_integers(&p->conv) ? legal_quantization(p) : !floats;
}

/* ---- */

/* The tensors are guard pages: a refused call that touches them dies. */
static void check_not_made(const ninetap_conv3x3_desc *d, ninetap_status expected) {
    buffer nothing = buffer_new(0, AT_END, 0);
    ninetap_conv3x3 *plan = nothing.data;
    const ninetap_status status = ninetap_conv3x3_create(&plan, d, nothing.data, nothing.data);
    fuzz_require((status == expected && plan == NULL) ||
                 suite_wrong("create: %s", ninetap_strerror(status)));
    buffer_free(&nothing);
}

static bool taken(const void *problem) {
    const int8_problem *p = problem;
    int8_described d;
    int64_t oh, ow;
    nt_int8_describe(p, &d);
    const ninetap_status status = ninetap_conv3x3_output(&d.desc, &oh, &ow);
    if (status != NINETAP_OK)
        check_not_made(&d.desc, status);
    else if (!is_offered(p))
        check_not_made(&d.desc, NINETAP_ERR_UNSUPPORTED);
    return status == NINETAP_OK;
}

const legality legality_conv3x3_int8 = {&nt_operation_conv3x3_int8, settle, legal, taken};
