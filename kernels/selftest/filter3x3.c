/* Image filters: drawn, run, and held against the definition, bit for bit. */
#include "core/build.h"

#include "selftest/filter3x3.h"

#include <string.h>

#include "core/dispatch.h"
#include "targets/isa.h"

#define FILTER_DESC(member) offsetof(filter_problem, desc.member)
#define FILTER_HOW(member) offsetof(filter_problem, member)
static const nt_field filter_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, FILTER_DESC(n)},
    {"ih", FIELD_INT64, 1, NAMES_NONE, FILTER_DESC(ih)},
    {"iw", FIELD_INT64, 1, NAMES_NONE, FILTER_DESC(iw)},
    {"channels", FIELD_INT, 1, NAMES_NONE, FILTER_DESC(channels)},
    {"keep_alpha", FIELD_INT, 1, NAMES_NONE, FILTER_DESC(keep_alpha)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, FILTER_DESC(src_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, FILTER_DESC(dst_type)},
    {"border", FIELD_INT, 1, NAMES_BORDER, FILTER_DESC(border)},
    {"border_value", FIELD_FLOAT, 4, NAMES_NONE, FILTER_DESC(border_value)},
    {"margin", FIELD_INT, 4, NAMES_NONE, FILTER_DESC(margin)},
    {"scale", FIELD_FLOAT, 1, NAMES_NONE, FILTER_DESC(scale)},
    {"delta", FIELD_FLOAT, 1, NAMES_NONE, FILTER_DESC(delta)},
    {"absolute", FIELD_INT, 1, NAMES_NONE, FILTER_DESC(absolute)},
    {"pool", FIELD_INT, 1, NAMES_FUSED_POOL, FILTER_DESC(pool)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, FILTER_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, FILTER_DESC(threads)},
    {"src_pitch", FIELD_INT64, 2, NAMES_NONE, FILTER_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 2, NAMES_NONE, FILTER_DESC(dst_pitch)},
    {"reserved", FIELD_INT64, 8, NAMES_NONE, FILTER_DESC(reserved)},
    {"op", FIELD_INT, 1, NAMES_NORM, FILTER_HOW(op)},
    {"filter", FIELD_INT, 1, NAMES_FILTER, FILTER_HOW(filter)},
    {"data", FIELD_INT, 1, NAMES_DATA, FILTER_HOW(data)},
    {"in_place", FIELD_INT, 1, NAMES_NONE, FILTER_HOW(in_place)},
    {"fail", FIELD_INT, 1, NAMES_NONE, FILTER_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, FILTER_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, FILTER_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(filter_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

void nt_filter_coefficients(const filter_problem *p, float kx[9], float ky[9]) {
    static const float given[FILTER_KINDS][9] = {
        [FILTER_EDGE] = {-1, -1, -1, -1, 8, -1, -1, -1, -1},
        [FILTER_SOBEL] = {-1, 0, 1, -2, 0, 2, -1, 0, 1},
        [FILTER_GAUSS] = {0.0625F, 0.125F, 0.0625F, 0.125F, 0.25F, 0.125F, 0.0625F, 0.125F,
                          0.0625F},
        [FILTER_SHARPEN] = {0, -1, 0, -1, 5, -1, 0, -1, 0},
        [FILTER_WIDE] = {1000, -300, 77, -32000, 500, 8, 31000, -9, 128},
        [FILTER_LARGE] = {100000, -700001, 3, 5000000, -40000, 32768, -1, -65537, 1234567},
        [FILTER_SMOOTH] = {2, 1, 3, 5, 40, 30, 20, 11, 9},
        [FILTER_HUGE] = {3e38F, -3e38F, 1e38F, 3e38F, -3e38F, 1, 3e38F, 3e38F, -1e38F},
        [FILTER_LAPLACE] = {0, 1, 0, 1, -4, 1, 0, 1, 0},
    };
    const uint64_t seed = (uint64_t)p->seed + 77;
    for (int i = 0; i < 9; i++) {
        const float any = rng_float_of(rng_at(seed, i));
        kx[i] = p->filter == FILTER_BOX      ? 1.0F / 9.0F
                : p->filter == FILTER_RANDOM ? any
                : p->filter == FILTER_FINE   ? (float)(int)(any * 200.0F) / 256.0F
                                             : given[p->filter][i];
    }
    for (int i = 0; i < 9; i++) {
        ky[i] = kx[i % 3 * 3 + i / 3];
    }
}

/* ---- Drawing ---- */

static nt_element element_of(ninetap_dtype type) {
    return type == NINETAP_U8 ? NT_BYTES : type == NINETAP_S16 ? NT_SHORTS : NT_FLOATS;
}

static int64_t bytes_of(ninetap_dtype type) {
    return (int64_t)nt_bytes_of(element_of(type));
}

static void draw_filter_pitch(rng *r, int64_t rows, int64_t row_bytes, int64_t element,
                              int64_t pitch[2]) {
    pitch[1] = rng_one_in(r, 2) ? 0 : row_bytes + rng_int(r, 0, 9) * element;
    const int64_t row = pitch[1] != 0 ? pitch[1] : row_bytes;
    pitch[0] = rng_one_in(r, 2) ? 0 : rows * row + rng_int(r, 0, 9) * element;
}

static void draw_filter_values(rng *r, filter_problem *p) {
    static const float scales[] = {0.0F, 0.5F, 0.1F, -1.0F, 3.0F, 0.111F};
    static const float deltas[] = {0.0F, 128.0F, -3.5F, 0.3F, 100000.0F, -0.0F};
    ninetap_filter3x3_desc *d = &p->desc;
    d->border = (ninetap_border)rng_int(r, 0, 3);
    for (int c = 0; c < 4; c++) {
        d->border_value[c] = (float)rng_int(r, 0, 255);
        d->margin[c] = rng_one_in(r, 3) ? rng_int(r, 0, 3) : 0;
    }
    if (rng_one_in(r, 3)) {
        d->scale = scales[rng_int(r, 0, 5)];
        d->delta = deltas[rng_int(r, 0, 5)];
    }
    d->absolute = rng_one_in(r, 4);
    d->keep_alpha = d->channels % 2 == 0 && rng_one_in(r, 2);
    d->pool = rng_one_in(r, 4) && d->ih > 1 && d->iw > 1 ? NINETAP_POOL_MAX : NINETAP_POOL_NONE;
    d->threads = rng_one_in(r, 2) ? 1 : rng_int(r, 0, 7);
}

static void filter_draw(rng *r, double most, void *problem) {
    static const unsigned char kinds[] = {DATA_TIES, DATA_RANDOM, DATA_EXTREME, DATA_OFTEN};
    static const unsigned char to[] = {NINETAP_U8, NINETAP_S16, NINETAP_F32};
    filter_problem *p = problem;
    ninetap_filter3x3_desc *d = &p->desc;
    memset(p, 0, sizeof *p);
    d->n = rng_int(r, 1, 3);
    d->channels = rng_int(r, 1, 4);
    d->ih = rng_int(r, 1, rng_one_in(r, 4) ? 40 : 8);
    d->iw = rng_int(r, 1, rng_one_in(r, 4) ? 2500 : rng_one_in(r, 2) ? 200 : 30);
    while ((double)(9 * d->n * d->ih * d->iw * d->channels) > most && d->ih * d->iw > 1) {
        d->iw = d->iw > d->ih ? d->iw / 2 : d->iw;
        d->ih = (d->ih + 1) / 2;
    }
    d->src_type = rng_one_in(r, 4) ? NINETAP_F32 : NINETAP_U8;
    d->dst_type = d->src_type == NINETAP_F32 ? NINETAP_F32 : (ninetap_dtype)to[rng_int(r, 0, 2)];
    draw_filter_values(r, p);
    p->op = rng_one_in(r, 3) ? rng_int(r, 1, 2) : 0;
    p->filter = rng_int(r, 0, FILTER_KINDS - 1);
    if (p->filter == FILTER_HUGE && d->dst_type == NINETAP_F32) {
        p->filter = FILTER_RANDOM; /* one NaN may stand for another */
    }
    p->data = kinds[rng_int(r, 0, 3)];
    p->in_place = rng_one_in(r, 4) && d->src_type == d->dst_type && d->pool == NINETAP_POOL_NONE;
    if (p->in_place) {
        memset(d->margin, 0, sizeof d->margin);
    }
    const int64_t element = bytes_of(d->src_type);
    const int64_t out = bytes_of(d->dst_type);
    draw_filter_pitch(r, d->margin[0] + d->ih + d->margin[2],
                      (d->margin[1] + d->iw + d->margin[3]) * d->channels * element, element,
                      d->src_pitch);
    draw_filter_pitch(r, filter_out_h(p), filter_out_w(p) * d->channels * out, out, d->dst_pitch);
    if (p->in_place) {
        memcpy(d->dst_pitch, d->src_pitch, sizeof d->dst_pitch);
    }
    p->fail = p->in_place && rng_one_in(r, 4);
    p->placement = rng_int(r, 0, 1);
    p->seed = rng_int(r, 1, INT32_MAX);
}

/* ---- Tensors ---- */

static view filter_view(const filter_problem *p, int64_t h, int64_t w, const int64_t pitch[2],
                        int64_t element) {
    const int64_t elements[3] = {pitch[0] / element, pitch[1] / element, 0};
    return nt_view_of(NINETAP_NHWC, p->desc.n, p->desc.channels, h, w, elements);
}

static int filter_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const filter_problem *p = problem;
    const ninetap_filter3x3_desc *d = &p->desc;
    memset(o, 0, NT_OPERANDS * sizeof *o);
    o[FILTER_SRC] = (nt_operand){.role = NT_INPUT,
                                 .element = element_of(d->src_type),
                                 .view = filter_view(p, d->margin[0] + d->ih + d->margin[2],
                                                     d->margin[1] + d->iw + d->margin[3],
                                                     d->src_pitch, bytes_of(d->src_type)),
                                 .kind = (data_kind)p->data,
                                 .largest = 8};
    o[FILTER_DST] = (nt_operand){.role = NT_OUTPUT,
                                 .element = element_of(d->dst_type),
                                 .view = filter_view(p, filter_out_h(p), filter_out_w(p),
                                                     d->dst_pitch, bytes_of(d->dst_type)),
                                 .nan = NT_NAN_ANY};
    return p->seed;
}

static const void *first_pixel(const filter_problem *p, const nt_operand *o) {
    const nt_operand *src = &o[FILTER_SRC];
    const int64_t at = view_at(&src->view, 0, 0, p->desc.margin[0], p->desc.margin[1]);
    return (const char *)src->data + (size_t)at * nt_bytes_of(src->element);
}

/* ---- Running ---- */

ninetap_status nt_filter_call(const filter_problem *p, const void *src, void *dst) {
    float kx[9];
    float ky[9];
    nt_filter_coefficients(p, kx, ky);
    return p->op == FILTER_PLAIN
               ? ninetap_filter3x3(&p->desc, kx, src, dst)
               : ninetap_gradient3x3(&p->desc, kx, ky,
                                     p->op == FILTER_L1 ? NINETAP_NORM_L1 : NINETAP_NORM_L2, src,
                                     dst);
}

static ninetap_status filter_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const filter_problem *p = problem;
    const nt_isa *isa = nt_find_isa(p->desc.isa);
    (void)o;
    if (isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    call->info.isa = isa->name;
    call->info.kernel = isa->filter.name;
    return NINETAP_OK;
}

static ninetap_status filter_run(const void *problem, const nt_operand *o, nt_call *call) {
    const filter_problem *p = problem;
    (void)call;
    if (!p->in_place) {
        return nt_filter_call(p, first_pixel(p, o), o[FILTER_DST].data);
    }
    const view *v = &o[FILTER_DST].view;
    const size_t element = nt_bytes_of(o[FILTER_DST].element);
    for (int64_t row = 0; row < v->n * v->h; row++) {
        const size_t at = (size_t)view_at(v, row / v->h, 0, row % v->h, 0) * element;
        memcpy((char *)o[FILTER_DST].data + at, (const char *)o[FILTER_SRC].data + at,
               (size_t)(v->w * v->c) * element);
    }
    return nt_filter_call(p, o[FILTER_DST].data, o[FILTER_DST].data);
}

static bool filter_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const filter_problem *p = problem;
    float kx[9];
    float ky[9];
    (void)usual;
    nt_filter_coefficients(p, kx, ky);
    if (p->op == FILTER_PLAIN) {
        nt_reference_filter3x3(&p->desc, kx, first_pixel(p, o), o[FILTER_DST].data);
    } else {
        nt_reference_gradient3x3(&p->desc, kx, ky,
                                 p->op == FILTER_L1 ? NINETAP_NORM_L1 : NINETAP_NORM_L2,
                                 first_pixel(p, o), o[FILTER_DST].data);
    }
    return true;
}

static bool filter_right(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_as_defined(&nt_operation_filter3x3, problem, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_filter3x3 = {
    .name = "filter3x3",
    .fields = filter_fields,
    .size = sizeof(filter_problem),
    .isa = FILTER_DESC(isa),
    .draw = filter_draw,
    .operands = filter_operands,
    .prepare = filter_prepare,
    .run = filter_run,
    .define = filter_define,
    .right = filter_right,
};
