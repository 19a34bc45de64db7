/* Which filters are legal. */
#include <math.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static size_t bytes_of(ninetap_dtype type) {
    static const size_t bytes[] = {4, 1, 1, 2, 4};
    return bytes[type];
}

static bool may_be_in_place(const filter_problem *p) {
    const ninetap_filter3x3_desc *d = &p->desc;
    bool ok = d->src_type == d->dst_type && d->pool == NINETAP_POOL_NONE &&
              d->src_pitch[0] == d->dst_pitch[0] && d->src_pitch[1] == d->dst_pitch[1];
    for (int i = 0; i < 4; i++)
        ok = ok && d->margin[i] == 0;
    return ok;
}

static void settle(void *problem) {
    filter_problem *p = problem;
    p->in_place = p->in_place && may_be_in_place(p);
    /* Of floats that overflow one NaN may stand for another, but the pool moves them. */
    if (p->filter == FILTER_HUGE)
        p->filter = FILTER_RANDOM;
}

static bool values_are_legal(const ninetap_filter3x3_desc *d) {
    bool ok = d->n >= 0 && d->ih > 0 && d->iw > 0 && d->channels >= 1 && d->channels <= 4 &&
              d->threads >= 0 && (d->keep_alpha == 0 || d->channels == 2 || d->channels == 4);
    const int src = (int)d->src_type, dst = (int)d->dst_type, border = (int)d->border;
    ok = ok && src >= 0 && src <= 4 && dst >= 0 && dst <= 4 && border >= 0 && border <= 3 &&
         (int)d->pool >= 0 && (int)d->pool <= 1 && fuzz_unused(d->reserved);
    ok = ok && isfinite(d->scale) && isfinite(d->delta);
    for (int i = 0; ok && i < 4; i++)
        ok = d->margin[i] >= 0;
    for (int i = 0; ok && i < d->channels; i++)
        ok = border != NINETAP_BORDER_CONSTANT || src != NINETAP_U8 ||
             (d->border_value[i] >= 0 && d->border_value[i] <= 255 &&
              floorf(d->border_value[i]) == d->border_value[i]);
    for (int i = 0; ok && i < 2; i++)
        ok = d->src_pitch[i] % (int64_t)bytes_of(d->src_type) == 0 &&
             d->dst_pitch[i] % (int64_t)bytes_of(d->dst_type) == 0;
    return ok;
}

/* Of an image whose rows have so many values, in elements. */
static double span_of(int64_t n, double rows, double values, const int64_t pitch[2], size_t bytes,
                      bool *sure) {
    const int64_t elements[3] = {pitch[0] / (int64_t)bytes, 0, pitch[1] / (int64_t)bytes};
    if (rows > 0x1p60 || values > 0x1p60) {
        *sure = false;
        return -1;
    }
    return fuzz_span(0, n, 1, (int64_t)rows, (int64_t)values, elements, sure);
}

static bool legal(const void *problem, amounts *a, bool *sure) {
    const ninetap_filter3x3_desc *d = &((const filter_problem *)problem)->desc;
    *sure = true;
    if (!values_are_legal(d))
        return false;
    const bool pool = d->pool == NINETAP_POOL_MAX, floats = d->src_type == NINETAP_F32;
    const int64_t oh = pool ? d->ih / 2 : d->ih, ow = pool ? d->iw / 2 : d->iw;
    const bool whole_types = floats ? d->dst_type == NINETAP_F32
                                    : d->src_type == NINETAP_U8 && d->dst_type != NINETAP_S8 &&
                                          d->dst_type != NINETAP_S32;
    if (oh == 0 || ow == 0 || !whole_types)
        return false;
    const int64_t n = d->n != 0 ? d->n : 1;
    const double src = span_of(n, (double)d->ih + d->margin[0] + d->margin[2],
                               ((double)d->iw + d->margin[1] + d->margin[3]) * d->channels,
                               d->src_pitch, bytes_of(d->src_type), sure);
    const double dst =
        span_of(n, (double)oh, (double)ow * d->channels, d->dst_pitch, bytes_of(d->dst_type), sure);
    a->elements = a->macs = src > dst ? src : dst;
    return src >= 0 && dst >= 0 && fuzz_fits(src, bytes_of(d->src_type), sure) &&
           fuzz_fits(dst, bytes_of(d->dst_type), sure);
}

/* A source of NULL is refused after the description was taken; so nothing is touched, and the
 * description's own faults, other than what is NINETAP_ERR_ARG, show. Those show without images. */
static bool taken(const void *problem) {
    filter_problem p = *(const filter_problem *)problem;
    const ninetap_status status = nt_filter_call(&p, NULL, NULL);
    p.desc.n = p.desc.n > 0 ? 0 : p.desc.n;
    return nt_filter_call(&p, NULL, NULL) == NINETAP_OK &&
           (status == NINETAP_OK || status == NINETAP_ERR_ARG);
}

const legality legality_filter3x3 = {&nt_operation_filter3x3, settle, legal, taken};
