#include "check_pool2x2.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"
#include "support/allocations.h"
#include "support/bits.h"
#include "support/suite.h"
#include "support/view.h"

/* `src` and `dst` are the call's: of maxunpool the pooled tensor and the large one. */
typedef struct pool_case {
    const pool_problem *p;
    size_t element;
    view src_view, dst_view, indices_view;
    buffer src, dst, indices;
    void *expected; /* as long as dst */
    int64_t *expected_indices;
    bool gives_indices;
} pool_case;

const char *pool_program(const pool_problem *p) {
    static const char *const programs[] = {
        [POOL_MAX] = "test_maxpool2x2",          [POOL_AVERAGE] = "test_avgpool2x2",
        [POOL_MIXED] = "test_avgpool2x2",        [POOL_MAX_U8] = "test_maxpool2x2_bytes",
        [POOL_MAX_S8] = "test_maxpool2x2_bytes", [POOL_UNPOOL] = "test_maxunpool2x2"};
    return programs[p->op];
}

ninetap_status pool_call(const pool_problem *p, const void *src, void *dst, int64_t *indices) {
    switch ((pool_op)p->op) {
    case POOL_MAX:
        return ninetap_maxpool2x2_f32(&p->desc, src, dst, indices);
    case POOL_AVERAGE:
        return ninetap_avgpool2x2_f32(&p->desc, src, dst);
    case POOL_MIXED:
        return ninetap_mixedpool2x2_f32(&p->desc, p->alpha, src, dst);
    case POOL_MAX_U8:
        return ninetap_maxpool2x2_u8(&p->desc, src, dst, indices);
    case POOL_MAX_S8:
        return ninetap_maxpool2x2_s8(&p->desc, src, dst, indices);
    case POOL_UNPOOL:
        return ninetap_maxunpool2x2_f32(&p->desc, src, indices, dst);
    }
    return NINETAP_ERR_UNSUPPORTED;
}

static void reference(const pool_case *c) {
    const ninetap_pool2x2_desc *d = &c->p->desc;
    const void *src = c->src.data;
    int64_t *indices = c->gives_indices ? c->expected_indices : NULL;
    switch ((pool_op)c->p->op) {
    case POOL_MAX:
        nt_reference_maxpool2x2_f32(d, src, c->expected, indices);
        break;
    case POOL_AVERAGE:
        nt_reference_avgpool2x2_f32(d, src, c->expected);
        break;
    case POOL_MIXED:
        nt_reference_mixedpool2x2_f32(d, c->p->alpha, src, c->expected);
        break;
    case POOL_MAX_U8:
        nt_reference_maxpool2x2_u8(d, src, c->expected, indices);
        break;
    case POOL_MAX_S8:
        nt_reference_maxpool2x2_s8(d, src, c->expected, indices);
        break;
    case POOL_UNPOOL:
        nt_reference_maxunpool2x2_f32(d, src, c->indices.data, c->expected);
        break;
    }
}

static void *copy_of(const buffer *b) {
    void *copy = malloc(b->bytes + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, b->data, b->bytes);
    return copy;
}

/* Calls `visit` for each element of a tensor, until it returns false. */
static bool each(const view *v, bool (*visit)(void *user, const int64_t place[4]), void *user) {
    int64_t place[4]; /* n, c, y, x */
    for (place[0] = 0; place[0] < v->n; place[0]++)
        for (place[1] = 0; place[1] < v->c; place[1]++)
            for (place[2] = 0; place[2] < v->h; place[2]++)
                for (place[3] = 0; place[3] < v->w; place[3]++)
                    if (!visit(user, place))
                        return false;
    return true;
}

static int64_t at(const view *v, const int64_t place[4]) {
    return view_at(v, place[0], place[1], place[2], place[3]);
}

/* ---- Data ---- */

typedef struct filler {
    const pool_case *c;
    rng r;
} filler;

static bool fill_element(void *user, const int64_t place[4]) {
    filler *f = user;
    const pool_case *c = f->c;
    char *to = (char *)c->src.data + (size_t)at(&c->src_view, place) * c->element;
    if (c->element == 1) {
        *to = (char)pool_draw_byte(&f->r, (pool_data)c->p->data);
        return true;
    }
    /* As bits: some machines quiet a NaN that passes through a register. */
    const float value = pool_draw(&f->r, (pool_data)c->p->data);
    memcpy(to, &value, sizeof value);
    return true;
}

/* Where maxima of this description lie; or, to show every case, anywhere and nowhere. */
static void fill_indices(const pool_case *c) {
    const ninetap_pool2x2_desc *d = &c->p->desc;
    int64_t *indices = c->indices.data;
    const int64_t count = view_span(&c->indices_view);
    rng r = {(uint64_t)c->p->seed + 1};
    if (c->p->data == POOL_SPECIAL || c->p->data == POOL_LOWEST) {
        for (int64_t i = 0; i < count; i++)
            indices[i] = rng_int(&r, -1, (int)(d->ih * d->iw - 1));
        return;
    }
    ninetap_pool2x2_desc dense = *d;
    memset(dense.src_pitch, 0, sizeof dense.src_pitch);
    memset(dense.dst_pitch, 0, sizeof dense.dst_pitch);
    const int64_t size = d->n * d->c * d->ih * d->iw;
    float *image = malloc((size_t)size * sizeof *image + 1);
    float *pooled = malloc((size_t)count * sizeof *pooled + 1);
    if (image == NULL || pooled == NULL)
        abort();
    for (int64_t i = 0; i < size; i++)
        image[i] = rng_float(&r);
    nt_reference_maxpool2x2_f32(&dense, image, pooled, indices);
    free(image);
    free(pooled);
}

static pool_case new_case(const pool_problem *p) {
    const ninetap_pool2x2_desc *d = &p->desc;
    const placement where = (placement)p->placement;
    const int64_t oh = pool_out_h(p), ow = pool_out_w(p);
    const view large = view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
    const view pooled = view_of(d->layout, d->n, d->c, oh, ow, d->dst_pitch);
    const bool back = p->op == POOL_UNPOOL;
    pool_case c = {.p = p,
                   .element = pool_element(p),
                   .src_view = back ? pooled : large,
                   .dst_view = back ? large : pooled,
                   .indices_view = view_of(d->layout, d->n, d->c, oh, ow, (const int64_t[3]){0})};
    c.gives_indices = p->indices && pool_gives_indices(p);
    c.src = buffer_new((size_t)view_span(&c.src_view) * c.element, where, 0);
    each(&c.src_view, fill_element, &(filler){&c, {(uint64_t)p->seed}});
    buffer_read_only(&c.src);
    c.dst = buffer_new((size_t)view_span(&c.dst_view) * c.element, where, 0);
    c.indices = buffer_new((size_t)view_span(&c.indices_view) * sizeof(int64_t), where, 0);
    if (back) {
        fill_indices(&c);
        buffer_read_only(&c.indices);
    }
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

/* ---- Comparison ---- */

static bool check_output_size(const pool_problem *p) {
    int64_t oh = -1, ow = -1;
    const ninetap_status status = ninetap_pool2x2_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK || oh != pool_out_h(p) || ow != pool_out_w(p))
        return suite_wrong("output: %s, %lld x %lld instead of %lld x %lld",
                           ninetap_strerror(status), (long long)oh, (long long)ow,
                           (long long)pool_out_h(p), (long long)pool_out_w(p));
    return true;
}

/* Only what computes may change the payload of a NaN. */
static bool same_element(const pool_case *c, const void *got, const void *wanted) {
    float a, b;
    if (memcmp(got, wanted, c->element) == 0)
        return true;
    if (c->p->op != POOL_AVERAGE && c->p->op != POOL_MIXED)
        return false;
    memcpy(&a, got, sizeof a);
    memcpy(&b, wanted, sizeof b);
    return same_but_for_nan_payload(a, b);
}

static void print_element(char *text, size_t size, const pool_case *c, const void *from) {
    float value;
    if (c->element == 1) {
        snprintf(text, size, "%d", *(const unsigned char *)from);
        return;
    }
    memcpy(&value, from, sizeof value);
    snprintf(text, size, "%g (%08x)", (double)value, (unsigned)bits_of(value));
}

static bool check_element(void *user, const int64_t place[4]) {
    const pool_case *c = user;
    const size_t offset = (size_t)at(&c->dst_view, place) * c->element;
    const char *got = (const char *)c->dst.data + offset;
    const char *wanted = (const char *)c->expected + offset;
    if (same_element(c, got, wanted))
        return true;
    char texts[2][40];
    print_element(texts[0], sizeof texts[0], c, got);
    print_element(texts[1], sizeof texts[1], c, wanted);
    return suite_wrong("(n %lld, c %lld, y %lld, x %lld): %s instead of %s", (long long)place[0],
                       (long long)place[1], (long long)place[2], (long long)place[3], texts[0],
                       texts[1]);
}

static bool check_index(void *user, const int64_t place[4]) {
    const pool_case *c = user;
    const int64_t i = at(&c->indices_view, place);
    const int64_t index = ((const int64_t *)c->indices.data)[i];
    return index == c->expected_indices[i] ||
           suite_wrong("(n %lld, c %lld, y %lld, x %lld): index %lld instead of %lld",
                       (long long)place[0], (long long)place[1], (long long)place[2],
                       (long long)place[3], (long long)index, (long long)c->expected_indices[i]);
}

static bool check_values(pool_case *c) {
    return each(&c->dst_view, check_element, c) &&
           (!c->gives_indices || each(&c->indices_view, check_index, c));
}

/* Byte i of what an untouched buffer holds. */
static unsigned char canary_byte(const buffer *b, size_t i) {
    const uint32_t canary = CANARY;
    unsigned char pattern[sizeof canary];
    memcpy(pattern, &canary, sizeof canary);
    return pattern[((size_t)((unsigned char *)b->data - b->pages) + i) % sizeof canary];
}

static bool only_canaries(const buffer *b) {
    for (size_t i = 0; i < b->bytes; i++)
        if (((const unsigned char *)b->data)[i] != canary_byte(b, i))
            return false;
    return buffer_margins_whole(b);
}

static bool forget(void *user, const int64_t place[4]) {
    const pool_case *c = user;
    const size_t offset = (size_t)at(&c->dst_view, place) * c->element;
    for (size_t i = 0; i < c->element; i++)
        ((unsigned char *)c->dst.data)[offset + i] = canary_byte(&c->dst, offset + i);
    return true;
}

/* With the outputs forgotten, everything must be canaries. Wipes dst. */
static bool check_gaps(pool_case *c) {
    each(&c->dst_view, forget, c);
    if (!only_canaries(&c->dst))
        return suite_wrong("written beside the outputs");
    const bool untouched = !c->gives_indices && c->p->op != POOL_UNPOOL;
    if (!buffer_margins_whole(&c->indices) || (untouched && !only_canaries(&c->indices)))
        return suite_wrong("written beside the indices");
    return true;
}

bool check_pool2x2(const pool_problem *p) {
    char text[POOL_TEXT];
    pool_print(text, p);
    suite_case(pool_program(p), text);
    if (!check_output_size(p))
        return false;
    pool_case c = new_case(p);
    int64_t *indices = c.gives_indices || p->op == POOL_UNPOOL ? c.indices.data : NULL;
    errno = 0;
    allocations_fail(1, true); /* it makes none */
    const ninetap_status status = pool_call(p, c.src.data, c.dst.data, indices);
    const int error = allocations_tried() == 0 ? errno : ENOMEM;
    reference(&c);
    const bool ok = status == NINETAP_OK && error == 0
                        ? check_values(&c) && check_gaps(&c)
                        : suite_wrong("%s, errno %d", ninetap_strerror(status), error);
    free_case(&c);
    return ok;
}
