/* Every pointer at each address modulo 64 that its type allows: the bits of aligned ones. */
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"
#include "support/problems.h"
#include "support/suite.h"

enum { FLOATS = 8192, LINE = 64 };

/* A tensor anywhere in a cache line. */
typedef struct tensor {
    _Alignas(LINE) unsigned char bytes[FLOATS * sizeof(float) + LINE];
} tensor;

static tensor src, weights, bias, dst, expected, indices;

static void *at(tensor *t, int offset) {
    return t->bytes + offset;
}

/* The same numbers, wherever they begin. */
static void fill(tensor *t, int offset, uint64_t seed) {
    rng r = {seed};
    for (int i = 0; i < FLOATS; i++) {
        const float value = rng_float(&r);
        memcpy(t->bytes + offset + (size_t)i * sizeof value, &value, sizeof value);
    }
}

static void begin(int offset[4]) {
    fill(&src, offset[0], 1);
    fill(&weights, offset[1], 2);
    fill(&bias, offset[2], 3);
    memset(dst.bytes, 0, sizeof dst.bytes);
}

static bool same_as_aligned(int offset) {
    return memcmp(at(&dst, offset), expected.bytes, FLOATS * sizeof(float)) == 0;
}

/* Calls `run` once aligned, then with each pointer `unit` bytes further each time, and each at a
 * pace of its own. */
static bool at_each_offset(ninetap_status (*run)(const void *problem, const int offset[4]),
                           const void *problem, int unit) {
    for (int i = 0; i <= LINE / unit; i++) {
        int offset[4] = {i * unit % LINE, i * 5 * unit % LINE, i * 3 * unit % LINE,
                         i * 7 * unit % LINE};
        begin(offset);
        if (run(problem, offset) != NINETAP_OK)
            return suite_wrong("refused");
        if (i == 0)
            memcpy(expected.bytes, dst.bytes, sizeof dst.bytes);
        else if (!same_as_aligned(offset[3]))
            return suite_wrong("src %d, weights %d, bias %d, dst %d bytes past alignment",
                               offset[0], offset[1], offset[2], offset[3]);
    }
    return true;
}

static ninetap_status convolve(const void *problem, const int offset[4]) {
    const conv_problem *p = problem;
    return ninetap_conv3x3_f32(&p->desc, at(&src, offset[0]), at(&weights, offset[1]),
                               at(&bias, offset[2]), at(&dst, offset[3]));
}

static void conv3x3(const char *isa) {
    static const char *const shapes[] = {
        "n=1 ic=3 ih=9 iw=37 oc=18 algo=direct",
        "n=1 ic=3 ih=9 iw=37 oc=18 algo=winograd2",
        "n=1 ic=3 ih=9 iw=37 oc=18 algo=winograd4",
        "n=1 ic=3 ih=9 iw=37 oc=18 algo=winograd6",
        "n=1 ic=3 ih=9 iw=37 oc=18 algo=direct pool=max",
        "n=1 ic=2 ih=9 iw=50 oc=3 precision=exact",
        "n=1 ic=2 ih=9 iw=50 oc=3 precision=portable stride=2",
        "n=1 ic=19 ih=7 iw=37 oc=19 groups=19",
    };
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    for (int i = 0; i < SHAPES * 2; i++) {
        conv_problem p = {.desc = {.pad = {1, 1, 1, 1}, .isa = isa, .threads = 1}};
        p.desc.layout = (ninetap_layout)(i / SHAPES);
        suite_require(conv_parse(shapes[i % SHAPES], &p));
        suite_require(at_each_offset(convolve, &p, sizeof(float)) ||
                      suite_wrong("%s", shapes[i % SHAPES]));
    }
}

/* Indices are more aligned than floats: they move by 8 bytes. */
static ninetap_status pool(const void *problem, const int offset[4]) {
    const pool_problem *p = problem;
    int64_t *index = at(&indices, offset[1] / 8 * 8);
    if (pool_takes_indices(p))
        for (int64_t i = 0; i < p->desc.n * p->desc.c * pool_out_h(p) * pool_out_w(p); i++)
            index[i] = i % (p->desc.ih * p->desc.iw);
    return nt_pool_call(p, at(&src, offset[0]), at(&dst, offset[3]), index);
}

static void pool2x2(const char *isa) {
    static const char *const shapes[] = {
        "n=1 c=3 ih=8 iw=75",
        "n=1 c=21 ih=4 iw=10 stride=1 layout=nhwc",
        "n=1 c=37 ih=4 iw=10 layout=nhwc",
    };
    for (int i = 0; i < 3 * POOL_OPS; i++) {
        pool_problem p = {.op = i / 3, .alpha = 0.3F, .desc.isa = isa, .desc.threads = 1};
        suite_require(pool_parse(shapes[i % 3], &p));
        suite_require(at_each_offset(pool, &p, (int)pool_element(&p)) ||
                      suite_wrong("%s %s", "test_operations", shapes[i % 3]));
    }
}

static ninetap_status dense(const void *problem, const int offset[4]) {
    return ninetap_dense_f32(problem, at(&src, offset[0]), at(&weights, offset[1]),
                             at(&bias, offset[2]), at(&dst, offset[3]));
}

static ninetap_status softmax(const void *problem, const int offset[4]) {
    return nt_softmax(nt_find_isa(problem), 1, 5, 107, at(&src, offset[0]), 0, at(&dst, offset[3]),
                      0);
}

static void rows(const char *isa) {
    const ninetap_dense_desc d = {.n = 5, .in = 37, .out = 51, .isa = isa, .threads = 1};
    suite_require(at_each_offset(dense, &d, sizeof(float)) || suite_wrong("dense"));
    suite_require(at_each_offset(softmax, isa, sizeof(float)) || suite_wrong("softmax"));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "conv3x3", .each_isa = conv3x3},
        {.name = "pool2x2", .each_isa = pool2x2},
        {.name = "rows", .each_isa = rows},
        {0},
    };
    return suite_main("alignment", tests, argc, argv);
}
