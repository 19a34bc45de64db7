/* Which poolings are legal. */
#include <math.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static void settle(void *problem) {
    pool_problem *p = problem;
    p->alpha = p->alpha >= 0.0F && p->alpha <= 1.0F ? p->alpha : 0.5F;
}

static bool values_are_legal(const ninetap_pool2x2_desc *d) {
    const int dilation = d->dilation != 0 ? d->dilation : 1;
    bool ok = d->n >= 0 && d->c > 0 && d->ih > 0 && d->iw > 0 && d->stride >= 0 &&
              d->dilation >= 0 && d->threads >= 0;
    for (int i = 0; i < 4; i++)
        ok = ok && d->pad[i] >= 0 && d->pad[i] <= dilation;
    const int layout = (int)d->layout, nan = (int)d->nan;
    return ok && fuzz_unused(d->reserved) && layout >= 0 && layout <= 1 && nan >= 0 && nan <= 1;
}

/* Windows, whole ones and perhaps a partial one. */
static double outputs(int64_t size, int before, int after, const ninetap_pool2x2_desc *d) {
    const double stride = d->stride != 0 ? d->stride : 2;
    const double reach = d->dilation != 0 ? d->dilation : 1;
    const double end = (double)size + before + after, room = end - reach - 1;
    double count = room < 0 ? 0 : floor(room / stride) + 1;
    const double last_end = (count - 1) * stride + reach + 1;
    if (d->ceil_mode != 0 && last_end < end && count * stride < (double)size + before)
        count++;
    return count;
}

static bool legal(const void *problem, amounts *a, bool *sure) {
    const ninetap_pool2x2_desc *d = &((const pool_problem *)problem)->desc;
    *sure = true;
    if (!values_are_legal(d))
        return false;
    const double oh = outputs(d->ih, d->pad[0], d->pad[2], d);
    const double ow = outputs(d->iw, d->pad[1], d->pad[3], d);
    if (oh < 1 || ow < 1)
        return false;
    if (d->ih > INT64_C(1) << 50 || d->iw > INT64_C(1) << 50)
        return *sure = false;
    const int64_t n = d->n != 0 ? d->n : 1;
    const double src = fuzz_span((int)d->layout, n, d->c, d->ih, d->iw, d->src_pitch, sure);
    const double dst =
        fuzz_span((int)d->layout, n, d->c, (int64_t)oh, (int64_t)ow, d->dst_pitch, sure);
    const double indices = (double)n * (double)d->c * oh * ow;
    a->elements = a->macs = src > dst ? src : dst;
    return src >= 0 && dst >= 0 && fuzz_fits(src, 1, sure) && fuzz_fits(dst, 1, sure) &&
           fuzz_fits(indices, sizeof(int64_t), sure);
}

/* ---- */

/* The tensors are guard pages: a refused call that touches them dies. */
static void check_refused(const pool_problem *p) {
    buffer nothing = buffer_new(0, AT_END, 0);
    char *dst = nothing.data;
    const ninetap_status status = nt_pool_call(p, dst + 64, dst, (int64_t *)(void *)(dst + 128));
    fuzz_require(status != NINETAP_OK || suite_wrong("called although it is not legal"));
    buffer_free(&nothing);
}

static bool taken(const void *problem) {
    const pool_problem *p = problem;
    int64_t oh, ow;
    const ninetap_status status = ninetap_pool2x2_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK)
        check_refused(p);
    return status == NINETAP_OK;
}

const legality legality_pool2x2 = {&nt_operation_pool2x2, settle, legal, taken};
