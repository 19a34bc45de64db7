/* Gradients of activations, pooling and cross entropy: against finite differences in double, with
 * special values, and what is refused. One problem:
 *     test_operations --case 'act_backward act=hardswish n=9 isa=avx2 seed=1' */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "act/act.h"
#include "core/dispatch.h"
#include "dense/dense.h"
#include "support/allocations.h"
#include "support/bits.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/traps.h"

/* ---- Activations ---- */

static const nt_act acts[] = {
    {.act = NINETAP_LINEAR},
    {.act = NINETAP_RELU},
    {.act = NINETAP_CLAMP, .lo = -1.0F, .hi = 2.0F},
    {.act = NINETAP_LEAKY_RELU, .slope = 0.125F},
    {.act = NINETAP_HARD_SWISH},
};
enum { ACTS = sizeof acts / sizeof *acts };

/* Every tail of every vector, at either guard page, in every place. */
static void act_tails(const char *isa) {
    const int total = ACTS * 3 * 2 * 70;
    for (int i = 0; i < total; i++) {
        const nt_act *a = &acts[i % ACTS];
        int rest = i / ACTS;
        act_problem p = {.act = (int)a->act, .lo = a->lo, .hi = a->hi, .slope = a->slope};
        p.over = rest % 3, rest /= 3;
        p.placement = rest % 2;
        p.n = 1 + rest / 2;
        p.data = i % 2 == 0 ? DATA_OFTEN : DATA_RANDOM;
        p.seed = i + 1;
        p.isa = isa;
        if (suite_visits(i, total))
            suite_require(check_act_backward(&p));
    }
}

/* Away from the bends, from what the activation was given and, but for hard-swish, from what it
 * gave. */
static void act_differences(const char *isa) {
    enum { N = 1001 };
    static float x[N], y[N], ones[N], diff[N], same[N];
    const double step = 0x1p-12;
    for (int a = 0; a < ACTS; a++) {
        const ninetap_conv3x3_desc d = {.act = acts[a].act,
                                        .act_lo = acts[a].lo,
                                        .act_hi = acts[a].hi,
                                        .act_slope = acts[a].slope};
        for (int i = 0; i < N; i++) {
            const int hundredths = i - N / 2;
            x[i] = (float)hundredths / 100.0F + 0x1p-9F;
            y[i] = d.act == NINETAP_HARD_SWISH ? x[i] : nt_reference_activation(&d, x[i]);
            ones[i] = 1.0F;
        }
        REQUIRE(nt_act_backward(nt_find_isa(isa), 1, &acts[a], N, x, ones, diff) == NINETAP_OK);
        REQUIRE(nt_act_backward(nt_find_isa(isa), 1, &acts[a], N, y, ones, same) == NINETAP_OK);
        REQUIRE(memcmp(diff, same, sizeof diff) == 0);
        for (int i = 0; i < N; i++) {
            const double slope = (nt_reference_activation_f64(&d, (double)x[i] + step) -
                                  nt_reference_activation_f64(&d, (double)x[i] - step)) /
                                 (2 * step);
            suite_require(fabs((double)diff[i] - slope) < 1e-6 ||
                          suite_wrong("act %d at %a: %a", a, (double)x[i], (double)diff[i]));
        }
    }
}

/* At the bends, infinities and NaN, where diff_dst is 7. A gradient that is stopped is +0 even of
 * -Inf and NaN. */
static void act_special_values(const char *isa) {
    static const struct {
        int act;
        float x, expected;
    } table[] = {
        {1, 0.0F, 0},      {1, -0.0F, 0},      {1, 0x1p-149F, 7}, {1, -0x1p-149F, 0},
        {1, INFINITY, 7},  {1, -INFINITY, 0},  {1, NAN, 7},       {2, -1.0F, 0},
        {2, 2.0F, 0},      {2, 1.5F, 7},       {2, NAN, 7},       {2, INFINITY, 0},
        {3, 0.0F, 0.875F}, {3, -0.0F, 0.875F}, {3, NAN, 0.875F},  {3, 0x1p-149F, 7},
        {4, -3.0F, 0},     {4, 3.0F, 7},       {4, 0.0F, 3.5F},   {4, INFINITY, 7},
        {4, -INFINITY, 0}, {4, NAN, NAN},      {0, NAN, 7},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (int n = 1; n < 40; n++) {
            float x[40], diff[40];
            for (int k = 0; k < n; k++)
                x[k] = table[i].x, diff[k] = k % 3 == 0 ? 7.0F : k % 3 == 1 ? NAN : -INFINITY;
            REQUIRE(nt_act_backward(nt_find_isa(isa), 1, &acts[table[i].act], n, x, diff, diff) ==
                    NINETAP_OK);
            for (int k = 0; k < n; k++)
                REQUIRE(k % 3 == 0 ? same_but_for_nan_payload(diff[k], table[i].expected)
                                   : table[i].expected != 0.0F || bits_of(diff[k]) == 0);
        }
}

static void act_refused(void) {
    static const struct {
        nt_act act;
        int64_t n;
        ninetap_status status;
    } table[] = {
        {{.act = (ninetap_act)5}, 3, NINETAP_ERR_ARG},
        {{.act = (ninetap_act)-1}, 3, NINETAP_ERR_ARG},
        {{.act = NINETAP_RELU}, -1, NINETAP_ERR_ARG},
        {{.act = NINETAP_RELU}, INT64_MAX / 2, NINETAP_ERR_OVERFLOW},
        {{.act = NINETAP_RELU}, 0, NINETAP_OK},
        {{.act = NINETAP_CLAMP, .lo = 1, .hi = 0}, 3, NINETAP_ERR_ARG},
        {{.act = NINETAP_CLAMP, .lo = NAN, .hi = 0}, 3, NINETAP_ERR_ARG},
        {{.act = NINETAP_LEAKY_RELU, .slope = -0.1F}, 3, NINETAP_ERR_ARG},
        {{.act = NINETAP_LEAKY_RELU, .slope = NAN}, 3, NINETAP_ERR_ARG},
    };
    float x[64] = {0}, y[64], untouched[64];
    memset(y, 0x55, sizeof y);
    memcpy(untouched, y, sizeof y);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const nt_act *a = &table[i].act;
        suite_require(ninetap_act_backward_f32(a->act, a->lo, a->hi, a->slope, table[i].n, x, x,
                                               y) == table[i].status ||
                      suite_wrong("row %zu", i));
    }
    float *odd = (float *)(void *)((char *)y + 1);
    const ninetap_act relu = NINETAP_RELU;
    REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, NULL, x, y) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, x, NULL, y) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, x, x, NULL) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, x, x, odd) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, odd, x, y) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, x, odd, y) == NINETAP_ERR_ARG);
    for (int shift = -4; shift <= 4; shift++) {
        const bool legal = shift == 0 || shift <= -3 || shift >= 3;
        const ninetap_status expected = legal ? NINETAP_OK : NINETAP_ERR_ALIAS;
        float *at = x + 20 + shift;
        REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, x + 40, at, x + 20) == expected);
        REQUIRE(ninetap_act_backward_f32(relu, 0, 0, 0, 3, at, x + 40, x + 20) == expected);
    }
    REQUIRE(memcmp(y, untouched, sizeof y) == 0);
    REQUIRE(ninetap_act_backward_f32(NINETAP_LINEAR, 0, 0, 0, 3, NULL, x, y) == NINETAP_OK);
}

/* ---- Pooling ---- */

/* The sum of diff_dst times the pooling of what src is, but for one element, moved by `step`. Small
 * integers and a power of two: in double it is exact. */
static double moved(const pool_problem *p, const float *src, const float *diff, float *image,
                    float *pooled, int64_t at, float step) {
    const int64_t in = p->desc.n * p->desc.c * p->desc.ih * p->desc.iw;
    const int64_t out = p->desc.n * p->desc.c * pool_out_h(p) * pool_out_w(p);
    double sum = 0;
    memcpy(image, src, (size_t)in * sizeof *image);
    image[at] += step;
    if (p->op == POOL_MAX_BACKWARD)
        nt_reference_maxpool2x2_f32(&p->desc, image, pooled, NULL);
    else
        nt_reference_avgpool2x2_f32(&p->desc, image, pooled);
    for (int64_t i = 0; i < out; i++)
        sum += diff[i] == 0.0F ? 0.0 : (double)diff[i] * (double)pooled[i];
    return sum;
}

/* Of maxima no two are equal, so that a small step changes none of them. */
static void pool_differences(const char *isa) {
    enum { MOST = 2 * 3 * 9 * 11 };
    static float src[MOST], image[MOST], pooled[4 * MOST], diff[4 * MOST], got[MOST];
    static int64_t indices[4 * MOST];
    rng r = suite_rng(isa);
    for (int64_t k = suite_cases(60); k > 0; k--) {
        pool_problem p;
        do {
            p = pool_random_of(&r, isa, k % 2 == 0 ? POOL_MAX_BACKWARD : POOL_AVERAGE_BACKWARD);
            p.desc.n = rng_int(&r, 1, 2), p.desc.c = rng_int(&r, 1, 3);
            p.desc.ih = rng_int(&r, 1, 9), p.desc.iw = rng_int(&r, 1, 11);
            memset(p.desc.src_pitch, 0, sizeof p.desc.src_pitch);
            memset(p.desc.dst_pitch, 0, sizeof p.desc.dst_pitch);
        } while (pool_out_h(&p) == 0 || pool_out_w(&p) == 0);
        const int64_t in = p.desc.n * p.desc.c * p.desc.ih * p.desc.iw;
        const int64_t out = p.desc.n * p.desc.c * pool_out_h(&p) * pool_out_w(&p);
        for (int64_t i = 0; i < in; i++)
            src[i] = (float)(i * 389 % 1009);
        for (int64_t i = 0; i < out; i++)
            diff[i] = (float)rng_int(&r, -8, 8);
        nt_reference_maxpool2x2_f32(&p.desc, src, pooled, indices);
        for (int64_t i = 0; i < out; i++)
            diff[i] = isfinite(pooled[i]) ? diff[i] : 0.0F; /* a window without elements */
        REQUIRE(nt_pool_call(&p, diff, got, indices) == NINETAP_OK);
        for (int64_t i = 0; i < in; i++) {
            const double up = moved(&p, src, diff, image, pooled, i, 0.25F);
            const double down = moved(&p, src, diff, image, pooled, i, -0.25F);
            REQUIRE((double)got[i] == (up - down) / 0.5);
        }
    }
}

/* Windows that share an element, and equal indices: added in the order of the windows, +0 first, on
 * any number of threads. -0 becomes +0 on every way there is. */
static void order_of_windows(const char *isa) {
    enum { OH = 3, OW = 40, WINDOWS = OH * OW };
    static float diff[WINDOWS], got[2 * OH * 2 * OW];
    static int64_t indices[WINDOWS];
    rng r = {3};
    float sum = 0.0F, ordered = 0.0F;
    for (int i = 0; i < WINDOWS; i++) {
        diff[i] = ldexpf(rng_float(&r), rng_int(&r, -12, 12));
        indices[i] = 5;
        ordered += diff[i];
    }
    for (int i = WINDOWS - 1; i >= 0; i--)
        sum += diff[i];
    REQUIRE(sum != ordered);
    for (int i = 0; i < 2 * 2 * 2; i++) {
        ninetap_pool2x2_desc d = {.n = 1, .c = 1, .ih = OH + 1, .iw = OW + 1, .stride = 1};
        if (i & 1)
            d = (ninetap_pool2x2_desc){.n = 1, .c = 1, .ih = 2 * OH, .iw = 2 * OW};
        d.layout = i & 2 ? NINETAP_NHWC : NINETAP_NCHW;
        d.threads = i & 4 ? 7 : 1;
        d.isa = isa;
        REQUIRE(ninetap_maxpool2x2_backward_f32(&d, indices, diff, got) == NINETAP_OK);
        for (int64_t k = 0; k < d.ih * d.iw; k++)
            REQUIRE(bits_of(got[k]) == (k == 5 ? bits_of(ordered) : 0));
    }
    for (int stride = 1; stride <= 2; stride++)
        for (int own = 0; own < 2; own++) {
            const ninetap_pool2x2_desc d = {
                .n = 1, .c = 1, .ih = 4, .iw = 2 * OW, .stride = stride, .isa = isa};
            static float zeros[3 * 2 * OW];
            static int64_t places[3 * 2 * OW];
            for (int k = 0; k < 3 * 2 * OW; k++)
                zeros[k] = -0.0F, places[k] = own ? k / OW * 4 * OW + k % OW * 2 : -1;
            REQUIRE(ninetap_avgpool2x2_backward_f32(&d, zeros, got) == NINETAP_OK);
            for (int k = 0; k < 4 * 2 * OW; k++)
                REQUIRE(bits_of(got[k]) == 0);
            if (stride == 2) {
                REQUIRE(ninetap_maxpool2x2_backward_f32(&d, places, zeros, got) == NINETAP_OK);
                for (int k = 0; k < 4 * 2 * OW; k++)
                    REQUIRE(bits_of(got[k]) == 0);
            }
        }
}

/* One index is wrong, each in turn: nothing is written. */
static void bad_indices(const char *isa) {
    static const int64_t wrong[] = {-2,        INT64_MIN,          6 * 34,
                                    INT64_MAX, (INT64_C(1) << 32), -(INT64_C(1) << 32)};
    enum { C = 2, WINDOWS = C * 3 * 17 };
    static float diff[WINDOWS], got[C * 6 * 34];
    static int64_t indices[WINDOWS];
    for (int i = 0; i < 2 * WINDOWS; i++) {
        const ninetap_pool2x2_desc d = {
            .n = 1, .c = C, .ih = 6, .iw = 34, .layout = (ninetap_layout)(i % 2), .isa = isa};
        memset(got, 0x55, sizeof got);
        memset(indices, 0, sizeof indices);
        indices[i / 2] = wrong[i / 2 % 6];
        REQUIRE(ninetap_maxpool2x2_backward_f32(&d, indices, diff, got) == NINETAP_ERR_ARG);
        for (size_t k = 0; k < sizeof got; k++)
            REQUIRE(((const unsigned char *)got)[k] == 0x55);
    }
}

static void pool_overlapping(void) {
    static float x[64];
    static int64_t places[2];
    const ninetap_pool2x2_desc d = {.n = 1, .c = 1, .ih = 2, .iw = 4};
    for (int shift = -9; shift <= 9; shift++) {
        const ninetap_status expected =
            shift <= -8 || shift >= 2 ? NINETAP_OK : NINETAP_ERR_ALIAS; /* 8 floats after 2 */
        float *to = x + 30 + shift;
        REQUIRE(ninetap_avgpool2x2_backward_f32(&d, x + 30, to) == expected);
        REQUIRE(ninetap_maxpool2x2_backward_f32(&d, places, x + 30, to) == expected);
    }
    REQUIRE(ninetap_maxpool2x2_backward_f32(&d, places, x, (float *)(void *)places) ==
            NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_maxpool2x2_backward_f32(&d, places, (float *)(void *)places, x) == NINETAP_OK);
}

/* ---- Cross entropy ---- */

/* Every tail of every vector and of the 16 sums, each set of outputs, every place. */
static void entropy_tails(const char *isa) {
    static const float spreads[] = {0.0F, 1.0F, 30.0F, 200.0F, 3e38F};
    const int total = 67 * WANT_ALL * 3 * 2;
    for (int i = 0; i < total; i++) {
        entropy_problem p = {.rows = 1 + i % 5,
                             .columns = 1 + i % 67,
                             .spread = spreads[i % 5],
                             .threads = 1,
                             .isa = isa,
                             .seed = i + 1};
        int rest = i / 67;
        p.want = 1 + rest % WANT_ALL, rest /= WANT_ALL;
        p.over = rest % 3 & p.want & WANT_DIFF ? WANT_DIFF : rest % 3 & p.want & WANT_PROBABILITIES;
        p.placement = rest / 3;
        if (suite_visits(i, total))
            suite_require(check_cross_entropy(&p));
    }
}

/* The logarithm, which is the library's own. */
static void logarithm(void) {
    rng r = suite_rng("logarithm");
    REQUIRE(bits_of((float)nt_log_of_sum(1.0)) == 0 && isnan(nt_log_of_sum((double)NAN)));
    for (int64_t i = suite_cases(100000); i > 0; i--) {
        const double x = exp2((double)(rng_float(&r) + 1.0F) * (i % 2 == 0 ? 0.01 : 20.0));
        const double wanted = log(x);
        suite_require(fabs(nt_log_of_sum(x) - wanted) <= 0x1p-50 * wanted ||
                      suite_wrong("log(%a) = %a", x, nt_log_of_sum(x)));
    }
}

/* The loss by definition, in double, with one logit moved. */
static double moved_loss(int64_t rows, int64_t columns, const float *logits, const int64_t *label,
                         int64_t at, double step) {
    double sum = 0;
    for (int64_t row = 0; row < rows; row++) {
        double all = 0, own = 0;
        int64_t i = 0;
        do {
            const int64_t k = row * columns + i;
            const double x = (double)logits[k] + (k == at ? step : 0.0);
            all += exp(x);
            own = i == label[row] ? x : own;
        } while (++i < columns);
        sum += log(all) - own;
    }
    return sum / (double)rows;
}

static void entropy_differences(const char *isa) {
    enum { ROWS = 4, COLUMNS = 21, N = ROWS * COLUMNS };
    const int64_t label[ROWS] = {3, 0, 20, 7};
    float logits[N], probabilities[N], diff[N];
    double loss;
    rng r = suite_rng(isa);
    for (int i = 0; i < N; i++)
        logits[i] = 3.0F * rng_float(&r);
    const nt_cross_entropy c = {ROWS, COLUMNS, logits, label, probabilities, diff, &loss};
    REQUIRE(nt_softmax_cross_entropy(nt_find_isa(isa), 1, &c) == NINETAP_OK);
    REQUIRE(fabs(loss - moved_loss(ROWS, COLUMNS, logits, label, 0, 0.0)) < 1e-6);
    for (int i = 0; i < N; i++) {
        const double up = moved_loss(ROWS, COLUMNS, logits, label, i, 1e-4);
        const double down = moved_loss(ROWS, COLUMNS, logits, label, i, -1e-4);
        REQUIRE(fabs((double)diff[i] - (up - down) / 2e-4) < 1e-7);
    }
}

/* A NaN, +Inf or nothing but -Inf make a row NaN, and the loss; a label at -Inf an infinite loss.
 */
static void special_rows(const char *isa) {
    for (int n = 1; n <= 40; n++)
        for (int k = 0; k < 4; k++) {
            const float special[] = {NAN, INFINITY, -INFINITY, -INFINITY};
            const int64_t label[2] = {n / 2, n / 2};
            float x[80], p[80], d[80];
            double loss = 0;
            for (int i = 0; i < 2 * n; i++)
                x[i] = k == 2 && i >= n ? -INFINITY : (float)(i % 5);
            x[n + n / 2] = special[k];
            const nt_cross_entropy c = {2, n, x, label, p, d, &loss};
            REQUIRE(nt_softmax_cross_entropy(nt_find_isa(isa), 1, &c) == NINETAP_OK);
            const bool infinite = k == 3 && n > 1;
            REQUIRE(infinite ? isinf(loss) && loss > 0 : isnan(loss));
            REQUIRE(!infinite || (p[n + n / 2] == 0.0F && d[n + n / 2] == -0.5F));
            for (int i = 0; i < 2 * n; i++)
                REQUIRE((isnan(p[i]) && isnan(d[i])) == (!infinite && i >= n));
        }
}

static void entropy_refused(void) {
    static const struct {
        int64_t rows, columns;
        ninetap_status status;
    } table[] = {
        {-1, 3, NINETAP_ERR_ARG},
        {2, -3, NINETAP_ERR_ARG},
        {2, 0, NINETAP_ERR_SHAPE},
        {0, 0, NINETAP_ERR_SHAPE},
        {2, INT64_MAX, NINETAP_ERR_OVERFLOW},
        {INT64_MAX, 1, NINETAP_ERR_OVERFLOW},
        {0, 3, NINETAP_OK},
    };
    float x[16] = {0}, p[16], d[16], untouched[16];
    int64_t label[2] = {1, 2};
    double loss = 7;
    memset(p, 0x55, sizeof p);
    memcpy(d, p, sizeof d);
    memcpy(untouched, p, sizeof p);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        suite_require(ninetap_softmax_cross_entropy_f32(table[i].rows, table[i].columns, x, label,
                                                        p, d, &loss) == table[i].status ||
                      suite_wrong("row %zu", i));
    }
    static const int64_t wrong[] = {-1, 3, INT64_MIN, INT64_MAX};
    for (int i = 0; i < 8; i++) {
        int64_t bad[2] = {1, 2};
        bad[i % 2] = wrong[i / 2];
        REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, x, bad, p, d, &loss) == NINETAP_ERR_ARG);
    }
    float *odd = (float *)(void *)((char *)p + 1);
    int64_t *odd_label = (int64_t *)(void *)((char *)label + 4);
    double *odd_loss = (double *)(void *)((char *)&loss + 2);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, NULL, label, p, d, &loss) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, x, NULL, p, d, &loss) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, odd, label, p, d, &loss) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, x, odd_label, p, d, &loss) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, x, label, odd, d, &loss) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, x, label, p, odd, &loss) == NINETAP_ERR_ARG);
    REQUIRE(ninetap_softmax_cross_entropy_f32(2, 3, x, label, p, d, odd_loss) == NINETAP_ERR_ARG);
    REQUIRE(memcmp(p, untouched, sizeof p) == 0 && memcmp(d, untouched, sizeof d) == 0);
    REQUIRE(loss == 7);
}

/* Every two of the tensors, of which only the logits and one output may be the same. */
static void entropy_overlapping(void) {
    static double arena[64];
    enum { LOGITS, LABEL, PROBABILITIES, DIFF, LOSS, TENSORS };
    static const int bytes[TENSORS] = {24, 16, 24, 24, 8};
    for (int a = 0; a < TENSORS; a++)
        for (int b = a + 1; b < TENSORS; b++)
            for (int shift = -24; shift <= 24; shift += 8) {
                char *at[TENSORS];
                for (int i = 0; i < TENSORS; i++)
                    at[i] = (char *)arena + 80 * i;
                at[b] = at[a] + shift;
                const bool apart = shift >= bytes[a] || -shift >= bytes[b];
                const bool in_place =
                    a == LOGITS && (b == PROBABILITIES || b == DIFF) && shift == 0;
                const bool inputs = a == LOGITS && b == LABEL;
                memset(arena, 0, sizeof arena);
                if (a == LOGITS && at[b] < (char *)arena)
                    continue;
                const ninetap_status status = ninetap_softmax_cross_entropy_f32(
                    2, 3, (const float *)(void *)at[LOGITS], (const int64_t *)(void *)at[LABEL],
                    (float *)(void *)at[PROBABILITIES], (float *)(void *)at[DIFF],
                    (double *)(void *)at[LOSS]);
                suite_require(status ==
                                  (apart || in_place || inputs ? NINETAP_OK : NINETAP_ERR_ALIAS) ||
                              suite_wrong("%d, %d, %d: %d", a, b, shift, (int)status));
            }
}

/* ---- All of them ---- */

static void random_problems(const char *isa) {
    check_drawn(&nt_operation_act_backward, isa, 500, 1e9);
    check_drawn(&nt_operation_cross_entropy, isa, 500, 1e9);
}

static void run_with_traps(void *isa) {
    if (!traps_on())
        return; /* a machine without traps */
    for (int i = 0; i < 500; i++) {
        const nt_act *a = &acts[i % ACTS];
        act_problem p = {.act = (int)a->act, .lo = a->lo, .hi = a->hi, .slope = a->slope};
        p.n = 1 + i / ACTS;
        p.data = DATA_RANDOM;
        p.seed = i + 1;
        p.isa = isa;
        suite_require(check_act_backward(&p));
        const entropy_problem e = {.rows = 2,
                                   .columns = p.n,
                                   .spread = 50.0F,
                                   .want = WANT_ALL,
                                   .isa = isa,
                                   .seed = i + 1};
        suite_require(check_cross_entropy(&e));
    }
    /* Where nothing goes on, and beyond hard-swish's bends, products would overflow. */
    const float x[4] = {-3e38F, 3e38F, -3e38F, 3e38F}, diff[4] = {3e38F, 3e38F, -3e38F, -3e38F};
    float got[4];
    REQUIRE(nt_act_backward(nt_find_isa(isa), 1, &acts[4], 4, x, diff, got) == NINETAP_OK);
    REQUIRE(got[0] == 0.0F && got[1] == diff[1] && got[2] == 0.0F && got[3] == diff[3]);
}

static void no_traps(const char *isa) {
    suite_require(suite_child(run_with_traps, (void *)(uintptr_t)isa, 60));
}

/* Enough for several threads, for fewer than were asked for, for one. */
static void threads_change_nothing(const char *isa) {
    static const int threads[] = {1, 2, 3, 7};
    for (int i = 0; i < 4 * 3; i++) {
        const act_problem p = {.act = NINETAP_HARD_SWISH,
                               .n = 100003,
                               .data = DATA_WIDE,
                               .over = i / 4,
                               .threads = threads[i % 4],
                               .isa = isa,
                               .seed = 1};
        const entropy_problem e = {.rows = 401,
                                   .columns = 301,
                                   .spread = 9.0F,
                                   .want = i / 4 == 0   ? WANT_ALL
                                           : i / 4 == 1 ? WANT_LOSS
                                                        : WANT_DIFF,
                                   .threads = threads[i % 4],
                                   .isa = isa,
                                   .seed = 1};
        suite_require(check_act_backward(&p) && check_cross_entropy(&e));
    }
}

/* What was taken once is kept. */
static void takes_memory_once(const char *isa) {
    enum { ROWS = 32, COLUMNS = 10 };
    static float logits[ROWS * COLUMNS];
    static int64_t label[ROWS];
    double loss;
    const nt_cross_entropy c = {ROWS, COLUMNS, logits, label, NULL, NULL, &loss};
    REQUIRE(nt_softmax_cross_entropy(nt_find_isa(isa), 1, &c) == NINETAP_OK);
    allocations_fail(1, true);
    REQUIRE(nt_softmax_cross_entropy(nt_find_isa(isa), 1, &c) == NINETAP_OK);
    REQUIRE(allocations_tried() == 0 && fabs(loss - log(10.0)) < 1e-6);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "act_tails", .each_isa = act_tails},
        {.name = "act_differences", .each_isa = act_differences},
        {.name = "act_special_values", .each_isa = act_special_values},
        {.name = "act_refused", .once = act_refused},
        {.name = "pool_differences", .each_isa = pool_differences},
        {.name = "order_of_windows", .each_isa = order_of_windows},
        {.name = "bad_indices", .each_isa = bad_indices},
        {.name = "pool_overlapping", .once = pool_overlapping},
        {.name = "entropy_tails", .each_isa = entropy_tails},
        {.name = "logarithm", .once = logarithm},
        {.name = "entropy_differences", .each_isa = entropy_differences},
        {.name = "special_rows", .each_isa = special_rows},
        {.name = "entropy_refused", .once = entropy_refused},
        {.name = "entropy_overlapping", .once = entropy_overlapping},
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "no_traps", .each_isa = no_traps},
        {.name = "threads_change_nothing", .each_isa = threads_change_nothing},
        {.name = "takes_memory_once", .each_isa = takes_memory_once},
        {0},
    };
    return problems_main("backward", tests, argc, argv);
}
