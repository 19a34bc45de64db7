/* The dense layer of bytes: against the reference, and against sums made by hand. One problem:
 *     test_operations --case 'dense_int8 n=1 in=784 out=10 src_type=u8 ... seed=1' */
#include <limits.h>
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

static dense_int8_problem problem_of(int i, const char *isa) {
    static const ninetap_dtype to[] = {NINETAP_U8, NINETAP_S8, NINETAP_S32, NINETAP_F32};
    return (dense_int8_problem){.dense = {.desc = {.n = 1,
                                                   .src_type = i % 2 ? NINETAP_U8 : NINETAP_S8,
                                                   .weights_type = NINETAP_S8,
                                                   .dst_type = to[i / 2 % 4],
                                                   .isa = isa,
                                                   .threads = 1},
                                          .data = DATA_RANDOM,
                                          .bias = 1,
                                          .placement = i % 2,
                                          .seed = i + 1},
                                .scales = {.src_scale = 0x1p-6F,
                                           .src_zero = 11,
                                           .weights_scale = 0x1p-7F,
                                           .count = 1,
                                           .dst_scale = 0x1p-4F,
                                           .dst_zero = 100}};
}

/* ---- Values ---- */

/* Each kernel is the one that runs for its own size, with every tail of its last vector, and inputs
 * around what is widened at once. */
static void every_kernel(const char *name) {
    static const int ins[] = {1, 2, 15, 17, 32, 127, 129, 256, 300};
    const nt_isa *isa = nt_find_isa(name);
    const nt_kernels *kernels = nt_choose_integers(name).kernels;
    for (int i = 0; i < kernels->dense_count; i++) {
        const nt_dense_kernel *k = &kernels->dense[i];
        for (int lacking = 0; lacking < isa->lanes || lacking < 9; lacking++) {
            dense_int8_problem p = problem_of(i + lacking, name);
            ninetap_dense_desc *d = &p.dense.desc;
            d->n = k->rows;
            d->in = ins[(i + lacking) % 9];
            d->out = k->vectors * isa->lanes - lacking % isa->lanes;
            p.scales.count = lacking % 3 == 0 && d->out <= NT_MOST_SCALES ? d->out : 1;
            suite_require(check_dense_int8(&p));
        }
        static const int8_t weights[16 * 16];
        dense_int8_problem p = problem_of(1, name);
        dense_int8_described d;
        p.dense.desc.n = k->rows;
        p.dense.desc.in = 1;
        p.dense.desc.out = k->vectors * isa->lanes;
        nt_dense_int8_describe(&p, &d);
        ninetap_dense *plan;
        REQUIRE(ninetap_dense_create(&plan, &d.desc, weights, NULL) == NINETAP_OK);
        REQUIRE(plan->kernel[0][0] == k->run);
        ninetap_dense_free(plan);
    }
}

/* Rows and outputs around every boundary of tiles and panels. */
static void sizes(const char *name) {
    const nt_isa *isa = nt_find_isa(name);
    const int total = 33 * 35 * 3;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        dense_int8_problem p = problem_of(i, name);
        ninetap_dense_desc *d = &p.dense.desc;
        d->n = 1 + i % 33;
        d->in = 1 + i % 37 + (i % 5 == 0 ? 256 : 0);
        d->out = i / 33 % 35 * isa->lanes + i / 33 / 35 - 1;
        if (suite_visits(i, total) && d->out > 0)
            failures += !check_dense_int8(&p);
    }
    suite_require(failures == 0);
}

static void random_problems(const char *isa) {
    check_drawn(&nt_operation_dense_int8, isa, 1500, 1e9);
}

/* ---- By hand ---- */

/* All bytes alike and all weights alike, at the ends of what they can be: 255 * 128 * 65793 is 127
 * less than the largest sum. */
static void extremes(const char *isa) {
    enum { MOST_IN = 65793, ROWS = 3, OUT = 2 };
    static const int ins[] = {1, 3, 4, 5, 64, 255, 257, MOST_IN};
    static uint8_t src[ROWS * MOST_IN];
    static int8_t weights[OUT * MOST_IN];
    const float one = 1.0F;
    for (int i = 0; i < 8 * 2 * 2 * 4; i++) {
        const int in = ins[i / 16], is_signed = i % 2;
        const int ends[] = {is_signed ? -128 : 0, is_signed ? 127 : 255};
        const int value = ends[i / 2 % 2], zero = ends[i / 4 % 2], weight = i / 8 % 2 ? -128 : 127;
        const int32_t bias = value < zero && weight < 0   ? 127
                             : value > zero && weight < 0 ? -128
                                                          : 0;
        const int32_t biases[OUT] = {bias, bias};
        const ninetap_quantization q = {
            .src_scale = 1.0F, .src_zero = zero, .weights_scale = &one, .weights_scales = 1};
        const ninetap_dense_desc d = {.n = ROWS,
                                      .in = in,
                                      .out = OUT,
                                      .isa = isa,
                                      .threads = 1,
                                      .src_type = is_signed ? NINETAP_S8 : NINETAP_U8,
                                      .weights_type = NINETAP_S8,
                                      .dst_type = NINETAP_S32,
                                      .quantization = &q};
        int32_t dst[ROWS * OUT];
        ninetap_dense *plan = NULL;
        memset(src, value, (size_t)ROWS * (size_t)in);
        memset(weights, weight, (size_t)OUT * (size_t)in);
        REQUIRE(ninetap_dense_create(&plan, &d, weights, biases) == NINETAP_OK);
        REQUIRE(ninetap_dense_run(plan, src, dst) == NINETAP_OK);
        ninetap_dense_free(plan);
        for (int k = 0; k < ROWS * OUT; k++)
            suite_require(
                dst[k] == bias + (int64_t)in * (value - zero) * weight ||
                suite_wrong("%d - %d times %d, %d inputs: %d", value, zero, weight, in, dst[k]));
    }
}

/* The largest sum that some input would make is the limit of int32_t. */
static void largest_sums(void) {
    enum { IN = 10, MOST = IN * 127 * 155 }; /* inputs from -100 to 155, weights 127 */
    int8_t weights[IN];
    dense_int8_problem p = problem_of(1, NULL);
    dense_int8_described d;
    p.dense.desc.in = IN;
    p.dense.desc.out = 1;
    p.scales.src_zero = 100;
    nt_dense_int8_describe(&p, &d);
    memset(weights, 127, sizeof weights);
    for (int more = 0; more < 2; more++) {
        const int32_t bias = INT32_MAX - MOST + more;
        ninetap_dense *plan = NULL;
        REQUIRE(ninetap_dense_create(&plan, &d.desc, weights, &bias) ==
                (more ? NINETAP_ERR_OVERFLOW : NINETAP_OK));
        REQUIRE((plan != NULL) == !more);
        ninetap_dense_free(plan);
    }
}

static const struct {
    const char *change; /* of a valid description */
    ninetap_status status;
} refused[] = {
    {"src_scale=0", NINETAP_ERR_ARG},
    {"weight_scale=nan", NINETAP_ERR_ARG},
    {"scales=2", NINETAP_ERR_ARG},
    {"scales=3 weight_scale=3e38", NINETAP_ERR_ARG}, /* those of the last outputs are infinite */
    {"dst_scale=inf", NINETAP_ERR_ARG},
    {"src_zero=256", NINETAP_ERR_ARG},
    {"dst_type=s8 dst_zero=128", NINETAP_ERR_ARG},
    {"src_scale=1e30 weight_scale=1e30", NINETAP_ERR_ARG}, /* a product that is no float */
    {"in=0", NINETAP_ERR_SHAPE},
    {"in=9223372036854775807", NINETAP_ERR_OVERFLOW},
    {"src_type=f32", NINETAP_ERR_UNSUPPORTED},
    {"weights_type=u8", NINETAP_ERR_UNSUPPORTED},
    {"dst_type=s16", NINETAP_ERR_UNSUPPORTED},
    {"act=leaky", NINETAP_ERR_UNSUPPORTED},
    {"act=hardswish", NINETAP_ERR_UNSUPPORTED},
    {"dst_type=s32 act=relu", NINETAP_ERR_UNSUPPORTED},
    {"isa=unknown", NINETAP_ERR_UNSUPPORTED},
};

static void descriptions(void) {
    static const int8_t weights[6] = {1, 2, 3};
    buffer nothing = buffer_new(0, AT_END, 0);
    const float *tensor = nothing.data;
    dense_int8_described d;
    ninetap_dense *plan;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        dense_int8_problem p = problem_of(1, "scalar");
        REQUIRE(dense_int8_parse("in=2 out=3", &p) && dense_int8_parse(refused[i].change, &p));
        nt_dense_int8_describe(&p, &d);
        plan = nothing.data;
        const ninetap_status status = ninetap_dense_create(&plan, &d.desc, tensor, tensor);
        suite_require((status == refused[i].status && plan == NULL) ||
                      suite_wrong("'%s': %s", refused[i].change, ninetap_strerror(status)));
    }
    dense_int8_problem p = problem_of(1, "scalar");
    REQUIRE(dense_int8_parse("in=2 out=3", &p));
    nt_dense_int8_describe(&p, &d);
    REQUIRE(ninetap_dense_f32(&d.desc, tensor, tensor, tensor, nothing.data) ==
            NINETAP_ERR_UNSUPPORTED);
    REQUIRE(ninetap_dense_create(&plan, &d.desc, weights, NULL) == NINETAP_OK);
    ninetap_dense_free(plan);
    d.desc.quantization = NULL;
    REQUIRE(ninetap_dense_create(&plan, &d.desc, weights, NULL) == NINETAP_ERR_ARG);
    buffer_free(&nothing);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "every_kernel", .each_isa = every_kernel},
        {.name = "sizes", .each_isa = sizes},
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "extremes", .each_isa = extremes},
        {.name = "largest_sums", .once = largest_sums},
        {.name = "descriptions", .once = descriptions},
        {0},
    };
    return problems_differ() ? problems_main("dense_int8", tests, argc, argv) : 0;
}
