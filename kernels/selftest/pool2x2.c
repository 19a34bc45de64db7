/* 2x2 pooling and unpooling: drawn, run, and held against the definition. */
#include "core/build.h"

#include "selftest/pool2x2.h"

#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "targets/isa.h"

#define POOL_DESC(member) offsetof(pool_problem, desc.member)
#define POOL_HOW(member) offsetof(pool_problem, member)
static const nt_field pool_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, POOL_DESC(n)},
    {"c", FIELD_INT64, 1, NAMES_NONE, POOL_DESC(c)},
    {"ih", FIELD_INT64, 1, NAMES_NONE, POOL_DESC(ih)},
    {"iw", FIELD_INT64, 1, NAMES_NONE, POOL_DESC(iw)},
    {"stride", FIELD_INT, 1, NAMES_NONE, POOL_DESC(stride)},
    {"pad", FIELD_INT, 4, NAMES_NONE, POOL_DESC(pad)},
    {"dilation", FIELD_INT, 1, NAMES_NONE, POOL_DESC(dilation)},
    {"ceil", FIELD_INT, 1, NAMES_NONE, POOL_DESC(ceil_mode)},
    {"layout", FIELD_INT, 1, NAMES_LAYOUT, POOL_DESC(layout)},
    {"nan", FIELD_INT, 1, NAMES_NAN, POOL_DESC(nan)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, POOL_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, POOL_DESC(threads)},
    {"src_pitch", FIELD_INT64, 3, NAMES_NONE, POOL_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 3, NAMES_NONE, POOL_DESC(dst_pitch)},
    {"reserved", FIELD_INT64, 8, NAMES_NONE, POOL_DESC(reserved)},
    {"op", FIELD_INT, 1, NAMES_POOL, POOL_HOW(op)},
    {"alpha", FIELD_FLOAT, 1, NAMES_NONE, POOL_HOW(alpha)},
    {"data", FIELD_INT, 1, NAMES_DATA, POOL_HOW(data)},
    {"indices", FIELD_INT, 1, NAMES_NONE, POOL_HOW(indices)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, POOL_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, POOL_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(pool_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

int64_t nt_pool_windows(const pool_problem *p, int64_t in, int before, int after) {
    const int64_t reach = pool_dilation(p); /* from a window's first element to its last */
    const int64_t end = in + before + after;
    int64_t count = 0;
    for (int64_t start = 0; start + reach < end; start += pool_stride(p)) {
        count++;
    }
    const int64_t next = count * pool_stride(p);
    const int64_t last_end = (count - 1) * pool_stride(p) + reach + 1;
    if (p->desc.ceil_mode && last_end < end && next < in + before) {
        count++;
    }
    return count;
}

/* ---- Drawing ---- */

static void pool_draw(rng *r, double most, void *problem) {
    static const float alphas[] = {0.0F, 1.0F, 0.5F, 0.1F, 0x1.FFFFFEp-1F, 0x1p-149F};
    static const unsigned char kinds[] = {DATA_TIES, DATA_RANDOM, DATA_EXTREME, DATA_LOWEST};
    pool_problem *p = problem;
    ninetap_pool2x2_desc *d = &p->desc;
    do {
        memset(p, 0, sizeof *p);
        d->n = rng_int(r, 1, 3);
        d->c = rng_one_in(r, 4) ? rng_int(r, 1, 70) : rng_int(r, 1, 9);
        d->stride = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 4);
        d->dilation = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 3);
        for (int i = 0; i < 4; i++) {
            d->pad[i] = rng_one_in(r, 2) ? 0 : rng_int(r, 0, pool_dilation(p));
        }
        d->ih = rng_int(r, 1, rng_one_in(r, 4) ? 80 : 20);
        d->iw = rng_int(r, 1, rng_one_in(r, 4) ? 150 : 40);
    } while (pool_out_h(p) == 0 || pool_out_w(p) == 0 ||
             (double)(d->n * d->c * d->ih * d->iw) > most);
    d->ceil_mode = rng_int(r, 0, 1);
    d->layout = (ninetap_layout)rng_int(r, 0, 1);
    d->nan = (ninetap_nan)rng_int(r, 0, 1);
    d->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
    nt_view_draw_pitch(r, d->layout, d->c, d->ih, d->iw, d->src_pitch);
    nt_view_draw_pitch(r, d->layout, d->c, pool_out_h(p), pool_out_w(p), d->dst_pitch);
    p->op = rng_int(r, 0, POOL_OPS - 1);
    p->alpha = rng_one_in(r, 7) ? (float)rng_int(r, 1, 999) / 1000.0F : alphas[rng_int(r, 0, 5)];
    p->data = kinds[rng_int(r, 0, 3)];
    p->indices = rng_int(r, 0, 1);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

/* ---- Tensors ---- */

static int pool_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    static const int64_t dense[3];
    const pool_problem *p = problem;
    const ninetap_pool2x2_desc *d = &p->desc;
    const bool back = pool_goes_back(p);
    const bool computed = p->op == POOL_AVERAGE || p->op == POOL_MIXED ||
                          p->op == POOL_MAX_BACKWARD || p->op == POOL_AVERAGE_BACKWARD;
    const int64_t oh = pool_out_h(p);
    const int64_t ow = pool_out_w(p);
    const view large = nt_view_of(d->layout, d->n, d->c, d->ih, d->iw, d->src_pitch);
    const view small = nt_view_of(d->layout, d->n, d->c, oh, ow, d->dst_pitch);
    const nt_element element = pool_element(p) == 1 ? NT_BYTES : NT_FLOATS;
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[POOL_SRC] = (nt_operand){.role = NT_INPUT,
                               .element = element,
                               .view = back ? small : large,
                               .seed = back ? 1 : 0,
                               .kind = (data_kind)p->data,
                               .largest = 8};
    o[POOL_DST] = (nt_operand){.role = NT_OUTPUT,
                               .element = element,
                               .view = back ? large : small,
                               .nan = computed ? NT_NAN_ANY : NT_NAN_BITS};
    o[POOL_INDICES] = (nt_operand){
        .element = NT_INDICES, .view = nt_view_of(d->layout, d->n, d->c, oh, ow, dense), .seed = 2};
    if (pool_takes_indices(p) || (p->indices && pool_gives_indices(p))) {
        o[POOL_INDICES].role = back ? NT_INPUT : NT_OUTPUT;
    }
    return p->seed;
}

/* Where indices are an input: where maxima of this description lie; or, to show every case,
 * anywhere and nowhere, and equal ones. */
static bool pool_fill(const void *problem, const nt_operand *o) {
    const pool_problem *p = problem;
    const ninetap_pool2x2_desc *d = &p->desc;
    const size_t count = (size_t)nt_view_span(&o[POOL_INDICES].view);
    int64_t *indices = o[POOL_INDICES].data;
    if (!pool_takes_indices(p)) {
        return true;
    }
    if (p->indices) {
        const uint64_t seed = (uint64_t)p->seed + 2;
        for (size_t i = 0; i < count; i++) {
            indices[i] = (int64_t)(rng_at(seed, (int64_t)i) % ((uint64_t)(d->ih * d->iw) + 1)) - 1;
        }
        return true;
    }
    nt_operand image[NT_OPERANDS] = {
        {.role = NT_INPUT, .view = o[POOL_DST].view, .kind = (data_kind)p->data, .largest = 8}};
    image[0].data = malloc(nt_operand_bytes(&image[0]) + 1);
    float *maxima = malloc(nt_operand_bytes(&o[POOL_SRC]) + 1);
    const bool ok = image[0].data != NULL && maxima != NULL;
    if (ok) {
        static const nt_operation plain;
        (void)nt_operands_fill(&plain, NULL, image, p->seed);
        nt_reference_maxpool2x2_f32(d, image[0].data, maxima, indices);
    }
    free(image[0].data);
    free(maxima);
    return ok;
}

/* ---- Running ---- */

ninetap_status nt_pool_call(const pool_problem *p, const void *src, void *dst, int64_t *indices) {
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
    case POOL_AVERAGE_U8:
        return ninetap_avgpool2x2_u8(&p->desc, src, dst);
    case POOL_AVERAGE_S8:
        return ninetap_avgpool2x2_s8(&p->desc, src, dst);
    case POOL_MAX_BACKWARD:
        return ninetap_maxpool2x2_backward_f32(&p->desc, indices, src, dst);
    case POOL_AVERAGE_BACKWARD:
        return ninetap_avgpool2x2_backward_f32(&p->desc, src, dst);
    }
    return NINETAP_ERR_UNSUPPORTED;
}

static ninetap_status pool_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    static const nt_pool_op ops[] = {[POOL_MAX] = NT_MAX,
                                     [POOL_AVERAGE] = NT_AVERAGE,
                                     [POOL_MIXED] = NT_MIXED,
                                     [POOL_MAX_U8] = NT_MAX_U8,
                                     [POOL_MAX_S8] = NT_MAX_S8,
                                     [POOL_AVERAGE_U8] = NT_AVERAGE_U8,
                                     [POOL_AVERAGE_S8] = NT_AVERAGE_S8};
    const pool_problem *p = problem;
    const nt_isa *isa = nt_find_isa(p->desc.isa);
    (void)o;
    int64_t oh = -1;
    int64_t ow = -1;
    const ninetap_status status = ninetap_pool2x2_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK || isa == NULL) {
        return status != NINETAP_OK ? status : NINETAP_ERR_UNSUPPORTED;
    }
    if (oh != pool_out_h(p) || ow != pool_out_w(p)) {
        nt_wrong(call, "output: %lld x %lld", (long long)oh, (long long)ow);
    }
    call->info.isa = isa->name;
    call->info.kernel = p->op == POOL_AVERAGE_BACKWARD ? isa->spread.name
                        : pool_takes_indices(p)        ? isa->unpool.name
                                                       : isa->pool[ops[p->op]].name;
    return NINETAP_OK;
}

static ninetap_status pool_run(const void *problem, const nt_operand *o, nt_call *call) {
    const pool_problem *p = problem;
    (void)call;
    return nt_pool_call(p, o[POOL_SRC].data, o[POOL_DST].data, o[POOL_INDICES].data);
}

static bool pool_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const pool_problem *p = problem;
    const ninetap_pool2x2_desc *d = &p->desc;
    const void *src = o[POOL_SRC].data;
    void *dst = o[POOL_DST].data;
    int64_t *indices = o[POOL_INDICES].data;
    (void)usual;
    switch ((pool_op)p->op) {
    case POOL_MAX:
        nt_reference_maxpool2x2_f32(d, src, dst, indices);
        return true;
    case POOL_AVERAGE:
        nt_reference_avgpool2x2_f32(d, src, dst);
        return true;
    case POOL_MIXED:
        nt_reference_mixedpool2x2_f32(d, p->alpha, src, dst);
        return true;
    case POOL_MAX_U8:
        nt_reference_maxpool2x2_u8(d, src, dst, indices);
        return true;
    case POOL_MAX_S8:
        nt_reference_maxpool2x2_s8(d, src, dst, indices);
        return true;
    case POOL_UNPOOL:
        nt_reference_maxunpool2x2_f32(d, src, indices, dst);
        return true;
    case POOL_AVERAGE_U8:
        nt_reference_avgpool2x2_u8(d, src, dst);
        return true;
    case POOL_AVERAGE_S8:
        nt_reference_avgpool2x2_s8(d, src, dst);
        return true;
    case POOL_MAX_BACKWARD:
        nt_reference_maxpool2x2_backward_f32(d, indices, src, dst);
        return true;
    case POOL_AVERAGE_BACKWARD:
        nt_reference_avgpool2x2_backward_f32(d, src, dst);
        return true;
    }
    return false;
}

static bool pool_right(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_as_defined(&nt_operation_pool2x2, problem, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_pool2x2 = {
    .name = "pool2x2",
    .fields = pool_fields,
    .size = sizeof(pool_problem),
    .isa = POOL_DESC(isa),
    .draw = pool_draw,
    .operands = pool_operands,
    .fill = pool_fill,
    .prepare = pool_prepare,
    .run = pool_run,
    .define = pool_define,
    .right = pool_right,
};
