/* Nothing beside the caller's elements is touched: buffers flush against a guard page, before them
 * and after them, for every tail. Each test is a process of its own, so that a fault ends no more
 * than that. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#ifndef _WIN32
#include <sys/mman.h>
#endif

#include "core/dispatch.h"
#include "support/problems.h"
#include "support/pages.h"
#include "support/sizes.h"
#include "support/suite.h"

/* ---- The guards themselves ---- */

static void touch(void *address) {
    *(volatile char *)address = 0;
}

static void guards_bite(void) {
    for (int where = AT_END; where <= AT_START; where++)
        for (size_t bytes = 0; bytes < 10000; bytes += 1111) {
            buffer b = buffer_new(bytes, (placement)where, 0);
            char *data = b.data;
            REQUIRE(suite_child_dies(touch, where == AT_END ? data + bytes : data - 1));
            if (bytes > 0) {
                touch(data);
                touch(data + bytes - 1);
                REQUIRE(buffer_margins_whole(&b));
                touch(where == AT_END ? (char *)b.pages : (char *)b.pages + b.page_bytes - 1);
                REQUIRE(bytes % 4096 == 0 || !buffer_margins_whole(&b));
                buffer_read_only(&b);
                REQUIRE(suite_child_dies(touch, data));
            }
            buffer_free(&b);
        }
}

/* ---- Every tail, on one thread ---- */

/* Direct, and one of Winograd's by the seed. */
static bool check_algorithms(conv_problem p) {
    p.desc.algo = NINETAP_ALGO_DIRECT;
    const bool ok = check_conv3x3(&p);
    p.desc.algo = (ninetap_algo)(NINETAP_ALGO_WINOGRAD2 + p.seed % 3);
    return ok && check_conv3x3(&p);
}

static void conv3x3_tails(void *isa) {
    const sizes tails = sizes_of_vectors(nt_find_isa(isa));
    for (int i = 0; i < tails.count * 2 * 2 * 2; i++) {
        conv_problem p = {.desc = {.n = 1, .ih = 4, .isa = isa, .threads = 1}, .bias = 1};
        const int tail = tails.value[i % tails.count], rest = i / tails.count;
        p.placement = rest & 1;
        p.desc.layout = (ninetap_layout)(rest >> 1 & 1);
        p.desc.pad[1] = rest >> 2;
        p.desc.iw = tail + 2;
        p.desc.ic = 3;
        p.desc.oc = 5;
        p.workspace = 1;
        p.seed = i + 1;
        suite_require(check_algorithms(p)); /* the tail in columns */
        p.desc.ic = 2;
        p.desc.iw = 5;
        p.desc.oc = tail;
        suite_require(check_algorithms(p)); /* in output channels */
        p.desc.ic = tail;
        p.desc.oc = 4;
        suite_require(check_algorithms(p));    /* in input channels */
        p.desc.groups = p.desc.oc = p.desc.ic; /* depthwise */
        suite_require(check_conv3x3(&p));
    }
}

static void maxpool2x2_tails(void *isa) {
    const sizes tails = sizes_of_vectors(nt_find_isa(isa));
    for (int i = 0; i < tails.count * 2 * 2 * 2 * 2; i++) {
        pool_problem p = {.desc = {.n = 1, .ih = 4, .isa = isa, .threads = 1}};
        const int tail = tails.value[i % tails.count], rest = i / tails.count;
        p.placement = rest & 1;
        p.indices = rest >> 1 & 1;
        p.desc.stride = 1 + (rest >> 2 & 1);
        p.desc.nan = (ninetap_nan)(rest >> 3);
        p.data = DATA_EXTREME;
        p.seed = i + 1;
        p.desc.c = 2;
        p.desc.iw = p.desc.stride * tail + 1;
        suite_require(check_pool2x2(&p));
        p.desc.layout = NINETAP_NHWC;
        p.desc.c = tail;
        p.desc.iw = 5;
        suite_require(check_pool2x2(&p));
    }
}

static void each_tail(const char *isa) {
    suite_require(suite_child(conv3x3_tails, (void *)(uintptr_t)isa, 300));
    suite_require(suite_child(maxpool2x2_tails, (void *)(uintptr_t)isa, 300));
}

/* ---- In parallel ---- */

static void large_conv3x3(void *isa) {
    for (int i = 0; i < 8; i++) {
        conv_problem p = {.desc = {.n = 2, .ic = 13, .ih = 27, .iw = 35, .oc = 35, .isa = isa}};
        p.desc.layout = (ninetap_layout)(i & 1);
        p.desc.pad[0] = p.desc.pad[3] = i >> 1 & 1;
        p.placement = i >> 2;
        p.desc.threads = 3;
        p.bias = p.workspace = 1;
        p.seed = i + 1;
        if (suite_visits_costly(i, 8, 20))
            suite_require(check_algorithms(p));
    }
}

static void large_maxpool2x2(void *isa) {
    for (int i = 0; i < 8; i++) {
        pool_problem p = {.desc = {.n = 1, .c = 21, .ih = 101, .iw = 137, .isa = isa}};
        p.desc.layout = (ninetap_layout)(i & 1);
        p.indices = i >> 1 & 1;
        p.placement = i >> 2;
        p.desc.threads = 3;
        p.seed = 1;
        if (suite_visits_costly(i, 8, 20))
            suite_require(check_pool2x2(&p));
    }
}

static void in_parallel(const char *isa) {
    suite_require(suite_child(large_conv3x3, (void *)(uintptr_t)isa, 300));
    suite_require(suite_child(large_maxpool2x2, (void *)(uintptr_t)isa, 300));
}

/* ---- A file ---- */

#ifndef _WIN32
/* The inputs of a convolution as they lie in a file, mapped read-only: the last float of the
 * weights, then of the bias, then of src is the file's last one, and a page that the file does not
 * reach follows. */
static void read_mapped_file(void *isa) {
    enum { IC = 5, SIDE = 23, OC = 19, SRC = IC * SIDE * SIDE, WEIGHTS = OC * IC * 9 };
    static float dst[OC * SIDE * SIDE], expected[OC * SIDE * SIDE];
    const size_t page = page_bytes();
    const size_t bytes = ((SRC + WEIGHTS + OC) * sizeof(float) + page - 1) / page * page;
    FILE *file = tmpfile();
    REQUIRE(file != NULL);
    rng r = suite_rng("file");
    for (size_t i = 0; i < bytes / sizeof(float); i++) {
        const float value = rng_float(&r);
        REQUIRE(fwrite(&value, sizeof value, 1, file) == 1);
    }
    REQUIRE(fflush(file) == 0);
    char *map = mmap(NULL, bytes + page, PROT_READ, MAP_PRIVATE, fileno(file), 0);
    REQUIRE(map != MAP_FAILED);
    REQUIRE(suite_child_dies(touch, map + bytes) && suite_child_dies(touch, map));
    const float *end = (const float *)(void *)(map + bytes);
    for (int i = 0; i < 3 * 2 * 4; i++) {
        const float *last = end - (i % 3 == 0 ? SRC : i % 3 == 1 ? WEIGHTS : OC);
        const float *src = i % 3 == 0 ? last : (const float *)(void *)map;
        const float *weights = i % 3 == 1 ? last : src + 1;
        ninetap_conv3x3_desc d = {
            .n = 1, .ic = IC, .ih = SIDE, .iw = SIDE, .oc = OC, .pad = {1, 1, 1, 1}, .isa = isa};
        d.layout = (ninetap_layout)(i / 3 % 2);
        d.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + i / 6);
        d.precision = NINETAP_PRECISION_FAST;
        REQUIRE(ninetap_conv3x3_f32(&d, src, weights, i % 3 == 2 ? last : src, dst) == NINETAP_OK);
        d.isa = "scalar";
        REQUIRE(ninetap_conv3x3_f32(&d, src, weights, i % 3 == 2 ? last : src, expected) ==
                NINETAP_OK);
        for (int k = 0; k < OC * SIDE * SIDE; k++)
            REQUIRE(fabsf(dst[k] - expected[k]) < 1e-2F);
    }
    munmap(map, bytes + page);
    fclose(file);
}

static void mapped_file(const char *isa) {
    suite_require(suite_child(read_mapped_file, (void *)(uintptr_t)isa, 60));
}
#endif

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "guards_bite", .once = guards_bite},
        {.name = "each_tail", .each_isa = each_tail},
        {.name = "in_parallel", .each_isa = in_parallel},
#ifndef _WIN32
        {.name = "mapped_file", .each_isa = mapped_file},
#endif
        {0},
    };
    return suite_main("guard", tests, argc, argv);
}
