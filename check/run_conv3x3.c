#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "reference/reference.h"
#include "run.h"

typedef struct tensors {
    ninetap_conv3x3_desc desc;
    const conv_case *c;
    room src, weights, bias, dst;
} tensors;

static const float *bias_of(const tensors *t) {
    return t->c->no_bias ? NULL : t->bias.at;
}

static bool make(tensors *t) {
    const ninetap_conv3x3_desc *d = &t->desc;
    const data_kind kind = t->c->data;
    const int64_t groups = d->groups == 0 ? 1 : d->groups;
    const int64_t weights = d->oc * (d->ic / groups) * 9;
    int64_t oh = 0;
    int64_t ow = 0;
    (void)ninetap_conv3x3_output(d, &oh, &ow);
    const int64_t inputs = room_elements(d->n, d->ic, d->ih, d->iw, d->src_pitch);
    t->src = room_make(inputs, sizeof(float));
    t->weights = room_make(weights, sizeof(float));
    t->bias = room_make(d->oc, sizeof(float));
    t->dst = room_make(room_elements(d->n, d->oc, oh, ow, d->dst_pitch), sizeof(float));
    if (t->src.at == NULL || t->weights.at == NULL || t->bias.at == NULL || t->dst.at == NULL) {
        return false;
    }
    data_floats(t->src.at, inputs, kind, 1);
    const data_kind others = kind == DATA_SPECIAL && !t->c->special_weights ? DATA_RANDOM : kind;
    data_floats(t->weights.at, weights, others, 2);
    data_floats(t->bias.at, d->oc, others, 3);
    return true;
}

static ninetap_status run_with_workspace(const ninetap_conv3x3 *plan, const tensors *t) {
    enum { ODD = 5 };
    uint8_t *workspace = malloc(ninetap_conv3x3_workspace(plan) + ODD);
    const ninetap_status status =
        workspace == NULL ? NINETAP_ERR_NOMEM
                          : ninetap_conv3x3_run(plan, t->src.at, t->dst.at, workspace + ODD);
    free(workspace);
    return status;
}

static ninetap_status run_parts(const ninetap_conv3x3 *plan, const tensors *t) {
    static const int order[] = {2, 0, 1};
    ninetap_status status = NINETAP_OK;
    for (int i = 0; i < 3 && status == NINETAP_OK; i++) {
        status = ninetap_conv3x3_run_part(plan, t->src.at, t->dst.at, NULL, order[i], 3);
    }
    return status;
}

static ninetap_status run_plan(const ninetap_conv3x3 *plan, const tensors *t) {
    switch (t->c->call) {
    case CALL_WORKSPACE:
        return run_with_workspace(plan, t);
    case CALL_PARTS:
        return run_parts(plan, t);
    case CALL_ONCE:
        return ninetap_conv3x3_f32(&t->desc, t->src.at, t->weights.at, bias_of(t), t->dst.at);
    case CALL_RUN:
    default:
        return ninetap_conv3x3_run(plan, t->src.at, t->dst.at, NULL);
    }
}

/* A plan that is not the one asked for would have the digest of another. EXACT may be handed to the
 * scalar kernels. */
static void check_plan(const tensors *t, const ninetap_plan_info *info, outcome *result) {
    static const char *const algorithms[] = {NULL, "direct", "winograd2", "winograd4", "winograd6"};
    const char *asked = algorithms[t->desc.algo];
    const bool elsewhere = strcmp(info->isa, t->desc.isa) != 0;
    if (asked != NULL && strcmp(info->algorithm, asked) != 0) {
        outcome_trouble(result, "asked for %s, got %s", asked, info->algorithm);
    } else if (elsewhere &&
               (t->desc.precision != NINETAP_PRECISION_EXACT || strcmp(info->isa, "scalar") != 0)) {
        outcome_trouble(result, "it ran on %s", info->isa);
    }
}

static void run_library(const tensors *t, outcome *result) {
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info = {0};
    ninetap_status status = ninetap_conv3x3_create(&plan, &t->desc, t->weights.at, bias_of(t));
    if (status == NINETAP_OK) {
        ninetap_conv3x3_describe(plan, &info);
        check_plan(t, &info, result);
        status = run_plan(plan, t);
    }
    ninetap_conv3x3_free(plan);
    if (status != NINETAP_OK) {
        outcome_trouble(result, "%s", ninetap_strerror(status));
    } else if (t->desc.algo == NINETAP_ALGO_AUTO) {
        bound_check(&t->desc, &info, t->src.at, t->weights.at, bias_of(t), t->dst.at, result);
    }
}

static void run_reference(const tensors *t, bool fused, outcome *result) {
    const ninetap_precision precision = t->desc.precision;
    const bool fuse =
        precision == NINETAP_PRECISION_EXACT || (precision != NINETAP_PRECISION_PORTABLE && fused);
    result->skipped = t->desc.algo != NINETAP_ALGO_DIRECT;
    if (!result->skipped) {
        nt_reference_conv3x3_f32(&t->desc, fuse ? NT_FUSED : NT_SEPARATE, t->src.at, t->weights.at,
                                 bias_of(t), t->dst.at);
    }
}

void run_conv3x3(const conv_case *c, const executor *by, outcome *result) {
    tensors t = {.desc = c->desc, .c = c};
    t.desc.isa = by->reference ? NULL : by->name;
    if (!make(&t)) {
        outcome_trouble(result, "out of memory");
    } else if (by->reference) {
        run_reference(&t, by->fused, result);
    } else {
        run_library(&t, result);
    }
    if (t.dst.at != NULL) {
        result->digest = digest_floats(DIGEST_START, t.dst.base, t.dst.count, true);
    }
    room_free(&t.src);
    room_free(&t.weights);
    room_free(&t.bias);
    room_free(&t.dst);
}
