/* What a plan says of its error holds over the whole range of floats, for direct convolution and
 * Winograd: weights and inputs of every exponent, subnormal ones flushed or not, against sums in
 * double, which neither over- nor underflow. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"
#include "support/control_word.h"
#include "support/suite.h"
#include "selftest/view.h"

/* ---- Problems ---- */

enum { IH = 9, IW = 8, OC = 5, MOST_IC = 33, OUTPUTS = OC * IH * IW, SRC = MOST_IC * IH * IW };
enum { WEIGHTS = OC * MOST_IC * 9 };

typedef struct problem {
    ninetap_conv3x3_desc d;
    float src[SRC], weights[WEIGHTS], bias[OC];
    bool flush_plan, flush_run;
} problem;

/* Magnitudes of 2^(exponent - spread) to 2^(exponent + spread), as far as there are such floats. */
typedef struct range {
    int exponent, spread;
} range;

static float draw(rng *r, range k) {
    const int e = k.exponent + rng_int(r, -k.spread, k.spread);
    return rng_one_in(r, 16) ? 0.0F : ldexpf(rng_float(r), e < 127 ? e : 127);
}

static void fill(float *values, int64_t count, range k, rng *r) {
    for (int64_t i = 0; i < count; i++)
        values[i] = draw(r, k);
}

/* Planes of magnitudes of their own: that of a small one is lost among the others. */
static void fill_planes(float *values, int64_t planes, int64_t size, range k, rng *r) {
    for (int64_t i = 0; i < planes; i++)
        fill(values + i * size, size, (range){k.exponent + rng_int(r, -k.spread, k.spread), 2}, r);
}

static range draw_range(rng *r) {
    static const int spreads[] = {0, 4, 40, 280};
    return (range){rng_int(r, -148, 127), spreads[rng_int(r, 0, 3)]};
}

/* Half of the products lie where floats end. */
static void draw_problem(problem *p, const char *isa, rng *r) {
    static const int channels[] = {1, 2, 8, 17, MOST_IC};
    p->d = (ninetap_conv3x3_desc){.n = 1,
                                  .ic = channels[rng_int(r, 0, 4)],
                                  .ih = IH,
                                  .iw = IW,
                                  .oc = OC,
                                  .pad = {1, 1, 1, 1},
                                  .isa = isa,
                                  .threads = 1};
    p->d.layout = (ninetap_layout)rng_int(r, 0, 1);
    const range weights = draw_range(r);
    range src = draw_range(r);
    if (rng_one_in(r, 2)) {
        const int product = rng_one_in(r, 2) ? rng_int(r, -152, -110) : rng_int(r, 100, 128);
        src.exponent = product - weights.exponent;
        src.exponent = src.exponent < -148 ? -148 : src.exponent > 127 ? 127 : src.exponent;
        src.spread = rng_int(r, 0, 4);
    }
    const range bias = {rng_int(r, -160, 127), 8};
    fill(p->src, p->d.ic * IH * IW, src, r);
    fill(p->weights, OC * p->d.ic * 9, weights, r);
    fill(p->bias, OC, bias, r);
    if (rng_one_in(r, 2)) {
        p->d.layout = NINETAP_NCHW;
        fill_planes(p->src, p->d.ic, IH * IW, src, r);
        fill_planes(p->weights, OC * p->d.ic, 9, weights, r);
    }
    p->flush_run = rng_one_in(r, 3);
    p->flush_plan = p->flush_run && rng_one_in(r, 2);
}

/* ---- What the plan promises ---- */

static float largest_of(const float *values, int64_t count) {
    float most = 0;
    for (int64_t i = 0; i < count; i++)
        most = fmaxf(most, fabsf(values[i]));
    return most;
}

static void flush(float *values, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        values[i] = fabsf(values[i]) < FLT_MIN ? 0.0F : values[i];
}

typedef struct promise {
    double exact[OUTPUTS], scale[OUTPUTS];
    double largest[OUTPUTS]; /* |x| of the output's tile; direct: 0 */
    double bound, floor, headroom;
} promise;

/* Of all that a tile of m x m outputs reads; NCHW or NHWC. */
static double largest_input(const problem *p, int m, int64_t y, int64_t x) {
    const view v = nt_view_of(p->d.layout, 1, p->d.ic, IH, IW, (int64_t[3]){0});
    const int64_t top = y / m * m - 1, left = x / m * m - 1;
    double most = 0;
    for (int64_t i = 0; i < p->d.ic; i++)
        for (int64_t iy = top < 0 ? 0 : top; iy < top + m + 2 && iy < IH; iy++)
            for (int64_t ix = left < 0 ? 0 : left; ix < left + m + 2 && ix < IW; ix++)
                most = fmax(most, fabs((double)p->src[view_at(&v, 0, i, iy, ix)]));
    return most;
}

/* m: 0 is direct. */
static void promise_of(const problem *given, int m, const ninetap_plan_info *info, promise *q) {
    static problem p;
    p = *given;
    q->bound = info->error_bound;
    q->floor = info->error_floor * (p.flush_run ? 0x1p25 : 1.0);
    q->headroom = info->headroom;
    if (p.flush_run) {
        flush(p.src, p.d.ic * IH * IW);
        flush(p.weights, OC * p.d.ic * 9);
        flush(p.bias, OC);
    }
    nt_reference_conv3x3_f64(&p.d, p.src, p.weights, p.bias, q->exact, q->scale);
    memset(q->largest, 0, sizeof q->largest);
    if (m == 0)
        return;
    for (int64_t i = 0; i < OC * p.d.ic && p.flush_run; i++) /* OIHW: its planes */
        p.weights[9 * i] = fmaxf(largest_of(p.weights + 9 * i, 9), 0x1p-96F);
    nt_reference_winograd_scale(&p.d, m, p.src, p.weights, p.bias, q->scale);
    const view v = nt_view_of(p.d.layout, 1, OC, IH, IW, (int64_t[3]){0});
    for (int64_t k = 0; k < OUTPUTS; k++)
        q->largest[view_at(&v, 0, k / IW / IH, k / IW % IH, k % IW)] =
            largest_input(&p, m, k / IW % IH, k % IW);
}

/* What was met, so that the test says something. */
typedef struct count {
    int64_t refused, taken; /* plans: for the weights */
    int64_t normal;         /* outputs: within the relative part of the bound, */
    int64_t underflow;      /* within the bound by its floor only, */
    int64_t overflow;       /* not finite, as they may be, */
    int64_t lucky;          /* within the bound, though they might have overflown */
} count;

static bool keeps(const promise *q, int64_t i, float y, count *met) {
    const bool bounded = q->headroom * fmax(q->scale[i], q->largest[i]) <= (double)FLT_MAX;
    const double error = fabs((double)y - q->exact[i]);
    if (!isfinite(y) && !bounded) {
        met->overflow++;
        return true;
    }
    met->lucky += !bounded;
    met->normal += error <= q->bound * q->scale[i];
    met->underflow += error > q->bound * q->scale[i];
    return error <= q->bound * q->scale[i] + q->floor;
}

/* ---- One algorithm ---- */

static int tile_of(const char *algorithm) {
    return strncmp(algorithm, "winograd", 8) == 0 ? algorithm[8] - '0' : 0;
}

static bool fits_winograd(const problem *p) {
    const float largest = largest_of(p->weights, OC * p->d.ic * 9);
    return largest == 0 || (largest >= 0x1p-120F && largest <= 0x1p96F);
}

/* Whether the plan was made, which must not depend on anything but the weights. */
static bool plan_of(const problem *p, ninetap_conv3x3 **plan, count *met) {
    const bool fits = fits_winograd(p); /* before they are flushed */
    const bool flushed = p->flush_plan && flush_to_zero(true);
    const ninetap_status status = ninetap_conv3x3_create(plan, &p->d, p->weights, p->bias);
    if (flushed)
        flush_to_zero(false);
    const bool named = p->d.algo >= NINETAP_ALGO_WINOGRAD2;
    met->refused += named && !fits;
    met->taken += named && fits;
    REQUIRE(status == (named && !fits ? NINETAP_ERR_UNSUPPORTED : NINETAP_OK));
    return status == NINETAP_OK;
}

static bool check(problem *p, count *met) {
    static promise q;
    static float dst[OUTPUTS];
    ninetap_conv3x3 *plan = NULL;
    if (!plan_of(p, &plan, met))
        return true;
    ninetap_plan_info info;
    ninetap_conv3x3_describe(plan, &info);
    const int m = tile_of(info.algorithm);
    REQUIRE(m == 0 || fits_winograd(p));
    p->flush_run = p->flush_run && flush_to_zero(true);
    const ninetap_status status = ninetap_conv3x3_run(plan, p->src, dst, NULL);
    if (p->flush_run)
        flush_to_zero(false);
    ninetap_conv3x3_free(plan);
    REQUIRE(status == NINETAP_OK);
    promise_of(p, m, &info, &q);
    for (int64_t i = 0; i < OUTPUTS; i++)
        if (!keeps(&q, i, dst[i], met))
            return suite_wrong("%s, %lld channels%s%s: %g, not %g; bound %g of %g, floor %g",
                               info.algorithm, (long long)p->d.ic,
                               p->flush_plan ? ", flushed plan" : "",
                               p->flush_run ? ", flushed run" : "", (double)dst[i], q.exact[i],
                               q.bound, q.scale[i], q.floor);
    return true;
}

/* ---- Tests ---- */

static void every_exponent(const char *isa) {
    static const struct {
        ninetap_algo algo;
        ninetap_precision precision;
    } ways[] = {{NINETAP_ALGO_AUTO, NINETAP_PRECISION_DEFAULT},
                {NINETAP_ALGO_AUTO, NINETAP_PRECISION_FAST},
                {NINETAP_ALGO_DIRECT, NINETAP_PRECISION_EXACT},
                {NINETAP_ALGO_DIRECT, NINETAP_PRECISION_PORTABLE},
                {NINETAP_ALGO_WINOGRAD2, NINETAP_PRECISION_DEFAULT},
                {NINETAP_ALGO_WINOGRAD4, NINETAP_PRECISION_DEFAULT},
                {NINETAP_ALGO_WINOGRAD6, NINETAP_PRECISION_DEFAULT}};
    enum { WAYS = sizeof ways / sizeof *ways };
    static problem p;
    const int64_t cases = suite_cases(800) / 4;
    count met[WAYS] = {{0}};
    rng r = suite_rng(isa);
    bool ok = true;
    for (int64_t i = 0; i < cases; i++) {
        draw_problem(&p, isa, &r);
        for (int k = 0; k < WAYS; k++) {
            p.d.algo = ways[k].algo;
            p.d.precision = ways[k].precision;
            ok = check(&p, &met[k]) && ok;
        }
    }
    suite_require(ok);
    for (int k = 0; k < WAYS && cases >= 200; k++) {
        const count *m = &met[k];
        const bool named = ways[k].algo >= NINETAP_ALGO_WINOGRAD2;
        REQUIRE(m->normal > 0 && m->underflow > 0 && m->overflow > 0 && m->lucky > 0);
        REQUIRE(!named || (m->refused > 0 && m->taken > 0));
    }
}

/* ---- Layers of a network ---- */

enum { LAYER = 64, SIDE = 14, PIXELS = SIDE * SIDE };

/* Each AUTO, and what direct gives. */
typedef struct layer {
    float src[LAYER * PIXELS], weights[LAYER * LAYER * 9];
    float dst[LAYER * PIXELS], direct[LAYER * PIXELS];
} layer;
static layer l;

static void fill_layer(float weight, float input) {
    rng r = {3};
    for (int i = 0; i < LAYER * LAYER * 9; i++)
        l.weights[i] = weight * (rng_one_in(&r, 2) ? 1.0F : -1.0F);
    for (int i = 0; i < LAYER * PIXELS; i++)
        l.src[i] = input * rng_float(&r);
}

static ninetap_conv3x3_desc layer_of(const char *isa, int k) {
    ninetap_conv3x3_desc d = {.n = 1, .ic = LAYER, .ih = SIDE, .iw = SIDE, .oc = LAYER, .isa = isa};
    for (int i = 0; i < 4; i++)
        d.pad[i] = 1;
    d.layout = (ninetap_layout)(k % 2);
    d.precision = k / 2 == 0 ? NINETAP_PRECISION_DEFAULT : NINETAP_PRECISION_FAST;
    return d;
}

/* What AUTO takes; its result is in l.dst. */
static int run_auto(const ninetap_conv3x3_desc *d) {
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info;
    REQUIRE(ninetap_conv3x3_create(&plan, d, l.weights, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(plan, l.src, l.dst, NULL) == NINETAP_OK);
    ninetap_conv3x3_describe(plan, &info);
    ninetap_conv3x3_free(plan);
    return tile_of(info.algorithm);
}

/* Winograd by name is refused; AUTO has the bits of direct, all of them finite. */
static void expect_direct(const char *isa) {
    for (int k = 0; k < 4; k++) {
        ninetap_conv3x3_desc d = layer_of(isa, k);
        ninetap_conv3x3 *plan = NULL;
        REQUIRE(run_auto(&d) == 0);
        d.algo = NINETAP_ALGO_DIRECT;
        REQUIRE(ninetap_conv3x3_f32(&d, l.src, l.weights, NULL, l.direct) == NINETAP_OK);
        REQUIRE(memcmp(l.dst, l.direct, sizeof l.dst) == 0);
        for (int i = 0; i < LAYER * PIXELS; i++)
            REQUIRE(isfinite(l.dst[i]) && l.dst[i] != 0);
        for (int algo = NINETAP_ALGO_WINOGRAD2; algo <= NINETAP_ALGO_WINOGRAD6; algo++) {
            d.algo = (ninetap_algo)algo;
            REQUIRE(ninetap_conv3x3_create(&plan, &d, l.weights, NULL) == NINETAP_ERR_UNSUPPORTED);
        }
    }
}

/* As for any other weights. */
static void expect_winograd(const char *isa) {
    for (int k = 0; k < 4; k++) {
        const ninetap_conv3x3_desc d = layer_of(isa, k);
        REQUIRE(run_auto(&d) != 0);
    }
}

/* Infinities of F(4x4), NaN of F(2x2) and F(6x6). */
static void huge_weights(const char *isa) {
    fill_layer(3e38F, 1e-30F);
    expect_direct(isa);
}

/* F(4x4) was off by 19 %, F(6x6) gave 0. */
static void subnormal_weights(const char *isa) {
    rng r = {4};
    fill_layer(1.0F, 1e30F);
    for (int i = 0; i < LAYER * LAYER * 9; i++)
        l.weights[i] = ldexpf((float)rng_int(&r, 1, 70), -149); /* 1.4e-45 to 1e-43 */
    expect_direct(isa);
}

/* Trained networks have weights, and whole filters, that have decayed to almost nothing. */
static void some_subnormal_weights(const char *isa) {
    fill_layer(0.01F, 1.0F);
    expect_winograd(isa);
    for (int i = 0; i < LAYER * LAYER * 9; i += 7)
        l.weights[i] = 1e-41F;
    for (int i = 0; i < 2 * LAYER * 9; i++)
        l.weights[i] = 1e-44F;
    expect_winograd(isa);
    for (int i = 0; i < LAYER * PIXELS; i++)
        REQUIRE(isfinite(l.dst[i]));
}

/* The caller's to know: the plan says what holds. */
static void huge_and_tiny_inputs(const char *isa) {
    static problem p;
    rng r = suite_rng(isa);
    count met = {0};
    for (int i = 0; i < 2 * 4; i++) {
        draw_problem(&p, isa, &r);
        p.d.ic = 16;
        p.d.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + i % 4);
        p.flush_run = p.flush_plan = false;
        fill(p.src, p.d.ic * IH * IW, (range){i / 4 == 0 ? 127 : -139, 0}, &r);
        fill(p.weights, OC * p.d.ic * 9, (range){0, 0}, &r);
        fill(p.bias, OC, (range){i / 4 == 0 ? 0 : -140, 0}, &r);
        suite_require(check(&p, &met));
    }
    REQUIRE(met.overflow > 0 && met.underflow > 0);
}

/* The plane of a channel that has all the inputs is subnormal, those of others are not: what the
 * bound counts weights of 2^-120 for. */
static void lost_planes(const char *isa) {
    static problem p;
    rng r = suite_rng(isa);
    count met = {0};
    for (int i = 0; i < 3 * 16; i++) {
        draw_problem(&p, isa, &r);
        p.d.ic = 2;
        p.d.layout = NINETAP_NCHW;
        p.d.algo = (ninetap_algo)(NINETAP_ALGO_WINOGRAD2 + i % 3);
        p.flush_run = p.flush_plan = false;
        memset(p.src, 0, sizeof p.src);
        memset(p.bias, 0, sizeof p.bias);
        fill(p.src, IH * IW, (range){100, 0}, &r);
        for (int o = 0; o < OC; o++) {
            fill(p.weights + 18 * o, 9, (range){-144, 2}, &r);
            fill(p.weights + 18 * o + 9, 9, (range){0, 0}, &r);
        }
        suite_require(check(&p, &met));
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "every_exponent", .each_isa = every_exponent},
        {.name = "huge_weights", .each_isa = huge_weights},
        {.name = "subnormal_weights", .each_isa = subnormal_weights},
        {.name = "some_subnormal_weights", .each_isa = some_subnormal_weights},
        {.name = "huge_and_tiny_inputs", .each_isa = huge_and_tiny_inputs},
        {.name = "lost_planes", .each_isa = lost_planes},
        {0},
    };
    return suite_main("winograd_range", tests, argc, argv);
}
