#include "check_conv3x3.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "conv3x3/conv3x3.h"
#include "core/dispatch.h"
#include "reference/reference.h"
#include "support/allocations.h"
#include "support/bits.h"
#include "support/suite.h"
#include "support/view.h"

typedef struct conv_case {
    const conv_problem *p;
    view src_view, dst_view;
    buffer src, weights, bias, residual, dst, workspace;
    float *expected; /* as long as dst */
    double error_bound, error_floor;
    int m;        /* of the plan's F(m x m, 3x3); 0: direct */
    bool refused; /* for want of memory, as the problem has it */
} conv_case;

static const float *bias_of(const conv_case *c) {
    return c->p->bias ? c->bias.data : NULL;
}

/* ---- Tensors ---- */

static buffer new_vector(const conv_problem *p, conv_data data, int64_t count, rng *r,
                         float (*draw)(rng *r, conv_data data)) {
    const buffer b = buffer_new((size_t)count * sizeof(float), (placement)p->placement, 0);
    for (int64_t i = 0; i < count; i++)
        ((float *)b.data)[i] = draw(r, data);
    buffer_read_only(&b);
    return b;
}

/* Winograd by name refuses weights that are not finite. */
static conv_data weights_data(const conv_problem *p) {
    const bool finite = p->data == DATA_SPECIAL && p->desc.algo >= NINETAP_ALGO_WINOGRAD2;
    return finite ? DATA_INTEGER : (conv_data)p->data;
}

static buffer new_src(const conv_problem *p, const view *v, rng *r) {
    const buffer b = buffer_new((size_t)view_span(v) * sizeof(float), (placement)p->placement, 0);
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t i = 0; i < v->c; i++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; x < v->w; x++)
                    ((float *)b.data)[view_at(v, n, i, y, x)] =
                        conv_draw_src(r, (conv_data)p->data);
    buffer_read_only(&b);
    return b;
}

static conv_case new_case(const conv_problem *p) {
    const ninetap_conv3x3_desc *d = &p->desc;
    rng r = {(uint64_t)p->seed};
    conv_case c = {.p = p};
    c.src_view = view_of(d->layout, d->n, d->ic, d->ih, d->iw, d->src_pitch);
    c.dst_view = view_of(d->layout, d->n, d->oc, conv_out_h(p), conv_out_w(p), d->dst_pitch);
    c.src = new_src(p, &c.src_view, &r);
    c.weights =
        new_vector(p, weights_data(p), d->oc * (d->ic / conv_groups(p)) * 9, &r, conv_draw_weight);
    if (p->bias)
        c.bias = new_vector(p, (conv_data)p->data, d->oc, &r, conv_draw_bias);
    if (p->residual)
        c.residual = new_vector(p, (conv_data)p->data, view_span(&c.dst_view), &r, conv_draw_bias);
    c.dst = buffer_new((size_t)view_span(&c.dst_view) * sizeof(float), (placement)p->placement, 0);
    /* Under the canaries of dst lies what the reference leaves there. */
    c.expected = malloc(c.dst.bytes + 1);
    if (c.expected == NULL)
        abort();
    memcpy(c.expected, c.dst.data, c.dst.bytes);
    return c;
}

static void free_case(conv_case *c) {
    buffer_free(&c->src);
    buffer_free(&c->weights);
    buffer_free(&c->bias);
    buffer_free(&c->residual);
    buffer_free(&c->dst);
    buffer_free(&c->workspace);
    free(c->expected);
}

/* ---- Running ---- */

static bool check_output_size(const conv_problem *p) {
    int64_t oh = -1, ow = -1;
    const ninetap_status status = ninetap_conv3x3_output(&p->desc, &oh, &ow);
    if (status != NINETAP_OK || oh != conv_out_h(p) || ow != conv_out_w(p))
        return suite_wrong("output: %s, %lld x %lld", ninetap_strerror(status), (long long)oh,
                           (long long)ow);
    return true;
}

/* The relative error that k roundings can add up to (Higham, ch. 3). */
static double gamma_k(double k) {
    const double u = 0x1p-24;
    return k * u / (1 - k * u);
}

/* Whether the description allows the plan's algorithm, and what is said of its error. */
static bool check_algorithm(const conv_case *c, const ninetap_plan_info *info) {
    static const int asked[] = {0, 0, 2, 4, 6};
    const ninetap_conv3x3_desc *d = &c->p->desc;
    const double channels = (double)d->ic / (double)conv_groups(c->p);
    if (d->algo != NINETAP_ALGO_AUTO && c->m != asked[d->algo])
        return suite_wrong("'%s' was not asked for", info->algorithm);
    if (c->m == 0)
        return (info->error_bound >= gamma_k(9 * channels) &&
                info->error_bound <= gamma_k(18 * channels + 1) &&
                info->error_floor >= 9 * channels * 0x1p-150 && info->headroom >= 1 &&
                info->headroom <= 1 + 2 * info->error_bound) ||
               suite_wrong("error bound %g, floor %g, headroom %g", info->error_bound,
                           info->error_floor, info->headroom);
    if (conv_stride(c->p) != 1 || conv_dilation(c->p) != 1 || conv_groups(c->p) != 1 ||
        d->precision == NINETAP_PRECISION_EXACT || d->precision == NINETAP_PRECISION_PORTABLE ||
        (c->m == 6 && d->algo == NINETAP_ALGO_AUTO && d->precision != NINETAP_PRECISION_FAST))
        return suite_wrong("'%s' is not allowed here", info->algorithm);
    return (info->error_bound > gamma_k(channels) && isfinite(info->error_bound) &&
            info->error_floor >= channels * 0x1p-150 && isfinite(info->error_floor) &&
            info->headroom > 1 && isfinite(info->headroom)) ||
           suite_wrong("error bound %g, floor %g, headroom %g", info->error_bound,
                       info->error_floor, info->headroom);
}

static bool check_description(const conv_case *c, const ninetap_conv3x3 *plan) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(plan, &info);
    const ninetap_conv3x3_desc *d = &c->p->desc;
    const nt_isa *isa = nt_find_isa(d->isa);
    const bool borrowed = d->precision == NINETAP_PRECISION_EXACT && !isa->fast_fma;
    if (strcmp(info.isa, borrowed ? "scalar" : isa->name) != 0)
        return suite_wrong("isa '%s' runs on '%s'", isa->name, info.isa);
    const bool naive = strcmp(info.kernel, "direct_naive") == 0;
    if (!naive && strstr(info.kernel, info.isa) == NULL)
        return suite_wrong("kernel '%s' of %s", info.kernel, info.isa);
    if (info.reason == NULL || info.reason[0] == '\0' || strchr(info.reason, '\n') != NULL)
        return suite_wrong("reason");
    if ((double)info.macs != conv_macs(c->p))
        return suite_wrong("macs %lld", (long long)info.macs);
    if (info.packed_bytes < c->weights.bytes ||
        info.workspace_bytes != ninetap_conv3x3_workspace(plan))
        return suite_wrong("packed %zu, workspace %zu", info.packed_bytes, info.workspace_bytes);
    return check_algorithm(c, &info);
}

/* 0: direct; -1: no algorithm there is. */
static int tile_of(const char *algorithm) {
    static const char *const names[] = {"direct",    "", "winograd2", "",
                                        "winograd4", "", "winograd6"};
    for (int m = 0; m <= 6; m += 2)
        if (strcmp(algorithm, names[m]) == 0)
            return m;
    return -1;
}

/* Every part once, backwards from one drawn with the seed. */
static ninetap_status run_parts(const conv_case *c, const ninetap_conv3x3 *plan) {
    const int parts = c->p->parts;
    ninetap_status status = NINETAP_OK;
    for (int i = parts; i > 0 && status == NINETAP_OK; i--)
        status = ninetap_conv3x3_run_part(plan, c->src.data, c->dst.data, c->workspace.data,
                                          (c->p->seed % parts + i) % parts, parts);
    return status;
}

static ninetap_status run_plan(conv_case *c, const ninetap_conv3x3 *plan) {
    if (c->p->workspace != 0) /* full of canaries: whatever was there before must not matter */
        c->workspace = buffer_new(ninetap_conv3x3_workspace(plan), (placement)c->p->placement,
                                  (size_t)c->p->workspace - 1);
    if (c->p->call == CALL_PARTS)
        return run_parts(c, plan);
    if (c->p->residual)
        return ninetap_conv3x3_run_residual(plan, c->src.data, c->residual.data, c->dst.data,
                                            c->workspace.data);
    return ninetap_conv3x3_run(plan, c->src.data, c->dst.data, c->workspace.data);
}

static ninetap_status run_call(conv_case *c, const ninetap_conv3x3 *plan) {
    if (c->p->call != CALL_ONE_SHOT)
        return run_plan(c, plan);
    return ninetap_conv3x3_f32(&c->p->desc, c->src.data, c->weights.data, bias_of(c), c->dst.data);
}

static bool run_case(conv_case *c) {
    ninetap_conv3x3 *plan = NULL;
    bool described = true;
    errno = 0;
    allocations_fail(c->p->fail, false);
    /* the plan within a one-shot call is the first candidate's */
    const int candidate = c->p->call == CALL_ONE_SHOT ? 0 : c->p->candidate;
    ninetap_status status =
        nt_conv_create(&plan, &c->p->desc, c->weights.data, bias_of(c), candidate);
    if (status == NINETAP_OK) {
        ninetap_plan_info info;
        ninetap_conv3x3_describe(plan, &info);
        c->error_bound = info.error_bound;
        c->error_floor = info.error_floor;
        c->m = tile_of(info.algorithm);
        described = check_description(c, plan);
        status = run_call(c, plan);
        ninetap_conv3x3_free(plan);
    } else if (plan != NULL) {
        described = suite_wrong("not made, but there is a plan");
    }
    const bool failed = c->p->fail != 0 && allocations_tried() >= c->p->fail;
    c->refused = failed && status == NINETAP_ERR_NOMEM;
    if ((status != NINETAP_OK && !c->refused) || errno != 0)
        return suite_wrong("%s, errno %d", ninetap_strerror(status), errno);
    return described;
}

/* ---- Comparing ---- */

typedef struct place {
    int64_t n, c, y, x;
} place;

/* Calls `ok` for every output element; false at the first that is not. */
static bool each_output(const conv_case *c, bool (*ok)(const conv_case *, place, void *),
                        void *argument) {
    const view *v = &c->dst_view;
    for (int64_t n = 0; n < v->n; n++)
        for (int64_t o = 0; o < v->c; o++)
            for (int64_t y = 0; y < v->h; y++)
                for (int64_t x = 0; x < v->w; x++)
                    if (!ok(c, (place){n, o, y, x}, argument))
                        return false;
    return true;
}

static float *got(const conv_case *c, place at) {
    return (float *)c->dst.data + view_at(&c->dst_view, at.n, at.c, at.y, at.x);
}

static float *wanted(const conv_case *c, place at) {
    return c->expected + view_at(&c->dst_view, at.n, at.c, at.y, at.x);
}

static bool wrong_at(place at, float y, double exact, const char *rule) {
    return suite_wrong("(n %lld, c %lld, y %lld, x %lld): %.9g (%08x) instead of %.17g, %s",
                       (long long)at.n, (long long)at.c, (long long)at.y, (long long)at.x,
                       (double)y, (unsigned)bits_of(y), exact, rule);
}

static bool same_bits(const conv_case *c, place at, void *unused) {
    (void)unused;
    const float y = *got(c, at);
    if (isnan(y) && c->p->data != DATA_SPECIAL)
        return wrong_at(at, y, (double)*wanted(c, at), "the data has no NaN");
    if (same_but_for_nan_payload(y, *wanted(c, at)))
        return true;
    return wrong_at(at, y, (double)*wanted(c, at), "bit for bit");
}

/* How far the activation moves an error, and what its own roundings add (relative to |y|). */
static double activation_slope(const ninetap_conv3x3_desc *d) {
    if (d->act == NINETAP_LEAKY_RELU)
        return fmax(1, fabs((double)d->act_slope));
    return d->act == NINETAP_HARD_SWISH ? 1.5 : 1; /* steepest at 3: (2 * 3 + 3) / 6 */
}

static double activation_roundings(const ninetap_conv3x3_desc *d) {
    return d->act == NINETAP_LEAKY_RELU ? 1 : d->act == NINETAP_HARD_SWISH ? 3 : 0;
}

typedef struct exact_result {
    view dense;
    double *value, *scale;
} exact_result;

static bool within_bound(const conv_case *c, place at, void *argument) {
    const exact_result *exact = argument;
    const int64_t i = view_at(&exact->dense, at.n, at.c, at.y, at.x);
    const float y = *got(c, at);
    if (!isfinite(exact->scale[i])) { /* a tile that reads what is not finite */
        const ninetap_act act = c->p->desc.act;
        const bool seen = !isfinite(exact->value[i]) && act != NINETAP_RELU && act != NINETAP_CLAMP;
        return !seen || !isfinite(y) || wrong_at(at, y, exact->value[i], "not finite");
    }
    const double error = c->error_bound * exact->scale[i] + c->error_floor;
    const double allowed = error * activation_slope(&c->p->desc) +
                           gamma_k(activation_roundings(&c->p->desc)) * fabs(exact->value[i]) +
                           (double)FLT_TRUE_MIN;
    if (!(fabs((double)y - exact->value[i]) <= allowed * (1 + 1e-6)))
        return wrong_at(at, y, exact->value[i], "within the error bound");
    return true;
}

static bool check_within_bound(const conv_case *c) {
    const ninetap_conv3x3_desc *d = &c->p->desc;
    const view *v = &c->dst_view;
    exact_result exact = {.dense = view_of(d->layout, v->n, v->c, v->h, v->w, (int64_t[3]){0})};
    const size_t count = (size_t)view_span(&exact.dense);
    exact.value = malloc((count + 1) * sizeof(double));
    exact.scale = malloc((count + 1) * sizeof(double));
    if (exact.value == NULL || exact.scale == NULL)
        abort();
    nt_reference_conv3x3_f64(d, c->src.data, c->weights.data, bias_of(c), exact.value, exact.scale);
    if (c->m != 0)
        nt_reference_winograd_scale(d, c->m, c->src.data, c->weights.data, bias_of(c), exact.scale);
    const bool ok = each_output(c, within_bound, &exact);
    free(exact.value);
    free(exact.scale);
    return ok;
}

/* Where the contract leaves the bits open, they still may not depend on threads, parts, workspace
 * or alignment: a plain call of the same algorithm on one thread is what they must equal. */
static bool check_plain_run(const conv_case *c) {
    ninetap_conv3x3_desc plain = c->p->desc;
    plain.threads = 1;
    plain.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + c->m / 2);
    const ninetap_status status =
        ninetap_conv3x3_f32(&plain, c->src.data, c->weights.data, bias_of(c), c->expected);
    if (status != NINETAP_OK)
        return suite_wrong("plain run: %s", ninetap_strerror(status));
    return each_output(c, same_bits, NULL);
}

static bool same_number(const conv_case *c, place at, void *unused) {
    (void)unused;
    const float y = *got(c, at), want = *wanted(c, at);
    return y == want || wrong_at(at, y, (double)want, "the same number");
}

static bool bits_are_fixed(const conv_problem *p) {
    return p->data == DATA_INTEGER || p->data == DATA_SPECIAL ||
           p->desc.precision == NINETAP_PRECISION_EXACT ||
           p->desc.precision == NINETAP_PRECISION_PORTABLE;
}

static void expect_reference(const conv_case *c) {
    const ninetap_conv3x3_desc *d = &c->p->desc;
    const bool separate = d->precision == NINETAP_PRECISION_PORTABLE;
    nt_reference_conv3x3_f32(d, separate ? NT_SEPARATE : NT_FUSED, c->src.data, c->weights.data,
                             bias_of(c), c->expected);
}

/* With the pool or a residual: what the same algorithm gives without, and then the definition of
 * what follows, one after the other. That the former is right is other problems' business. */
static bool check_fused(const conv_case *c) {
    ninetap_conv3x3_desc plain = c->p->desc;
    plain.pool = NINETAP_POOL_NONE;
    plain.act = c->p->residual ? NINETAP_LINEAR : plain.act;
    plain.threads = 1;
    plain.algo = (ninetap_algo)(NINETAP_ALGO_DIRECT + c->m / 2);
    memset(plain.dst_pitch, 0, sizeof plain.dst_pitch);
    const view map = view_of(plain.layout, plain.n, plain.oc, conv_map_h(c->p), conv_map_w(c->p),
                             (int64_t[3]){0});
    float *values = malloc(((size_t)view_span(&map) + 1) * sizeof(float));
    if (values == NULL)
        abort();
    const ninetap_status status =
        ninetap_conv3x3_f32(&plain, c->src.data, c->weights.data, bias_of(c), values);
    if (status == NINETAP_OK && !c->p->residual) {
        ninetap_pool2x2_desc pool = {
            .n = map.n, .c = map.c, .ih = map.h, .iw = map.w, .layout = plain.layout, .threads = 1};
        memcpy(pool.dst_pitch, c->p->desc.dst_pitch, sizeof pool.dst_pitch);
        nt_reference_maxpool2x2_f32(&pool, values, c->expected, NULL);
    } else if (status == NINETAP_OK) {
        const float *residual = c->residual.data;
        for (int64_t n = 0; n < map.n; n++)
            for (int64_t o = 0; o < map.c; o++)
                for (int64_t i = 0; i < map.h * map.w; i++) {
                    const place at = {n, o, i / map.w, i % map.w};
                    const float sum = values[view_at(&map, n, o, at.y, at.x)] +
                                      residual[view_at(&c->dst_view, n, o, at.y, at.x)];
                    *wanted(c, at) = nt_reference_activation(&c->p->desc, sum);
                }
    }
    free(values);
    return (status == NINETAP_OK || suite_wrong("plain run: %s", ninetap_strerror(status))) &&
           each_output(c, same_bits, NULL);
}

static bool check_values(const conv_case *c) {
    if (c->p->desc.pool == NINETAP_POOL_MAX || c->p->residual)
        return check_fused(c);
    if (c->m == 0 && bits_are_fixed(c->p)) {
        expect_reference(c);
        return each_output(c, same_bits, NULL);
    }
    if (!check_plain_run(c))
        return false;
    if (c->m == 2 && c->p->data == DATA_INTEGER) { /* its transforms halve, and are exact */
        expect_reference(c);
        return each_output(c, same_number, NULL);
    }
    return check_within_bound(c);
}

/* Data that makes mostly zeros would let a kernel pass that does nothing. (Without a bias, outputs
 * that see only padding are 0.) */
static bool check_trustworthy(const conv_case *c) {
    const ninetap_act act = c->p->desc.act;
    if (c->p->data != DATA_INTEGER || !c->p->bias ||
        (act != NINETAP_LINEAR && act != NINETAP_LEAKY_RELU))
        return true;
    int64_t zeros = 0;
    const int64_t count = c->dst_view.n * c->dst_view.c * c->dst_view.h * c->dst_view.w;
    const float *dst = c->dst.data;
    for (size_t i = 0; i < c->dst.bytes / sizeof(float); i++)
        zeros += dst[i] == 0;
    if (count >= 100 && zeros * 10 > count * 3)
        return suite_wrong("mistrusted: %lld of %lld outputs are 0", (long long)zeros,
                           (long long)count);
    return true;
}

static bool forget(const conv_case *c, place at, void *unused) {
    (void)unused;
    *got(c, at) = from_bits(CANARY);
    return true;
}

/* With the outputs forgotten, everything must be canaries. Wipes dst. */
static bool check_gaps(const conv_case *c) {
    const float *dst = c->dst.data;
    (void)each_output(c, forget, NULL);
    for (size_t i = 0; i < c->dst.bytes / sizeof(float); i++)
        if (bits_of(dst[i]) != CANARY)
            return suite_wrong("dst[%zu] is not an output, but was written", i);
    if (!buffer_margins_whole(&c->dst))
        return suite_wrong("written beside dst");
    if (!buffer_margins_whole(&c->workspace))
        return suite_wrong("written beside the workspace");
    return true;
}

/* Parts may have been written before the one that found no memory. */
static bool check_untouched(const conv_case *c) {
    return c->p->call == CALL_PARTS || memcmp(c->dst.data, c->expected, c->dst.bytes) == 0 ||
           suite_wrong("out of memory, but dst was written");
}

static bool check_outcome(const conv_case *c) {
    return c->refused ? check_untouched(c) : check_values(c) && check_trustworthy(c);
}

bool check_conv3x3(const conv_problem *p) {
    char text[CONV_TEXT];
    conv_print(text, p);
    suite_case("test_conv3x3", text);
    if (!check_output_size(p))
        return false;
    conv_case c = new_case(p);
    const bool ok = run_case(&c) && check_outcome(&c) && check_gaps(&c);
    free_case(&c);
    return ok;
}
