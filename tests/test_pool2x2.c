/* 2x2 pooling of every kind against the reference. One problem:
 *     test_operations --case 'pool2x2 op=mixed alpha=0.5 n=1 c=3 ih=7 iw=9 isa=avx2 seed=1' */
#include "core/dispatch.h"
#include "support/problems.h"
#include "support/sizes.h"
#include "support/suite.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

static const int kinds[] = {DATA_TIES, DATA_RANDOM, DATA_EXTREME, DATA_LOWEST};

static bool fits(const pool_problem *p) {
    return pool_out_h(p) > 0 && pool_out_w(p) > 0;
}

/* Each width and channel count up to a few vectors, on each kind of data. */
static void walk_sizes(const char *name, ninetap_layout layout, pool_op op) {
    const bool bytes = pool_element(&(pool_problem){.op = (int)op}) == 1;
    const nt_isa *isa = nt_find_isa(name);
    const sizes widths = bytes ? sizes_of_byte_vectors(isa) : sizes_of_vectors(isa);
    const int total = widths.count * 6 * 3 * 4 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        pool_problem p = {.desc = {.n = 1, .layout = layout, .isa = name, .threads = 1},
                          .op = (int)op,
                          .alpha = 0.3F,
                          .placement = i % 2,
                          .seed = i + 1};
        int rest = i;
        const int vector = widths.value[rest % widths.count], other = 1 + rest / widths.count % 6;
        rest /= widths.count * 6;
        /* What lies along the lanes: columns in NCHW, channels in NHWC. */
        p.desc.c = layout == NINETAP_NCHW ? 1 + other % 2 : vector;
        p.desc.iw = layout == NINETAP_NCHW ? 2 * vector + other % 2 : other;
        p.desc.ih = other;
        p.desc.stride = 1 + rest % 3, rest /= 3;
        p.data = kinds[rest % 4];
        p.desc.nan = (ninetap_nan)(rest / 4);
        p.indices = i % 3 == 0;
        if (suite_visits(i, total) && fits(&p))
            failures += !check_pool2x2(&p);
    }
    suite_require(failures == 0);
}

/* All pads x strides x dilations x rounding x layouts, on images from one pixel up. */
static void walk_geometry(const char *isa, pool_op op) {
    static const int images[][2] = {{1, 1}, {1, 6}, {5, 2}, {4, 7}};
    int failures = 0;
    for (int dilation = 1; dilation <= 3; dilation++) {
        const int pads = (dilation + 1) * (dilation + 1) * (dilation + 1) * (dilation + 1);
        const int total = pads * 4 * 4 * 2 * 2;
        for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
            pool_problem p = {.desc = {.n = 1, .c = 3, .dilation = dilation, .isa = isa},
                              .op = (int)op,
                              .alpha = (float)(i % 5) * 0.25F,
                              .data = kinds[i % 3],
                              .indices = 1,
                              .seed = i + 1};
            int pad = i % pads, rest = i / pads;
            for (int k = 0; k < 4; k++, pad /= dilation + 1)
                p.desc.pad[k] = pad % (dilation + 1);
            p.desc.stride = 1 + rest % 4, rest /= 4;
            p.desc.ih = images[rest % 4][0], p.desc.iw = images[rest % 4][1], rest /= 4;
            p.desc.ceil_mode = rest % 2;
            p.desc.layout = (ninetap_layout)(rest / 2);
            if (suite_visits(i, total) && fits(&p))
                failures += !check_pool2x2(&p);
        }
    }
    suite_require(failures == 0);
}

static void walk_random(const char *isa, pool_op op) {
    rng r = suite_rng(isa);
    int failures = 0;
    for (int64_t i = suite_cases(3000); i > 0 && failures < MOST_FAILURES; i--) {
        const pool_problem p = pool_random_of(&r, isa, op);
        failures += !check_pool2x2(&p);
    }
    suite_require(failures == 0);
}

/* Large enough to be shared by threads, and larger than the caches: with streaming stores. */
static void walk_large(const char *isa, pool_op op) {
    /* The first one is more than the caches hold, of bytes when it is twice as high and wide. */
    static const int64_t images[][3] = {{9, 1000, 940}, {21, 101, 137}};
    const int factor = pool_element(&(pool_problem){.op = (int)op}) == 1 ? 2 : 1;
    int failures = 0;
    for (int i = 0; i < 8 && failures < MOST_FAILURES; i++) {
        const int64_t *size = images[i / 4];
        /* An evenly spread few of them have both layouts. */
        const int other = i / 2 % 2, nhwc = __builtin_parity((unsigned)i);
        pool_problem p = {.desc = {.n = 1,
                                   .c = nhwc ? 7 * size[0] : size[0],
                                   .ih = size[1] * factor,
                                   .iw = size[2] * factor / (nhwc ? 7 : 1),
                                   .layout = (ninetap_layout)nhwc,
                                   .isa = isa,
                                   .threads = 3},
                          .op = (int)op,
                          .alpha = 0.7F,
                          .data = DATA_RANDOM,
                          .placement = other,
                          .seed = i + 1};
        p.indices = p.desc.pad[1] = other;
        if (suite_visits_costly(i, 8, 160))
            failures += !check_pool2x2(&p);
    }
    suite_require(failures == 0);
}

/* ---- For each kind of pooling ---- */

static void sizes_nchw(const char *isa) {
    for (int op = 0; op < POOL_OPS; op++)
        walk_sizes(isa, NINETAP_NCHW, (pool_op)op);
}

static void sizes_nhwc(const char *isa) {
    for (int op = 0; op < POOL_OPS; op++)
        walk_sizes(isa, NINETAP_NHWC, (pool_op)op);
}

static void geometry(const char *isa) {
    for (int op = 0; op < POOL_OPS; op++)
        walk_geometry(isa, (pool_op)op);
}

static void random_problems(const char *isa) {
    for (int op = 0; op < POOL_OPS; op++)
        walk_random(isa, (pool_op)op);
}

static void large(const char *isa) {
    for (int op = 0; op < POOL_OPS; op++)
        walk_large(isa, (pool_op)op);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "sizes_nchw", .each_isa = sizes_nchw},
        {.name = "sizes_nhwc", .each_isa = sizes_nhwc},
        {.name = "geometry", .each_isa = geometry},
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "large", .each_isa = large},
        {0},
    };
    return suite_main("pool2x2", tests, argc, argv);
}
