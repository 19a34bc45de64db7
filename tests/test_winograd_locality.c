/* Winograd mixes all that a tile reads, and nothing else: a value that is not finite reaches every
 * output whose window has it, may reach the others of that tile, and changes no bit of any other
 * tile. So nothing is read that does not belong to a tile, and nothing survives in the scratch. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "support/bits.h"
#include "selftest/view.h"
#include "support/problems.h"
#include "support/suite.h"
#include "targets/isa.h"

typedef struct experiment {
    conv_problem p;
    int m;
    view src_view, dst_view;
    ninetap_conv3x3 *plan;
    float *src, *weights, *clean, *dst;
} experiment;

static float *new_random(int64_t count, rng *r) {
    float *p = malloc((size_t)count * sizeof *p);
    if (p == NULL)
        abort();
    for (int64_t i = 0; i < count; i++)
        p[i] = rng_float(r);
    return p;
}

static experiment new_experiment(const conv_problem *p, rng *r) {
    const ninetap_conv3x3_desc *d = &p->desc;
    experiment e = {.p = *p, .m = 2 * (int)(d->algo - NINETAP_ALGO_DIRECT)};
    e.src_view = nt_view_of(d->layout, 1, d->ic, d->ih, d->iw, d->src_pitch);
    e.dst_view = nt_view_of(d->layout, 1, d->oc, conv_out_h(p), conv_out_w(p), d->dst_pitch);
    e.src = new_random(nt_view_span(&e.src_view), r);
    e.weights = new_random(d->oc * d->ic * 9, r);
    e.clean = new_random(nt_view_span(&e.dst_view), r);
    e.dst = new_random(nt_view_span(&e.dst_view), r);
    REQUIRE(ninetap_conv3x3_create(&e.plan, d, e.weights, NULL) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_run(e.plan, e.src, e.clean, NULL) == NINETAP_OK);
    return e;
}

static void end_experiment(experiment *e) {
    ninetap_conv3x3_free(e->plan);
    free(e->src);
    free(e->weights);
    free(e->clean);
    free(e->dst);
}

/* ---- Who reads what ---- */

enum { OUTSIDE = -1 };

static int64_t position_of(ninetap_border border, int64_t i, int64_t size) {
    if (i >= 0 && i < size)
        return i;
    if (border == NINETAP_BORDER_REPLICATE)
        return i < 0 ? 0 : size - 1;
    if (border == NINETAP_BORDER_REFLECT101) {
        const int64_t period = size > 1 ? 2 * (size - 1) : 1;
        const int64_t rest = (i % period + period) % period;
        return rest < size ? rest : period - rest;
    }
    return OUTSIDE;
}

/* Whether rows (columns) [from, from + count) of the padded image have the position, as far as
 * there are outputs. */
static bool has(const experiment *e, bool columns, int64_t from, int64_t count, int64_t position) {
    const ninetap_conv3x3_desc *d = &e->p.desc;
    const int64_t padded = (columns ? e->dst_view.w : e->dst_view.h) + 2;
    for (int64_t i = from; i < from + count && i < padded; i++)
        if (position_of(d->border, i - d->pad[columns ? 1 : 0], columns ? d->iw : d->ih) ==
            position)
            return true;
    return false;
}

typedef struct poison {
    float value;
    bool border; /* the border's constant, else the pixel: */
    int64_t channel, y, x;
} poison;

/* Whether a square of the padded image has it. */
static bool square_has(const experiment *e, const poison *q, int64_t y, int64_t x, int64_t side) {
    if (q->border)
        return has(e, false, y, side, OUTSIDE) || has(e, true, x, side, OUTSIDE);
    return has(e, false, y, side, q->y) && has(e, true, x, side, q->x);
}

/* ---- What it does ---- */

static bool as_it_should_be(const experiment *e, const poison *q, int64_t o, int64_t y, int64_t x) {
    const int64_t at = view_at(&e->dst_view, 0, o, y, x);
    const ninetap_act act = e->p.desc.act;
    if (square_has(e, q, y, x, 3)) {
        const bool clamped = act == NINETAP_RELU || act == NINETAP_CLAMP;
        return isnan(q->value) ? isnan(e->dst[at]) : clamped || !isfinite(e->dst[at]);
    }
    return square_has(e, q, y / e->m * e->m, x / e->m * e->m, e->m + 2) ||
           bits_of(e->dst[at]) == bits_of(e->clean[at]);
}

static bool check_outputs(const experiment *e, const poison *q) {
    for (int64_t o = 0; o < e->dst_view.c; o++)
        for (int64_t y = 0; y < e->dst_view.h; y++)
            for (int64_t x = 0; x < e->dst_view.w; x++)
                if (!as_it_should_be(e, q, o, y, x)) {
                    char text[NT_PROBLEM_TEXT];
                    conv_print(text, &e->p);
                    return suite_wrong("%s: %g at (c %lld, y %lld, x %lld)%s: output (c %lld, y "
                                       "%lld, x %lld)",
                                       text, (double)q->value, (long long)q->channel,
                                       (long long)q->y, (long long)q->x,
                                       q->border ? " of the border" : "", (long long)o,
                                       (long long)y, (long long)x);
                }
    return true;
}

static bool pixel_is_local(const experiment *e, const poison *q) {
    float *pixel = e->src + view_at(&e->src_view, 0, q->channel, q->y, q->x);
    const float before = *pixel;
    *pixel = q->value;
    REQUIRE(ninetap_conv3x3_run(e->plan, e->src, e->dst, NULL) == NINETAP_OK);
    *pixel = before;
    return check_outputs(e, q);
}

static bool border_is_local(const experiment *e, float value) {
    const poison q = {.value = value, .border = true};
    ninetap_conv3x3_desc d = e->p.desc;
    d.border = NINETAP_BORDER_CONSTANT;
    d.border_value = value;
    REQUIRE(ninetap_conv3x3_f32(&d, e->src, e->weights, NULL, e->dst) == NINETAP_OK);
    return check_outputs(e, &q);
}

static bool is_local(const experiment *e, int64_t positions, rng *r) {
    static const float values[] = {NAN, INFINITY, -INFINITY};
    const ninetap_conv3x3_desc *d = &e->p.desc;
    const int64_t pixels = d->ih * d->iw;
    bool ok = true;
    for (int64_t k = 0; k < pixels && k < positions && ok; k++) {
        const int64_t at = positions >= pixels ? k : (int64_t)(rng_next(r) % (uint64_t)pixels);
        const poison q = {.value = values[rng_int(r, 0, 2)],
                          .channel = rng_int(r, 0, (int)d->ic - 1),
                          .y = at / d->iw,
                          .x = at % d->iw};
        ok = pixel_is_local(e, &q);
    }
    if (d->border == NINETAP_BORDER_ZERO || d->border == NINETAP_BORDER_CONSTANT)
        for (int k = 0; k < 3 && ok; k++)
            ok = border_is_local(e, values[k]);
    return ok;
}

/* ---- Images ---- */

static void draw(conv_problem *p, const char *isa, int i, rng *r) {
    ninetap_conv3x3_desc *d = &p->desc;
    d->n = 1;
    d->ic = 1 + rng_int(r, 0, 1) * nt_find_isa(isa)->lanes;
    d->oc = rng_int(r, 1, 3);
    d->algo = (ninetap_algo)(NINETAP_ALGO_WINOGRAD2 + i % 3);
    d->layout = (ninetap_layout)(i / 3 % 2);
    d->border = (ninetap_border)(i / 6 % 4);
    d->act = (ninetap_act)(rng_one_in(r, 2) ? 0 : rng_int(r, 1, 4));
    d->act_lo = d->act == NINETAP_CLAMP ? -1.0F : 0.0F;
    d->act_hi = -d->act_lo;
    d->act_slope = d->act == NINETAP_LEAKY_RELU ? 0.5F : 0.0F;
    d->isa = isa;
    d->threads = 1;
}

static void check_images(const char *isa, int total, int positions,
                         void (*draw_size)(ninetap_conv3x3_desc *d, int m, int i)) {
    rng r = suite_rng(isa);
    int failures = 0;
    for (int i = 0; i < total && failures < 5; i++) {
        conv_problem p = {.desc = {.n = 1}};
        draw(&p, isa, i, &r);
        draw_size(&p.desc, 2 + 2 * (i % 3), i / 24);
        do
            for (int k = 0; k < 4; k++)
                p.desc.pad[k] = rng_int(&r, 0, 2);
        while (conv_out_h(&p) < 1 || conv_out_w(&p) < 1);
        if (i / 24 % 2 == 1 && p.desc.ih > 2 && p.desc.iw > 2)
            memset(p.desc.pad, 0, sizeof p.desc.pad);
        if (suite_visits(i, total)) {
            experiment e = new_experiment(&p, &r);
            failures += !is_local(&e, positions, &r);
            end_experiment(&e);
        }
    }
    suite_require(failures == 0);
}

static void small(ninetap_conv3x3_desc *d, int m, int i) {
    const int sizes[][2] = {{1, 1},
                            {m + 2, m + 2},
                            {2, m + 3},
                            {2 * m + 1, 2 * m + 3},
                            {2 * m + 3, m + 1},
                            {m + 4, 3 * m + 2}};
    d->ih = sizes[i][0], d->iw = sizes[i][1];
}

static void every_position(const char *isa) {
    check_images(isa, 6 * 24, 1 << 20, small);
}

static void large(ninetap_conv3x3_desc *d, int m, int i) {
    d->ih = 40 + m + i, d->iw = 110 + 7 * i; /* NCHW: tiles of more than one chunk */
}

static void some_positions(const char *isa) {
    check_images(isa, 2 * 24, 12, large);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "every_position", .each_isa = every_position},
        {.name = "some_positions", .each_isa = some_positions},
        {0},
    };
    return suite_main("winograd_locality", tests, argc, argv);
}
