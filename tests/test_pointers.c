/* Every pointer that must be refused: absent, misaligned, or overlapping; nothing of the caller's
 * written. */
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"

enum { N = 2, IC = 2, IH = 5, IW = 6, OC = 3, OH = 3, OW = 4 };
enum { SRC = N * IC * IH * IW, WEIGHTS = OC * IC * 9, BIAS = OC, DST = N * OC * OH * OW };
enum { POOL_FLOATS = N * IC * 2 * 3 };

static const ninetap_conv3x3_desc conv_desc = {.n = N, .ic = IC, .ih = IH, .iw = IW, .oc = OC};
static const ninetap_pool2x2_desc pool_desc = {.n = N, .c = IC, .ih = IH, .iw = IW};

/* One stretch of memory from which every tensor is cut, and the indices, for which it is aligned;
 * it must stay as it was. */
enum { ARENA = 1024 };
static _Alignas(int64_t) float arena[ARENA];
static float before[ARENA];

static void fill_arena(void) {
    for (int i = 0; i < ARENA; i++)
        before[i] = arena[i] = (float)(i % 7 - 3);
}

static bool arena_whole(void) {
    return memcmp(arena, before, sizeof arena) == 0;
}

static float *at(int element) {
    return arena + element;
}

/* Off its alignment by `bytes`. */
static void *off(void *pointer, int bytes) {
    return (char *)pointer + bytes;
}

#define REFUSED(call, status) REQUIRE((call) == (status) && arena_whole())

/* Room for the indices of a pooling. */
static int64_t *aligned_indices(void) {
    return off(at(600), (int)((uintptr_t)at(600) % 8));
}

static void absent(void) {
    fill_arena();
    float *src = at(0), *w = at(200), *b = at(300), *dst = at(400);
    ninetap_conv3x3 *plan = NULL;
    int64_t size = 0;
    REFUSED(ninetap_conv3x3_output(NULL, &size, &size), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_output(&conv_desc, NULL, &size), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_output(&conv_desc, &size, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_create(NULL, &conv_desc, w, b), NINETAP_ERR_ARG);
    plan = (ninetap_conv3x3 *)arena;
    REFUSED(ninetap_conv3x3_create(&plan, NULL, w, b), NINETAP_ERR_ARG);
    REQUIRE(plan == NULL);
    plan = (ninetap_conv3x3 *)arena;
    REFUSED(ninetap_conv3x3_create(&plan, &conv_desc, NULL, b), NINETAP_ERR_ARG);
    REQUIRE(plan == NULL);
    REFUSED(ninetap_conv3x3_f32(NULL, src, w, b, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_f32(&conv_desc, NULL, w, b, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_f32(&conv_desc, src, NULL, b, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_f32(&conv_desc, src, w, b, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run(NULL, src, dst, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(NULL, src, dst, NULL, 0, 1), NINETAP_ERR_ARG);

    REQUIRE(ninetap_conv3x3_create(&plan, &conv_desc, w, NULL) == NINETAP_OK);
    REFUSED(ninetap_conv3x3_run(plan, NULL, dst, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run(plan, src, NULL, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(plan, NULL, dst, NULL, 0, 1), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(plan, src, NULL, NULL, 0, 1), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(plan, src, dst, NULL, -1, 1), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(plan, src, dst, NULL, 1, 1), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(plan, src, dst, NULL, 0, 0), NINETAP_ERR_ARG);
    REFUSED(ninetap_conv3x3_run_part(plan, src, dst, NULL, 0, -1), NINETAP_ERR_ARG);
    ninetap_plan_info info = {.macs = -1};
    REQUIRE(ninetap_conv3x3_workspace(NULL) == 0);
    ninetap_conv3x3_describe(NULL, &info);
    ninetap_conv3x3_describe(plan, NULL);
    REQUIRE(info.macs == -1);
    ninetap_conv3x3_free(plan);
    ninetap_conv3x3_free(NULL);

    REFUSED(ninetap_pool2x2_output(NULL, &size, &size), NINETAP_ERR_ARG);
    REFUSED(ninetap_pool2x2_output(&pool_desc, NULL, &size), NINETAP_ERR_ARG);
    REFUSED(ninetap_pool2x2_output(&pool_desc, &size, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_f32(NULL, src, dst, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_f32(&pool_desc, NULL, dst, NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_f32(&pool_desc, src, NULL, NULL), NINETAP_ERR_ARG);
    for (pool_problem p = {.desc = pool_desc}; p.op < POOL_OPS; p.op++) {
        REFUSED(nt_pool_call(&p, NULL, dst, aligned_indices()), NINETAP_ERR_ARG);
        REFUSED(nt_pool_call(&p, src, NULL, aligned_indices()), NINETAP_ERR_ARG);
    }
    REFUSED(ninetap_maxunpool2x2_f32(&pool_desc, src, NULL, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_backward_f32(&pool_desc, NULL, src, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_u8(NULL, off(src, 0), off(dst, 0), NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_s8(NULL, off(src, 0), off(dst, 0), NULL), NINETAP_ERR_ARG);
    REFUSED(ninetap_avgpool2x2_f32(NULL, src, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_avgpool2x2_u8(NULL, off(src, 0), off(dst, 0)), NINETAP_ERR_ARG);
    REFUSED(ninetap_avgpool2x2_s8(NULL, off(src, 0), off(dst, 0)), NINETAP_ERR_ARG);
    REFUSED(ninetap_mixedpool2x2_f32(NULL, 0.5F, src, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxunpool2x2_f32(NULL, src, aligned_indices(), dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_maxpool2x2_backward_f32(NULL, aligned_indices(), src, dst), NINETAP_ERR_ARG);
    REFUSED(ninetap_avgpool2x2_backward_f32(NULL, src, dst), NINETAP_ERR_ARG);
}

static void misaligned(void) {
    fill_arena();
    float *src = at(0), *w = at(200), *b = at(300), *dst = at(400);
    int64_t *indices = aligned_indices();
    ninetap_conv3x3 *plan = NULL;
    REQUIRE(ninetap_conv3x3_create(&plan, &conv_desc, w, b) == NINETAP_OK);
    for (int k = 1; k < 4; k++) {
        ninetap_conv3x3 *none = NULL;
        REFUSED(ninetap_conv3x3_create(&none, &conv_desc, off(w, k), b), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_create(&none, &conv_desc, w, off(b, k)), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_run(plan, off(src, k), dst, NULL), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_run(plan, src, off(dst, k), NULL), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_run_part(plan, src, off(dst, k), NULL, 0, 2), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_f32(&conv_desc, off(src, k), w, b, dst), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_f32(&conv_desc, src, off(w, k), b, dst), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_f32(&conv_desc, src, w, off(b, k), dst), NINETAP_ERR_ARG);
        REFUSED(ninetap_conv3x3_f32(&conv_desc, src, w, b, off(dst, k)), NINETAP_ERR_ARG);
        REFUSED(ninetap_maxpool2x2_f32(&pool_desc, off(src, k), dst, NULL), NINETAP_ERR_ARG);
        REFUSED(ninetap_maxpool2x2_f32(&pool_desc, src, off(dst, k), NULL), NINETAP_ERR_ARG);
        REFUSED(ninetap_maxpool2x2_f32(&pool_desc, src, dst, off(indices, k)), NINETAP_ERR_ARG);
        for (pool_problem p = {.desc = pool_desc}; p.op < POOL_OPS; p.op++) {
            if (pool_element(&p) > 1) {
                REFUSED(nt_pool_call(&p, off(src, k), dst, indices), NINETAP_ERR_ARG);
                REFUSED(nt_pool_call(&p, src, off(dst, k), indices), NINETAP_ERR_ARG);
            }
            if (pool_gives_indices(&p) || pool_takes_indices(&p))
                REFUSED(nt_pool_call(&p, src, dst, off(indices, k)), NINETAP_ERR_ARG);
        }
    }
    ninetap_conv3x3_free(plan);
}

/* dst is moved over an input of `size` elements at element 500: apart on either side, then over it
 * by one element on either side, then right on it. */
static bool over_each_edge(ninetap_status (*call)(float *dst), int dst_size, int size) {
    const int apart[] = {500 - dst_size, 500 + size};
    const int over[] = {500 - dst_size + 1, 500 + size - 1, 500};
    for (int i = 0; i < 3; i++) {
        fill_arena();
        if (call(at(over[i])) != NINETAP_ERR_ALIAS || !arena_whole())
            return suite_wrong("dst at %d", over[i]);
    }
    for (int i = 0; i < 2; i++) {
        fill_arena();
        if (call(at(apart[i])) != NINETAP_OK || arena_whole())
            return suite_wrong("dst at %d", apart[i]);
    }
    return true;
}

static ninetap_conv3x3 *shared_plan;

static ninetap_status run_over_src(float *dst) {
    return ninetap_conv3x3_run(shared_plan, at(500), dst, NULL);
}
static ninetap_status part_over_src(float *dst) {
    return ninetap_conv3x3_run_part(shared_plan, at(500), dst, NULL, 0, 1);
}
static ninetap_status one_shot_over_src(float *dst) {
    return ninetap_conv3x3_f32(&conv_desc, at(500), at(0), at(100), dst);
}
static ninetap_status one_shot_over_weights(float *dst) {
    return ninetap_conv3x3_f32(&conv_desc, at(0), at(500), at(200), dst);
}
static ninetap_status one_shot_over_bias(float *dst) {
    return ninetap_conv3x3_f32(&conv_desc, at(0), at(200), at(500), dst);
}
static ninetap_status pool_over_src(float *dst) {
    return ninetap_maxpool2x2_f32(&pool_desc, at(500), dst, NULL);
}

static ninetap_status average_over_src(float *dst) {
    return ninetap_avgpool2x2_f32(&pool_desc, at(500), dst);
}
static ninetap_status mix_over_src(float *dst) {
    return ninetap_mixedpool2x2_f32(&pool_desc, 0.5F, at(500), dst);
}
static ninetap_status unpool_over_src(float *dst) {
    static const int64_t places[POOL_FLOATS];
    return ninetap_maxunpool2x2_f32(&pool_desc, at(500), places, dst);
}
static ninetap_status unpool_over_indices(float *dst) {
    int64_t *places = (int64_t *)(void *)at(500);
    memset(places, 0, POOL_FLOATS * sizeof *places);
    memcpy(before, arena, sizeof before);
    return ninetap_maxunpool2x2_f32(&pool_desc, arena, places, dst);
}

/* Of bytes: dst and the indices against src and each other. */
static void overlapping_bytes(void) {
    fill_arena();
    uint8_t *bytes = (uint8_t *)arena, *far = bytes + 4 * 500;
    const ninetap_pool2x2_desc *d = &pool_desc;
    REFUSED(ninetap_maxpool2x2_u8(d, far, far + SRC - 1, NULL), NINETAP_ERR_ALIAS);
    REFUSED(ninetap_maxpool2x2_u8(d, far, far - POOL_FLOATS + 1, NULL), NINETAP_ERR_ALIAS);
    REFUSED(ninetap_maxpool2x2_u8(d, bytes, far, (int64_t *)(void *)bytes), NINETAP_ERR_ALIAS);
    REFUSED(ninetap_maxpool2x2_u8(d, bytes, far, (int64_t *)(void *)far), NINETAP_ERR_ALIAS);
    REQUIRE(ninetap_maxpool2x2_u8(d, far, far + SRC, NULL) == NINETAP_OK && !arena_whole());
    fill_arena();
    REQUIRE(ninetap_maxpool2x2_u8(d, far, far - POOL_FLOATS, NULL) == NINETAP_OK && !arena_whole());
}

static void overlapping(void) {
    fill_arena();
    REQUIRE(ninetap_conv3x3_create(&shared_plan, &conv_desc, at(0), NULL) == NINETAP_OK);
    suite_require(over_each_edge(run_over_src, DST, SRC));
    suite_require(over_each_edge(part_over_src, DST, SRC));
    ninetap_conv3x3_free(shared_plan);
    suite_require(over_each_edge(one_shot_over_src, DST, SRC));
    suite_require(over_each_edge(one_shot_over_weights, DST, WEIGHTS));
    suite_require(over_each_edge(one_shot_over_bias, DST, BIAS));
    suite_require(over_each_edge(pool_over_src, POOL_FLOATS, SRC));
    suite_require(over_each_edge(average_over_src, POOL_FLOATS, SRC));
    suite_require(over_each_edge(mix_over_src, POOL_FLOATS, SRC));
    suite_require(over_each_edge(unpool_over_src, SRC, POOL_FLOATS));
    suite_require(over_each_edge(unpool_over_indices, SRC, 2 * POOL_FLOATS));
}

/* The test is on whole ranges: dst between the rows of src is refused, though no element is
 * shared. */
static void interleaved(void) {
    ninetap_conv3x3_desc d = {.n = 1, .ic = 1, .ih = 5, .iw = 6, .oc = 1};
    d.src_pitch[2] = d.dst_pitch[2] = 16;
    fill_arena();
    REFUSED(ninetap_conv3x3_f32(&d, at(0), at(200), NULL, at(8)), NINETAP_ERR_ALIAS);
    /* Past the last element of src, in the gap after its last row: apart. */
    REQUIRE(ninetap_conv3x3_f32(&d, at(0), at(200), NULL, at(4 * 16 + 6)) == NINETAP_OK);
    /* Inputs may overlap each other. */
    REQUIRE(ninetap_conv3x3_f32(&d, at(0), at(3), at(5), at(300)) == NINETAP_OK);
}

static void no_images(void) {
    fill_arena();
    ninetap_conv3x3_desc d = conv_desc;
    d.n = 0;
    ninetap_conv3x3 *plan;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, at(0), NULL) == NINETAP_OK);
    REFUSED(ninetap_conv3x3_run(plan, at(300), at(600), NULL), NINETAP_OK);
    REFUSED(ninetap_conv3x3_run_residual(plan, at(300), at(400), at(600), NULL), NINETAP_OK);
    REFUSED(ninetap_conv3x3_run_part(plan, at(300), at(600), NULL, 1, 3), NINETAP_OK);
    ninetap_conv3x3_free(plan);
    REFUSED(ninetap_conv3x3_f32(&d, at(300), at(0), NULL, at(600)), NINETAP_OK);
    ninetap_pool2x2_desc pool = pool_desc;
    pool.n = 0;
    for (pool_problem p = {.desc = pool}; p.op < POOL_OPS; p.op++)
        REFUSED(nt_pool_call(&p, at(300), at(600), NULL), NINETAP_OK);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "absent", .once = absent},
        {.name = "misaligned", .once = misaligned},
        {.name = "overlapping", .once = overlapping},
        {.name = "overlapping_bytes", .once = overlapping_bytes},
        {.name = "interleaved", .once = interleaved},
        {.name = "no_images", .once = no_images},
        {0},
    };
    return suite_main("pointers", tests, argc, argv);
}
