/* 3x3 convolutions of bytes: drawn, run in every way there is, and held against the definition. */
#include "core/build.h"

#include "selftest/conv3x3_int8.h"

#include <stdlib.h>
#include <string.h>

#include "conv3x3/conv3x3.h"

#define INT8_DESC(member) offsetof(int8_problem, conv.desc.member)
#define INT8_HOW(member) offsetof(int8_problem, conv.member)
static const nt_field int8_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, INT8_DESC(n)},
    {"ic", FIELD_INT64, 1, NAMES_NONE, INT8_DESC(ic)},
    {"ih", FIELD_INT64, 1, NAMES_NONE, INT8_DESC(ih)},
    {"iw", FIELD_INT64, 1, NAMES_NONE, INT8_DESC(iw)},
    {"oc", FIELD_INT64, 1, NAMES_NONE, INT8_DESC(oc)},
    {"pad", FIELD_INT, 4, NAMES_NONE, INT8_DESC(pad)},
    {"stride", FIELD_INT, 1, NAMES_NONE, INT8_DESC(stride)},
    {"dilation", FIELD_INT, 1, NAMES_NONE, INT8_DESC(dilation)},
    {"groups", FIELD_INT64, 1, NAMES_NONE, INT8_DESC(groups)},
    {"layout", FIELD_INT, 1, NAMES_LAYOUT, INT8_DESC(layout)},
    {"weights", FIELD_INT, 1, NAMES_WEIGHTS, INT8_DESC(weights_layout)},
    {"border", FIELD_INT, 1, NAMES_BORDER, INT8_DESC(border)},
    {"border_value", FIELD_FLOAT, 1, NAMES_NONE, INT8_DESC(border_value)},
    {"act", FIELD_INT, 1, NAMES_ACT, INT8_DESC(act)},
    {"act_lo", FIELD_FLOAT, 1, NAMES_NONE, INT8_DESC(act_lo)},
    {"act_hi", FIELD_FLOAT, 1, NAMES_NONE, INT8_DESC(act_hi)},
    {"pool", FIELD_INT, 1, NAMES_FUSED_POOL, INT8_DESC(pool)},
    {"algo", FIELD_INT, 1, NAMES_ALGO, INT8_DESC(algo)},
    {"precision", FIELD_INT, 1, NAMES_PRECISION, INT8_DESC(precision)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, INT8_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, INT8_DESC(threads)},
    {"src_pitch", FIELD_INT64, 3, NAMES_NONE, INT8_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 3, NAMES_NONE, INT8_DESC(dst_pitch)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, INT8_DESC(src_type)},
    {"weights_type", FIELD_INT, 1, NAMES_DTYPE, INT8_DESC(weights_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, INT8_DESC(dst_type)},
    NT_SCALES_FIELDS(offsetof(int8_problem, scales)),
    {"reserved", FIELD_INT64, 8, NAMES_NONE, INT8_DESC(reserved)},
    {"bias", FIELD_INT, 1, NAMES_NONE, INT8_HOW(bias)},
    {"data", FIELD_INT, 1, NAMES_DATA, INT8_HOW(data)},
    {"call", FIELD_INT, 1, NAMES_CALL, INT8_HOW(call)},
    {"parts", FIELD_INT, 1, NAMES_NONE, INT8_HOW(parts)},
    {"workspace", FIELD_INT, 1, NAMES_NONE, INT8_HOW(workspace)},
    {"fail", FIELD_INT, 1, NAMES_NONE, INT8_HOW(fail)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, INT8_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, INT8_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(int8_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

void nt_int8_describe(const int8_problem *p, int8_described *d) {
    d->desc = p->conv.desc;
    nt_scales_describe(&p->scales, &d->scales);
    d->desc.quantization = &d->scales.quantization;
}

/* ---- Drawing ---- */

static void int8_draw(rng *r, double most, void *problem) {
    static const unsigned char kinds[] = {DATA_RANDOM, DATA_RANDOM, DATA_TIES, DATA_EXTREME,
                                          DATA_LOWEST};
    int8_problem *p = problem;
    memset(p, 0, sizeof *p);
    nt_operation_conv3x3.draw(r, most, &p->conv);
    ninetap_conv3x3_desc *d = &p->conv.desc;
    p->conv.residual = 0;
    p->conv.candidate = p->conv.set = 0;
    p->conv.call = p->conv.call == CALL_ONE_SHOT ? CALL_RUN : p->conv.call;
    p->conv.data = kinds[rng_int(r, 0, 4)];
    d->algo = d->algo == NINETAP_ALGO_AUTO ? NINETAP_ALGO_AUTO : NINETAP_ALGO_DIRECT;
    d->act = d->act > NINETAP_CLAMP ? NINETAP_RELU : d->act;
    d->act_slope = 0.0F;
    nt_scales_draw(r, d->oc, &p->scales, &d->src_type, &d->weights_type, &d->dst_type);
    if (d->dst_type == NINETAP_S32) {
        d->act = NINETAP_LINEAR;
    }
}

/* ---- Tensors ---- */

static int int8_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const int8_problem *p = problem;
    const int seed = nt_operation_conv3x3.operands(&p->conv, o);
    for (int i = 0; i < NT_OPERANDS; i++) {
        o[i].kind = (data_kind)p->conv.data;
        o[i].element = NT_BYTES;
        o[i].nan = NT_NAN_NONE;
    }
    o[CONV_BIAS].element = NT_INTEGERS;
    o[CONV_BIAS].largest = 20000;
    o[CONV_DST].element = nt_element_of(p->conv.desc.dst_type);
    return seed;
}

/* ---- Running ---- */

static ninetap_status int8_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    const int8_problem *p = problem;
    conv_problem described = p->conv;
    int8_described d;
    nt_int8_describe(p, &d);
    described.desc = d.desc;
    return nt_operation_conv3x3.prepare(&described, o, call);
}

static ninetap_status int8_run(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_operation_conv3x3.run(&((const int8_problem *)problem)->conv, o, call);
}

static void int8_release(nt_call *call) {
    nt_operation_conv3x3.release(call);
}

/* ---- What is right ---- */

static void pool_integers(const ninetap_conv3x3_desc *d, const view *map, const int32_t *all,
                          const view *out, int32_t *dst) {
    const int64_t corner[3] = {map->column, map->row, map->row + map->column};
    for (int64_t i = 0; i < d->n * d->oc * out->h * out->w; i++) {
        const int64_t plane = i / out->w / out->h;
        const int64_t n = plane / d->oc;
        const int64_t o = plane % d->oc;
        const int64_t y = i / out->w % out->h;
        const int64_t x = i % out->w;
        const int64_t at = view_at(map, n, o, 2 * y, 2 * x);
        int32_t most = all[at];
        for (int k = 0; k < 3; k++) {
            most = all[at + corner[k]] > most ? all[at + corner[k]] : most;
        }
        dst[view_at(out, n, o, y, x)] = most;
    }
}

/* The 2x2 maxima of a dense map. */
static void pool_map(const int8_problem *p, const view *map, const void *all,
                     const nt_operand *out) {
    const ninetap_conv3x3_desc *d = &p->conv.desc;
    ninetap_pool2x2_desc pool = {
        .n = d->n, .c = d->oc, .ih = map->h, .iw = map->w, .layout = d->layout};
    memcpy(pool.dst_pitch, d->dst_pitch, sizeof pool.dst_pitch);
    switch (d->dst_type) {
    case NINETAP_U8:
        nt_reference_maxpool2x2_u8(&pool, all, out->data, NULL);
        break;
    case NINETAP_S8:
        nt_reference_maxpool2x2_s8(&pool, all, out->data, NULL);
        break;
    case NINETAP_F32:
        nt_reference_maxpool2x2_f32(&pool, all, out->data, NULL);
        break;
    default:
        pool_integers(d, map, all, &out->view, out->data);
    }
}

static bool int8_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    static const int64_t dense[3];
    const int8_problem *p = problem;
    int8_described d;
    (void)usual;
    nt_int8_describe(p, &d);
    if (d.desc.pool == NINETAP_POOL_NONE) {
        nt_reference_conv3x3_int8(&d.desc, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                  o[CONV_BIAS].data, o[CONV_DST].data);
        return true;
    }
    const view map = nt_view_of(d.desc.layout, d.desc.n, d.desc.oc, conv_map_h(&p->conv),
                                conv_map_w(&p->conv), dense);
    void *all = malloc((size_t)nt_view_span(&map) * nt_bytes_of(o[CONV_DST].element) + 1);
    if (all != NULL) {
        d.desc.pool = NINETAP_POOL_NONE;
        memset(d.desc.dst_pitch, 0, sizeof d.desc.dst_pitch);
        nt_reference_conv3x3_int8(&d.desc, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                  o[CONV_BIAS].data, all);
        pool_map(p, &map, all, &o[CONV_DST]);
    }
    free(all);
    return all != NULL;
}

static bool int8_right(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_as_defined(&nt_operation_conv3x3_int8, problem, NT_SEPARATE, o, call);
}

const nt_operation nt_operation_conv3x3_int8 = {
    .name = "conv3x3_int8",
    .fields = int8_fields,
    .size = sizeof(int8_problem),
    .isa = INT8_DESC(isa),
    .draw = int8_draw,
    .operands = int8_operands,
    .prepare = int8_prepare,
    .run = int8_run,
    .release = int8_release,
    .define = int8_define,
    .right = int8_right,
};
