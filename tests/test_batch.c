/* An image has the same bits whatever else a call does: how many images there are, layout, pitches,
 * alignment, threads, parts, workspace, the fused pool. AUTO may take one algorithm, then, and each
 * algorithm must give one result. What is compared with: the images one by one, dense, on one
 * thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conv3x3/winograd.h"
#include "reference/reference.h"
#include "support/bits.h"
#include "support/problems.h"
#include "support/suite.h"
#include "selftest/view.h"

enum { MOST_IMAGES = 8 };

/* Images and what each gives, NCHW and dense. */
typedef struct album {
    ninetap_conv3x3_desc d; /* of one image */
    int images;
    view in, map;
    float *src, *weights, *bias, *values;
    const char *algorithm;
    int64_t block_y, block_x; /* Winograd's */
} album;

static float *new_floats(int64_t count) {
    float *p = calloc((size_t)count + 1, sizeof *p);
    if (p == NULL)
        abort();
    return p;
}

static float *new_random(int64_t count, rng *r) {
    float *p = new_floats(count);
    for (int64_t i = 0; i < count; i++)
        p[i] = rng_float(r);
    return p;
}

/* Its reason names it, too: direct has other names there. */
static const char *algorithm_of(const ninetap_conv3x3 *plan) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(plan, &info);
    REQUIRE(strcmp(info.algorithm, "direct") == 0 ||
            strstr(info.reason, info.algorithm) == info.reason);
    return info.algorithm;
}

/* Of Winograd; of other algorithms there are none, 0. */
static void blocks_of(const ninetap_conv3x3 *plan, int64_t *y, int64_t *x) {
    const nt_winograd_plan *tiles = (const nt_winograd_plan *)plan;
    const bool winograd = strncmp(algorithm_of(plan), "winograd", 8) == 0;
    *y = winograd ? tiles->block_y : 0;
    *x = winograd ? tiles->block_x : 0;
}

static album new_album(const char *text, const char *isa, int images, rng *r) {
    conv_problem p = {.desc = {.n = 1, .isa = isa, .threads = 1}};
    suite_require(conv_parse(text, &p));
    album a = {.d = p.desc, .images = images};
    const ninetap_conv3x3_desc *d = &a.d;
    ninetap_conv3x3 *plan = NULL;
    a.in = nt_view_of(NINETAP_NCHW, images, d->ic, d->ih, d->iw, (int64_t[3]){0});
    a.map =
        nt_view_of(NINETAP_NCHW, images, d->oc, conv_out_h(&p), conv_out_w(&p), (int64_t[3]){0});
    a.src = new_random(nt_view_span(&a.in), r);
    a.weights = new_random(d->oc * d->ic * 9, r);
    a.bias = new_random(d->oc, r);
    a.values = new_floats(nt_view_span(&a.map));
    REQUIRE(ninetap_conv3x3_create(&plan, d, a.weights, a.bias) == NINETAP_OK);
    for (int n = 0; n < images; n++)
        REQUIRE(ninetap_conv3x3_run(plan, a.src + n * a.in.image, a.values + n * a.map.image,
                                    NULL) == NINETAP_OK);
    a.algorithm = algorithm_of(plan);
    blocks_of(plan, &a.block_y, &a.block_x);
    ninetap_conv3x3_free(plan);
    return a;
}

static void free_album(album *a) {
    free(a->src);
    free(a->weights);
    free(a->bias);
    free(a->values);
}

/* ---- One call ---- */

typedef struct way {
    ninetap_conv3x3_desc d;
    int offset;        /* floats that src and dst are off alignment */
    int workspace;     /* 0: NULL; k: k - 1 bytes off */
    int parts;         /* 0: run */
    bool other_blocks; /* found: than those of one image, */
    bool team;         /* of several threads */
} way;

static way draw_way(const album *a, rng *r) {
    static const int threads[] = {1, 2, 7};
    way w = {.d = a->d};
    do
        w.d.n = 1 << rng_int(r, 0, 3);
    while (w.d.n > a->images);
    w.d.layout = (ninetap_layout)rng_int(r, 0, 1);
    w.d.threads = threads[rng_int(r, 0, 2)];
    w.d.pool =
        a->map.h > 1 && a->map.w > 1 ? (ninetap_fused_pool)rng_int(r, 0, 1) : NINETAP_POOL_NONE;
    w.offset = rng_int(r, 0, 15);
    w.workspace = rng_int(r, 0, 64);
    w.parts = rng_one_in(r, 3) ? rng_int(r, 1, 5) : 0;
    if (rng_one_in(r, 2)) {
        const int divisor = w.d.pool == NINETAP_POOL_MAX ? 2 : 1;
        nt_view_draw_pitch(r, w.d.layout, w.d.ic, w.d.ih, w.d.iw, w.d.src_pitch);
        nt_view_draw_pitch(r, w.d.layout, w.d.oc, a->map.h / divisor, a->map.w / divisor,
                           w.d.dst_pitch);
    }
    return w;
}

static void run_way(const way *w, const ninetap_conv3x3 *plan, const float *src, float *dst) {
    char *memory = NULL, *workspace = NULL;
    if (w->workspace != 0) {
        memory = malloc(ninetap_conv3x3_workspace(plan) + 64);
        REQUIRE(memory != NULL);
        workspace = memory + w->workspace - 1;
    }
    if (w->parts == 0)
        REQUIRE(ninetap_conv3x3_run(plan, src, dst, workspace) == NINETAP_OK);
    for (int k = w->parts - 1; k >= 0; k--)
        REQUIRE(ninetap_conv3x3_run_part(plan, src, dst, workspace, k, w->parts) == NINETAP_OK);
    free(memory);
}

/* What the images' values are, pooled if the call pools. */
static float *new_expected(const album *a, const way *w, view *v) {
    const bool pooled = w->d.pool == NINETAP_POOL_MAX;
    const int64_t divisor = pooled ? 2 : 1;
    *v = nt_view_of(NINETAP_NCHW, w->d.n, a->map.c, a->map.h / divisor, a->map.w / divisor,
                    (int64_t[3]){0});
    float *values = new_floats(nt_view_span(v));
    const ninetap_pool2x2_desc pool = {
        .n = w->d.n, .c = a->map.c, .ih = a->map.h, .iw = a->map.w, .threads = 1};
    if (pooled)
        nt_reference_maxpool2x2_f32(&pool, a->values, values, NULL);
    else
        memcpy(values, a->values, (size_t)nt_view_span(v) * sizeof(float));
    return values;
}

/* Copies an NCHW tensor from one view to another. */
static void copy(const view *to, float *dst, const view *from, const float *src) {
    for (int64_t n = 0; n < to->n; n++)
        for (int64_t c = 0; c < to->c; c++)
            for (int64_t y = 0; y < to->h; y++)
                for (int64_t x = 0; x < to->w; x++)
                    dst[view_at(to, n, c, y, x)] = src[view_at(from, n, c, y, x)];
}

static bool same_result(const album *a, const way *w, const view *out, const float *dst) {
    view v;
    float *expected = new_expected(a, w, &v);
    float *got = new_floats(nt_view_span(&v));
    copy(&v, got, out, dst);
    const bool same = memcmp(got, expected, (size_t)nt_view_span(&v) * sizeof(float)) == 0;
    free(expected);
    free(got);
    return same;
}

static bool wrong(const way *w, const char *what) {
    const conv_problem p = {.desc = w->d};
    char text[NT_PROBLEM_TEXT];
    conv_print(text, &p);
    return suite_wrong("%s, offset %d, workspace %d, %d parts: %s", text, w->offset, w->workspace,
                       w->parts, what);
}

static bool check_way(const album *a, way *w) {
    const int64_t divisor = w->d.pool == NINETAP_POOL_MAX ? 2 : 1;
    const view in = nt_view_of(w->d.layout, w->d.n, w->d.ic, w->d.ih, w->d.iw, w->d.src_pitch);
    const view out = nt_view_of(w->d.layout, w->d.n, w->d.oc, a->map.h / divisor,
                                a->map.w / divisor, w->d.dst_pitch);
    float *src = new_floats(nt_view_span(&in) + w->offset);
    float *dst = new_floats(nt_view_span(&out) + w->offset);
    ninetap_conv3x3 *plan = NULL;
    copy(&in, src + w->offset, &a->in, a->src);
    REQUIRE(ninetap_conv3x3_create(&plan, &w->d, a->weights, a->bias) == NINETAP_OK);
    const char *algorithm = algorithm_of(plan);
    int64_t block_y, block_x;
    blocks_of(plan, &block_y, &block_x);
    w->other_blocks = block_y != a->block_y || block_x != a->block_x;
    w->team = plan->threads > 1;
    run_way(w, plan, src + w->offset, dst + w->offset);
    ninetap_conv3x3_free(plan);
    const bool ok = (strcmp(algorithm, a->algorithm) == 0 || wrong(w, algorithm)) &&
                    (same_result(a, w, &out, dst + w->offset) || wrong(w, "other bits"));
    free(src);
    free(dst);
    return ok;
}

/* ---- Tests ---- */

/* Filters that a batch reads again and again, from memory: F(4x4) was taken for one image, F(2x2)
 * for four. */
static void large_filters(const char *isa) {
    rng r = suite_rng(isa);
    if (suite_cases(800) < 400) {
        suite_not_tried("it takes longer than so few cases are to take");
        return;
    }
    album a = new_album("ic=512 ih=7 iw=7 oc=512 pad=1,1,1,1", isa, 4, &r);
    way w = {.d = a.d};
    w.d.n = 4;
    w.d.threads = 2;
    suite_require(check_way(&a, &w));
    free_album(&a);
}

/* Winograd's tiles are cut into other blocks, for the sake of the threads: of one shape at least,
 * whatever the machine. */
static void other_blocks(const char *isa) {
    static const char *const shapes[] = {
        "ic=32 ih=40 iw=40 oc=32 pad=1,1,1,1",
        "ic=8 ih=40 iw=40 oc=8 pad=1,1,1,1 algo=winograd2",
        "ic=24 ih=16 iw=16 oc=24 pad=1,1,1,1 algo=winograd4",
    };
    rng r = suite_rng(isa);
    bool other = false;
    bool team = false;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        album a = new_album(shapes[i], isa, MOST_IMAGES, &r);
        way w = {.d = a.d};
        w.d.n = MOST_IMAGES;
        w.d.threads = 7;
        suite_require(check_way(&a, &w));
        other = other || w.other_blocks;
        team = team || w.team;
        free_album(&a);
    }
    REQUIRE(other || !team);
}

/* Shapes whose algorithm depended on the number of images, on the layout, or on the pool. */
static void known_shapes(const char *isa) {
    static const char *const shapes[] = {
        "ic=8 ih=4 iw=4 oc=8 pad=1,1,1,1",    "ic=48 ih=3 iw=3 oc=320 pad=1,1,1,1",
        "ic=320 ih=3 iw=3 oc=48 pad=1,1,1,1", "ic=16 ih=13 iw=13 oc=8 pad=1,1,1,1",
        "ic=12 ih=40 iw=40 oc=8 pad=1,1,1,1", "ic=8 ih=6 iw=6 oc=16 pad=1,1,1,1",
        "ic=8 ih=6 iw=6 oc=64 pad=1,1,1,1",   "ic=8 ih=10 iw=10 oc=16 pad=1,1,1,1",
        "ic=24 ih=9 iw=9 oc=24 pad=1,1,1,1",  "ic=32 ih=7 iw=7 oc=40 pad=1,1,1,1",
    };
    bool ok = true;
    const int total = 2 * (int)(sizeof shapes / sizeof *shapes);
    for (int i = 0; i < total && ok; i++) {
        if (!suite_visits_costly(i, total, 20))
            continue;
        rng r = suite_rng(shapes[i / 2]);
        char text[NT_PROBLEM_TEXT];
        snprintf(text, sizeof text, "%s precision=%s", shapes[i / 2], i % 2 ? "fast" : "default");
        album a = new_album(text, isa, MOST_IMAGES, &r);
        for (int k = 0; k < 12 && ok; k++) {
            way w = draw_way(&a, &r);
            ok = check_way(&a, &w);
        }
        free_album(&a);
    }
    suite_require(ok);
}

static void drawn_shapes(const char *isa) {
    static const char *const algorithms[] = {"auto", "direct", "winograd2", "winograd4",
                                             "winograd6"};
    const int64_t cases = suite_cases(800) / 20;
    rng r = suite_rng(isa);
    bool ok = true;
    for (int64_t i = 0; i < cases && ok; i++) {
        char text[NT_PROBLEM_TEXT];
        snprintf(text, sizeof text, "ic=%d ih=%d iw=%d oc=%d pad=%d,1,1,%d precision=%s algo=%s",
                 rng_int(&r, 1, 40), rng_int(&r, 2, 30), rng_int(&r, 2, 30), rng_int(&r, 1, 40),
                 rng_int(&r, 0, 2), rng_int(&r, 0, 2), rng_int(&r, 0, 1) ? "fast" : "default",
                 algorithms[i % 2 == 0 ? 0 : rng_int(&r, 1, 4)]);
        album a = new_album(text, isa, MOST_IMAGES, &r);
        for (int k = 0; k < 3 && ok; k++) {
            way w = draw_way(&a, &r);
            ok = check_way(&a, &w);
        }
        free_album(&a);
    }
    suite_require(ok);
}

/* The algorithm alone, which needs no run, over many shapes. */
static const char *chosen(const ninetap_conv3x3_desc *d, const float *weights) {
    ninetap_conv3x3 *plan = NULL;
    REQUIRE(ninetap_conv3x3_create(&plan, d, weights, NULL) == NINETAP_OK);
    const char *algorithm = algorithm_of(plan);
    ninetap_conv3x3_free(plan);
    return algorithm;
}

static bool one_choice(ninetap_conv3x3_desc d, const float *weights) {
    d.n = 1;
    const char *first = chosen(&d, weights);
    for (int i = 0; i < 2 * 2 * 4; i++) {
        d.layout = (ninetap_layout)(i % 2);
        d.pool = (ninetap_fused_pool)(i / 2 % 2);
        d.n = i / 4 * 3;
        d.threads = i % 3;
        if (strcmp(chosen(&d, weights), first) != 0) {
            const conv_problem p = {.desc = d};
            char text[NT_PROBLEM_TEXT];
            conv_print(text, &p);
            return suite_wrong("%s: not %s", text, first);
        }
    }
    return true;
}

static void choices(const char *isa) {
    static const int channels[] = {8, 12, 16, 24, 32, 48, 64};
    static const float weights[64 * 64 * 9];
    const int64_t cases = suite_cases(800) / 5;
    rng r = suite_rng(isa);
    bool ok = true;
    for (int64_t i = 0; i < cases && ok; i++) {
        ninetap_conv3x3_desc d = {.ic = channels[rng_int(&r, 0, 6)],
                                  .oc = channels[rng_int(&r, 0, 6)],
                                  .ih = rng_int(&r, 2, 60),
                                  .iw = rng_int(&r, 2, 60),
                                  .pad = {1, 1, 1, 1},
                                  .isa = isa};
        d.precision = rng_one_in(&r, 2) ? NINETAP_PRECISION_FAST : NINETAP_PRECISION_DEFAULT;
        ok = one_choice(d, weights);
    }
    suite_require(ok);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "choices", .each_isa = choices},
        {.name = "known_shapes", .each_isa = known_shapes},
        {.name = "drawn_shapes", .each_isa = drawn_shapes},
        {.name = "other_blocks", .each_isa = other_blocks},
        {.name = "large_filters", .each_isa = large_filters},
        {0},
    };
    return suite_main("batch", tests, argc, argv);
}
