/* Offsets past 2^31 elements, by pitches: small tensors strewn over terabytes of addresses, of
 * which hardly a page exists, must give the bits of the same tensors without gaps. */
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"
#include "support/problems.h"
#include "support/reserve.h"
#include "support/suite.h"
#include "selftest/view.h"

/* Not a multiple of any vector; 2^31 elements overflow in 32 bits with a sign, 2^33 bytes in every
 * 32 bits. */
#define HUGE_PITCH (INT64_C(2147483648) + 13)

/* A tensor twice: without gaps, and with. */
typedef struct twin {
    view near_view, far_view;
    int64_t element, near_bytes, far_bytes;
    char *near_data, *far_data;
} twin;

/* `huge`: which pitch. */
static twin twin_new(ninetap_layout layout, int64_t n, int64_t c, int64_t h, int64_t w, int huge,
                     int64_t element) {
    int64_t pitch[3] = {0};
    twin t = {.near_view = nt_view_of(layout, n, c, h, w, pitch), .element = element};
    pitch[huge] = HUGE_PITCH;
    t.far_view = nt_view_of(layout, n, c, h, w, pitch);
    t.near_bytes = nt_view_span(&t.near_view) * element;
    t.far_bytes = nt_view_span(&t.far_view) * element;
    t.near_data = malloc((size_t)t.near_bytes);
    t.far_data = reserve_zeros(t.far_bytes, SMALL_PAGES);
    if (t.near_data == NULL)
        abort();
    rng r = {17};
    for (int64_t i = 0; i < t.near_bytes / element; i++) {
        const float value = rng_float(&r);
        if (element == 1)
            t.near_data[i] = (char)rng_int(&r, -128, 127);
        else
            memcpy(t.near_data + i * element, &value, sizeof value);
    }
    return t;
}

static void twin_free(twin *t) {
    free(t->near_data);
    reserve_end(t->far_data, t->far_bytes);
}

/* Copies the elements that are there into the gaps, or tells whether both are the same. */
static bool twin_each(const twin *t, bool copy) {
    const view *v = &t->near_view;
    bool same = true;
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t c = 0; c < v->c; c++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; x < v->w; x++) {
                    char *far = t->far_data + view_at(&t->far_view, n, c, y, x) * t->element;
                    const char *near = t->near_data + view_at(v, n, c, y, x) * t->element;
                    if (copy)
                        memcpy(far, near, (size_t)t->element);
                    else
                        same = same && memcmp(far, near, (size_t)t->element) == 0;
                }
    return same;
}

static ninetap_status convolve(const conv_problem *p, const void *src, const void *weights,
                               void *dst, const void *residual) {
    ninetap_conv3x3 *plan = NULL;
    ninetap_status status = ninetap_conv3x3_create(&plan, &p->desc, weights, NULL);
    if (status == NINETAP_OK)
        status = residual != NULL ? ninetap_conv3x3_run_residual(plan, src, residual, dst, NULL)
                                  : ninetap_conv3x3_run(plan, src, dst, NULL);
    ninetap_conv3x3_free(plan);
    return status;
}

static bool check_conv(conv_problem p, int huge) {
    static float weights[64 * 64 * 9];
    const ninetap_conv3x3_desc *d = &p.desc;
    char text[NT_PROBLEM_TEXT];
    conv_print(text, &p);
    rng r = {5};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        weights[i] = rng_float(&r);
    twin src = twin_new(d->layout, d->n, d->ic, d->ih, d->iw, huge, sizeof(float));
    twin dst =
        twin_new(d->layout, d->n, d->oc, conv_out_h(&p), conv_out_w(&p), huge, sizeof(float));
    bool ok = true;
    if (src.far_data == NULL || dst.far_data == NULL) {
        suite_not_tried("terabytes of addresses cannot be reserved here");
    } else {
        const bool residual = p.residual != 0;
        twin addend = residual ? twin_new(d->layout, d->n, d->oc, conv_out_h(&p), conv_out_w(&p),
                                          huge, sizeof(float))
                               : (twin){0};
        twin_each(&src, true);
        if (residual)
            twin_each(&addend, true);
        ok = convolve(&p, src.near_data, weights, dst.near_data, addend.near_data) == NINETAP_OK;
        p.desc.src_pitch[huge] = p.desc.dst_pitch[huge] = HUGE_PITCH;
        ok = ok &&
             convolve(&p, src.far_data, weights, dst.far_data, addend.far_data) == NINETAP_OK &&
             twin_each(&dst, false);
        twin_free(&addend);
    }
    twin_free(&src);
    twin_free(&dst);
    return ok || suite_wrong("%s with huge pitch %d", text, huge);
}

static void conv_pitches(const char *isa) {
    static const char *const shapes[] = {
        "n=2 ic=3 ih=6 iw=19 oc=18 algo=direct",
        "n=2 ic=3 ih=6 iw=19 oc=18 algo=winograd2",
        "n=2 ic=3 ih=7 iw=19 oc=18 algo=winograd4",
        "n=2 ic=3 ih=7 iw=19 oc=9 algo=winograd6",
        "n=2 ic=3 ih=6 iw=19 oc=18 algo=winograd4 pool=max",
        "n=2 ic=3 ih=6 iw=19 oc=18 algo=direct pool=max act=relu",
        "n=2 ic=2 ih=6 iw=37 oc=3 precision=exact",
        "n=2 ic=2 ih=6 iw=37 oc=3 precision=portable residual=1",
        "n=2 ic=4 ih=6 iw=19 oc=6 groups=2 stride=2 border=replicate",
        "n=2 ic=19 ih=5 iw=20 oc=19 groups=19",
        "n=2 ic=9 ih=7 iw=37 oc=9 groups=9 stride=2 act=hardswish",
    };
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    for (int i = 0; i < SHAPES * 2 * 3; i++) {
        conv_problem p = {.desc = {.pad = {1, 1, 1, 1}, .isa = isa, .threads = 1 + i % 3}};
        suite_require(conv_parse(shapes[i % SHAPES], &p));
        p.desc.layout = (ninetap_layout)(i / SHAPES % 2);
        suite_require(check_conv(p, i / SHAPES / 2));
    }
}

static bool check_pool(pool_problem p, int huge) {
    const ninetap_pool2x2_desc *d = &p.desc;
    char text[NT_PROBLEM_TEXT];
    pool_print(text, &p);
    const int64_t element = (int64_t)pool_element(&p);
    twin large = twin_new(d->layout, d->n, d->c, d->ih, d->iw, huge, element);
    twin small = twin_new(d->layout, d->n, d->c, pool_out_h(&p), pool_out_w(&p), huge, element);
    const size_t count = (size_t)(d->n * d->c * pool_out_h(&p) * pool_out_w(&p));
    int64_t *near = calloc(count, sizeof *near), *far = calloc(count, sizeof *far);
    const bool back = pool_goes_back(&p);
    const twin *src = back ? &small : &large, *dst = back ? &large : &small;
    bool ok = near != NULL && far != NULL;
    if (large.far_data == NULL || small.far_data == NULL) {
        suite_not_tried("terabytes of addresses cannot be reserved here");
    } else {
        twin_each(src, true);
        ok = ok && nt_pool_call(&p, src->near_data, dst->near_data, near) == NINETAP_OK;
        p.desc.src_pitch[huge] = p.desc.dst_pitch[huge] = HUGE_PITCH;
        ok = ok && nt_pool_call(&p, src->far_data, dst->far_data, far) == NINETAP_OK &&
             twin_each(dst, false) && memcmp(near, far, count * sizeof *near) == 0;
    }
    free(near);
    free(far);
    twin_free(&large);
    twin_free(&small);
    return ok || suite_wrong("%s with huge pitch %d", text, huge);
}

static void pool_pitches(const char *isa) {
    static const char *const shapes[] = {
        "n=2 c=3 ih=5 iw=38",
        "n=2 c=19 ih=4 iw=6 stride=1 pad=1,0,0,1",
    };
    for (int i = 0; i < POOL_OPS * 2 * 2 * 3; i++) {
        pool_problem p = {.desc.isa = isa, .desc.threads = 1 + i % 3, .alpha = 0.3F};
        int rest = i;
        p.op = rest % POOL_OPS, rest /= POOL_OPS;
        suite_require(pool_parse(shapes[rest % 2], &p)), rest /= 2;
        p.desc.layout = (ninetap_layout)(rest % 2), rest /= 2;
        suite_require(check_pool(p, rest));
    }
}

static bool check_rows(const char *isa, int threads, bool dense) {
    enum { ROWS = 7, IN = 37, OUT = 37 };
    static float weights[OUT * IN];
    rng r = {5};
    for (int i = 0; i < OUT * IN; i++)
        weights[i] = rng_float(&r);
    twin src = twin_new(NINETAP_NCHW, 1, 1, ROWS, IN, 2, sizeof(float));
    twin dst = twin_new(NINETAP_NCHW, 1, 1, ROWS, OUT, 2, sizeof(float));
    const float *near = (const float *)(void *)src.near_data;
    const float *far = (const float *)(void *)src.far_data;
    float *near_out = (float *)(void *)dst.near_data, *far_out = (float *)(void *)dst.far_data;
    bool ok = true;
    if (far == NULL || far_out == NULL) {
        suite_not_tried("terabytes of addresses cannot be reserved here");
    } else {
        ninetap_dense_desc d = {.n = ROWS, .in = IN, .out = OUT, .isa = isa, .threads = threads};
        const nt_isa *table = nt_find_isa(isa);
        twin_each(&src, true);
        ok = dense ? ninetap_dense_f32(&d, near, weights, NULL, near_out) == NINETAP_OK
                   : nt_softmax(table, threads, ROWS, IN, near, 0, near_out, 0) == NINETAP_OK;
        d.src_pitch = d.dst_pitch = HUGE_PITCH;
        ok = ok &&
             (dense ? ninetap_dense_f32(&d, far, weights, NULL, far_out)
                    : nt_softmax(table, threads, ROWS, IN, far, HUGE_PITCH, far_out, HUGE_PITCH)) ==
                 NINETAP_OK &&
             twin_each(&dst, false);
    }
    twin_free(&src);
    twin_free(&dst);
    return ok || suite_wrong("%s with a huge pitch", dense ? "dense" : "softmax");
}

static void row_pitches(const char *isa) {
    for (int i = 0; i < 4; i++)
        suite_require(check_rows(isa, 1 + i / 2, i % 2));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "conv_pitches", .each_isa = conv_pitches},
        {.name = "pool_pitches", .each_isa = pool_pitches},
        {.name = "row_pitches", .each_isa = row_pitches},
        {0},
    };
    return suite_main("huge_pitches", tests, argc, argv);
}
