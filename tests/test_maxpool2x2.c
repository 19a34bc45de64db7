/* 2x2 max pooling against the reference. One problem:
 *     test_maxpool2x2 --case 'n=1 c=3 ih=7 iw=9 isa=avx2 seed=1' */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "support/check_maxpool2x2.h"
#include "support/sizes.h"
#include "support/suite.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

static bool fits(const pool_problem *p) {
    return pool_out_h(p) > 0 && pool_out_w(p) > 0;
}

/* Each width and channel count up to a few vectors, on each kind of data. */
static void sizes_of(const char *name, ninetap_layout layout) {
    const sizes widths = sizes_of_vectors(nt_find_isa(name));
    const int total = widths.count * 6 * 3 * 4 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        pool_problem p = {.desc = {.n = 1, .layout = layout, .isa = name, .threads = 1},
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
        p.data = rest % 4;
        p.desc.nan = (ninetap_nan)(rest / 4);
        p.indices = i % 3 == 0;
        if (suite_visits(i, total) && fits(&p))
            failures += !check_maxpool2x2(&p);
    }
    suite_require(failures == 0);
}

static void sizes_nchw(const char *isa) {
    sizes_of(isa, NINETAP_NCHW);
}

static void sizes_nhwc(const char *isa) {
    sizes_of(isa, NINETAP_NHWC);
}

/* All pads x strides x dilations x rounding x layouts, on images from one pixel up. */
static void geometry(const char *isa) {
    static const int images[][2] = {{1, 1}, {1, 6}, {5, 2}, {4, 7}};
    int failures = 0;
    for (int dilation = 1; dilation <= 3; dilation++) {
        const int pads = (dilation + 1) * (dilation + 1) * (dilation + 1) * (dilation + 1);
        const int total = pads * 4 * 4 * 2 * 2;
        for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
            pool_problem p = {.desc = {.n = 1, .c = 3, .dilation = dilation, .isa = isa},
                              .data = i % 3,
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
                failures += !check_maxpool2x2(&p);
        }
    }
    suite_require(failures == 0);
}

static void random_problems(const char *isa) {
    rng r = suite_rng(isa);
    int failures = 0;
    for (int64_t i = suite_cases(3000); i > 0 && failures < MOST_FAILURES; i--) {
        const pool_problem p = pool_random(&r, isa);
        failures += !check_maxpool2x2(&p);
    }
    suite_require(failures == 0);
}

static int one_case(const char *text) {
    pool_problem p = {0};
    if (!pool_parse(text, &p))
        return EXIT_FAILURE;
    const bool ok = check_maxpool2x2(&p);
    puts(ok ? "right" : "WRONG");
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "sizes_nchw", .each_isa = sizes_nchw},
        {.name = "sizes_nhwc", .each_isa = sizes_nhwc},
        {.name = "geometry", .each_isa = geometry},
        {.name = "random_problems", .each_isa = random_problems},
        {0},
    };
    if (argc == 3 && strcmp(argv[1], "--case") == 0)
        return one_case(argv[2]);
    return suite_main("maxpool2x2", tests, argc, argv);
}
