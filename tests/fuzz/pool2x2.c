/* The pooling family on every instruction set. */
#include <limits.h>
#include <math.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST_ELEMENTS = 10000 };

/* ---- A problem ---- */

static pool_problem draw(bytes *b) {
    pool_problem p = {.op = bytes_int(b, 0, POOL_UNPOOL)};
    ninetap_pool2x2_desc *d = &p.desc;
    d->n = bytes_int(b, 1, 3);
    d->c = bytes_int(b, 1, 140);
    d->ih = bytes_int(b, 1, 24);
    d->iw = bytes_int(b, 1, 150);
    d->stride = bytes_int(b, 0, 4);
    d->dilation = bytes_int(b, 0, 3);
    for (int i = 0; i < 4; i++)
        d->pad[i] = bytes_int(b, 0, pool_dilation(&p));
    d->ceil_mode = bytes_int(b, 0, 1);
    d->layout = (ninetap_layout)bytes_int(b, 0, 1);
    d->nan = (ninetap_nan)bytes_int(b, 0, 1);
    d->threads = bytes_int(b, 0, 3);
    fuzz_pitch(b, (int)d->layout, d->c, d->ih, d->iw, d->src_pitch);
    fuzz_pitch(b, (int)d->layout, d->c, pool_out_h(&p), pool_out_w(&p), d->dst_pitch);
    p.alpha = p.op == POOL_MIXED ? (float)bytes_int(b, 0, 64) / 64.0F : 0.0F;
    p.data = bytes_int(b, 0, DATA_LOWEST);
    p.indices = bytes_int(b, 0, 1);
    p.placement = bytes_int(b, 0, 1);
    p.seed = bytes_int(b, 0, INT_MAX - 1);
    return p;
}

static void spoil(bytes *b, ninetap_pool2x2_desc *d) {
    const fuzz_fields fields = {
        {&d->n, &d->c, &d->ih, &d->iw, &d->src_pitch[0], &d->src_pitch[1], &d->src_pitch[2],
         &d->dst_pitch[0], &d->dst_pitch[1], &d->dst_pitch[2]},
        {&d->pad[0], &d->pad[1], &d->pad[2], &d->pad[3], &d->stride, &d->dilation, &d->ceil_mode,
         &d->threads, (int *)&d->layout, (int *)&d->nan},
        10,
        10};
    fuzz_spoil(b, &fields);
}

/* ---- Whether it is legal ---- */

static bool values_are_legal(const ninetap_pool2x2_desc *d) {
    const int dilation = d->dilation != 0 ? d->dilation : 1;
    bool ok = d->n >= 0 && d->c > 0 && d->ih > 0 && d->iw > 0 && d->stride >= 0 &&
              d->dilation >= 0 && d->threads >= 0;
    for (int i = 0; i < 4; i++)
        ok = ok && d->pad[i] >= 0 && d->pad[i] <= dilation;
    const int layout = (int)d->layout, nan = (int)d->nan;
    return ok && layout >= 0 && layout <= 1 && nan >= 0 && nan <= 1;
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

/* Fills in the larger of the tensors' spans. */
static bool is_legal(const ninetap_pool2x2_desc *d, double *elements, bool *sure) {
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
    *elements = src > dst ? src : dst;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    pool_problem p = draw(&b);
    spoil(&b, &p.desc);
    int64_t oh, ow;
    double elements = 0;
    bool sure;
    const bool legal = is_legal(&p.desc, &elements, &sure);
    const ninetap_status status = ninetap_pool2x2_output(&p.desc, &oh, &ow);
    suite_case("test_operations", "(a description that is refused)");
    fuzz_require(!sure || (status == NINETAP_OK) == legal ||
                 suite_wrong("%s", ninetap_strerror(status)));
    if (status != NINETAP_OK)
        check_refused(&p);
    if (!legal || status != NINETAP_OK || elements > (double)MOST_ELEMENTS)
        return 0;
    for (int i = 0; i < ninetap_isa_count(); i++) {
        p.desc.isa = ninetap_isa_name(i);
        fuzz_require(check_pool2x2(&p));
    }
    return 0;
}
