/* 2x2 max pooling against the reference. One problem:
 *     test_maxpool2x2 --case 'n=1 c=3 ih=7 iw=9 isa=avx2 seed=1' */
#include "support/pool_walks.h"
#include "support/suite.h"

static void sizes_nchw(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NCHW, POOL_MAX);
}

static void sizes_nhwc(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NHWC, POOL_MAX);
}

static void geometry(const char *isa) {
    pool_walk_geometry(isa, POOL_MAX);
}

static void random_problems(const char *isa) {
    pool_walk_random(isa, POOL_MAX);
}

static void large(const char *isa) {
    pool_walk_large(isa, POOL_MAX);
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
    return pool_walk_main("maxpool2x2", tests, argc, argv);
}
