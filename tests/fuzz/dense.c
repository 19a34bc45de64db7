/* Dense layers and softmax on every instruction set. */
#include <limits.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST_ELEMENTS = 10000, MOST_MACS = 100000 };

/* ---- Dense ---- */

static dense_problem draw(bytes *b) {
    dense_problem p = {0};
    ninetap_dense_desc *d = &p.desc;
    d->n = bytes_int(b, 1, 30);
    d->in = bytes_int(b, 1, 300);
    d->out = bytes_int(b, 1, 600);
    d->act = (ninetap_act)bytes_int(b, 0, 4);
    d->act_lo = (float)bytes_int(b, -9, 3);
    d->act_hi = d->act_lo + (float)bytes_int(b, -1, 9);
    d->act_slope = (float)bytes_int(b, -5, 30) / 32.0F;
    d->precision = (ninetap_precision)bytes_int(b, 0, 3);
    d->threads = bytes_int(b, 0, 3);
    const int given = bytes_int(b, 0, 3);
    d->src_pitch = given & 1 ? d->in + bytes_int(b, 0, 17) : 0;
    d->dst_pitch = given & 2 ? d->out + bytes_int(b, 0, 17) : 0;
    p.data = bytes_int(b, 0, 2);
    p.bias = bytes_int(b, 0, 1);
    p.one_shot = bytes_int(b, 0, 1);
    p.placement = bytes_int(b, 0, 1);
    p.fail = bytes_int(b, 0, 5);
    p.seed = bytes_int(b, 0, INT_MAX);
    const fuzz_fields fields = {{&d->n, &d->in, &d->out, &d->src_pitch, &d->dst_pitch},
                                {&d->threads, (int *)&d->act, (int *)&d->precision},
                                5,
                                3};
    fuzz_spoil(b, &fields);
    return p;
}

static double rows_span(int64_t rows, int64_t columns, int64_t pitch, bool *sure) {
    return fuzz_span(0, 1, 1, rows != 0 ? rows : 1, columns, (int64_t[3]){0, 0, pitch}, sure);
}

/* Fills in the largest of the spans, and the work. */
static bool is_legal(const ninetap_dense_desc *d, double *elements, double *macs, bool *sure) {
    const int act = (int)d->act, precision = (int)d->precision;
    *sure = true;
    if (d->n < 0 || d->in <= 0 || d->out <= 0 || d->threads < 0 || act < 0 || act > 4 ||
        precision < 0 || precision > 3 || (act == NINETAP_CLAMP && d->act_lo > d->act_hi))
        return false;
    const double src = rows_span(d->n, d->in, d->src_pitch, sure);
    const double dst = rows_span(d->n, d->out, d->dst_pitch, sure);
    const double weights = (double)d->in * ((double)d->out + 15);
    *elements = src > dst ? src : dst;
    *elements = weights > *elements ? weights : *elements;
    *macs = weights * (double)d->n;
    return src >= 0 && dst >= 0 && fuzz_fits(src, sizeof(float), sure) &&
           fuzz_fits(dst, sizeof(float), sure) && fuzz_fits(weights, 2 * sizeof(float), sure) &&
           *macs < 0x1p63;
}

static void check_refused(const dense_problem *p) {
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

static void fuzz_dense(bytes *b) {
    dense_problem p = draw(b);
    char text[NT_PROBLEM_TEXT];
    double elements = 0, macs = 0;
    bool sure;
    const bool legal = is_legal(&p.desc, &elements, &macs, &sure);
    if (!sure || (legal && (elements > (double)MOST_ELEMENTS || macs > (double)MOST_MACS)))
        return;
    if (!legal) {
        suite_case("test_dense", "(a description that is refused)");
        check_refused(&p);
        return;
    }
    dense_print(text, &p);
    suite_case("test_dense", text);
    for (int i = 0; i < ninetap_isa_count(); i++) {
        p.desc.isa = ninetap_isa_name(i);
        fuzz_require(check_dense(&p));
    }
}

/* ---- Softmax ---- */

static void fuzz_softmax(bytes *b) {
    static const float spreads[] = {0.0F, 1.0F, 30.0F, 200.0F, 3e38F, 1e-40F};
    softmax_problem p = {.rows = bytes_int(b, 0, 9), .columns = bytes_int(b, 1, 300)};
    const int given = bytes_int(b, 0, 3);
    p.src_pitch = given & 1 ? p.columns + bytes_int(b, 0, 17) : 0;
    p.dst_pitch = given & 2 ? p.columns + bytes_int(b, 0, 17) : 0;
    p.in_place = bytes_int(b, 0, 1);
    if (p.in_place)
        p.dst_pitch = p.src_pitch;
    p.spread = spreads[bytes_int(b, 0, 5)];
    p.threads = bytes_int(b, 0, 3);
    p.placement = bytes_int(b, 0, 1);
    p.seed = bytes_int(b, 0, INT_MAX);
    for (int i = 0; i < ninetap_isa_count(); i++) {
        p.isa = ninetap_isa_name(i);
        fuzz_require(check_softmax(&p));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    if (bytes_int(&b, 0, 2) == 2)
        fuzz_softmax(&b);
    else
        fuzz_dense(&b);
    return 0;
}
