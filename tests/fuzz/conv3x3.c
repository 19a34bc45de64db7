/* Convolutions on every instruction set, through every call, with an allocation that fails. */
#include <limits.h>
#include <math.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST_MACS = 30000, MOST_ELEMENTS = 10000 };

/* ---- A problem ---- */

static void draw_shape(bytes *b, ninetap_conv3x3_desc *d) {
    d->n = bytes_int(b, 1, 3);
    d->ic = bytes_int(b, 1, 40);
    d->oc = bytes_int(b, 1, 70);
    d->ih = bytes_int(b, 1, 24);
    d->iw = bytes_int(b, 1, 70);
    d->groups = bytes_int(b, 0, 5);
    if (d->groups == 5) /* depthwise, with as many filters a channel as may be */
        d->groups = d->ic, d->oc = d->ic * bytes_int(b, 1, 3);
    if (d->groups > 1 && d->groups < 5)
        d->ic *= d->groups, d->oc *= d->groups;
    d->stride = bytes_int(b, 0, 4);
    d->dilation = bytes_int(b, 0, 3);
    for (int i = 0; i < 4; i++)
        d->pad[i] = bytes_int(b, 0, 2 * (d->dilation > 1 ? d->dilation : 1));
    d->layout = (ninetap_layout)bytes_int(b, 0, 1);
    d->weights_layout = (ninetap_weights_layout)bytes_int(b, 0, 2);
    d->pool = (ninetap_fused_pool)bytes_int(b, 0, 1);
}

static void draw_call(bytes *b, conv_problem *p) {
    ninetap_conv3x3_desc *d = &p->desc;
    d->border = (ninetap_border)bytes_int(b, 0, 3);
    d->border_value = d->border == NINETAP_BORDER_CONSTANT ? (float)bytes_int(b, -3, 3) : 0.0F;
    d->act = (ninetap_act)bytes_int(b, 0, 4);
    d->act_lo = d->act == NINETAP_CLAMP ? (float)bytes_int(b, -20, 5) : 0.0F;
    d->act_hi = d->act == NINETAP_CLAMP ? d->act_lo + (float)bytes_int(b, -1, 20) : 0.0F;
    d->act_slope = d->act == NINETAP_LEAKY_RELU ? (float)bytes_int(b, -5, 40) / 32.0F : 0.0F;
    d->algo = (ninetap_algo)bytes_int(b, 0, 4);
    d->precision = (ninetap_precision)bytes_int(b, 0, 3);
    d->threads = bytes_int(b, 0, 3);
    p->data = bytes_int(b, 0, 4);
    /* Sums of small integers may happen to be 0 all over, which the check does not trust. */
    p->bias = p->data != DATA_INTEGER && bytes_int(b, 0, 1);
    p->call = bytes_int(b, 0, 2);
    p->parts = p->call == CALL_PARTS ? bytes_int(b, 1, 50) : 0;
    p->residual = p->call == CALL_RUN && d->pool == NINETAP_POOL_NONE && bytes_int(b, 0, 1);
    p->workspace = bytes_int(b, 0, 64);
    p->placement = bytes_int(b, 0, 1);
    p->candidate = bytes_int(b, 0, 3);
    p->fail = bytes_int(b, 0, 12);
    p->seed = bytes_int(b, 0, INT_MAX);
}

static void spoil(bytes *b, ninetap_conv3x3_desc *d) {
    const fuzz_fields fields = {
        {&d->n, &d->ic, &d->ih, &d->iw, &d->oc, &d->groups, &d->src_pitch[0], &d->src_pitch[1],
         &d->src_pitch[2], &d->dst_pitch[0], &d->dst_pitch[1], &d->dst_pitch[2]},
        {&d->pad[0], &d->pad[1], &d->pad[2], &d->pad[3], &d->stride, &d->dilation, &d->threads,
         (int *)&d->layout, (int *)&d->weights_layout, (int *)&d->border, (int *)&d->act,
         (int *)&d->pool, (int *)&d->algo, (int *)&d->precision},
        12,
        14};
    fuzz_spoil(b, &fields);
}

static conv_problem draw(bytes *b) {
    conv_problem p = {0};
    ninetap_conv3x3_desc *d = &p.desc;
    draw_shape(b, d);
    fuzz_pitch(b, (int)d->layout, d->ic, d->ih, d->iw, d->src_pitch);
    fuzz_pitch(b, (int)d->layout, d->oc, conv_out_h(&p), conv_out_w(&p), d->dst_pitch);
    draw_call(b, &p);
    spoil(b, d);
    return p;
}

/* ---- Whether it is legal ---- */

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
    ok = ok && (d->act != NINETAP_CLAMP || d->act_lo <= d->act_hi);
    return ok && (d->groups == 0 || (d->ic % d->groups == 0 && d->oc % d->groups == 0));
}

/* How many of something a run of the problem has; in doubles nothing overflows. */
typedef struct amounts {
    double src, dst, weights, macs;
} amounts;

static double outputs(int64_t size, int before, int after, const ninetap_conv3x3_desc *d) {
    const double reach = 2.0 * (d->dilation != 0 ? d->dilation : 1);
    const double room = (double)size + before + after - reach - 1;
    return room < 0 ? 0 : floor(room / (d->stride != 0 ? d->stride : 1)) + 1;
}

static bool is_legal(const ninetap_conv3x3_desc *d, amounts *a, bool *sure) {
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
    a->src = fuzz_span((int)d->layout, n, d->ic, d->ih, d->iw, d->src_pitch, sure);
    a->dst = fuzz_span((int)d->layout, n, d->oc, (int64_t)oh / step, (int64_t)ow / step,
                       d->dst_pitch, sure);
    const int64_t group_ic = d->ic / (d->groups != 0 ? d->groups : 1);
    a->weights = 9.0 * (double)d->oc * (double)group_ic;
    a->macs = a->weights * (double)n * oh * ow;
    return a->src >= 0 && a->dst >= 0 && fuzz_fits(a->src, sizeof(float), sure) &&
           fuzz_fits(a->dst, sizeof(float), sure) && fuzz_fits(a->weights, sizeof(float), sure) &&
           (a->macs < 0x1p63 || sizeof(void *) < 8);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    conv_problem p = draw(&b);
    char text[NT_PROBLEM_TEXT];
    amounts a;
    bool sure;
    int64_t oh, ow;
    const bool legal = is_legal(&p.desc, &a, &sure);
    const ninetap_status status = ninetap_conv3x3_output(&p.desc, &oh, &ow);
    if (!legal || status != NINETAP_OK) {
        suite_case("test_conv3x3", "(a description that is refused)");
        fuzz_require(!sure || (status == NINETAP_OK) == legal ||
                     suite_wrong("%s", ninetap_strerror(status)));
        if (status != NINETAP_OK)
            check_refused(&p, status);
        return 0;
    }
    if (a.macs > (double)MOST_MACS || a.src > (double)MOST_ELEMENTS ||
        a.dst > (double)MOST_ELEMENTS)
        return 0;
    conv_print(text, &p);
    suite_case("test_conv3x3", text);
    if (p.desc.algo >= NINETAP_ALGO_WINOGRAD2 && !conv_allows_winograd(&p)) {
        check_not_made(&p, NINETAP_ERR_UNSUPPORTED);
        return 0;
    }
    for (int i = 0; i < ninetap_isa_count(); i++) {
        p.desc.isa = ninetap_isa_name(i);
        fuzz_require(check_conv3x3(&p));
    }
    return 0;
}
