#include "workload.h"

#include <stdlib.h>
#include <string.h>

#include "act/act.h"
#include "core/dispatch.h"
#include "dense/dense.h"
#include "quantize/quantize.h"
#include "support/problems.h"
#include "support/suite.h"

typedef enum kind { CONV, POOL, DENSE, SOFTMAX, QUANTIZED, ACT, ENTROPY } kind;

#define LARGE "n=1 ic=13 ih=40 iw=40 oc=33 pad=1,1,1,1 "
#define PLANES "n=1 c=8 ih=128 iw=128 "
#define BYTES "n=1 c=32 ih=128 iw=128 "
static const struct {
    kind kind;
    const char *text;
} calls[] = {
    {CONV, LARGE "algo=direct act=relu"},
    {CONV, LARGE "algo=direct act=hardswish layout=nhwc"},
    {CONV, LARGE "algo=winograd2"},
    {CONV, LARGE "algo=winograd2 layout=nhwc"},
    {CONV, LARGE "algo=winograd4 act=leaky act_slope=0.1"},
    {CONV, LARGE "algo=winograd4 layout=nhwc"},
    {CONV, LARGE "algo=winograd6"},
    {CONV, LARGE "algo=winograd6 layout=nhwc border=reflect101"},
    {CONV, LARGE "algo=direct pool=max act=relu"},
    {CONV, LARGE "algo=direct pool=max act=relu layout=nhwc"},
    {CONV, LARGE "algo=winograd4 pool=max act=relu"},
    {CONV, LARGE "algo=winograd4 pool=max layout=nhwc"},
    {CONV, LARGE "algo=direct residual=1 act=relu"},
    {CONV, LARGE "algo=winograd4 residual=1 layout=nhwc"},
    {CONV, LARGE "precision=exact border=constant border_value=2"},
    {CONV, LARGE "precision=portable border=replicate layout=nhwc"},
    {CONV, "n=3 ic=3 ih=100 iw=100 oc=16 stride=2 precision=exact"},
    {CONV, "n=4 ic=2 ih=101 iw=100 oc=8 precision=exact pool=max"},
    {CONV, "n=2 ic=40 ih=40 iw=40 oc=40 groups=40 pad=1,1,1,1"},
    {CONV, "n=2 ic=40 ih=40 iw=40 oc=40 groups=40 pad=1,1,1,1 layout=nhwc pool=max"},
    {POOL, PLANES "op=max"},
    {POOL, PLANES "op=max indices=1 layout=nhwc"},
    {POOL, PLANES "op=avg"},
    {POOL, PLANES "op=avg layout=nhwc"},
    {POOL, PLANES "op=mixed alpha=0.3"},
    {POOL, BYTES "op=u8"},
    {POOL, BYTES "op=s8 layout=nhwc"},
    {POOL, PLANES "op=unpool"},
    {POOL, PLANES "op=unpool layout=nhwc"},
    {POOL, PLANES "op=max_backward"},
    {POOL, PLANES "op=max_backward layout=nhwc"},
    {POOL, PLANES "op=avg_backward"},
    {POOL, PLANES "op=avg_backward layout=nhwc"},
    {DENSE, "n=40 in=400 out=600 act=relu"},
    {SOFTMAX, "n=100 in=1000"},
    {QUANTIZED, "rows=3 columns=40000 op=quantize type=s8"},
    {QUANTIZED, "rows=3 columns=40000 op=dequantize type=u8"},
    {ACT, "act=hardswish n=120000"},
    {ENTROPY, "rows=50 columns=1000 want=7"},
};
enum { CALLS = sizeof calls / sizeof *calls };

/* Inputs: weights and residual are stretches of src, as inputs may overlap. */
enum { RESIDUAL = 30000, BIAS = 100 };
static float src[2 * WORK_FLOATS];
static _Alignas(int64_t) float expected[CALLS][WORK_FLOATS];
static int64_t indices[2][WORK_FLOATS / 4]; /* by layout */
static const char *isa;

/* A third of it keeps three threads of narrow vectors busy. */
static bool wide(void) {
    return nt_find_isa(isa)->lanes >= 8;
}

static conv_problem conv_of(int call, int threads) {
    conv_problem p = {.desc.isa = isa, .desc.threads = threads};
    suite_require(conv_parse(calls[call].text, &p));
    if (!wide()) {
        p.desc.n = 1;
        p.desc.ic = p.desc.ic == 13 ? 4 : p.desc.ic;
    }
    return p;
}

static ninetap_status do_conv(int call, int threads, float *dst) {
    const conv_problem p = conv_of(call, threads);
    ninetap_conv3x3 *plan = NULL;
    ninetap_status status = ninetap_conv3x3_create(&plan, &p.desc, src + BIAS, src);
    if (status == NINETAP_OK)
        status = p.residual ? ninetap_conv3x3_run_residual(plan, src, src + RESIDUAL, dst, NULL)
                            : ninetap_conv3x3_run(plan, src, dst, NULL);
    ninetap_conv3x3_free(plan);
    return status;
}

/* Indices that are an output lie in the second half of dst. */
static ninetap_status do_pool(int call, int threads, float *dst) {
    pool_problem p = {.desc.isa = isa, .desc.threads = threads};
    suite_require(pool_parse(calls[call].text, &p));
    int64_t *out = (int64_t *)(void *)(dst + WORK_FLOATS / 2);
    return nt_pool_call(&p, src, dst,
                        pool_takes_indices(&p) ? indices[p.desc.layout]
                        : p.indices            ? out
                                               : NULL);
}

static ninetap_status do_rows(int call, int threads, float *dst) {
    dense_problem p = {.desc.isa = isa, .desc.threads = threads};
    suite_require(dense_parse(calls[call].text, &p));
    p.desc.n = wide() ? p.desc.n : p.desc.n / 3;
    if (calls[call].kind == SOFTMAX)
        return nt_softmax(nt_find_isa(isa), threads, p.desc.n, p.desc.in, src, 0, dst, 0);
    ninetap_dense *plan = NULL;
    ninetap_status status = ninetap_dense_create(&plan, &p.desc, src + BIAS, src);
    if (status == NINETAP_OK)
        status = ninetap_dense_run(plan, src, dst);
    ninetap_dense_free(plan);
    return status;
}

static ninetap_status do_quantized(int call, int threads, float *dst) {
    static const float scale = 0.0078125F;
    quantize_problem p = {.isa = isa};
    suite_require(quantize_parse(calls[call].text, &p));
    const nt_quantized_rows rows = {p.rows, p.columns, (ninetap_dtype)p.type, &scale, NULL, 1};
    return p.op == QUANTIZE_TO ? nt_quantize_rows(nt_find_isa(isa), threads, &rows, src, dst)
                               : nt_dequantize_rows(nt_find_isa(isa), threads, &rows, src, dst);
}

static ninetap_status do_act(int call, int threads, float *dst) {
    act_problem p = {.isa = isa};
    suite_require(act_parse(calls[call].text, &p));
    const nt_act act = {(ninetap_act)p.act, p.lo, p.hi, p.slope};
    return nt_act_backward(nt_find_isa(isa), threads, &act, p.n, src, src + BIAS, dst);
}

/* The loss comes first, then what has a row for each of the logits'. */
static ninetap_status do_entropy(int call, int threads, float *dst) {
    static const int64_t label[50];
    entropy_problem p = {.isa = isa};
    suite_require(entropy_parse(calls[call].text, &p));
    float *rows = dst + 2;
    const nt_cross_entropy c = {
        p.rows, p.columns, src, label, rows, rows + p.rows * p.columns, (double *)(void *)dst};
    return nt_softmax_cross_entropy(nt_find_isa(isa), threads, &c);
}

int work_count(void) {
    return CALLS;
}

const char *work_name(int call) {
    return calls[call].text;
}

int work_allocates(int call) {
    return calls[call].kind == CONV || calls[call].kind == DENSE ? 2 : calls[call].kind == ENTROPY;
}

ninetap_status work_do(int call, int threads, float *dst) {
    switch (calls[call].kind) {
    case CONV:
        return do_conv(call, threads, dst);
    case POOL:
        return do_pool(call, threads, dst);
    case QUANTIZED:
        return do_quantized(call, threads, dst);
    case ACT:
        return do_act(call, threads, dst);
    case ENTROPY:
        return do_entropy(call, threads, dst);
    default:
        return do_rows(call, threads, dst);
    }
}

void work_inputs(const char *on) {
    isa = on;
    static float maxima[WORK_FLOATS / 4];
    rng r = {11};
    for (int i = 0; i < 2 * WORK_FLOATS; i++)
        src[i] = rng_float(&r);
    for (int layout = 0; layout < 2; layout++) {
        pool_problem p = {.desc.threads = 1, .desc.layout = (ninetap_layout)layout};
        suite_require(pool_parse(PLANES, &p));
        REQUIRE(ninetap_maxpool2x2_f32(&p.desc, src, maxima, indices[layout]) == NINETAP_OK);
    }
}

void work_prepare(const char *on) {
    work_inputs(on);
    memset(expected, 0, sizeof expected);
    for (int i = 0; i < CALLS; i++)
        suite_require(work_do(i, 1, expected[i]) == NINETAP_OK || suite_wrong("%s", work_name(i)));
}

bool work_right(int call, const float *dst) {
    return memcmp(dst, expected[call], sizeof expected[call]) == 0;
}

bool work_all(int threads) {
    static _Alignas(int64_t) float dst[WORK_FLOATS];
    for (int i = 0; i < CALLS; i++) {
        memset(dst, 0, sizeof dst);
        const ninetap_status status = work_do(i, threads, dst);
        if (status != NINETAP_OK || !work_right(i, dst))
            return suite_wrong("%s threads=%d isa=%s: %s", work_name(i), threads, isa,
                               status == NINETAP_OK ? "other bits" : ninetap_strerror(status));
    }
    return true;
}
