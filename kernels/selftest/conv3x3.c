/* 3x3 convolutions: drawn, run in every way there is, and held against the definition. */
#include "core/build.h"

#include "selftest/conv3x3.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONV_DESC(member) offsetof(conv_problem, desc.member)
#define CONV_HOW(member) offsetof(conv_problem, member)
const nt_field nt_conv_fields[] = {
    {"n", FIELD_INT64, 1, NAMES_NONE, CONV_DESC(n)},
    {"ic", FIELD_INT64, 1, NAMES_NONE, CONV_DESC(ic)},
    {"ih", FIELD_INT64, 1, NAMES_NONE, CONV_DESC(ih)},
    {"iw", FIELD_INT64, 1, NAMES_NONE, CONV_DESC(iw)},
    {"oc", FIELD_INT64, 1, NAMES_NONE, CONV_DESC(oc)},
    {"pad", FIELD_INT, 4, NAMES_NONE, CONV_DESC(pad)},
    {"stride", FIELD_INT, 1, NAMES_NONE, CONV_DESC(stride)},
    {"dilation", FIELD_INT, 1, NAMES_NONE, CONV_DESC(dilation)},
    {"groups", FIELD_INT64, 1, NAMES_NONE, CONV_DESC(groups)},
    {"layout", FIELD_INT, 1, NAMES_LAYOUT, CONV_DESC(layout)},
    {"weights", FIELD_INT, 1, NAMES_WEIGHTS, CONV_DESC(weights_layout)},
    {"border", FIELD_INT, 1, NAMES_BORDER, CONV_DESC(border)},
    {"border_value", FIELD_FLOAT, 1, NAMES_NONE, CONV_DESC(border_value)},
    {"act", FIELD_INT, 1, NAMES_ACT, CONV_DESC(act)},
    {"act_lo", FIELD_FLOAT, 1, NAMES_NONE, CONV_DESC(act_lo)},
    {"act_hi", FIELD_FLOAT, 1, NAMES_NONE, CONV_DESC(act_hi)},
    {"act_slope", FIELD_FLOAT, 1, NAMES_NONE, CONV_DESC(act_slope)},
    {"pool", FIELD_INT, 1, NAMES_FUSED_POOL, CONV_DESC(pool)},
    {"algo", FIELD_INT, 1, NAMES_ALGO, CONV_DESC(algo)},
    {"precision", FIELD_INT, 1, NAMES_PRECISION, CONV_DESC(precision)},
    {"isa", FIELD_ISA, 1, NAMES_NONE, CONV_DESC(isa)},
    {"threads", FIELD_INT, 1, NAMES_NONE, CONV_DESC(threads)},
    {"src_pitch", FIELD_INT64, 3, NAMES_NONE, CONV_DESC(src_pitch)},
    {"dst_pitch", FIELD_INT64, 3, NAMES_NONE, CONV_DESC(dst_pitch)},
    {"src_type", FIELD_INT, 1, NAMES_DTYPE, CONV_DESC(src_type)},
    {"weights_type", FIELD_INT, 1, NAMES_DTYPE, CONV_DESC(weights_type)},
    {"dst_type", FIELD_INT, 1, NAMES_DTYPE, CONV_DESC(dst_type)},
    {"reserved", FIELD_INT64, 8, NAMES_NONE, CONV_DESC(reserved)},
    {"bias", FIELD_INT, 1, NAMES_NONE, CONV_HOW(bias)},
    {"residual", FIELD_INT, 1, NAMES_NONE, CONV_HOW(residual)},
    {"data", FIELD_INT, 1, NAMES_DATA, CONV_HOW(data)},
    {"plain", FIELD_INT, 1, NAMES_NONE, CONV_HOW(plain)},
    {"call", FIELD_INT, 1, NAMES_CALL, CONV_HOW(call)},
    {"parts", FIELD_INT, 1, NAMES_NONE, CONV_HOW(parts)},
    {"workspace", FIELD_INT, 1, NAMES_NONE, CONV_HOW(workspace)},
    {"fail", FIELD_INT, 1, NAMES_NONE, CONV_HOW(fail)},
    {"candidate", FIELD_INT, 1, NAMES_NONE, CONV_HOW(candidate)},
    {"set", FIELD_INT, 1, NAMES_NONE, CONV_HOW(set)},
    {"placement", FIELD_INT, 1, NAMES_PLACEMENT, CONV_HOW(placement)},
    {"seed", FIELD_INT, 1, NAMES_NONE, CONV_HOW(seed)},
    {.key = ""},
};
_Static_assert(sizeof(ninetap_layout) == sizeof(int), "enums are read and written as int");
_Static_assert(sizeof(conv_problem) <= NT_PROBLEM_BYTES, "NT_PROBLEM_BYTES");

/* ---- Drawing ---- */

static void draw_channels(rng *r, ninetap_conv3x3_desc *d) {
    d->ic = rng_one_in(r, 4) ? rng_int(r, 1, 40) : rng_int(r, 1, 9);
    d->oc = rng_one_in(r, 4) ? rng_int(r, 1, 100) : rng_int(r, 1, 36);
    switch (rng_int(r, 0, 7)) {
    case 0: /* depthwise */
        d->groups = d->oc = d->ic = rng_int(r, 1, 70);
        break;
    case 1: /* depthwise with a channel multiplier */
        d->groups = d->ic;
        d->oc = d->ic * rng_int(r, 1, 4);
        break;
    case 2:
        d->groups = rng_int(r, 1, 5);
        d->ic = d->groups * rng_int(r, 1, 6);
        d->oc = d->groups * rng_int(r, 1, 20);
        break;
    default:
        d->groups = rng_int(r, 0, 1);
    }
}

static void draw_geometry(rng *r, ninetap_conv3x3_desc *d) {
    d->n = RNG_PICK(r, 1, 1, 1, 2, 3);
    d->stride = RNG_PICK(r, 0, 1, 1, 2, 2, 3, 5);
    d->dilation = RNG_PICK(r, 0, 1, 1, 1, 2, 3);
    const int reach = 2 * (d->dilation != 0 ? d->dilation : 1);
    const bool same = rng_one_in(r, 3);
    for (int i = 0; i < 4; i++) {
        d->pad[i] = same ? reach / 2 : rng_int(r, 0, reach);
    }
    const int largest = rng_one_in(r, 4) ? 70 : 20;
    const int least_h = reach + 1 - d->pad[0] - d->pad[2];
    const int least_w = reach + 1 - d->pad[1] - d->pad[3];
    d->ih = rng_int(r, least_h > 1 ? least_h : 1, largest);
    d->iw = rng_int(r, least_w > 1 ? least_w : 1, largest);
}

static void draw_epilogue(rng *r, conv_problem *p) {
    ninetap_conv3x3_desc *d = &p->desc;
    p->bias = rng_int(r, 0, 1);
    d->border = (ninetap_border)(rng_one_in(r, 2) ? 0 : rng_int(r, 1, 3));
    d->border_value = d->border == NINETAP_BORDER_CONSTANT ? (float)rng_int(r, -3, 3) : 0.0F;
    d->act = (ninetap_act)(rng_one_in(r, 2) ? 0 : rng_int(r, 1, 4));
    if (d->act == NINETAP_CLAMP) {
        d->act_lo = (float)rng_int(r, -20, 5);
        d->act_hi = d->act_lo + (float)rng_int(r, 0, 30);
    }
    if (d->act == NINETAP_LEAKY_RELU) {
        d->act_slope = (float)RNG_PICK(r, -1, 1, 2, 26) / 100.0F;
    }
}

static void draw_way(rng *r, conv_problem *p) {
    p->data = RNG_PICK(r, DATA_INTEGER, DATA_RANDOM, DATA_RANDOM, DATA_WIDE);
    p->desc.precision = (ninetap_precision)rng_int(r, 0, 3);
    p->desc.algo = (ninetap_algo)rng_int(
        r, 0, conv_allows_winograd(p) ? NINETAP_ALGO_WINOGRAD6 : NINETAP_ALGO_DIRECT);
    p->desc.threads = RNG_PICK(r, 0, 1, 1, 2, 3, 7);
    p->call = RNG_PICK(r, CALL_RUN, CALL_RUN, CALL_PARTS, CALL_ONE_SHOT);
    p->parts = p->call == CALL_PARTS ? RNG_PICK(r, 1, 2, 3, 7, 50) : 0;
    p->workspace = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 64);
    p->placement = rng_int(r, 0, 1);
    p->candidate = rng_one_in(r, 2) ? 0 : rng_int(r, 1, 3);
    p->seed = rng_int(r, 1, INT32_MAX);
    p->residual = p->call == CALL_RUN && p->desc.pool == NINETAP_POOL_NONE && rng_one_in(r, 4);
    p->set = p->call != CALL_ONE_SHOT && rng_one_in(r, 4);
}

static void conv_draw(rng *r, double most, void *problem) {
    conv_problem *p = problem;
    ninetap_conv3x3_desc *d = &p->desc;
    do {
        memset(p, 0, sizeof *p);
        draw_geometry(r, d);
        draw_channels(r, d);
    } while (conv_macs(p) > most);
    d->layout = (ninetap_layout)rng_int(r, 0, 1);
    d->weights_layout = (ninetap_weights_layout)rng_int(r, 0, 2);
    if (conv_map_h(p) > 1 && conv_map_w(p) > 1 && rng_one_in(r, 3)) {
        d->pool = NINETAP_POOL_MAX;
    }
    nt_view_draw_pitch(r, d->layout, d->ic, d->ih, d->iw, d->src_pitch);
    nt_view_draw_pitch(r, d->layout, d->oc, conv_out_h(p), conv_out_w(p), d->dst_pitch);
    draw_epilogue(r, p);
    draw_way(r, p);
}

/* ---- Tensors ---- */

static int conv_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    static const int64_t dense[3];
    const conv_problem *p = problem;
    const ninetap_conv3x3_desc *d = &p->desc;
    const data_kind kind = (data_kind)p->data;
    const data_kind others = p->plain ? nt_data_finite(kind) : kind;
    /* Winograd by name refuses weights that are not finite. */
    const data_kind weights = d->algo >= NINETAP_ALGO_WINOGRAD2 ? nt_data_finite(kind) : others;
    const view src = nt_view_of(d->layout, d->n, d->ic, d->ih, d->iw, d->src_pitch);
    const view dst = nt_view_of(d->layout, d->n, d->oc, conv_out_h(p), conv_out_w(p), d->dst_pitch);
    const view bias = nt_view_of(NINETAP_NCHW, 1, 1, 1, d->oc, dense);
    const bool nan = nt_data_finite(kind) != kind;
    /* |src| <= 8, |weight| <= 4: sums stay below 2^24 up to 58,000 input channels. */
    o[CONV_SRC] = (nt_operand){.role = NT_INPUT, .view = src, .kind = kind, .largest = 8};
    o[CONV_WEIGHTS] =
        (nt_operand){.role = NT_INPUT,
                     .view = nt_view_of_weights(d->weights_layout, d->oc, d->ic / conv_groups(p)),
                     .seed = 1,
                     .kind = weights,
                     .largest = 4};
    o[CONV_BIAS] = (nt_operand){.role = p->bias ? NT_INPUT : NT_ABSENT,
                                .view = bias,
                                .seed = 2,
                                .kind = others,
                                .largest = 16};
    o[CONV_RESIDUAL] = (nt_operand){.role = p->residual ? NT_INPUT : NT_ABSENT,
                                    .view = dst,
                                    .seed = 3,
                                    .kind = kind,
                                    .largest = 16};
    o[CONV_DST] =
        (nt_operand){.role = NT_OUTPUT, .view = dst, .nan = nan ? NT_NAN_ANY : NT_NAN_NONE};
    return p->seed;
}

/* ---- Running ---- */

/* Every part once, backwards from one drawn with the seed. */
static ninetap_status run_conv_parts(const conv_problem *p, const ninetap_conv3x3 *plan,
                                     const nt_operand *o, void *workspace) {
    ninetap_status status = NINETAP_OK;
    for (int i = p->parts; i > 0 && status == NINETAP_OK; i--) {
        status = ninetap_conv3x3_run_part(plan, o[CONV_SRC].data, o[CONV_DST].data, workspace,
                                          (p->seed % p->parts + i) % p->parts, p->parts);
    }
    return status;
}

static ninetap_status conv_run(const void *problem, const nt_operand *o, nt_call *call) {
    const conv_problem *p = problem;
    const ninetap_conv3x3 *plan = call->plan;
    void *workspace = NULL;
    if (p->call == CALL_ONE_SHOT) {
        return ninetap_conv3x3_f32(&p->desc, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                   o[CONV_BIAS].data, o[CONV_DST].data);
    }
    if (p->workspace != 0 && call->workspace != NULL) {
        workspace =
            call->workspace(call->user, call->info.workspace_bytes, (size_t)p->workspace - 1);
    }
    if (p->call == CALL_PARTS) {
        return run_conv_parts(p, plan, o, workspace);
    }
    if (p->residual) {
        return ninetap_conv3x3_run_residual(plan, o[CONV_SRC].data, o[CONV_RESIDUAL].data,
                                            o[CONV_DST].data, workspace);
    }
    return ninetap_conv3x3_run(plan, o[CONV_SRC].data, o[CONV_DST].data, workspace);
}

static ninetap_status conv_prepare(const void *problem, const nt_operand *o, nt_call *call) {
    return nt_conv_prepare(problem, false, o, call);
}

static void conv_release(nt_call *call) {
    ninetap_conv3x3_free(call->plan);
    call->plan = NULL;
    call->info.reason = NULL; /* it goes with the plan */
}

/* ---- What is right ---- */

int nt_tile_of_algorithm(const char *algorithm) {
    static const char name[] = "winograd";
    const size_t length = sizeof name - 1;
    if (strcmp(algorithm, "direct") == 0) {
        return 0;
    }
    return strncmp(algorithm, name, length) == 0 && strspn(algorithm + length, "246") == 1 &&
                   algorithm[length + 1] == '\0'
               ? algorithm[length] - '0'
               : -1;
}

static view conv_map(const conv_problem *p) {
    static const int64_t dense[3];
    return nt_view_of(p->desc.layout, p->desc.n, p->desc.oc, conv_map_h(p), conv_map_w(p), dense);
}

/* Where the i-th element of a map, in the order of NCHW, lies in another view of it. */
static int64_t same_place(const view *map, int64_t i, const view *in) {
    const int64_t row = i / map->w;
    const int64_t plane = row / map->h;
    return view_at(in, plane / map->c, plane % map->c, row % map->h, i % map->w);
}

/* From the sums, which are dense: what the residual or the fused pool makes of them. */
static void finish_sums(const conv_problem *p, const nt_operand *o, const float *sums, float *dst) {
    const ninetap_conv3x3_desc *d = &p->desc;
    const view map = conv_map(p);
    const view *out = &o[CONV_DST].view;
    const float *residual = o[CONV_RESIDUAL].data;
    if (d->pool == NINETAP_POOL_MAX) {
        ninetap_pool2x2_desc pool = {
            .n = d->n, .c = d->oc, .ih = map.h, .iw = map.w, .layout = d->layout};
        memcpy(pool.dst_pitch, d->dst_pitch, sizeof pool.dst_pitch);
        nt_reference_maxpool2x2_f32(&pool, sums, dst, NULL);
        return;
    }
    for (int64_t i = 0; i < map.n * map.c * map.h * map.w; i++) {
        const int64_t at = same_place(&map, i, out);
        dst[at] = nt_reference_activation(d, sums[same_place(&map, i, &map)] + residual[at]);
    }
}

/* The same call without residual and fused pool, dense. */
static ninetap_conv3x3_desc without_ends(const conv_problem *p) {
    ninetap_conv3x3_desc d = p->desc;
    d.pool = NINETAP_POOL_NONE;
    d.act = p->residual ? NINETAP_LINEAR : d.act;
    memset(d.dst_pitch, 0, sizeof d.dst_pitch);
    return d;
}

static bool conv_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const conv_problem *p = problem;
    const nt_arithmetic arithmetic = nt_arithmetic_of(p->desc.precision, usual);
    if (!p->residual && p->desc.pool == NINETAP_POOL_NONE) {
        nt_reference_conv3x3_f32(&p->desc, arithmetic, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                 o[CONV_BIAS].data, o[CONV_DST].data);
        return true;
    }
    const ninetap_conv3x3_desc d = without_ends(p);
    const view map = conv_map(p);
    float *sums = malloc((size_t)nt_view_span(&map) * sizeof *sums + 1);
    if (sums != NULL) {
        nt_reference_conv3x3_f32(&d, arithmetic, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                 o[CONV_BIAS].data, sums);
        finish_sums(p, o, sums, o[CONV_DST].data);
    }
    free(sums);
    return sums != NULL;
}

/* The largest of four is off by no more than the one that is off most. */
static void conv_exact(const void *problem, const nt_operand *o, const int64_t at[4], double *value,
                       double *magnitude) {
    const conv_problem *p = problem;
    const int step = p->desc.pool == NINETAP_POOL_MAX ? 2 : 1;
    *value = -INFINITY;
    *magnitude = 0;
    for (int i = 0; i < step * step; i++) {
        const int64_t inner[4] = {at[0], at[1], step * at[2] + i / step, step * at[3] + i % step};
        double sum;
        double size;
        nt_reference_conv3x3_at(&p->desc, inner, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                o[CONV_BIAS].data, &sum, &size);
        *value = i == 0 ? sum : fmax(*value, sum); /* a NaN stays one */
        *magnitude = i == 0 ? size : fmax(*magnitude, size);
    }
}

/* How far the activation moves an error, and what its own roundings add (relative to |y|). */
static double act_slope_of(const ninetap_conv3x3_desc *d) {
    if (d->act == NINETAP_LEAKY_RELU) {
        return fmax(1, fabs((double)d->act_slope));
    }
    return d->act == NINETAP_HARD_SWISH ? 1.5 : 1; /* steepest at 3: (2 * 3 + 3) / 6 */
}

static double act_roundings_of(const ninetap_conv3x3_desc *d) {
    return d->act == NINETAP_LEAKY_RELU ? 1 : d->act == NINETAP_HARD_SWISH ? 3 : 0;
}

/* Output `at` of a call, which is to be `value`; `scale` is what its error bound scales with. */
static bool conv_in_bound(const conv_problem *p, const nt_operand *o, size_t at, double value,
                          double scale, nt_call *call) {
    const ninetap_conv3x3_desc *d = &p->desc;
    const ninetap_plan_info *info = &call->info;
    const float y = ((const float *)o->data)[at];
    if (!isfinite(scale)) { /* a tile that reads what is not finite */
        const bool seen = !isfinite(value) && d->act != NINETAP_RELU && d->act != NINETAP_CLAMP;
        return !seen || !isfinite(y) ||
               nt_wrong_at(call, o, at * sizeof y, value, ": it is finite");
    }
    const bool large = p->data == DATA_SELDOM || p->data == DATA_OFTEN || p->data == DATA_EXTREME;
    if (!isfinite(y) && large) {
        return true; /* near the largest float what the transforms add up may overflow */
    }
    const double error = info->error_bound * scale + info->error_floor;
    const double allowed =
        error * act_slope_of(d) + nt_rounding_error(act_roundings_of(d)) * fabs(value) + 0x1p-149;
    return fabs((double)y - value) <= allowed * (1 + 1e-6) ||
           nt_wrong_at(call, o, at * sizeof y, value, ": out of bounds");
}

/* Of a call without residual and fused pool. m: of Winograd. */
static bool conv_within_bound(const conv_problem *p, int m, const nt_operand *o, nt_call *call) {
    const view map = conv_map(p);
    const view *out = &o[CONV_DST].view;
    double *scale = malloc((size_t)nt_view_span(&map) * sizeof *scale + 1);
    bool ok = scale != NULL || nt_wrong(call, "out of memory");
    if (ok && m != 0) {
        nt_reference_winograd_scale(&p->desc, m, o[CONV_SRC].data, o[CONV_WEIGHTS].data,
                                    o[CONV_BIAS].data, scale);
    }
    for (int64_t i = 0; ok && i < map.n * map.c * map.h * map.w; i++) {
        const int64_t row = i / map.w;
        const int64_t plane = row / map.h;
        const int64_t at[4] = {plane / map.c, plane % map.c, row % map.h, i % map.w};
        double value;
        double size;
        conv_exact(p, o, at, &value, &size);
        size = m != 0 ? scale[same_place(&map, i, &map)] : size;
        ok = conv_in_bound(p, &o[CONV_DST], (size_t)same_place(&map, i, out), value, size, call);
    }
    free(scale);
    return ok;
}

/* Where the contract leaves the bits open, they still may not depend on threads, parts, workspace
 * or alignment: a plain call of the same algorithm on one thread is what they must equal, with what
 * follows it by definition. */
static bool as_plain_call(const conv_problem *p, int m, const nt_operand *o, nt_call *call) {
    ninetap_conv3x3_desc d = without_ends(p);
    const view map = conv_map(p);
    const bool ends = p->residual || p->desc.pool == NINETAP_POOL_MAX;
    d.threads = 1;
    d.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + m / 2);
    if (!ends) {
        memcpy(d.dst_pitch, p->desc.dst_pitch, sizeof d.dst_pitch);
    }
    float *sums = malloc((size_t)nt_view_span(&map) * sizeof *sums + 1);
    float *wanted = malloc(nt_operand_bytes(&o[CONV_DST]) + 1);
    bool ok = (sums != NULL && wanted != NULL) || nt_wrong(call, "out of memory");
    if (ok) {
        const ninetap_status status = ninetap_conv3x3_f32(
            &d, o[CONV_SRC].data, o[CONV_WEIGHTS].data, o[CONV_BIAS].data, ends ? sums : wanted);
        if (status == NINETAP_OK && ends) {
            finish_sums(p, o, sums, wanted);
        }
        ok = (status == NINETAP_OK || nt_wrong(call, "plain call: %s", ninetap_strerror(status))) &&
             nt_same(call, &o[CONV_DST], wanted);
    }
    free(sums);
    free(wanted);
    return ok;
}

/* F(2x2,3x3)'s transforms halve, and are exact: of integers it gives the same numbers as the
 * definition, but for the sign of 0. */
static bool as_defined_numbers(const conv_problem *p, const nt_operand *o, nt_call *call) {
    nt_operand numbers[NT_OPERANDS];
    memcpy(numbers, o, sizeof numbers);
    numbers[CONV_DST].zeros = true;
    return nt_as_defined(&nt_operation_conv3x3, p, NT_FUSED, numbers, call);
}

static bool conv_right(const void *problem, const nt_operand *o, nt_call *call) {
    const conv_problem *p = problem;
    const int m = nt_tile_of_algorithm(call->info.algorithm);
    const bool ends = p->residual || p->desc.pool == NINETAP_POOL_MAX;
    const bool finite = o[CONV_DST].nan == NT_NAN_NONE;
    if (m == 0) {
        return nt_as_defined(&nt_operation_conv3x3, p, nt_usual_arithmetic(call->info.isa), o,
                             call) &&
               (!finite || ends || conv_within_bound(p, 0, o, call));
    }
    if (!as_plain_call(p, m, o, call)) {
        return false;
    }
    return ends || (m == 2 && p->data == DATA_INTEGER ? as_defined_numbers(p, o, call)
                                                      : conv_within_bound(p, m, o, call));
}

const nt_operation nt_operation_conv3x3 = {
    .name = "conv3x3",
    .fields = nt_conv_fields,
    .size = sizeof(conv_problem),
    .isa = CONV_DESC(isa),
    .draw = conv_draw,
    .operands = conv_operands,
    .prepare = conv_prepare,
    .run = conv_run,
    .release = conv_release,
    .define = conv_define,
    .right = conv_right,
    .exact = conv_exact,
};
