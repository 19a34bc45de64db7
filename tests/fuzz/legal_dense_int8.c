/* Which dense layers of bytes are legal. */
#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static void settle(void *problem) {
    dense_int8_problem *p = problem;
    p->dense.one_shot = 0;
    if (p->scales.count > NT_MOST_SCALES) /* more than are in memory */
        p->scales.count = 1;
}

static bool is_offered(const dense_int8_problem *p) {
    const ninetap_dense_desc *d = &p->dense.desc;
    return fuzz_dense_is_of_integers(&p->dense) && d->act <= NINETAP_CLAMP &&
           (d->dst_type != NINETAP_S32 || d->act == NINETAP_LINEAR);
}

/* The quantization is never NULL, as it would be of floats. */
static bool legal(const void *problem, amounts *a, bool *sure) {
    const dense_int8_problem *p = problem;
    const ninetap_dense_desc *d = &p->dense.desc;
    if (!fuzz_dense_is_legal(&p->dense, a, sure))
        return false;
    const bool floats =
        d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 && d->dst_type == NINETAP_F32;
    a->offered = is_offered(p);
    return fuzz_dense_is_of_integers(&p->dense)
               ? fuzz_quantization_is_legal(&p->scales, d->src_type, d->dst_type, d->out)
               : !floats;
}

/* The tensors are guard pages: a refused call that touches them dies. */
static bool taken(const void *problem) {
    const dense_int8_problem *p = problem;
    dense_int8_described d;
    amounts a;
    bool sure;
    const bool is_legal = legal(p, &a, &sure);
    buffer nothing = buffer_new(0, AT_END, 0);
    ninetap_dense *plan = nothing.data;
    nt_dense_int8_describe(p, &d);
    if ((!is_legal && sure) || (is_legal && !a.offered)) {
        const ninetap_status status =
            ninetap_dense_create(&plan, &d.desc, nothing.data, nothing.data);
        fuzz_require((status != NINETAP_OK && plan == NULL &&
                      (!is_legal || status == NINETAP_ERR_UNSUPPORTED)) ||
                     suite_wrong("create: %s", ninetap_strerror(status)));
    }
    buffer_free(&nothing);
    return is_legal;
}

const legality legality_dense_int8 = {&nt_operation_dense_int8, settle, legal, taken};
