/* Winograd's F(2x2), F(4x4), F(6x6): every way a row or column of tiles can end, every vector and
 * panel of channels, every cut into blocks. Each problem is held against a plain run, bit for bit,
 * and against the reference in double. One problem:
 *     test_operations --case 'conv3x3 n=1 ic=3 ih=7 iw=9 oc=4 pad=1,1,1,1 algo=winograd4 isa=avx2
 * seed=1' */
#include <stdlib.h>
#include <string.h>

#include "conv3x3/winograd.h"
#include "core/dispatch.h"
#include "support/bits.h"
#include "support/problems.h"
#include "selftest/view.h"
#include "support/suite.h"

enum { MOST_FAILURES = 5, ALGORITHMS = 3, KINDS = ALGORITHMS * 2 };

/* Algorithm and layout. */
static conv_problem problem_of(const char *isa, int kind, int seed) {
    conv_problem p = {.desc = {.n = 1, .isa = isa, .threads = 1}, .bias = 1, .seed = seed + 1};
    p.desc.algo = (ninetap_algo)(NINETAP_ALGO_WINOGRAD2 + kind % ALGORITHMS);
    p.desc.layout = (ninetap_layout)(kind / ALGORITHMS);
    p.data = p.desc.algo == NINETAP_ALGO_WINOGRAD2 ? DATA_INTEGER : DATA_RANDOM; /* exact: == */
    p.placement = seed / 7 % 2;
    return p;
}

/* Its own small generator: which of the variations case i has. */
static void draw_variation(conv_problem *p, int i) {
    rng r = {(uint64_t)i};
    ninetap_conv3x3_desc *d = &p->desc;
    for (int k = 0; k < 4; k++)
        d->pad[k] = rng_int(&r, 0, 2);
    d->border = (ninetap_border)rng_int(&r, 0, 3);
    d->border_value = d->border == NINETAP_BORDER_CONSTANT ? 3.0F : 0.0F;
    d->act = (ninetap_act)rng_int(&r, 0, 4);
    if (d->act == NINETAP_CLAMP)
        d->act_lo = -5, d->act_hi = 9;
    d->act_slope = d->act == NINETAP_LEAKY_RELU ? 0.25F : 0.0F;
    d->weights_layout = (ninetap_weights_layout)rng_int(&r, 0, 2);
    if (rng_one_in(&r, 4)) {
        p->call = CALL_PARTS;
        p->parts = 2 * rng_int(&r, 0, 3) + 1;
    }
    p->workspace = rng_int(&r, 0, 64);
}

/* ---- Shapes ---- */

/* Every height and width up to 20, with all else mixed in. */
static void small_images(const char *isa) {
    const int total = 20 * 20 * KINDS;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        draw_variation(&p, i);
        p.desc.ih = 1 + i / KINDS % 20;
        p.desc.iw = 1 + i / KINDS / 20;
        p.desc.ic = 1 + i / KINDS % 3;
        p.desc.oc = 1 + i / KINDS % 4;
        if (suite_visits(i, total) && conv_out_h(&p) > 0 && conv_out_w(&p) > 0)
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* All pads and borders, on images that may be smaller than their padding. */
static void geometry(const char *isa) {
    static const int images[][2] = {{1, 1}, {1, 6}, {5, 2}, {7, 9}};
    const int total = 81 * 4 * KINDS;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        const int *image = images[(i / KINDS + i / KINDS / 81) % 4];
        int pads = i / KINDS % 81;
        for (int k = 0; k < 4; k++, pads /= 3)
            p.desc.pad[k] = pads % 3;
        p.desc.border = (ninetap_border)(i / KINDS / 81);
        p.desc.border_value = p.desc.border == NINETAP_BORDER_CONSTANT ? 5.0F : 0.0F;
        p.desc.ic = 2, p.desc.oc = 3;
        p.desc.ih = image[0], p.desc.iw = image[1];
        if (suite_visits(i, total) && conv_out_h(&p) > 0 && conv_out_w(&p) > 0)
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* Vectors and panels of channels: one less, whole, one more. */
static void channels(const char *isa) {
    const int lanes = nt_find_isa(isa)->lanes;
    const int counts[] = {1,         lanes - 1,     lanes,    lanes + 1, 2 * lanes - 1,
                          2 * lanes, 2 * lanes + 1, 3 * lanes};
    const int total = 8 * 8 * KINDS;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        draw_variation(&p, i);
        p.desc.ic = counts[i / KINDS % 8];
        p.desc.oc = counts[i / KINDS / 8];
        p.desc.ih = 3 + i % 5;
        p.desc.iw = 3 + i % 7;
        if (suite_visits(i, total) && p.desc.ic > 0 && p.desc.oc > 0)
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* Every number of tiles that a kernel multiplies at once, and the cuts of more than that. */
static void tile_counts(const char *name) {
    const nt_isa *isa = nt_find_isa(name);
    int most = 0;
    for (int i = 0; i < isa->winograd_tile_count; i++)
        most = isa->winograd_tile[i].tiles > most ? isa->winograd_tile[i].tiles : most;
    const int counts = 2 * most + 1, total = counts * 2 * KINDS;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = problem_of(name, i % KINDS, i);
        const int m = 2 + 2 * (i % ALGORITHMS), tiles = 1 + i / KINDS % counts;
        draw_variation(&p, i);
        memset(p.desc.pad, 0, sizeof p.desc.pad);
        p.desc.ic = isa->lanes + 1;
        p.desc.oc = i / KINDS / counts == 0 ? isa->lanes : isa->lanes + 1;
        p.desc.ih = 2 + (tiles % 2 == 0 ? 1 + m : m);
        p.desc.iw = 2 + m * (tiles % 2 == 0 ? tiles / 2 : tiles);
        if (suite_visits(i, total))
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* ---- Many blocks ---- */

typedef struct cut {
    int64_t blocks_x, blocks_y, block_x, block_y;
} cut;

static cut cut_of(const conv_problem *p) {
    float *weights = calloc((size_t)(p->desc.oc * p->desc.ic * 9), sizeof *weights);
    ninetap_conv3x3 *plan = NULL;
    REQUIRE(weights != NULL &&
            ninetap_conv3x3_create(&plan, &p->desc, weights, NULL) == NINETAP_OK);
    const nt_winograd_plan *g = (const nt_winograd_plan *)plan;
    const cut result = {g->blocks_x, g->blocks_y, g->block_x, g->block_y};
    ninetap_conv3x3_free(plan);
    free(weights);
    return result;
}

/* Rows of tiles cut in several blocks, blocks of several rows, many blocks; and in NCHW more tiles
 * side by side than wait for their turn together. */
static void blocks(const char *isa) {
    static const char *const shapes[] = {
        "ic=70 ih=7 iw=901 oc=1",
        "ic=33 ih=150 iw=7 oc=2 pad=1,1,1,1 border=reflect101",
        "n=2 ic=70 ih=99 iw=38 oc=2 pad=1,0,1,2 act=hardswish",
        "ic=3 ih=5 iw=233 oc=37 pad=2,1,2,0 border=replicate act=leaky act_slope=0.1",
        "ic=20 ih=99 iw=38 oc=2 pad=1,0,1,2 act=hardswish", /* with small caches */
    };
    static const char *const calls[] = {"threads=1 workspace=1", "threads=3", "call=parts parts=5"};
    const int total = 5 * KINDS;
    bool seen[3] = {false}; /* what the shapes are for */
    int failures = 0;
    for (int i = 0; i < total; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        const int shape = i / KINDS;
        suite_require(conv_parse(shapes[shape], &p) && conv_parse(calls[i % 7 % 3], &p));
        const cut c = cut_of(&p);
        seen[0] |= shape == 0 && c.blocks_x > 1;
        seen[1] |= (shape == 2 || shape == 4) && c.blocks_y > 1 && c.block_y > 1;
        seen[2] |= shape == 3 && c.block_x > NT_WINOGRAD_CHUNK;
        if (suite_visits_costly(i, total, 8))
            failures += !check_conv3x3(&p);
    }
    REQUIRE(seen[0] && seen[1] && seen[2]);
    suite_require(failures == 0);
}

/* ---- Calls ---- */

/* Pitches, parts, and the caller's workspace at each of its alignments. */
static void calls(const char *isa) {
    static const int parts[] = {1, 3, 5, 17, 50};
    const int total = 64 * KINDS;
    rng r = suite_rng(isa);
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        suite_require(conv_parse("n=2 ic=5 ih=13 iw=15 oc=19 pad=1,1,1,1", &p));
        nt_view_draw_pitch(&r, p.desc.layout, p.desc.ic, 13, 15, p.desc.src_pitch);
        nt_view_draw_pitch(&r, p.desc.layout, p.desc.oc, 13, 15, p.desc.dst_pitch);
        p.workspace = 1 + i / KINDS;
        p.call = i % 5 == 0 ? CALL_ONE_SHOT : i % 5 < 3 ? CALL_PARTS : CALL_RUN;
        p.parts = parts[i / 5 % 5];
        if (suite_visits(i, total))
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* ---- Refusals ---- */

static bool refused(const conv_problem *p, const float *weights) {
    static float src[6 * 8 * 8], dst[6 * 8 * 8];
    ninetap_conv3x3 *plan = (ninetap_conv3x3 *)dst;
    for (size_t i = 0; i < sizeof dst / sizeof *dst; i++)
        dst[i] = from_bits(CANARY);
    if (ninetap_conv3x3_create(&plan, &p->desc, weights, NULL) != NINETAP_ERR_UNSUPPORTED ||
        plan != NULL ||
        ninetap_conv3x3_f32(&p->desc, src, weights, NULL, dst) != NINETAP_ERR_UNSUPPORTED)
        return false;
    for (size_t i = 0; i < sizeof dst / sizeof *dst; i++)
        if (bits_of(dst[i]) != CANARY)
            return false;
    return true;
}

/* What there is but one of may have any pitch: its bytes need not fit. Found by fuzzing, where
 * UndefinedBehaviorSanitizer looked. */
static void lone_pitches(const char *isa) {
#define MOST "9223372036854775807"
    static const char *const cases[] = {
        "layout=nchw ic=1 ih=9 iw=9 oc=1 src_pitch=" MOST "," MOST ",9 dst_pitch=" MOST "," MOST
        ",7",
        "layout=nchw ic=1 ih=1 iw=9 oc=1 src_pitch=" MOST "," MOST "," MOST " pad=1,0,1,0",
        "layout=nhwc ic=3 ih=9 iw=1 oc=2 src_pitch=" MOST ",3," MOST " pad=0,1,0,1",
    };
    for (int i = 0; i < 3 * 3; i++) {
        conv_problem p = {.desc = {.n = 1, .isa = isa, .threads = 1}, .seed = i + 1};
        suite_require(conv_parse(cases[i / 3], &p));
        p.desc.algo = (ninetap_algo)(NINETAP_ALGO_WINOGRAD2 + i % 3);
        suite_require(check_conv3x3(&p));
    }
}

/* So large that the input or the output is fetched while the products are made; pooled too, so that
 * some tiles have nothing to write. */
static void beyond_the_caches(const char *isa) {
    static const char *const cases[] = {
        "layout=nhwc ic=15 ih=448 iw=448 oc=1",
        "layout=nchw ic=1 ih=448 iw=449 oc=15 pool=max",
    };
    for (int i = 0; i < 2; i++) {
        conv_problem p = {.desc = {.n = 1, .pad = {1, 1, 1, 1}, .isa = isa}, .bias = 1, .seed = i};
        suite_require(conv_parse(cases[i], &p) && conv_parse("algo=winograd4 threads=1", &p));
        if (suite_visits_costly(i, 2, 40))
            suite_require(check_conv3x3(&p));
    }
}

static void refusals(const char *isa) {
    static const char *const cases[] = {"stride=2", "dilation=2", "groups=2", "precision=exact",
                                        "precision=portable"};
    static const float specials[] = {INFINITY, -INFINITY, NAN};
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases) * KINDS; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        float weights[6 * 6 * 9] = {0};
        suite_require(conv_parse("ic=6 ih=8 iw=8 oc=6", &p) && conv_parse(cases[i / KINDS], &p));
        REQUIRE(refused(&p, weights));
    }
    for (int i = 0; i < 6 * 6 * 9; i++) {
        conv_problem p = problem_of(isa, i % KINDS, i);
        float weights[6 * 6 * 9] = {0};
        suite_require(conv_parse("ic=6 ih=8 iw=8 oc=6", &p));
        weights[i] = specials[i % 3];
        REQUIRE(refused(&p, weights));
    }
}

/* ---- Bits ---- */

typedef struct tensors {
    float *src, *weights, *dst, *first[2]; /* of the first ISA without FMA, with */
} tensors;

static float *new_random(int64_t count, rng *r) {
    suite_require(count > 0);
    float *p = malloc((size_t)count * sizeof *p);
    if (p == NULL)
        abort();
    for (int64_t i = 0; i < count; i++)
        p[i] = rng_float(r);
    return p;
}

/* Whatever the vectors' length: one rounding a multiply-add, or two. */
static void compare_isas(ninetap_conv3x3_desc d, const tensors *t, int64_t count) {
    bool seen[2] = {false, false};
    for (int i = 0; i < ninetap_isa_count(); i++) {
        d.isa = ninetap_isa_name(i);
        const bool fused = nt_find_isa(d.isa)->fast_fma;
        float *dst = seen[fused] ? t->dst : t->first[fused];
        REQUIRE(ninetap_conv3x3_f32(&d, t->src, t->weights, t->weights, dst) == NINETAP_OK);
        REQUIRE(memcmp(dst, t->first[fused], (size_t)count * sizeof(float)) == 0);
        seen[fused] = true;
    }
    /* or there would be nothing in the comparison */
    REQUIRE(!seen[0] || !seen[1] ||
            memcmp(t->first[0], t->first[1], (size_t)count * sizeof(float)) != 0);
}

static void same_on_each_isa(void) {
    static const char *const shapes[] = {
        "n=1 ic=37 ih=13 iw=35 oc=41 pad=1,1,1,1",
        "n=2 ic=5 ih=23 iw=9 oc=19 pad=2,0,1,1 border=reflect101 act=hardswish",
        "n=1 ic=70 ih=12 iw=180 oc=7 act=relu",
    };
    rng r = suite_rng("bits");
    for (int i = 0; i < 3 * KINDS; i++) {
        conv_problem p = problem_of(NULL, i % KINDS, i);
        suite_require(conv_parse(shapes[i / KINDS], &p));
        const ninetap_conv3x3_desc *d = &p.desc;
        const int64_t count = d->n * d->oc * conv_out_h(&p) * conv_out_w(&p);
        const tensors t = {new_random(d->n * d->ic * d->ih * d->iw, &r),
                           new_random(d->oc * d->ic * 9, &r),
                           new_random(count, &r),
                           {new_random(count, &r), new_random(count, &r)}};
        compare_isas(*d, &t, count);
        free(t.src);
        free(t.weights);
        free(t.dst);
        free(t.first[0]);
        free(t.first[1]);
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "small_images", .each_isa = small_images},
        {.name = "geometry", .each_isa = geometry},
        {.name = "channels", .each_isa = channels},
        {.name = "tile_counts", .each_isa = tile_counts},
        {.name = "blocks", .each_isa = blocks},
        {.name = "calls", .each_isa = calls},
        {.name = "lone_pitches", .each_isa = lone_pitches},
        {.name = "beyond_the_caches", .each_isa = beyond_the_caches},
        {.name = "refusals", .each_isa = refusals},
        {.name = "same_on_each_isa", .once = same_on_each_isa},
        {0},
    };
    return suite_main("winograd", tests, argc, argv);
}
