/* Which dense layers are legal, and which softmaxes. */
#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static double rows_span(int64_t rows, int64_t columns, int64_t pitch, bool *sure) {
    return fuzz_span(0, 1, 1, rows != 0 ? rows : 1, columns, (int64_t[3]){0, 0, pitch}, sure);
}

static bool is_dtype(int type) {
    return type >= NINETAP_F32 && type <= NINETAP_S32;
}

bool fuzz_dense_is_of_integers(const dense_problem *p) {
    const ninetap_dense_desc *d = &p->desc;
    return (d->src_type == NINETAP_U8 || d->src_type == NINETAP_S8) &&
           d->weights_type == NINETAP_S8 && d->dst_type != NINETAP_S16;
}

bool fuzz_dense_is_legal(const dense_problem *p, amounts *a, bool *sure) {
    static const size_t bytes[] = {sizeof(float), 1, 1, 2, 4};
    const ninetap_dense_desc *d = &p->desc;
    const int act = (int)d->act, precision = (int)d->precision;
    *sure = true;
    if (!is_dtype((int)d->src_type) || !is_dtype((int)d->weights_type) ||
        !is_dtype((int)d->dst_type) || !fuzz_unused(d->reserved))
        return false;
    if (d->n < 0 || d->in <= 0 || d->out <= 0 || d->threads < 0 || act < 0 || act > 4 ||
        precision < 0 || precision > 3 || (act == NINETAP_CLAMP && d->act_lo > d->act_hi))
        return false;
    const double src = rows_span(d->n, d->in, d->src_pitch, sure);
    const double dst = rows_span(d->n, d->out, d->dst_pitch, sure);
    const double weights = (double)d->in * ((double)d->out + 15);
    a->elements = src > dst ? src : dst;
    a->elements = weights > a->elements ? weights : a->elements;
    a->macs = weights * (double)d->n;
    return src >= 0 && dst >= 0 && fuzz_fits(src, bytes[d->src_type], sure) &&
           fuzz_fits(dst, bytes[d->dst_type], sure) &&
           fuzz_fits(weights, 2 * sizeof(float), sure) && a->macs < 0x1p63;
}

/* Integers would need a quantization. */
static bool dense_legal(const void *problem, amounts *a, bool *sure) {
    const ninetap_dense_desc *d = &((const dense_problem *)problem)->desc;
    a->offered =
        d->src_type == NINETAP_F32 && d->weights_type == NINETAP_F32 && d->dst_type == NINETAP_F32;
    return fuzz_dense_is_legal(problem, a, sure) && !fuzz_dense_is_of_integers(problem);
}

/* The library says so only when it is to make a plan. The tensors are guard pages: a refused call
 * that touches them dies. */
static void dense_refused(const dense_problem *p) {
    buffer nothing = buffer_new(0, AT_END, 0);
    const float *in = (const float *)nothing.data + 64;
    ninetap_dense *plan = nothing.data;
    const ninetap_status status = ninetap_dense_create(&plan, &p->desc, in, in);
    fuzz_require((status != NINETAP_OK && plan == NULL) ||
                 suite_wrong("made although it is not legal"));
    fuzz_require(ninetap_dense_f32(&p->desc, in, in, in, nothing.data) == status ||
                 suite_wrong("one call has another status"));
    buffer_free(&nothing);
}

static void dense_not_made(const dense_problem *p, ninetap_status expected) {
    buffer nothing = buffer_new(0, AT_END, 0);
    ninetap_dense *plan = nothing.data;
    fuzz_require((ninetap_dense_create(&plan, &p->desc, nothing.data, nothing.data) == expected &&
                  plan == NULL) ||
                 suite_wrong("made although it is not offered"));
    buffer_free(&nothing);
}

static void dense_settle(void *problem) {
    (void)problem;
}

static bool dense_taken(const void *problem) {
    const dense_problem *p = problem;
    amounts a;
    bool sure;
    const bool legal = dense_legal(p, &a, &sure);
    if (!legal && sure)
        dense_refused(p);
    if (legal && !a.offered)
        dense_not_made(p, NINETAP_ERR_UNSUPPORTED);
    return legal;
}

const legality legality_dense = {&nt_operation_dense, dense_settle, dense_legal, dense_taken};

/* ---- The gradient ---- */

static void dense_backward_settle(void *problem) {
    ((dense_problem *)problem)->bias = 0;
}

static bool dense_backward_legal(const void *problem, amounts *a, bool *sure) {
    const bool legal = dense_legal(problem, a, sure);
    a->offered = a->offered && ((const dense_problem *)problem)->desc.act == NINETAP_LINEAR;
    return legal;
}

/* A refused call that touches the guard pages dies. */
static bool dense_backward_taken(const void *problem) {
    const dense_problem *p = problem;
    buffer nothing = buffer_new(0, AT_END, 0);
    const float *in = (const float *)nothing.data + 64;
    amounts a;
    bool sure;
    const bool legal = dense_backward_legal(p, &a, &sure);
    if ((!legal && sure) || (legal && !a.offered)) {
        const ninetap_status status = ninetap_dense_backward_data(&p->desc, in, in, nothing.data);
        fuzz_require((legal ? status == NINETAP_ERR_UNSUPPORTED : status != NINETAP_OK) ||
                     suite_wrong("called although it is not offered"));
    }
    buffer_free(&nothing);
    return legal;
}

const legality legality_dense_backward_data = {&nt_operation_dense_backward_data,
                                               dense_backward_settle, dense_backward_legal,
                                               dense_backward_taken};

/* ---- Softmax ---- */

static bool softmax_legal(const void *problem, amounts *a, bool *sure) {
    const softmax_problem *p = problem;
    *sure = true;
    if (p->rows < 0 || p->columns <= 0 || p->threads < 0)
        return false;
    const double src = rows_span(p->rows, p->columns, p->src_pitch, sure);
    const double dst = rows_span(p->rows, p->columns, p->dst_pitch, sure);
    a->elements = a->macs = src > dst ? src : dst;
    return src >= 0 && dst >= 0 && fuzz_fits(src, sizeof(float), sure) &&
           fuzz_fits(dst, sizeof(float), sure);
}

static void softmax_settle(void *problem) {
    softmax_problem *p = problem;
    if (p->in_place)
        p->dst_pitch = p->src_pitch;
    if (!(p->spread >= 0.0F && p->spread <= 3e38F))
        p->spread = 1.0F;
}

static bool softmax_taken(const void *problem) {
    const softmax_problem *p = problem;
    buffer nothing = buffer_new(0, AT_END, 0);
    amounts a;
    bool sure;
    const bool legal = softmax_legal(p, &a, &sure);
    float *x = nothing.data;
    if (!legal && sure && p->threads >= 0)
        fuzz_require(ninetap_softmax_f32(p->rows, p->columns, x, p->src_pitch, x + 64,
                                         p->dst_pitch) != NINETAP_OK ||
                     suite_wrong("called although it is not legal"));
    buffer_free(&nothing);
    return legal;
}

const legality legality_softmax = {&nt_operation_softmax, softmax_settle, softmax_legal,
                                   softmax_taken};
