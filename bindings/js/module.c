/* The module of the npm package: what index.js calls. Descriptions come as words of 32 bits, in the
 * order in which the functions below take them; what a function makes beside its status lies in
 * `results`. */
#include "core/build.h"

#include <stdio.h>

#include "core/clock.h"
#include "core/environment.h"
#include "core/log.h"
#include "core/workspace.h"
#include "ninetap.h"
#include "targets/isa.h"

#define EXPORT(name) __attribute__((export_name(#name)))

/* ---- In place of what the module leaves out ----------------------------------------------- */

/* No environment, no clock, nothing to print to: so the module imports nothing. */
nt_environment nt_environment_get(void) {
    return (nt_environment){.machine = -1};
}
double nt_seconds(void) {
    return 0.0;
}
double nt_log_start(void) {
    return -1.0;
}
void nt_log_line(double start, const char *format, ...) {
    (void)start;
    (void)format;
}

/* The texts that the library makes are not shown here, and printf has 30 kB. */
int snprintf(char *restrict text, size_t size, const char *restrict format, ...) {
    (void)format;
    if (size > 0) {
        text[0] = '\0';
    }
    return 0;
}

/* Only EXACT runs scalar kernels where there are vectors; index.js does not offer it. */
const nt_isa nt_isa_scalar = {.name = "scalar"};

/* ---- Words -------------------------------------------------------------------------------- */

typedef union word {
    int32_t i;
    float f;
} word;

enum { WORDS = 32, RESULTS = 8 };

static word words[WORDS];
static uint32_t results[RESULTS];

EXPORT(words) word *words_address(void) {
    return words;
}
EXPORT(results) uint32_t *results_address(void) {
    return results;
}
EXPORT(error_text) const char *error_text(int status) {
    return ninetap_strerror((ninetap_status)status);
}
EXPORT(version) const char *version(void) {
    return ninetap_version();
}
EXPORT(allocate) void *allocate(size_t bytes) {
    return nt_aligned_alloc(bytes);
}
EXPORT(release) void release(void *memory) {
    nt_aligned_free(memory);
}

static const word *take_four(const word *w, int four[4]) {
    for (int i = 0; i < 4; i++) {
        four[i] = w++->i;
    }
    return w;
}

/* ---- Convolution -------------------------------------------------------------------------- */

static ninetap_conv3x3_desc conv_of_words(void) {
    ninetap_conv3x3_desc d = {.threads = 1};
    const word *w = words;
    d.n = w++->i;
    d.ic = w++->i;
    d.ih = w++->i;
    d.iw = w++->i;
    d.oc = w++->i;
    w = take_four(w, d.pad);
    d.stride = w++->i;
    d.dilation = w++->i;
    d.groups = w++->i;
    d.layout = (ninetap_layout)w++->i;
    d.weights_layout = (ninetap_weights_layout)w++->i;
    d.border = (ninetap_border)w++->i;
    d.act = (ninetap_act)w++->i;
    d.pool = (ninetap_fused_pool)w++->i;
    d.algo = (ninetap_algo)w++->i;
    d.precision = (ninetap_precision)w++->i;
    d.border_value = w++->f;
    d.act_lo = w++->f;
    d.act_hi = w++->f;
    d.act_slope = w->f;
    return d;
}

/* Results: rows and columns of the output. */
EXPORT(conv3x3_output) ninetap_status conv3x3_output(void) {
    const ninetap_conv3x3_desc d = conv_of_words();
    int64_t oh = 0;
    int64_t ow = 0;
    const ninetap_status status = ninetap_conv3x3_output(&d, &oh, &ow);
    results[0] = (uint32_t)oh;
    results[1] = (uint32_t)ow;
    return status;
}

/* Results: the plan, the names of its algorithm and its kernel. */
EXPORT(conv3x3_create) ninetap_status conv3x3_create(const float *weights, const float *bias) {
    const ninetap_conv3x3_desc d = conv_of_words();
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info = {0};
    const ninetap_status status = ninetap_conv3x3_create(&plan, &d, weights, bias);
    ninetap_conv3x3_describe(plan, &info);
    results[0] = (uint32_t)(uintptr_t)plan;
    results[1] = (uint32_t)(uintptr_t)info.algorithm;
    results[2] = (uint32_t)(uintptr_t)info.kernel;
    return status;
}

EXPORT(conv3x3_run)
ninetap_status conv3x3_run(const ninetap_conv3x3 *plan, const float *src, const float *residual,
                           float *dst) {
    return residual == NULL ? ninetap_conv3x3_run(plan, src, dst, NULL)
                            : ninetap_conv3x3_run_residual(plan, src, residual, dst, NULL);
}

EXPORT(conv3x3_free) void conv3x3_free(ninetap_conv3x3 *plan) {
    ninetap_conv3x3_free(plan);
}

/* ---- Pooling ------------------------------------------------------------------------------ */

static ninetap_pool2x2_desc pool_of_words(void) {
    ninetap_pool2x2_desc d = {.threads = 1};
    const word *w = words;
    d.n = w++->i;
    d.c = w++->i;
    d.ih = w++->i;
    d.iw = w++->i;
    d.stride = w++->i;
    w = take_four(w, d.pad);
    d.dilation = w++->i;
    d.ceil_mode = w++->i;
    d.layout = (ninetap_layout)w++->i;
    d.nan = (ninetap_nan)w->i;
    return d;
}

/* Results: rows and columns of the output. */
EXPORT(pool2x2_output) ninetap_status pool2x2_output(void) {
    const ninetap_pool2x2_desc d = pool_of_words();
    int64_t oh = 0;
    int64_t ow = 0;
    const ninetap_status status = ninetap_pool2x2_output(&d, &oh, &ow);
    results[0] = (uint32_t)oh;
    results[1] = (uint32_t)ow;
    return status;
}

EXPORT(maxpool2x2) ninetap_status maxpool2x2(int type, const void *src, void *dst) {
    const ninetap_pool2x2_desc d = pool_of_words();
    return type == NINETAP_F32  ? ninetap_maxpool2x2_f32(&d, src, dst, NULL)
           : type == NINETAP_U8 ? ninetap_maxpool2x2_u8(&d, src, dst, NULL)
                                : ninetap_maxpool2x2_s8(&d, src, dst, NULL);
}

EXPORT(avgpool2x2) ninetap_status avgpool2x2(int type, const void *src, void *dst) {
    const ninetap_pool2x2_desc d = pool_of_words();
    return type == NINETAP_F32  ? ninetap_avgpool2x2_f32(&d, src, dst)
           : type == NINETAP_U8 ? ninetap_avgpool2x2_u8(&d, src, dst)
                                : ninetap_avgpool2x2_s8(&d, src, dst);
}

/* ---- Dense layer and softmax -------------------------------------------------------------- */

/* Results: the plan. */
EXPORT(dense_create) ninetap_status dense_create(const float *weights, const float *bias) {
    ninetap_dense_desc d = {.threads = 1};
    const word *w = words;
    ninetap_dense *plan = NULL;
    d.n = w++->i;
    d.in = w++->i;
    d.out = w++->i;
    d.act = (ninetap_act)w++->i;
    d.precision = (ninetap_precision)w++->i;
    d.act_lo = w++->f;
    d.act_hi = w++->f;
    d.act_slope = w->f;
    const ninetap_status status = ninetap_dense_create(&plan, &d, weights, bias);
    results[0] = (uint32_t)(uintptr_t)plan;
    return status;
}

EXPORT(dense_run)
ninetap_status dense_run(const ninetap_dense *plan, const float *src, float *dst) {
    return ninetap_dense_run(plan, src, dst);
}

EXPORT(dense_free) void dense_free(ninetap_dense *plan) {
    ninetap_dense_free(plan);
}

EXPORT(softmax) ninetap_status softmax(int rows, int columns, const float *src, float *dst) {
    return ninetap_softmax_f32(rows, columns, src, 0, dst, 0);
}

/* ---- Image filters ------------------------------------------------------------------------ */

static ninetap_filter3x3_desc filter_of_words(void) {
    ninetap_filter3x3_desc d = {.n = 1, .threads = 1};
    const word *w = words;
    d.ih = w++->i;
    d.iw = w++->i;
    d.channels = w++->i;
    d.keep_alpha = w++->i;
    d.src_type = (ninetap_dtype)w++->i;
    d.dst_type = (ninetap_dtype)w++->i;
    d.border = (ninetap_border)w++->i;
    d.absolute = w++->i;
    d.pool = (ninetap_fused_pool)w++->i;
    d.scale = w++->f;
    d.delta = w++->f;
    for (int i = 0; i < 4; i++) {
        d.border_value[i] = w++->f;
    }
    return d;
}

EXPORT(filter3x3) ninetap_status filter3x3(const float *kernel, const void *src, void *dst) {
    const ninetap_filter3x3_desc d = filter_of_words();
    return ninetap_filter3x3(&d, kernel, src, dst);
}

/* kernels: of the columns' gradient, then of the rows'. */
EXPORT(gradient3x3)
ninetap_status gradient3x3(const float *kernels, int norm, const void *src, void *dst) {
    const ninetap_filter3x3_desc d = filter_of_words();
    return ninetap_gradient3x3(&d, kernels, kernels + 9, (ninetap_norm)norm, src, dst);
}
