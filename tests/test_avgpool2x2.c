/* 2x2 average and mixed pooling against the reference. One problem:
 *     test_avgpool2x2 --case 'op=mixed alpha=0.5 n=1 c=3 ih=7 iw=9 seed=1' */
#include "support/pool_walks.h"
#include "support/suite.h"

static void average_sizes_nchw(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NCHW, POOL_AVERAGE);
}

static void average_sizes_nhwc(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NHWC, POOL_AVERAGE);
}

static void average_geometry(const char *isa) {
    pool_walk_geometry(isa, POOL_AVERAGE);
}

static void average_random_problems(const char *isa) {
    pool_walk_random(isa, POOL_AVERAGE);
}

static void average_large(const char *isa) {
    pool_walk_large(isa, POOL_AVERAGE);
}

static void mixed_sizes_nchw(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NCHW, POOL_MIXED);
}

static void mixed_sizes_nhwc(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NHWC, POOL_MIXED);
}

static void mixed_geometry(const char *isa) {
    pool_walk_geometry(isa, POOL_MIXED);
}

static void mixed_random_problems(const char *isa) {
    pool_walk_random(isa, POOL_MIXED);
}

static void mixed_large(const char *isa) {
    pool_walk_large(isa, POOL_MIXED);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "average_sizes_nchw", .each_isa = average_sizes_nchw},
        {.name = "average_sizes_nhwc", .each_isa = average_sizes_nhwc},
        {.name = "average_geometry", .each_isa = average_geometry},
        {.name = "average_random_problems", .each_isa = average_random_problems},
        {.name = "average_large", .each_isa = average_large},
        {.name = "mixed_sizes_nchw", .each_isa = mixed_sizes_nchw},
        {.name = "mixed_sizes_nhwc", .each_isa = mixed_sizes_nhwc},
        {.name = "mixed_geometry", .each_isa = mixed_geometry},
        {.name = "mixed_random_problems", .each_isa = mixed_random_problems},
        {.name = "mixed_large", .each_isa = mixed_large},
        {0},
    };
    return pool_walk_main("avgpool2x2", tests, argc, argv);
}
