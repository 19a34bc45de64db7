#include "check_dense.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "reference/reference.h"
#include "support/allocations.h"
#include "support/bits.h"
#include "support/suite.h"
#include "support/text.h"
#include "targets/isa.h"

static const char *const acts[] = {"linear", "relu", "clamp", "leaky", "hardswish", NULL};
static const char *const precisions[] = {"default", "exact", "portable", "fast", NULL};
static const char *const datas[] = {"integer", "wide", "special", NULL};
static const char *const types[] = {"f32", "u8", "s8", "s16", "s32", NULL};
static const char *const placements[] = {"end", "start", NULL};

#define DESC(member) offsetof(dense_problem, desc.member)
static const text_field fields[] = {
    {"n", TEXT_INT64, 1, DESC(n), NULL},
    {"in", TEXT_INT64, 1, DESC(in), NULL},
    {"out", TEXT_INT64, 1, DESC(out), NULL},
    {"act", TEXT_INT, 1, DESC(act), acts},
    {"act_lo", TEXT_FLOAT, 1, DESC(act_lo), NULL},
    {"act_hi", TEXT_FLOAT, 1, DESC(act_hi), NULL},
    {"act_slope", TEXT_FLOAT, 1, DESC(act_slope), NULL},
    {"precision", TEXT_INT, 1, DESC(precision), precisions},
    {"isa", TEXT_ISA, 1, DESC(isa), NULL},
    {"threads", TEXT_INT, 1, DESC(threads), NULL},
    {"src_pitch", TEXT_INT64, 1, DESC(src_pitch), NULL},
    {"dst_pitch", TEXT_INT64, 1, DESC(dst_pitch), NULL},
    {"src_type", TEXT_INT, 1, DESC(src_type), types},
    {"weights_type", TEXT_INT, 1, DESC(weights_type), types},
    {"dst_type", TEXT_INT, 1, DESC(dst_type), types},
    {"reserved", TEXT_INT64, 8, DESC(reserved), NULL},
    {"data", TEXT_INT, 1, offsetof(dense_problem, data), datas},
    {"bias", TEXT_INT, 1, offsetof(dense_problem, bias), NULL},
    {"one_shot", TEXT_INT, 1, offsetof(dense_problem, one_shot), NULL},
    {"fail", TEXT_INT, 1, offsetof(dense_problem, fail), NULL},
    {"placement", TEXT_INT, 1, offsetof(dense_problem, placement), placements},
    {"seed", TEXT_INT, 1, offsetof(dense_problem, seed), NULL},
    {NULL, TEXT_INT, 0, 0, NULL},
};

void dense_print(char text[DENSE_TEXT], const dense_problem *p) {
    text_print(text, DENSE_TEXT, fields, p);
}

bool dense_parse(const char *text, dense_problem *p) {
    return text_parse(text, fields, p);
}

dense_problem dense_random(rng *r, const char *isa) {
    dense_problem p = {.desc.isa = isa};
    ninetap_dense_desc *d = &p.desc;
    d->n = rng_one_in(r, 3) ? 1 : rng_int(r, 1, rng_one_in(r, 3) ? 40 : 6);
    d->in = rng_int(r, 1, rng_one_in(r, 4) ? 300 : 40);
    d->out = rng_int(r, 1, rng_one_in(r, 3) ? 600 : 70);
    d->act = (ninetap_act)rng_int(r, NINETAP_LINEAR, NINETAP_HARD_SWISH);
    d->act_lo = -1.5F;
    d->act_hi = rng_one_in(r, 2) ? INFINITY : 2.0F;
    d->act_slope = 0.1F;
    d->precision = (ninetap_precision)rng_int(r, NINETAP_PRECISION_DEFAULT, NINETAP_PRECISION_FAST);
    d->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    d->src_pitch = rng_one_in(r, 2) ? 0 : d->in + rng_int(r, 0, 20);
    d->dst_pitch = rng_one_in(r, 2) ? 0 : d->out + rng_int(r, 0, 20);
    p.data = rng_int(r, DENSE_INTEGER, DENSE_SPECIAL);
    p.bias = rng_int(r, 0, 1);
    p.one_shot = rng_one_in(r, 4);
    p.placement = rng_int(r, AT_END, AT_START);
    p.seed = rng_int(r, 1, INT32_MAX);
    return p;
}

static float draw(rng *r, int data) {
    static const float special[] = {NAN, INFINITY, -INFINITY, 0.0F, -0.0F, 0x1p-149F, -0x1p-140F};
    if (data == DENSE_INTEGER)
        return (float)rng_int(r, -8, 8);
    if (data == DENSE_SPECIAL && rng_one_in(r, 40))
        return special[rng_int(r, 0, 6)];
    const float value = rng_float(r); /* arguments have no order */
    return ldexpf(value, rng_int(r, -8, 8));
}

typedef struct dense_case {
    const dense_problem *p;
    int64_t src_pitch, dst_pitch;
    buffer src, weights, bias, dst;
    float *expected; /* as long as dst */
    bool refused;    /* for want of memory, as the problem has it */
} dense_case;

static buffer new_rows(const dense_problem *p, rng *r, int64_t rows, int64_t columns,
                       int64_t pitch) {
    const int64_t count = rows == 0 ? 0 : (rows - 1) * pitch + columns;
    const buffer b = buffer_new((size_t)count * sizeof(float), (placement)p->placement, 0);
    for (int64_t y = 0; y < rows; y++)
        for (int64_t x = 0; x < columns; x++)
            ((float *)b.data)[y * pitch + x] = draw(r, p->data);
    buffer_read_only(&b);
    return b;
}

static dense_case new_case(const dense_problem *p) {
    const ninetap_dense_desc *d = &p->desc;
    rng r = {(uint64_t)p->seed};
    dense_case c = {.p = p,
                    .src_pitch = d->src_pitch != 0 ? d->src_pitch : d->in,
                    .dst_pitch = d->dst_pitch != 0 ? d->dst_pitch : d->out};
    c.src = new_rows(p, &r, d->n, d->in, c.src_pitch);
    c.weights = new_rows(p, &r, d->out, d->in, d->in);
    if (p->bias)
        c.bias = new_rows(p, &r, 1, d->out, d->out);
    const int64_t count = d->n == 0 ? 0 : (d->n - 1) * c.dst_pitch + d->out;
    c.dst = buffer_new((size_t)count * sizeof(float), (placement)p->placement, 0);
    c.expected = malloc(c.dst.bytes + 1);
    if (c.expected == NULL)
        abort();
    return c;
}

static void free_case(dense_case *c) {
    buffer_free(&c->src);
    buffer_free(&c->weights);
    buffer_free(&c->bias);
    buffer_free(&c->dst);
    free(c->expected);
}

static ninetap_status run_plan(const dense_case *c, const float *bias) {
    ninetap_dense *plan = NULL;
    ninetap_status status = ninetap_dense_create(&plan, &c->p->desc, c->weights.data, bias);
    if (status == NINETAP_OK)
        status = ninetap_dense_run(plan, c->src.data, c->dst.data);
    ninetap_dense_free(plan);
    return status;
}

static bool run_case(dense_case *c) {
    const float *bias = c->p->bias ? c->bias.data : NULL;
    errno = 0;
    allocations_fail(c->p->fail, false);
    const ninetap_status status =
        c->p->one_shot
            ? ninetap_dense_f32(&c->p->desc, c->src.data, c->weights.data, bias, c->dst.data)
            : run_plan(c, bias);
    const bool failed = c->p->fail != 0 && allocations_tried() >= c->p->fail;
    c->refused = failed && status == NINETAP_ERR_NOMEM;
    return ((status == NINETAP_OK || c->refused) && errno == 0) ||
           suite_wrong("%s, errno %d", ninetap_strerror(status), errno);
}

/* What the description says of the bits. */
static nt_arithmetic arithmetic_of(const ninetap_dense_desc *d) {
    if (d->precision == NINETAP_PRECISION_EXACT)
        return NT_FUSED;
    return d->precision != NINETAP_PRECISION_PORTABLE && nt_find_isa(d->isa)->fast_fma
               ? NT_FUSED
               : NT_SEPARATE;
}

/* The relative error that k roundings can add up to (Higham, ch. 3), and room for the activation's
 * own. */
static bool check_within_bound(const dense_case *c) {
    const ninetap_dense_desc *d = &c->p->desc;
    const size_t count = (size_t)(d->n * d->out);
    double *value = malloc((count + 1) * sizeof *value);
    double *magnitude = malloc((count + 1) * sizeof *magnitude);
    if (value == NULL || magnitude == NULL)
        abort();
    nt_reference_dense_f64(d, c->src.data, c->weights.data, c->p->bias ? c->bias.data : NULL, value,
                           magnitude);
    const double ku = (2.0 * (double)d->in + 1.0) * 0x1p-24, bound = ku / (1 - ku);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        const int64_t y = (int64_t)i / d->out, x = (int64_t)i % d->out;
        const double got = (double)((const float *)c->dst.data)[y * c->dst_pitch + x];
        const double slack = 2 * bound * magnitude[i] + 4 * 0x1p-24 * fabs(value[i]);
        if (!(fabs(got - value[i]) <= slack))
            ok = suite_wrong("(%lld, %lld): %.9g instead of %.9g", (long long)y, (long long)x, got,
                             value[i]);
    }
    free(value);
    free(magnitude);
    return ok;
}

static bool check_values(const dense_case *c) {
    const ninetap_dense_desc *d = &c->p->desc;
    nt_reference_dense_f32(d, arithmetic_of(d), c->src.data, c->weights.data,
                           c->p->bias ? c->bias.data : NULL, c->expected);
    const float *dst = c->dst.data;
    for (int64_t y = 0; y < d->n; y++)
        for (int64_t x = 0; x < d->out; x++) {
            const float got = dst[y * c->dst_pitch + x], wanted = c->expected[y * c->dst_pitch + x];
            if (!same_but_for_nan_payload(got, wanted))
                return suite_wrong("(%lld, %lld): %.9g (%08x) instead of %.9g (%08x)", (long long)y,
                                   (long long)x, (double)got, (unsigned)bits_of(got),
                                   (double)wanted, (unsigned)bits_of(wanted));
        }
    return c->p->data == DENSE_SPECIAL || check_within_bound(c);
}

static void forget(const dense_case *c) {
    const ninetap_dense_desc *d = &c->p->desc;
    float *dst = c->dst.data;
    for (int64_t y = 0; y < d->n; y++)
        for (int64_t x = 0; x < d->out; x++)
            dst[y * c->dst_pitch + x] = from_bits(CANARY);
}

/* With the outputs forgotten, or never written, everything must be canaries. */
static bool check_gaps(const dense_case *c) {
    const float *dst = c->dst.data;
    if (!c->refused)
        forget(c);
    for (size_t i = 0; i < c->dst.bytes / sizeof *dst; i++)
        if (bits_of(dst[i]) != CANARY)
            return suite_wrong("dst[%zu] is not an output, but was written", i);
    return buffer_margins_whole(&c->dst) || suite_wrong("written beside dst");
}

bool check_dense(const dense_problem *p) {
    char text[DENSE_TEXT];
    dense_print(text, p);
    suite_case("test_dense", text);
    dense_case c = new_case(p);
    const bool ok = run_case(&c) && (c.refused || check_values(&c)) && check_gaps(&c);
    free_case(&c);
    return ok;
}
