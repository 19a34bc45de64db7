/* 2x2 max pooling of bytes against the reference. One problem:
 *     test_maxpool2x2_bytes --case 'op=u8 n=1 c=3 ih=7 iw=9 seed=1' */
#include "support/pool_walks.h"
#include "support/suite.h"

static void u8_sizes_nchw(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NCHW, POOL_MAX_U8);
}

static void u8_sizes_nhwc(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NHWC, POOL_MAX_U8);
}

static void u8_geometry(const char *isa) {
    pool_walk_geometry(isa, POOL_MAX_U8);
}

static void u8_random_problems(const char *isa) {
    pool_walk_random(isa, POOL_MAX_U8);
}

static void u8_large(const char *isa) {
    pool_walk_large(isa, POOL_MAX_U8);
}

static void s8_sizes_nchw(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NCHW, POOL_MAX_S8);
}

static void s8_sizes_nhwc(const char *isa) {
    pool_walk_sizes(isa, NINETAP_NHWC, POOL_MAX_S8);
}

static void s8_geometry(const char *isa) {
    pool_walk_geometry(isa, POOL_MAX_S8);
}

static void s8_random_problems(const char *isa) {
    pool_walk_random(isa, POOL_MAX_S8);
}

static void s8_large(const char *isa) {
    pool_walk_large(isa, POOL_MAX_S8);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "u8_sizes_nchw", .each_isa = u8_sizes_nchw},
        {.name = "u8_sizes_nhwc", .each_isa = u8_sizes_nhwc},
        {.name = "u8_geometry", .each_isa = u8_geometry},
        {.name = "u8_random_problems", .each_isa = u8_random_problems},
        {.name = "u8_large", .each_isa = u8_large},
        {.name = "s8_sizes_nchw", .each_isa = s8_sizes_nchw},
        {.name = "s8_sizes_nhwc", .each_isa = s8_sizes_nhwc},
        {.name = "s8_geometry", .each_isa = s8_geometry},
        {.name = "s8_random_problems", .each_isa = s8_random_problems},
        {.name = "s8_large", .each_isa = s8_large},
        {0},
    };
    return pool_walk_main("maxpool2x2_bytes", tests, argc, argv);
}
