/* 3x3 convolution against the reference. One problem:
 *     test_operations --case 'conv3x3 n=1 ic=3 ih=7 iw=9 oc=4 pad=1,1,1,1 isa=avx2 seed=1' */
#include "conv3x3/conv3x3.h"
#include "core/dispatch.h"
#include "support/problems.h"
#include "support/sizes.h"
#include "support/suite.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

/* ---- Around every tile boundary ---- */

/* Both kinds of kernels: fused through EXACT, separate through PORTABLE. */
static void check_both_roundings(conv_problem p, const nt_isa *isa, int *failures) {
    p.data = DATA_WIDE;
    p.desc.precision = NINETAP_PRECISION_PORTABLE;
    *failures += !check_conv3x3(&p);
    p.desc.precision = NINETAP_PRECISION_EXACT;
    if (isa->fast_fma) /* otherwise it is scalar's work, seen under that name */
        *failures += !check_conv3x3(&p);
}

static void columns_and_filters(const char *name, ninetap_layout layout) {
    static const int rows[] = {1, 2, 3, 5};
    const nt_isa *isa = nt_find_isa(name);
    const sizes ow = sizes_of_columns(isa), oc = sizes_of_output_channels(isa);
    const int total = ow.count * oc.count * 4;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {.desc = {.n = 1, .ic = 2, .layout = layout, .isa = name, .threads = 1},
                          .bias = 1,
                          .placement = i % 2,
                          .workspace = 1,
                          .seed = i + 1};
        p.desc.iw = ow.value[i % ow.count] + 2;
        p.desc.oc = oc.value[i / ow.count % oc.count];
        p.desc.ih = rows[i / ow.count / oc.count] + 2;
        if (suite_visits(i, total))
            check_both_roundings(p, isa, &failures);
    }
    suite_require(failures == 0);
}

static void columns_and_filters_nchw(const char *isa) {
    columns_and_filters(isa, NINETAP_NCHW);
}

static void columns_and_filters_nhwc(const char *isa) {
    columns_and_filters(isa, NINETAP_NHWC);
}

static void channels(const char *name, ninetap_layout layout) {
    static const int columns[] = {1, 3, 16, 35};
    const nt_isa *isa = nt_find_isa(name);
    const sizes ic = sizes_of_input_channels(isa), oc = sizes_of_output_channels(isa);
    const int total = ic.count * oc.count * 4;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {.desc = {.n = 1, .ih = 3, .pad = {1, 1, 1, 1}, .layout = layout},
                          .bias = 1,
                          .placement = i % 2,
                          .seed = i + 1};
        p.desc.ic = ic.value[i % ic.count];
        p.desc.oc = oc.value[i / ic.count % oc.count];
        p.desc.iw = columns[i / ic.count / oc.count];
        p.desc.stride = 1 + i % 2;
        p.desc.isa = name;
        p.desc.threads = 1;
        if (suite_visits(i, total))
            check_both_roundings(p, isa, &failures);
    }
    suite_require(failures == 0);
}

static void channels_nchw(const char *isa) {
    channels(isa, NINETAP_NCHW);
}

static void channels_nhwc(const char *isa) {
    channels(isa, NINETAP_NHWC);
}

/* Depthwise, with one filter a channel and with three. */
static void depthwise(const char *name) {
    static const int columns[] = {1, 2, 5, 19, 50};
    const nt_isa *isa = nt_find_isa(name);
    const sizes c = sizes_of_vectors(isa);
    const int total = c.count * 5 * 2 * 2 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {.desc = {.n = 2, .ih = 4, .pad = {1, 1, 1, 1}, .isa = name},
                          .bias = 1,
                          .placement = i % 2,
                          .seed = i + 1};
        p.desc.groups = p.desc.ic = c.value[i % c.count];
        p.desc.iw = columns[i / c.count % 5];
        p.desc.layout = (ninetap_layout)(i / c.count / 5 % 2);
        p.desc.stride = 1 + i / c.count / 10 % 2;
        p.desc.oc = p.desc.ic * (i / c.count / 20 % 2 ? 3 : 1);
        p.desc.threads = 1;
        if (suite_visits(i, total))
            check_both_roundings(p, isa, &failures);
    }
    suite_require(failures == 0);
}

/* ---- More than one strip of rows ---- */

/* Inputs too large to be packed at once: strips of several rows, of one, and a shorter last one. */
static void strips(const char *name) {
    static const char *const shapes[] = {
        "ic=70 ih=34 iw=60 oc=3 pad=1,1,1,1",
        "ic=70 ih=37 iw=61 oc=20 stride=2 pad=1,1,1,1",
        "ic=2 ih=5 iw=33000 oc=1 pad=1,1,1,1 border=replicate",
        "ic=140 ih=40 iw=30 oc=6 groups=2 dilation=2 pad=2,2,2,2 border=reflect101",
    };
    static const char *const calls[] = {"threads=1", "threads=3", "threads=1 call=parts parts=5"};
    const nt_isa *isa = nt_find_isa(name);
    int failures = 0;
    for (int i = 0; i < 4 * 2 * 3; i++) {
        conv_problem p = {.desc = {.n = 1, .isa = name}, .bias = 1, .seed = i + 1};
        suite_require(conv_parse(shapes[i % 4], &p) && conv_parse(calls[i / 8], &p));
        p.desc.layout = (ninetap_layout)(i / 4 % 2);
        p.workspace = i % 3;
        if (suite_visits_costly(i, 4 * 2 * 3, 10))
            check_both_roundings(p, isa, &failures);
    }
    suite_require(failures == 0);
}

/* ---- Every candidate ---- */

/* Or forcing a candidate would show nothing. */
static bool candidates_differ(const char *name) {
    static const float weights[20 * 3 * 9];
    const ninetap_conv3x3_desc d = {.n = 1, .ic = 3, .ih = 33, .iw = 35, .oc = 20, .isa = name};
    const nt_conv_order order = {.desc = &d, .weights = weights};
    ninetap_conv3x3 *first = NULL, *second = NULL;
    suite_require(nt_conv_create(&first, &order, 0) == NINETAP_OK);
    suite_require(nt_conv_create(&second, &order, 1) == NINETAP_OK);
    const bool differ = first->method != second->method;
    ninetap_conv3x3_free(first);
    ninetap_conv3x3_free(second);
    return differ;
}

/* What the cost model does not choose must be as right as what it does, to the bit. */
static void candidates(const char *name) {
    static const char *const shapes[] = {
        "ic=3 ih=33 iw=35 oc=20 pad=1,1,1,1",
        "ic=40 ih=9 iw=17 oc=70 pad=1,1,1,1",
        "ic=6 ih=18 iw=33 oc=9 stride=2 pad=1,1,0,0",
        "ic=4 ih=7 iw=7 oc=33 pad=1,1,1,1 border=reflect101",
        "ic=35 ih=19 iw=37 oc=35 groups=35 pad=1,1,1,1",
        "ic=35 ih=19 iw=38 oc=35 groups=35 pad=1,1,1,1 stride=2 border=replicate",
        "ic=18 ih=7 iw=7 oc=18 groups=18 pad=1,1,1,1 border=constant border_value=2",
        "ic=9 ih=21 iw=40 oc=9 groups=9 dilation=2 pad=2,2,2,2",
    };
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    const nt_isa *isa = nt_find_isa(name);
    int failures = 0;
    suite_require(candidates_differ(name));
    for (int i = 0; i < SHAPES * 2 * NT_CANDIDATES; i++) {
        conv_problem p = {.desc = {.n = 2, .isa = name}, .bias = 1, .seed = i + 1};
        suite_require(conv_parse(shapes[i % SHAPES], &p));
        p.desc.layout = (ninetap_layout)(i / SHAPES % 2);
        p.candidate = i / SHAPES / 2;
        if (suite_visits_costly(i, SHAPES * 2 * NT_CANDIDATES, 2))
            check_both_roundings(p, isa, &failures);
    }
    suite_require(failures == 0);
}

/* ---- Every geometry ---- */

/* All pads x strides x borders x layouts, on images from one pixel up. */
static void geometry(const char *isa) {
    static const int strides[] = {1, 2, 3, 5};
    static const int images[][2] = {{1, 1}, {1, 6}, {5, 2}, {7, 9}};
    const int total = 81 * 4 * 4 * 4 * 2;
    int failures = 0;
    for (int i = 0; i < total && failures < MOST_FAILURES; i++) {
        conv_problem p = {.desc = {.n = 1, .ic = 2, .oc = 3, .isa = isa, .threads = 1},
                          .bias = 1,
                          .data = DATA_INTEGER,
                          .seed = i + 1};
        int pads = i % 81, rest = i / 81;
        for (int k = 0; k < 4; k++, pads /= 3)
            p.desc.pad[k] = pads % 3;
        p.desc.stride = strides[rest % 4], rest /= 4;
        p.desc.ih = images[rest % 4][0], p.desc.iw = images[rest % 4][1], rest /= 4;
        p.desc.border = (ninetap_border)(rest % 4), rest /= 4;
        p.desc.border_value = p.desc.border == NINETAP_BORDER_CONSTANT ? 5.0F : 0.0F;
        p.desc.layout = (ninetap_layout)rest;
        if (suite_visits(i, total) && conv_out_h(&p) > 0 && conv_out_w(&p) > 0)
            failures += !check_conv3x3(&p);
    }
    suite_require(failures == 0);
}

/* ---- Everything at once, at random ---- */

static void random_problems(const char *isa) {
    check_drawn(&nt_operation_conv3x3, isa, 3000, 300e3);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "columns_and_filters_nchw", .each_isa = columns_and_filters_nchw},
        {.name = "columns_and_filters_nhwc", .each_isa = columns_and_filters_nhwc},
        {.name = "channels_nchw", .each_isa = channels_nchw},
        {.name = "channels_nhwc", .each_isa = channels_nhwc},
        {.name = "depthwise", .each_isa = depthwise},
        {.name = "strips", .each_isa = strips},
        {.name = "candidates", .each_isa = candidates},
        {.name = "geometry", .each_isa = geometry},
        {.name = "random_problems", .each_isa = random_problems},
        {0},
    };
    return problems_main("conv3x3", tests, argc, argv);
}
