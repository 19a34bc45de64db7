/* Gradients of inputs, and plans that are given other weights. Random problems are those of
 * test_operations; here they are held against what a gradient means. One problem:
 *     test_operations --case 'conv3x3_backward_data n=1 ic=3 ih=7 iw=9 oc=4 isa=avx2 seed=1' */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv3x3/conv3x3.h"
#include "support/allocations.h"
#include "support/problems.h"
#include "support/suite.h"

static void random_problems(const char *isa) {
    check_drawn(&nt_operation_conv3x3_backward_data, isa, 1200, 300e3);
    check_drawn(&nt_operation_dense_backward_data, isa, 600, 300e3);
}

/* ---- Every residue of a stride, every padding ---- */

static void strides(const char *isa) {
    static const int channels[] = {1, 3, 8, 17, 35};
    const int total = 5 * 3 * 3 * 3 * 2 * 9;
    for (int i = 0; i < total; i++) {
        if (!suite_visits(i, total))
            continue;
        conv_problem p = {.desc = {.n = 1, .isa = isa, .threads = 1}, .data = DATA_RANDOM};
        ninetap_conv3x3_desc *d = &p.desc;
        int rest = i;
        d->stride = 1 + rest % 5, rest /= 5;
        d->dilation = 1 + rest % 3, rest /= 3;
        for (int k = 0; k < 2; k++)
            d->pad[k] = d->pad[3 - k] = rest % 3 * d->dilation, rest /= 3;
        d->layout = (ninetap_layout)(rest % 2), rest /= 2;
        d->ih = 2 * d->dilation + 1 + rest % 3, rest /= 3;
        d->iw = 2 * d->dilation + 1 + rest * 5;
        d->ic = channels[i % 5];
        d->oc = channels[i / 5 % 5];
        d->precision = (ninetap_precision)(i % 4);
        p.placement = i % 2;
        p.set = i / 2 % 2;
        p.seed = i + 1;
        suite_require(check_problem(&nt_operation_conv3x3_backward_data, &p));
    }
}

/* ---- What a gradient is ---- */

enum { MOST = 3000 };

static void draw_integers(rng *r, float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        x[i] = (float)rng_int(r, -4, 4);
}

static double product(const float *a, const float *b, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* The layer is linear, L: for all x and g, <L x, g> = <x, L* g>, where L* g is the gradient. Of
 * small integers both are exact. */
static void adjoint_conv(rng *r, const char *isa) {
    static float x[MOST], y[MOST], g[MOST], d[MOST], w[MOST];
    ninetap_conv3x3_desc f = {.n = rng_int(r, 1, 2), .isa = isa, .algo = NINETAP_ALGO_DIRECT};
    f.groups = RNG_PICK(r, 1, 1, 2, 3);
    f.ic = f.groups * rng_int(r, 1, 4);
    f.oc = f.groups * rng_int(r, 1, 4);
    f.stride = rng_int(r, 1, 3);
    f.dilation = rng_int(r, 1, 2);
    f.ih = 2 * f.dilation + rng_int(r, 1, 6);
    f.iw = 2 * f.dilation + rng_int(r, 1, 6);
    f.layout = (ninetap_layout)rng_int(r, 0, 1);
    f.weights_layout = (ninetap_weights_layout)rng_int(r, 0, 2);
    for (int i = 0; i < 4; i++)
        f.pad[i] = rng_int(r, 0, 2 * f.dilation);
    int64_t oh, ow;
    REQUIRE(ninetap_conv3x3_output(&f, &oh, &ow) == NINETAP_OK);
    const int64_t ins = f.n * f.ic * f.ih * f.iw, outs = f.n * f.oc * oh * ow;
    REQUIRE(ins <= MOST && outs <= MOST);
    draw_integers(r, x, ins);
    draw_integers(r, g, outs);
    draw_integers(r, w, f.oc * f.ic / f.groups * 9);
    ninetap_conv3x3 *backward;
    REQUIRE(ninetap_conv3x3_f32(&f, x, w, NULL, y) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_create_backward_data(&backward, &f, w) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(backward, g, d, NULL) == NINETAP_OK);
    REQUIRE(product(y, g, outs) == product(x, d, ins));
    ninetap_conv3x3_free(backward);
}

static void adjoint_dense(rng *r, const char *isa) {
    static float x[MOST], y[MOST], g[MOST], d[MOST], w[MOST];
    const ninetap_dense_desc f = {
        .n = rng_int(r, 1, 20), .in = rng_int(r, 1, 50), .out = rng_int(r, 1, 50), .isa = isa};
    draw_integers(r, x, f.n * f.in);
    draw_integers(r, g, f.n * f.out);
    draw_integers(r, w, f.in * f.out);
    REQUIRE(ninetap_dense_f32(&f, x, w, NULL, y) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_data(&f, w, g, d) == NINETAP_OK);
    REQUIRE(product(y, g, f.n * f.out) == product(x, d, f.n * f.in));
}

static void adjoint(const char *isa) {
    rng r = suite_rng(isa);
    for (int64_t i = suite_cases(300); i > 0; i--) {
        adjoint_conv(&r, isa);
        adjoint_dense(&r, isa);
    }
}

/* ---- Errors ---- */

static ninetap_status status_of(const ninetap_conv3x3_desc *d, const float *weights) {
    ninetap_conv3x3 *plan = NULL;
    const ninetap_status status = ninetap_conv3x3_create_backward_data(&plan, d, weights);
    REQUIRE((status == NINETAP_OK) == (plan != NULL));
    ninetap_conv3x3_free(plan);
    return status;
}

static void refusals(void) {
    static float w[8 * 8 * 9], x[64], y[64];
    const ninetap_conv3x3_desc good = {.n = 1, .ic = 8, .ih = 5, .iw = 5, .oc = 8};
    ninetap_conv3x3_desc d = good;
    REQUIRE(status_of(&good, w) == NINETAP_OK && status_of(&good, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_conv3x3_create_backward_data(NULL, &good, w) == NINETAP_ERR_ARG);
    REQUIRE(status_of(&good, (const float *)(const void *)((const char *)w + 1)) ==
            NINETAP_ERR_ARG);
    d.act = NINETAP_RELU;
    REQUIRE(status_of(&d, w) == NINETAP_ERR_UNSUPPORTED);
    d = good, d.pool = NINETAP_POOL_MAX;
    REQUIRE(status_of(&d, w) == NINETAP_ERR_UNSUPPORTED);
    d = good, d.border = NINETAP_BORDER_REPLICATE;
    REQUIRE(status_of(&d, w) == NINETAP_ERR_UNSUPPORTED);
    d = good, d.stride = 2, d.algo = NINETAP_ALGO_WINOGRAD4;
    REQUIRE(status_of(&d, w) == NINETAP_ERR_UNSUPPORTED);
    d = good, d.ih = 2;
    REQUIRE(status_of(&d, w) == NINETAP_ERR_SHAPE);
    const ninetap_dense_desc dense = {.n = 2, .in = 8, .out = 8};
    ninetap_dense_desc other = dense;
    REQUIRE(ninetap_dense_backward_data(&dense, w, x, y) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_data(&dense, NULL, x, y) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dense_backward_data(&dense, w, NULL, y) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dense_backward_data(&dense, w, x, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dense_backward_data(&dense, w, x, x + 15) == NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_dense_backward_data(&dense, w, x, w + 63) == NINETAP_ERR_ALIAS);
    other.act = NINETAP_RELU;
    REQUIRE(ninetap_dense_backward_data(&other, w, x, y) == NINETAP_ERR_UNSUPPORTED);
    other = dense, other.out = 0;
    REQUIRE(ninetap_dense_backward_data(&other, w, x, y) == NINETAP_ERR_SHAPE);
    other = dense, other.n = 0;
    REQUIRE(ninetap_dense_backward_data(&other, w, NULL, NULL) == NINETAP_OK);
}

/* ---- Other weights ---- */

enum { CHANNELS = 20, SIDE = 9, WEIGHTS = CHANNELS * CHANNELS * 9 };
typedef struct layer {
    ninetap_conv3x3 *plan;
    float w[WEIGHTS], bias[CHANNELS], src[CHANNELS * SIDE * SIDE], dst[CHANNELS * SIDE * SIDE];
} layer;

static layer *layer_of(const ninetap_conv3x3_desc *d, bool backward, float first) {
    layer *l = calloc(1, sizeof *l);
    rng r = suite_rng("layer");
    REQUIRE(l != NULL);
    for (int i = 0; i < WEIGHTS; i++)
        l->w[i] = i == 0 ? first : rng_float(&r);
    for (int i = 0; i < CHANNELS * SIDE * SIDE; i++)
        l->src[i] = rng_float(&r);
    REQUIRE((backward ? ninetap_conv3x3_create_backward_data(&l->plan, d, l->w)
                      : ninetap_conv3x3_create(&l->plan, d, l->w, l->bias)) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(l->plan, l->src, l->dst, NULL) == NINETAP_OK);
    return l;
}

/* It is refused, and the plan is as it was. */
static void require_refused(layer *l, const float *weights, const float *bias,
                            ninetap_status expected) {
    static float dst[CHANNELS * SIDE * SIDE];
    REQUIRE(ninetap_conv3x3_set_weights(l->plan, weights, bias) == expected);
    REQUIRE(ninetap_conv3x3_run(l->plan, l->src, dst, NULL) == NINETAP_OK);
    const size_t written =
        l->plan->conv.pooled ? CHANNELS * (SIDE / 2) * (SIDE / 2) : CHANNELS * SIDE * SIDE;
    REQUIRE(memcmp(dst, l->dst, written * sizeof *dst) == 0);
}

static void refused_weights(void) {
    static const float specials[] = {NAN, INFINITY, 0x1p100F};
    ninetap_conv3x3_desc d = {.n = 1,
                              .ic = CHANNELS,
                              .ih = SIDE,
                              .iw = SIDE,
                              .oc = CHANNELS,
                              .pad = {1, 1, 1, 1},
                              .algo = NINETAP_ALGO_WINOGRAD4};
    static float w[WEIGHTS], bias[CHANNELS];
    for (int backward = 0; backward < 2; backward++)
        for (int algo = 0; algo < 2; algo++) {
            d.algo = algo ? NINETAP_ALGO_WINOGRAD4 : NINETAP_ALGO_DIRECT;
            layer *l = layer_of(&d, backward, algo ? 1.0F : 0x1p100F);
            for (int i = 0; i < 2 + algo; i++) {
                memcpy(w, l->w, sizeof w);
                w[WEIGHTS / 2] = specials[i];
                require_refused(l, w, NULL, NINETAP_ERR_UNSUPPORTED);
            }
            require_refused(l, NULL, NULL, NINETAP_ERR_ARG);
            require_refused(l, (const float *)(const void *)((const char *)w + 1), NULL,
                            NINETAP_ERR_ARG);
            if (backward)
                require_refused(l, l->w, bias, NINETAP_ERR_ARG);
            ninetap_conv3x3_free(l->plan);
            free(l);
        }
    d.pool = NINETAP_POOL_MAX;
    layer *pooled = layer_of(&d, false, 1.0F);
    bias[3] = INFINITY;
    require_refused(pooled, pooled->w, bias, NINETAP_ERR_UNSUPPORTED);
    ninetap_conv3x3_free(pooled->plan);
    free(pooled);
    REQUIRE(ninetap_conv3x3_set_weights(NULL, w, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_dense_set_weights(NULL, w, NULL) == NINETAP_ERR_ARG);
}

/* A plan of weights that are not finite takes others: its algorithm stays direct. */
static void from_special_weights(void) {
    ninetap_conv3x3_desc d = {.n = 1,
                              .ic = CHANNELS,
                              .ih = SIDE,
                              .iw = SIDE,
                              .oc = CHANNELS,
                              .pad = {1, 1, 1, 1},
                              .algo = NINETAP_ALGO_DIRECT};
    static float w[WEIGHTS], dst[CHANNELS * SIDE * SIDE];
    layer *l = layer_of(&d, false, 1.0F);
    ninetap_conv3x3 *plan;
    w[5] = NAN;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, w, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_set_weights(plan, l->w, l->bias) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(plan, l->src, dst, NULL) == NINETAP_OK);
    REQUIRE(memcmp(dst, l->dst, sizeof dst) == 0);
    ninetap_conv3x3_free(plan);
    ninetap_conv3x3_free(l->plan);
    free(l);
}

/* As in training: what a plan packs beside its weights stays as it was. */
static void set_often(void) {
    static const int64_t groups[] = {1, 1, CHANNELS, CHANNELS};
    static float dst[CHANNELS * SIDE * SIDE];
    for (int i = 0; i < 16; i++) {
        ninetap_conv3x3_desc d = {
            .n = 1, .ic = CHANNELS, .ih = SIDE, .iw = SIDE, .oc = CHANNELS, .pad = {1, 1, 1, 1}};
        d.groups = groups[i % 4];
        d.layout = (ninetap_layout)(i % 2);
        d.stride = 1 + i / 8;
        layer *l = layer_of(&d, i / 4 % 2, 1.0F);
        memcpy(dst, l->dst, sizeof dst);
        for (int k = 0; k < 300; k++)
            REQUIRE(ninetap_conv3x3_set_weights(l->plan, l->w, NULL) == NINETAP_OK);
        REQUIRE(ninetap_conv3x3_run(l->plan, l->src, l->dst, NULL) == NINETAP_OK);
        REQUIRE(memcmp(dst, l->dst, sizeof dst) == 0);
        ninetap_conv3x3_free(l->plan);
        free(l);
    }
}

static void nothing_allocated(void) {
    static float w[WEIGHTS], x[CHANNELS * CHANNELS];
    ninetap_conv3x3_desc d = {
        .n = 1, .ic = CHANNELS, .ih = SIDE, .iw = SIDE, .oc = CHANNELS, .pad = {1, 1, 1, 1}};
    const ninetap_dense_desc f = {.n = 3, .in = CHANNELS, .out = CHANNELS, .threads = 1};
    ninetap_dense *dense;
    REQUIRE(ninetap_dense_create(&dense, &f, w, NULL) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_data(&f, w, x, x + 3 * CHANNELS) == NINETAP_OK);
    for (int i = 0; i < 4; i++) {
        d.stride = 1 + i / 2;
        layer *l = layer_of(&d, i % 2, 1.0F);
        allocations_fail(1, true);
        const ninetap_status set = ninetap_conv3x3_set_weights(l->plan, l->w, NULL);
        const ninetap_status of_dense = ninetap_dense_set_weights(dense, l->w, NULL);
        const ninetap_status run = ninetap_dense_backward_data(&f, l->w, x, x + 3 * CHANNELS);
        REQUIRE(allocations_tried() == 0 && set == NINETAP_OK && of_dense == NINETAP_OK &&
                run == NINETAP_OK);
        ninetap_conv3x3_free(l->plan);
        free(l);
    }
    ninetap_dense_free(dense);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "strides", .each_isa = strides},
        {.name = "adjoint", .each_isa = adjoint},
        {.name = "refusals", .once = refusals},
        {.name = "refused_weights", .once = refused_weights},
        {.name = "from_special_weights", .once = from_special_weights},
        {.name = "set_often", .once = set_often},
        {.name = "nothing_allocated", .once = nothing_allocated},
        {0},
    };
    return problems_main("backward_data", tests, argc, argv);
}
