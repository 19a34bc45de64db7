/* What Winograd costs in accuracy: against double, within the stated bound on every kind of data,
 * and on benign data within a stated multiple of direct convolution's error. And the algebra.
 *     test_winograd_error --table
 * prints the figures of the best instruction set. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conv3x3/winograd.h"
#include "core/dispatch.h"
#include "reference/reference.h"
#include "support/problems.h"
#include "support/suite.h"
#include "selftest/view.h"

/* ---- Data ---- */

typedef enum kind { UNIFORM, NORMAL, LARGE_MEAN, WIDE_RANGE, KINDS } kind;
static const char *const kind_names[] = {"uniform", "normal", "1000 + uniform", "2^-20 .. 2^20"};

/* Box and Muller, 1958. */
static float normal(rng *r) {
    const double u = ((double)rng_float(r) + 1.0) / 2.0, v = (double)rng_float(r);
    return (float)(sqrt(-2.0 * log(1.0 - u)) * cos(M_PI * v));
}

static float draw(rng *r, kind k, bool source) {
    switch (k) {
    case NORMAL:
        return normal(r);
    case LARGE_MEAN:
        return rng_float(r) + (source ? 1000.0F : 0.0F);
    case WIDE_RANGE:
        return ldexpf(rng_float(r), rng_int(r, -20, 20));
    case UNIFORM:
    default:
        return rng_float(r);
    }
}

/* ---- One problem, exactly ---- */

enum { IH = 13, IW = 11, OC = 4, OUTPUTS = OC * IH * IW, ALGORITHMS = 4 };
static const int tile[ALGORITHMS] = {0, 2, 4, 6};
static const char *const algorithm_names[] = {"direct", "F(2x2)", "F(4x4)", "F(6x6)"};

typedef struct sample {
    ninetap_conv3x3_desc d;
    float *src, *weights;
    double value[OUTPUTS], scale[ALGORITHMS][OUTPUTS];
} sample;

static float *new_data(int64_t count, rng *r, kind k, bool source) {
    float *p = malloc((size_t)count * sizeof *p);
    if (p == NULL)
        abort();
    for (int64_t i = 0; i < count; i++)
        p[i] = draw(r, k, source);
    return p;
}

static void new_sample(sample *s, int64_t ic, kind k, rng *r) {
    s->d = (ninetap_conv3x3_desc){
        .n = 1, .ic = ic, .ih = IH, .iw = IW, .oc = OC, .pad = {1, 1, 1, 1}, .threads = 1};
    s->d.layout = (ninetap_layout)rng_int(r, 0, 1);
    s->src = new_data(ic * IH * IW, r, k, true);
    s->weights = new_data(OC * ic * 9, r, k, false);
    nt_reference_conv3x3_f64(&s->d, s->src, s->weights, NULL, s->value, s->scale[0]);
    for (int a = 1; a < ALGORITHMS; a++)
        nt_reference_winograd_scale(&s->d, tile[a], s->src, s->weights, NULL, s->scale[a]);
}

static void free_sample(const sample *s) {
    free(s->src);
    free(s->weights);
}

/* ---- Errors ---- */

typedef struct error {
    double square, largest, values; /* sums of squares; the largest error */
    double bound;                   /* as the plan states it */
    double used;                    /* the largest part of what the bound allows */
} error;

static void measure(const sample *s, int a, const char *isa, error *e) {
    float dst[OUTPUTS];
    ninetap_plan_info info;
    ninetap_conv3x3 *plan = NULL;
    ninetap_conv3x3_desc d = s->d;
    d.isa = isa;
    d.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + a);
    for (int i = 0; i < OUTPUTS; i++)
        dst[i] = NAN; /* or what the algorithm before left there would do */
    REQUIRE(ninetap_conv3x3_create(&plan, &d, s->weights, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(plan, s->src, dst, NULL) == NINETAP_OK);
    ninetap_conv3x3_describe(plan, &info);
    ninetap_conv3x3_free(plan);
    e->bound = info.error_bound;
    for (int i = 0; i < OUTPUTS; i++) {
        const double difference = fabs((double)dst[i] - s->value[i]);
        e->square += difference * difference;
        e->values += s->value[i] * s->value[i];
        e->largest = fmax(e->largest, difference);
        e->used = isnan(difference)
                      ? INFINITY
                      : fmax(e->used, difference / (info.error_bound * s->scale[a][i]));
    }
}

/* Of one ISA: for each algorithm, over enough outputs that chance has no say. */
static void measure_all(int64_t ic, kind k, const char *isa, int seeds, error all[ALGORITHMS]) {
    sample *s = malloc(sizeof *s);
    if (s == NULL)
        abort();
    memset(all, 0, ALGORITHMS * sizeof *all);
    rng r = {(uint64_t)(ic * KINDS + (int64_t)k)};
    for (int i = 0; i < seeds; i++) {
        new_sample(s, ic, k, &r);
        for (int a = 0; a < ALGORITHMS; a++)
            measure(s, a, isa, &all[a]);
        free_sample(s);
    }
    free(s);
}

static double ratio(const error all[ALGORITHMS], int a) {
    return sqrt(all[a].square / all[0].square);
}

static const int64_t channel_counts[] = {1, 2, 3, 7, 16, 64, 256, 1024};
enum { COUNTS = sizeof channel_counts / sizeof *channel_counts };

/* The largest RMS error in direct's, uniform and normal data. A sum over few channels has few
 * roundings; then the transforms' show. From 16 on the sum's do: F(2x2) adds a fourth of the terms
 * that direct does. Without FMA the transforms round twice as often. */
static double limit(int64_t ic, int a, bool fused) {
    static const struct {
        int64_t ic;
        double limit[ALGORITHMS];
    } few[] = {{1, {1, 2.0, 6.8, 28}},
               {2, {1, 1.5, 4.9, 21}},
               {3, {1, 1.4, 4.6, 19}},
               {15, {1, 1.1, 3.5, 14}}};
    static const double many[2][ALGORITHMS] = {{1, 1, 2.8, 11.5}, {1, 1, 2.5, 10}};
    for (size_t i = 0; i < sizeof few / sizeof *few; i++)
        if (ic <= few[i].ic)
            return few[i].limit[a];
    return many[fused][a];
}

static int seeds_of(int64_t ic) {
    return ic >= 256 ? 2 : ic > 16 ? 16 : 64;
}

/* ---- The table ---- */

static void print_row(int64_t ic, int a, error all[KINDS][ALGORITHMS]) {
    printf("| %s | %lld | %.1e |", algorithm_names[a], (long long)ic, all[0][a].bound);
    for (int k = 0; k < KINDS; k++) {
        const error *e = &all[k][a];
        const double values = sqrt(e->values);
        const double root = sqrt((double)OUTPUTS * (double)seeds_of(ic));
        printf(" %.1e, %.1e, %.2f |", sqrt(e->square) / values, e->largest / (values / root),
               ratio(all[k], a));
    }
    printf("\n");
}

static int print_table(void) {
    static error all[COUNTS][KINDS][ALGORITHMS];
    const char *isa = ninetap_isa();
    printf(
        "%s, %dx%d outputs; of each kind of data: RMS error / RMS of the outputs, largest error / "
        "RMS of the outputs, RMS error / direct's\n\n| | IC | bound |",
        isa, IH, IW);
    for (int k = 0; k < KINDS; k++)
        printf(" %s |", kind_names[k]);
    printf("\n|---|---|---|---|---|---|---|\n");
    for (int c = 0; c < COUNTS; c++)
        for (int k = 0; k < KINDS; k++)
            measure_all(channel_counts[c], (kind)k, isa, seeds_of(channel_counts[c]), all[c][k]);
    for (int a = 0; a < ALGORITHMS; a++)
        for (int c = 0; c < COUNTS; c++)
            print_row(channel_counts[c], a, all[c]);
    return EXIT_SUCCESS;
}

/* ---- Tests ---- */

static void errors(const char *isa) {
    const bool fused = nt_find_isa(isa)->fast_fma;
    bool ok = true;
    for (int i = 0; i < COUNTS * KINDS; i++) {
        const int64_t ic = channel_counts[i / KINDS];
        const kind k = (kind)(i % KINDS);
        error all[ALGORITHMS];
        if (suite_cases(2048) < 2 * ic)
            continue; /* it takes longer than so few cases are to take */
        measure_all(ic, k, isa, seeds_of(ic), all);
        for (int a = 0; a < ALGORITHMS; a++) {
            if (!(all[a].used <= 1))
                ok = suite_wrong("%s, %lld channels, %s: %g of the error bound", algorithm_names[a],
                                 (long long)ic, kind_names[k], all[a].used);
            if (k <= NORMAL && !(ratio(all, a) <= limit(ic, a, fused)))
                ok = suite_wrong("%s, %lld channels, %s: %g of direct's error, not %g",
                                 algorithm_names[a], (long long)ic, kind_names[k], ratio(all, a),
                                 limit(ic, a, fused));
        }
    }
    suite_require(ok);
}

static double bound_of(int m, int64_t channels, bool fused) {
    return nt_winograd_error_of(m, channels, fused, 1.0).bound;
}

/* More channels, more error; two roundings for one, too; and a larger tile. */
static void bounds(void) {
    for (int m = 2; m <= 6; m += 2)
        for (int64_t ic = 1; ic < 5000; ic += 1 + ic / 3) {
            const double fused = bound_of(m, ic, true);
            REQUIRE(fused > 0 && fused < bound_of(m, ic + 1, true));
            REQUIRE(fused < bound_of(m, ic, false));
            REQUIRE(m == 6 || fused < bound_of(m + 2, ic, true));
        }
    REQUIRE(isinf(bound_of(2, INT64_C(1) << 24, true)));
}

/* ---- Algebra ---- */

enum { MOST = NT_WINOGRAD_MOST };
typedef double square[MOST][MOST];

/* out = left in left^T; left: rows x count. */
static void transform(int rows, int count, square left, square in, square out) {
    square half = {{0}};
    memset(out, 0, sizeof(square));
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < count; x++)
            for (int k = 0; k < count; k++)
                half[y][x] += left[y][k] * in[k][x];
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < rows; x++)
            for (int k = 0; k < count; k++)
                out[y][x] += half[y][k] * left[x][k];
}

static void fill_random(square q, rng *r) {
    for (int i = 0; i < MOST * MOST; i++)
        q[i / MOST][i % MOST] = (double)rng_float(r);
}

/* A [ (G g G^T) * (B d B^T) ] A^T is the correlation of d with g. */
static void matrices(void) {
    rng r = suite_rng("matrices");
    for (int i = 0; i < 300; i++) {
        const int m = 2 + 2 * (i % 3);
        nt_winograd_matrices t;
        square a = {{0}}, g = {{0}}, filter, input, u, v, y;
        nt_winograd_matrices_of(m, &t);
        memcpy(a, t.a, sizeof t.a);
        for (int f = 0; f < MOST; f++)
            memcpy(g[f], t.g[f], sizeof t.g[f]);
        fill_random(filter, &r);
        fill_random(input, &r);
        transform(m + 2, 3, g, filter, u);
        transform(m + 2, m + 2, t.b, input, v);
        for (int f = 0; f < MOST * MOST; f++)
            u[f / MOST][f % MOST] *= v[f / MOST][f % MOST];
        transform(m, m + 2, a, u, y);
        for (int o = 0; o < m * m; o++) {
            double direct = 0;
            for (int tap = 0; tap < 9; tap++)
                direct += filter[tap / 3][tap % 3] * input[o / m + tap / 3][o % m + tap % 3];
            REQUIRE(fabs(y[o / m][o % m] - direct) <= 1e-12);
        }
    }
}

/* The reference's scale by another road: the magnitude of the same problem with every weight the
 * largest of its plane. */
static void scales(void) {
    rng r = suite_rng("scales");
    sample *s = malloc(sizeof *s);
    if (s == NULL)
        abort();
    for (int i = 0; i < 12; i++) {
        static double magnitude[OUTPUTS];
        new_sample(s, 1 + i, (kind)(i % KINDS), &r);
        for (int64_t p = 0; p < OC * s->d.ic; p++) {
            float most = 0;
            for (int k = 0; k < 9; k++)
                most = fmaxf(most, fabsf(s->weights[p * 9 + k]));
            for (int k = 0; k < 9; k++)
                s->weights[p * 9 + k] = most;
        }
        nt_reference_conv3x3_f64(&s->d, s->src, s->weights, NULL, NULL, magnitude);
        const view v = nt_view_of(s->d.layout, 1, OC, IH, IW, (const int64_t[3]){0});
        for (int a = 1; a < ALGORITHMS; a++)
            for (int64_t k = 0; k < OUTPUTS; k++) {
                const int64_t o = k / IW / IH, m = tile[a];
                const int64_t top = k / IW % IH / m * m, left = k % IW / m * m;
                double most = 0;
                for (int64_t y = top; y < top + m && y < IH; y++)
                    for (int64_t x = left; x < left + m && x < IW; x++)
                        most = fmax(most, magnitude[view_at(&v, 0, o, y, x)]);
                const double scale = s->scale[a][view_at(&v, 0, o, k / IW % IH, k % IW)];
                REQUIRE(fabs(scale - most) <= 1e-12 * most);
            }
        free_sample(s);
    }
    free(s);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "matrices", .once = matrices},
        {.name = "scales", .once = scales},
        {.name = "bounds", .once = bounds},
        {.name = "errors", .each_isa = errors},
        {0},
    };
    if (argc == 2 && strcmp(argv[1], "--table") == 0)
        return print_table();
    return suite_main("winograd_error", tests, argc, argv);
}
