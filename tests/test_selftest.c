/* The library's self-test finds what is wrong. The linker sends its calls here (-Wl,--wrap), where
 * some are refused and some results are spoilt. */
#include <string.h>

#include "act/act.h"
#include "dense/dense.h"
#include "ninetap.h"
#include "quantize/quantize.h"
#include "support/suite.h"

typedef enum function {
    CONV_OUTPUT,
    CONV_CREATE,
    CONV_RUN,
    WINOGRAD_RUN,
    POOL_OUTPUT,
    MAX_F32,
    MAX_U8,
    MAX_S8,
    AVERAGE,
    AVERAGE_U8,
    AVERAGE_S8,
    MIXED,
    UNPOOL,
    DENSE,
    CONV_GRADIENT,
    DENSE_GRADIENT,
    QUANTIZE,
    DEQUANTIZE,
    RANGE,
    MAX_BACK,
    AVERAGE_BACK,
    ACT_BACK,
    ENTROPY,
    FUNCTIONS
} function;

typedef enum kind { REFUSED = 1, ELEMENT, INDEX } kind;

/* Which call, counted from 1, fails and how. Each of these costs the self-test exactly one case.
 * Those whose index is spoilt give indices. */
static const struct {
    function of;
    int call;
    kind kind;
} faults[] = {
    {CONV_OUTPUT, 1, REFUSED},    {CONV_CREATE, 1, REFUSED},   {CONV_RUN, 1, REFUSED},
    {CONV_RUN, 2, ELEMENT},       {WINOGRAD_RUN, 1, ELEMENT},  {POOL_OUTPUT, 1, REFUSED},
    {MAX_F32, 1, REFUSED},        {MAX_F32, 2, ELEMENT},       {MAX_F32, 4, REFUSED},
    {MAX_F32, 6, INDEX},          {MAX_F32, 5, ELEMENT},       {AVERAGE, 1, REFUSED},
    {AVERAGE, 2, ELEMENT},        {MIXED, 1, REFUSED},         {MIXED, 4, ELEMENT},
    {MAX_U8, 1, REFUSED},         {MAX_U8, 2, INDEX},          {MAX_U8, 7, ELEMENT},
    {MAX_S8, 1, REFUSED},         {MAX_S8, 2, ELEMENT},        {UNPOOL, 1, REFUSED},
    {UNPOOL, 2, ELEMENT},         {DENSE, 1, REFUSED},         {DENSE, 2, ELEMENT},
    {AVERAGE_U8, 1, REFUSED},     {AVERAGE_U8, 2, ELEMENT},    {AVERAGE_S8, 1, REFUSED},
    {AVERAGE_S8, 2, ELEMENT},     {QUANTIZE, 1, REFUSED},      {QUANTIZE, 3, ELEMENT},
    {DEQUANTIZE, 1, REFUSED},     {DEQUANTIZE, 3, ELEMENT},    {RANGE, 1, REFUSED},
    {RANGE, 3, ELEMENT},          {MAX_BACK, 1, REFUSED},      {MAX_BACK, 2, ELEMENT},
    {AVERAGE_BACK, 1, REFUSED},   {AVERAGE_BACK, 2, ELEMENT},  {ACT_BACK, 1, REFUSED},
    {ACT_BACK, 2, ELEMENT},       {ENTROPY, 1, REFUSED},       {ENTROPY, 3, ELEMENT},
    {CONV_GRADIENT, 1, REFUSED},  {CONV_GRADIENT, 5, ELEMENT}, {DENSE_GRADIENT, 1, REFUSED},
    {DENSE_GRADIENT, 4, ELEMENT},
};
enum { FAULTS = sizeof faults / sizeof *faults };

static bool armed;
static int calls[FUNCTIONS], fired;

/* What is to happen to this call; 0: nothing. */
static kind next_fault(function of) {
    calls[of]++;
    for (int i = 0; armed && i < FAULTS; i++)
        if (faults[i].of == of && faults[i].call == calls[of]) {
            fired++;
            return faults[i].kind;
        }
    return (kind)0;
}

static ninetap_status spoil(kind fault, ninetap_status status, void *dst, int64_t *indices) {
    if (fault == ELEMENT && dst != NULL)
        *(unsigned char *)dst ^= 1;
    if (fault == INDEX && indices != NULL)
        indices[0]++;
    return status;
}

/* WRAP(function, name, spoilt, indices, (parameters), (arguments)) */
#define WRAP(function, name, dst, indices, parameters, arguments)                      \
    ninetap_status __real_##name parameters;                                           \
    ninetap_status __wrap_##name parameters;                                           \
    ninetap_status __wrap_##name parameters {                                          \
        const kind fault = next_fault(function);                                       \
        return fault == REFUSED ? NINETAP_ERR_NOMEM                                    \
                                : spoil(fault, __real_##name arguments, dst, indices); \
    }

WRAP(CONV_OUTPUT, ninetap_conv3x3_output, NULL, NULL,
     (const ninetap_conv3x3_desc *d, int64_t *oh, int64_t *ow), (d, oh, ow))
WRAP(CONV_CREATE, ninetap_conv3x3_create, NULL, NULL,
     (ninetap_conv3x3 * *plan, const ninetap_conv3x3_desc *d, const float *w, const float *b),
     (plan, d, w, b))
WRAP(POOL_OUTPUT, ninetap_pool2x2_output, NULL, NULL,
     (const ninetap_pool2x2_desc *d, int64_t *oh, int64_t *ow), (d, oh, ow))
WRAP(MAX_F32, ninetap_maxpool2x2_f32, dst, indices,
     (const ninetap_pool2x2_desc *d, const float *src, float *dst, int64_t *indices),
     (d, src, dst, indices))
WRAP(MAX_U8, ninetap_maxpool2x2_u8, dst, indices,
     (const ninetap_pool2x2_desc *d, const uint8_t *src, uint8_t *dst, int64_t *indices),
     (d, src, dst, indices))
WRAP(MAX_S8, ninetap_maxpool2x2_s8, dst, indices,
     (const ninetap_pool2x2_desc *d, const int8_t *src, int8_t *dst, int64_t *indices),
     (d, src, dst, indices))
WRAP(AVERAGE, ninetap_avgpool2x2_f32, dst, NULL,
     (const ninetap_pool2x2_desc *d, const float *src, float *dst), (d, src, dst))
WRAP(AVERAGE_U8, ninetap_avgpool2x2_u8, dst, NULL,
     (const ninetap_pool2x2_desc *d, const uint8_t *src, uint8_t *dst), (d, src, dst))
WRAP(AVERAGE_S8, ninetap_avgpool2x2_s8, dst, NULL,
     (const ninetap_pool2x2_desc *d, const int8_t *src, int8_t *dst), (d, src, dst))
WRAP(MIXED, ninetap_mixedpool2x2_f32, dst, NULL,
     (const ninetap_pool2x2_desc *d, float alpha, const float *src, float *dst),
     (d, alpha, src, dst))
WRAP(UNPOOL, ninetap_maxunpool2x2_f32, dst, NULL,
     (const ninetap_pool2x2_desc *d, const float *src, const int64_t *indices, float *dst),
     (d, src, indices, dst))
WRAP(MAX_BACK, ninetap_maxpool2x2_backward_f32, dst, NULL,
     (const ninetap_pool2x2_desc *d, const int64_t *indices, const float *src, float *dst),
     (d, indices, src, dst))
WRAP(AVERAGE_BACK, ninetap_avgpool2x2_backward_f32, dst, NULL,
     (const ninetap_pool2x2_desc *d, const float *src, float *dst), (d, src, dst))
WRAP(DENSE, ninetap_dense_f32, dst, NULL,
     (const ninetap_dense_desc *d, const float *src, const float *w, const float *b, float *dst),
     (d, src, w, b, dst))

WRAP(CONV_GRADIENT, ninetap_conv3x3_backward_weights, w, NULL,
     (const ninetap_conv3x3_desc *d, const float *src, const float *diff, float *w, float *b,
      int accumulate),
     (d, src, diff, w, b, accumulate))
WRAP(DENSE_GRADIENT, ninetap_dense_backward_weights, w, NULL,
     (const ninetap_dense_desc *d, const float *src, const float *diff, float *w, float *b,
      int accumulate),
     (d, src, diff, w, b, accumulate))

WRAP(QUANTIZE, nt_quantize_rows, dst, NULL,
     (const nt_isa *isa, int threads, const nt_quantized_rows *rows, const float *src, void *dst),
     (isa, threads, rows, src, dst))
WRAP(DEQUANTIZE, nt_dequantize_rows, dst, NULL,
     (const nt_isa *isa, int threads, const nt_quantized_rows *rows, const void *src, float *dst),
     (isa, threads, rows, src, dst))
WRAP(RANGE, nt_range_of, lo, NULL,
     (const nt_isa *isa, int64_t n, const float *src, float *lo, float *hi), (isa, n, src, lo, hi))

WRAP(ACT_BACK, nt_act_backward, dst, NULL,
     (const nt_isa *isa, int threads, const nt_act *act, int64_t n, const float *x,
      const float *diff, float *dst),
     (isa, threads, act, n, x, diff, dst))
WRAP(ENTROPY, nt_softmax_cross_entropy, c->loss, NULL,
     (const nt_isa *isa, int threads, const nt_cross_entropy *c), (isa, threads, c))

/* Winograd's results need not be right to the bit: they are made NaN. */
ninetap_status __real_ninetap_conv3x3_run(const ninetap_conv3x3 *plan, const float *src, float *dst,
                                          void *workspace);
ninetap_status __wrap_ninetap_conv3x3_run(const ninetap_conv3x3 *plan, const float *src, float *dst,
                                          void *workspace);
ninetap_status __wrap_ninetap_conv3x3_run(const ninetap_conv3x3 *plan, const float *src, float *dst,
                                          void *workspace) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(plan, &info);
    const bool winograd = strcmp(info.algorithm, "direct") != 0;
    const kind fault = next_fault(winograd ? WINOGRAD_RUN : CONV_RUN);
    if (fault == REFUSED)
        return NINETAP_ERR_NOMEM;
    const ninetap_status status = __real_ninetap_conv3x3_run(plan, src, dst, workspace);
    if (fault != 0 && winograd)
        memset(dst, 0xFF, sizeof *dst);
    return winograd ? status : spoil(fault, status, dst, NULL);
}

static void every_fault(void) {
    ninetap_selftest_report report;
    armed = true;
    REQUIRE(ninetap_selftest(&report) == NINETAP_OK);
    armed = false;
    REQUIRE(fired == FAULTS);
    suite_require(report.failures == FAULTS ||
                  suite_wrong("%d faults, %d found", FAULTS, (int)report.failures));
    REQUIRE(strncmp(report.first_failure, "conv3x3 ", 8) == 0);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "every_fault", .once = every_fault},
        {0},
    };
    return suite_main("selftest", tests, argc, argv);
}
