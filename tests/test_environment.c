/* The environment variables. They are read once, so each setting is tried in a process of its own,
 * forked before this one has called the library. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dispatch.h"
#include "ninetap.h"
#include "reference/reference.h"
#include "support/problems.h"
#include "support/suite.h"
#include "targets/isa.h"

/* What the children write to stderr; a file, since a pipe would have to be drained. */
static FILE *caught;

typedef struct setting {
    const char *name, *value;
    void (*body)(void);
} setting;

static void in_child(void *argument) {
    const setting *s = argument;
    setenv(s->name, s->value, 1);
    dup2(fileno(caught), STDERR_FILENO);
    s->body();
}

/* Runs `body` under name=value; returns what came to stderr. */
static const char *with(const char *name, const char *value, void (*body)(void)) {
    static char text[16384];
    setting s = {name, value, body};
    caught = tmpfile();
    REQUIRE(caught != NULL);
    const bool ok = suite_child(in_child, &s, 60);
    rewind(caught);
    text[fread(text, 1, sizeof text - 1, caught)] = '\0';
    fclose(caught);
    suite_require(ok || suite_wrong("%s=%.40s: %s", name, value, text));
    return text;
}

static int lines(const char *text) {
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

/* ---- NINETAP_ISA ---- */

static void scalar_is_active(void) {
    REQUIRE(strcmp(ninetap_isa(), "scalar") == 0);
    REQUIRE(ninetap_set_isa(ninetap_isa_name(0)) == NINETAP_OK);
    REQUIRE(strcmp(ninetap_isa(), ninetap_isa_name(0)) == 0);
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
    REQUIRE(strcmp(ninetap_isa(), "scalar") == 0); /* back to the environment's choice */
}

static void best_is_active(void) {
    REQUIRE(strcmp(ninetap_isa(), ninetap_isa_name(0)) == 0);
    REQUIRE(strcmp(ninetap_isa(), ninetap_isa_name(0)) == 0); /* reported once, not each time */
}

/* Ten kilobytes of x. */
static const char *long_text(void) {
    static char text[10001];
    memset(text, 'x', sizeof text - 1);
    return text;
}

static void isa(void) {
    REQUIRE(lines(with("NINETAP_ISA", "scalar", scalar_is_active)) == 0);
    REQUIRE(lines(with("NINETAP_ISA", "", best_is_active)) == 0);
    const char *const unusable[] = {"avx9000", "AVX2", "scalar ", long_text(), "%s%n%s"};
    for (size_t i = 0; i < sizeof unusable / sizeof *unusable; i++) {
        const char *text = with("NINETAP_ISA", unusable[i], best_is_active);
        REQUIRE(lines(text) == 1 && strstr(text, "NINETAP_ISA") != NULL && strlen(text) < 500);
    }
}

/* ---- NINETAP_MACHINE ---- */

static void some_plan(void) {
    static const float weights[16 * 16 * 9];
    const ninetap_conv3x3_desc d = {.n = 1, .ic = 16, .ih = 20, .iw = 20, .oc = 16};
    ninetap_conv3x3 *plan = NULL;
    for (int i = 0; i < 2; i++) { /* reported once, not each time */
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        ninetap_conv3x3_free(plan);
    }
}

static void machine(void) {
    REQUIRE(lines(with("NINETAP_MACHINE", "zen4", some_plan)) == 0);
    REQUIRE(lines(with("NINETAP_MACHINE", "", some_plan)) == 0);
    const char *const unknown[] = {"zen99", "ZEN4", "zen4 ", "0", long_text(), "%s%n%s"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        const char *text = with("NINETAP_MACHINE", unknown[i], some_plan);
        REQUIRE(lines(text) == 1 && strstr(text, "NINETAP_MACHINE") != NULL && strlen(text) < 500);
    }
    setenv("NINETAP_ISA", "avx9000", 1);
    REQUIRE(lines(with("NINETAP_MACHINE", "zen99", some_plan)) == 2);
    unsetenv("NINETAP_ISA");
}

/* ---- NINETAP_VERBOSE, NINETAP_THREADS ---- */

/* Large enough for four threads on any CPU. */
static void one_large_convolution(int threads) {
    const ninetap_conv3x3_desc d = {.n = 1,
                                    .ic = 24,
                                    .ih = 130,
                                    .iw = 130,
                                    .oc = 32,
                                    .algo = NINETAP_ALGO_WINOGRAD4,
                                    .threads = threads};
    float *src = calloc(24 * 130 * 130, sizeof *src), *dst = calloc(32 * 128 * 128, sizeof *dst);
    static const float weights[32 * 24 * 9];
    REQUIRE(src != NULL && dst != NULL);
    REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
    free(src);
    free(dst);
}

static void every_operation(void) {
    one_large_convolution(1);
    static const float src[16];
    float dst[4];
    const ninetap_pool2x2_desc d = {.n = 1, .c = 1, .ih = 4, .iw = 4};
    REQUIRE(ninetap_maxpool2x2_f32(&d, src, dst, NULL) == NINETAP_OK);
    static const float weights[12];
    const ninetap_dense_desc dense = {.n = 1, .in = 4, .out = 3};
    REQUIRE(ninetap_dense_f32(&dense, src, weights, NULL, dst) == NINETAP_OK);
    REQUIRE(ninetap_softmax_f32(1, 3, dst, 0, dst, 0) == NINETAP_OK);
}

/* One line each; then one that is not as usual. */
static void all_pooling(void) {
    static float src[16], dst[16];
    static int64_t indices[4];
    for (pool_problem p = {.desc = {.n = 1, .c = 1, .ih = 4, .iw = 4}, .alpha = 0.5F};
         p.op < POOL_OPS; p.op++)
        REQUIRE(nt_pool_call(&p, src, dst, indices) == NINETAP_OK);
    const ninetap_pool2x2_desc d = {
        .n = 1, .c = 1, .ih = 4, .iw = 4, .stride = 3, .dilation = 2, .layout = NINETAP_NHWC};
    REQUIRE(ninetap_maxpool2x2_f32(&d, src, dst, NULL) == NINETAP_OK);
}

#ifdef _OPENMP
static void default_threads(void) {
    one_large_convolution(0);
}

static void four_threads(void) {
    one_large_convolution(4);
}
#endif

typedef struct verbose_line {
    char operation[32], shape[128], isa[32], algorithm[32], kernel[64];
    int threads;
    double microseconds;
} verbose_line;

/* Reads one CSV line of eight fields; returns what follows it. */
static const char *read_line(const char *text, verbose_line *v) {
    int end = -1;
    const int fields = sscanf(
        text, "ninetap,%31[^,\n],%127[^,\n],%31[^,\n],%31[^,\n],%63[^,\n],%d,%lf%n", v->operation,
        v->shape, v->isa, v->algorithm, v->kernel, &v->threads, &v->microseconds, &end);
    suite_require((fields == 7 && text[end] == '\n') || suite_wrong("verbose line: %s", text));
    return text + end + 1;
}

/* Before this process calls the library. */
static void verbose_pooling(void) {
    static const char *const operations[] = {
        "maxpool2x2",          "avgpool2x2",         "mixedpool2x2",  "maxpool2x2_u8",
        "maxpool2x2_s8",       "maxunpool2x2",       "avgpool2x2_u8", "avgpool2x2_s8",
        "maxpool2x2_backward", "avgpool2x2_backward"};
    verbose_line v;
    const char *text = with("NINETAP_VERBOSE", "1", all_pooling);
    REQUIRE(lines(text) == POOL_OPS + 1);
    for (int i = 0; i < POOL_OPS; i++) {
        text = read_line(text, &v);
        REQUIRE(strcmp(v.operation, operations[i]) == 0 && strstr(v.kernel, v.isa) != NULL);
        REQUIRE(strcmp(v.shape, "n1c1ih4iw4s2d1p0.0.0.0nchw") == 0);
    }
    read_line(text, &v);
    REQUIRE(strcmp(v.shape, "n1c1ih4iw4s3d2p0.0.0.0nhwc") == 0);
}

static void verbose(void) {
    REQUIRE(lines(with("NINETAP_VERBOSE", "0", every_operation)) == 0);
    REQUIRE(lines(with("NINETAP_VERBOSE", "", every_operation)) == 0);
    REQUIRE(lines(with("NINETAP_VERBOSE", long_text(), every_operation)) == 4); /* not 0: on */
    verbose_line v;
    const char *text = with("NINETAP_VERBOSE", "1", every_operation);
    REQUIRE(lines(text) == 4);
    text = read_line(text, &v);
    REQUIRE(strcmp(v.operation, "conv3x3") == 0 && strcmp(v.algorithm, "winograd4") == 0);
    REQUIRE(strcmp(v.isa, ninetap_isa()) == 0 && strstr(v.kernel, v.isa) != NULL);
    REQUIRE(v.threads == 1 && v.microseconds > 0);
    text = read_line(text, &v);
    REQUIRE(strcmp(v.operation, "maxpool2x2") == 0 && strcmp(v.isa, ninetap_isa()) == 0);
    text = read_line(text, &v);
    REQUIRE(strcmp(v.operation, "dense") == 0 && strcmp(v.shape, "n1in4out3") == 0);
    REQUIRE(strcmp(v.isa, ninetap_isa()) == 0 && strstr(v.kernel, v.isa) != NULL);
    read_line(text, &v);
    REQUIRE(strcmp(v.operation, "softmax") == 0 && strcmp(v.shape, "n1c3") == 0);
    REQUIRE(strstr(v.kernel, ninetap_isa()) != NULL && v.threads == 1);
}

/* A small grouped convolution that several kernels can do, and its result. */
static void tuned_convolution(void) {
    const ninetap_conv3x3_desc d = {
        .n = 1, .ic = 4, .ih = 9, .iw = 33, .oc = 4, .groups = 4, .pad = {1, 1, 1, 1}};
    float src[4 * 9 * 33], dst[4 * 9 * 33], expected[4 * 9 * 33], weights[4 * 9];
    for (int i = 0; i < 4 * 9 * 33; i++)
        src[i] = (float)(i % 13 - 6);
    for (int i = 0; i < 4 * 9; i++)
        weights[i] = (float)(i % 5 - 2);
    nt_reference_conv3x3_f32(&d, NT_FUSED, src, weights, NULL, expected);
    REQUIRE(ninetap_conv3x3_f32(&d, src, weights, NULL, dst) == NINETAP_OK);
    REQUIRE(memcmp(dst, expected, sizeof dst) == 0);
}

/* Plans among whose candidates are other algorithms, only one, and none. */
static void tuned_plans(void) {
    static float weights[16 * 16 * 9];
    ninetap_conv3x3_desc d = {.n = 1, .ic = 16, .ih = 20, .iw = 20, .oc = 16, .pad = {1, 1, 1, 1}};
    ninetap_conv3x3 *plan = NULL;
    for (int algo = NINETAP_ALGO_AUTO; algo <= NINETAP_ALGO_WINOGRAD4; algo++) {
        d.algo = (ninetap_algo)algo;
        REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
        ninetap_conv3x3_free(plan);
    }
    weights[0] = INFINITY;
    d.algo = NINETAP_ALGO_DIRECT;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
    ninetap_conv3x3_free(plan);
    d.ic = -1;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_ERR_ARG);
}

static void reason_of_a_plan(void) {
    static const float weights[4 * 9];
    const ninetap_conv3x3_desc d = {.n = 1, .ic = 4, .ih = 9, .iw = 33, .oc = 4, .groups = 4};
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
    ninetap_conv3x3_describe(plan, &info);
    fprintf(stderr, "%s\n", info.reason);
    ninetap_conv3x3_free(plan);
}

/* What is run to choose a kernel is not the caller's call: it prints nothing. */
static void tune(void) {
    setenv("NINETAP_VERBOSE", "1", 1);
    REQUIRE(lines(with("NINETAP_TUNE", "1", tuned_convolution)) == 1);
    REQUIRE(lines(with("NINETAP_TUNE", "0", tuned_convolution)) == 1);
    REQUIRE(lines(with("NINETAP_TUNE", long_text(), tuned_convolution)) == 1);
    unsetenv("NINETAP_VERBOSE");
    REQUIRE(lines(with("NINETAP_TUNE", "1", tuned_plans)) == 0);
    REQUIRE(strstr(with("NINETAP_TUNE", "1", reason_of_a_plan), "measured") != NULL);
    REQUIRE(strstr(with("NINETAP_TUNE", "0", reason_of_a_plan), "predicted") != NULL);
}

static void kernel_of_bytes(void) {
    static const int8_t weights[8 * 8 * 9];
    const float one = 1.0F;
    const ninetap_quantization q = {.src_scale = 1.0F, .weights_scale = &one, .weights_scales = 1};
    const ninetap_conv3x3_desc d = {.n = 1,
                                    .ic = 8,
                                    .ih = 3,
                                    .iw = 3,
                                    .oc = 8,
                                    .src_type = NINETAP_U8,
                                    .weights_type = NINETAP_S8,
                                    .dst_type = NINETAP_S32,
                                    .quantization = &q,
                                    .algo = NINETAP_ALGO_DIRECT};
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
    ninetap_conv3x3_describe(plan, &info);
    fprintf(stderr, "%s %s\n", info.kernel,
            nt_cpu_has_quads(nt_find_isa(NULL)) ? "quads" : "pairs");
    ninetap_conv3x3_free(plan);
}

static void pairs(void) {
    REQUIRE(strstr(with("NINETAP_PAIRS", "1", kernel_of_bytes), "_s16 ") != NULL);
    const char *usual = with("NINETAP_PAIRS", "0", kernel_of_bytes);
    REQUIRE(strstr(usual, strstr(usual, " quads") != NULL ? "_s8 " : "_s16 ") != NULL);
}

#ifdef _OPENMP
static int threads_in(const char *text) {
    verbose_line v;
    read_line(text, &v);
    return v.threads;
}
#endif

static void threads(void) {
#ifdef _OPENMP
    setenv("NINETAP_VERBOSE", "1", 1);
    REQUIRE(threads_in(with("NINETAP_THREADS", "3", default_threads)) == 3);
    REQUIRE(threads_in(with("NINETAP_THREADS", "1", default_threads)) == 1);
    REQUIRE(threads_in(with("NINETAP_THREADS", "2", four_threads)) == 4);
    /* What is not a number of threads is ignored. */
    const int usual = threads_in(with("NINETAP_THREADS", "", default_threads));
    const char *const nonsense[] = {"0",    "-3", "many", "3x",       "99999999999999999999",
                                    "1025", "%n", " ",    long_text()};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        REQUIRE(threads_in(with("NINETAP_THREADS", nonsense[i], default_threads)) == usual);
    unsetenv("NINETAP_VERBOSE");
#endif
}

int main(int argc, char **argv) {
    unsetenv("NINETAP_ISA");
    unsetenv("NINETAP_MACHINE");
    unsetenv("NINETAP_THREADS");
    unsetenv("NINETAP_VERBOSE");
    unsetenv("NINETAP_TUNE");
    unsetenv("NINETAP_PAIRS");
    /* `verbose` asks this process's own library, so it comes last. */
    static const suite_test tests[] = {
        {.name = "isa", .once = isa},         {.name = "machine", .once = machine},
        {.name = "threads", .once = threads}, {.name = "tune", .once = tune},
        {.name = "pairs", .once = pairs},     {.name = "verbose_pooling", .once = verbose_pooling},
        {.name = "verbose", .once = verbose}, {0},
    };
    return suite_main("environment", tests, argc, argv);
}
