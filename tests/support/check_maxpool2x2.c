#include "check_maxpool2x2.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"
#include "support/bits.h"
#include "support/suite.h"
#include "support/view.h"

typedef struct pool_case {
    const pool_problem *p;
    view src_view, dst_view, indices_view;
    buffer src, dst, indices;
    float *expected; /* as long as dst */
    int64_t *expected_indices;
} pool_case;

static void *copy_of(const buffer *b) {
    void *copy = malloc(b->bytes + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, b->data, b->bytes);
    return copy;
}

static void fill_src(const pool_case *c) {
    rng r = {(uint64_t)c->p->seed};
    const view *v = &c->src_view;
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t i = 0; i < v->c; i++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; x < v->w; x++) {
                    /* As bits: some machines quiet a NaN that passes through a register. */
                    const float value = pool_draw(&r, (pool_data)c->p->data);
                    memcpy((float *)c->src.data + view_at(v, n, i, y, x), &value, sizeof value);
                }
    buffer_read_only(&c->src);
}

static pool_case new_case(const pool_problem *p) {
    const ninetap_pool2x2_desc *d = &p->desc;
    const placement where = (placement)p->placement;
    const int64_t oh = pool_out_h(p), ow = pool_out_w(p);
    pool_case c = {.p = p,
                   .src_view = view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch),
                   .dst_view = view_of(d->layout, d->n, d->c, oh, ow, d->dst_pitch),
                   .indices_view = view_of(d->layout, d->n, d->c, oh, ow, (const int64_t[3]){0})};
    c.src = buffer_new((size_t)view_span(&c.src_view) * sizeof(float), where, 0);
    fill_src(&c);
    c.dst = buffer_new((size_t)view_span(&c.dst_view) * sizeof(float), where, 0);
    c.indices = buffer_new((size_t)view_span(&c.indices_view) * sizeof(int64_t), where, 0);
    c.expected = copy_of(&c.dst);
    c.expected_indices = copy_of(&c.indices);
    return c;
}

static void free_case(pool_case *c) {
    buffer_free(&c->src);
    buffer_free(&c->dst);
    buffer_free(&c->indices);
    free(c->expected);
    free(c->expected_indices);
}

static bool check_output_size(const pool_problem *p) {
    int64_t oh = -1, ow = -1;
    const ninetap_status status = ninetap_pool2x2_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK || oh != pool_out_h(p) || ow != pool_out_w(p))
        return suite_wrong("output: %s, %lld x %lld instead of %lld x %lld",
                           ninetap_strerror(status), (long long)oh, (long long)ow,
                           (long long)pool_out_h(p), (long long)pool_out_w(p));
    return true;
}

static bool check_element(const pool_case *c, int64_t n, int64_t i, int64_t y, int64_t x) {
    const int64_t at = view_at(&c->dst_view, n, i, y, x);
    const int64_t index_at = view_at(&c->indices_view, n, i, y, x);
    const float got = ((const float *)c->dst.data)[at], wanted = c->expected[at];
    if (bits_of(got) != bits_of(wanted))
        return suite_wrong("(n %lld, c %lld, y %lld, x %lld): %g (%08x) instead of %g (%08x)",
                           (long long)n, (long long)i, (long long)y, (long long)x, (double)got,
                           (unsigned)bits_of(got), (double)wanted, (unsigned)bits_of(wanted));
    const int64_t index = ((const int64_t *)c->indices.data)[index_at];
    if (c->p->indices && index != c->expected_indices[index_at])
        return suite_wrong("(n %lld, c %lld, y %lld, x %lld): index %lld instead of %lld",
                           (long long)n, (long long)i, (long long)y, (long long)x, (long long)index,
                           (long long)c->expected_indices[index_at]);
    return true;
}

static bool check_values(const pool_case *c) {
    const view *v = &c->dst_view;
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t i = 0; i < v->c; i++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; x < v->w; x++)
                    if (!check_element(c, n, i, y, x))
                        return false;
    return true;
}

static bool only_canaries(const buffer *b) {
    const uint32_t *words = b->data;
    for (size_t i = 0; i < b->bytes / sizeof *words; i++)
        if (words[i] != CANARY)
            return false;
    return buffer_margins_whole(b);
}

/* With the outputs forgotten, everything must be canaries. Wipes dst and the indices. */
static bool check_gaps(const pool_case *c) {
    const view *v = &c->dst_view;
    const uint32_t canary = CANARY;
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t i = 0; i < v->c; i++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; x < v->w; x++)
                    memcpy((float *)c->dst.data + view_at(v, n, i, y, x), &canary, sizeof canary);
    if (!only_canaries(&c->dst))
        return suite_wrong("written beside the outputs");
    if (!buffer_margins_whole(&c->indices) || (!c->p->indices && !only_canaries(&c->indices)))
        return suite_wrong("written beside the indices");
    return true;
}

bool check_maxpool2x2(const pool_problem *p) {
    char text[POOL_TEXT];
    pool_print(text, p);
    suite_case("test_maxpool2x2", text);
    if (!check_output_size(p))
        return false;
    pool_case c = new_case(p);
    int64_t *indices = p->indices ? c.indices.data : NULL;
    errno = 0;
    const ninetap_status status = ninetap_maxpool2x2_f32(&p->desc, c.src.data, c.dst.data, indices);
    const int error = errno;
    nt_reference_maxpool2x2_f32(&p->desc, c.src.data, c.expected,
                                p->indices ? c.expected_indices : NULL);
    const bool ok = status == NINETAP_OK && error == 0
                        ? check_values(&c) && check_gaps(&c)
                        : suite_wrong("%s, errno %d", ninetap_strerror(status), error);
    free_case(&c);
    return ok;
}
