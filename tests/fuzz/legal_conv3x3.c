/* Which convolutions are legal. */
#include <math.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static void settle(void *problem) {
    conv_problem *p = problem;
    if (p->call == CALL_PARTS && p->parts == 0)
        p->parts = 1;
    p->residual = p->residual && p->call == CALL_RUN && p->desc.pool == NINETAP_POOL_NONE;
    /* Sums of small integers may happen to be 0 all over, which the check does not trust. */
    p->bias = p->bias && p->data != DATA_INTEGER;
}

static bool in(int value, int lo, int hi) {
    return lo <= value && value <= hi;
}

static bool values_are_legal(const ninetap_conv3x3_desc *d) {
    const int64_t reach = 2 * (d->dilation != 0 ? (int64_t)d->dilation : 1);
    bool ok = d->n >= 0 && d->ic > 0 && d->ih > 0 && d->iw > 0 && d->oc > 0 && d->groups >= 0 &&
              d->stride >= 0 && d->dilation >= 0 && d->threads >= 0;
    for (int i = 0; i < 4; i++)
        ok = ok && d->pad[i] >= 0 && d->pad[i] <= reach;
    ok = ok && in((int)d->layout, 0, 1) && in((int)d->weights_layout, 0, 2) &&
         in((int)d->border, 0, 3) && in((int)d->act, 0, 4) && in((int)d->pool, 0, 1) &&
         in((int)d->algo, 0, 4) && in((int)d->precision, 0, 3);
    ok = ok && in((int)d->src_type, 0, 4) && in((int)d->weights_type, 0, 4) &&
         in((int)d->dst_type, 0, 4) && fuzz_unused(d->reserved);
    ok = ok && (d->act != NINETAP_CLAMP || d->act_lo <= d->act_hi);
    return ok && (d->groups == 0 || (d->ic % d->groups == 0 && d->oc % d->groups == 0));
}

static double outputs(int64_t size, int before, int after, const ninetap_conv3x3_desc *d) {
    const double reach = 2.0 * (d->dilation != 0 ? d->dilation : 1);
    const double room = (double)size + before + after - reach - 1;
    return room < 0 ? 0 : floor(room / (d->stride != 0 ? d->stride : 1)) + 1;
}

static bool is_offered(const conv_problem *p) {
    const ninetap_conv3x3_desc *d = &p->desc;
    return d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 &&
           d->dst_type == NINETAP_F32 &&
           (d->algo < NINETAP_ALGO_WINOGRAD2 || conv_allows_winograd(p));
}

bool fuzz_conv_is_of_integers(const conv_problem *p) {
    const ninetap_conv3x3_desc *d = &p->desc;
    return (d->src_type == NINETAP_U8 || d->src_type == NINETAP_S8) &&
           d->weights_type == NINETAP_S8 && d->dst_type != NINETAP_S16;
}

bool fuzz_conv_is_legal(const conv_problem *p, amounts *a, bool *sure) {
    static const size_t bytes[] = {sizeof(float), 1, 1, 2, 4};
    const ninetap_conv3x3_desc *d = &p->desc;
    *sure = true;
    if (!values_are_legal(d))
        return false;
    const double oh = outputs(d->ih, d->pad[0], d->pad[2], d);
    const double ow = outputs(d->iw, d->pad[1], d->pad[3], d);
    const int step = d->pool == NINETAP_POOL_MAX ? 2 : 1;
    if (oh < step || ow < step)
        return false;
    if (oh > 0x1p50 || ow > 0x1p50)
        return *sure = false;
    const int64_t n = d->n != 0 ? d->n : 1;
    const double src = fuzz_span((int)d->layout, n, d->ic, d->ih, d->iw, d->src_pitch, sure);
    const double dst = fuzz_span((int)d->layout, n, d->oc, (int64_t)oh / step, (int64_t)ow / step,
                                 d->dst_pitch, sure);
    const int64_t group_ic = d->ic / (d->groups != 0 ? d->groups : 1);
    const double weights = 9.0 * (double)d->oc * (double)group_ic;
    a->elements = src > dst ? src : dst;
    a->macs = weights * (double)n * oh * ow;
    return src >= 0 && dst >= 0 && fuzz_fits(src, bytes[d->src_type], sure) &&
           fuzz_fits(dst, bytes[d->dst_type], sure) &&
           fuzz_fits(weights, bytes[d->weights_type], sure) &&
           (a->macs < 0x1p63 || sizeof(void *) < 8);
}

/* Integers would need a quantization. */
static bool legal(const void *problem, amounts *a, bool *sure) {
    a->offered = is_offered(problem);
    return fuzz_conv_is_legal(problem, a, sure) && !fuzz_conv_is_of_integers(problem);
}

/* ---- */

/* The tensors are guard pages: a refused call that touches them dies. */
static void check_not_made(const conv_problem *p, ninetap_status expected) {
    buffer nothing = buffer_new(0, AT_END, 0);
    ninetap_conv3x3 *plan = nothing.data;
    const ninetap_status status =
        ninetap_conv3x3_create(&plan, &p->desc, nothing.data, nothing.data);
    fuzz_require((status == expected && plan == NULL) ||
                 suite_wrong("create: %s", ninetap_strerror(status)));
    buffer_free(&nothing);
}

static void check_refused(const conv_problem *p, ninetap_status expected) {
    buffer nothing = buffer_new(0, AT_END, 0);
    float *x = nothing.data;
    check_not_made(p, expected);
    const ninetap_status status = ninetap_conv3x3_f32(&p->desc, x, x, x, x);
    fuzz_require(status == expected || suite_wrong("one call: %s", ninetap_strerror(status)));
    buffer_free(&nothing);
}

static bool taken(const void *problem) {
    const conv_problem *p = problem;
    int64_t oh, ow;
    const ninetap_status status = ninetap_conv3x3_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK)
        check_refused(p, status);
    else if (!is_offered(p))
        check_not_made(p, NINETAP_ERR_UNSUPPORTED);
    return status == NINETAP_OK;
}

const legality legality_conv3x3 = {&nt_operation_conv3x3, settle, legal, taken};
