#include "digest.h"
#include "reference/reference.h"
#include "run.h"

typedef struct tensors {
    ninetap_pool2x2_desc desc;
    const pool_case *c;
    room large, small, indices; /* N x C x ih x iw, N x C x OH x OW, the same dense */
    int64_t larges, smalls, outputs;
} tensors;

static bool has_bytes(pool_op op) {
    return op >= POOL_U8 && op <= POOL_S8_INDEX;
}

static bool is_back(pool_op op) {
    return op == POOL_UNPOOL || op == POOL_UNPOOL_ANY;
}

static bool has_index(pool_op op) {
    return op == POOL_MAX_INDEX || op == POOL_U8_INDEX || op == POOL_S8_INDEX;
}

static void fill(void *p, int64_t n, const pool_case *c, uint64_t seed) {
    if (has_bytes(c->op)) {
        data_bytes(p, n, seed);
    } else if (c->data == DATA_SPECIAL) {
        data_special(p, n, seed);
    } else {
        data_floats(p, n, c->data, seed);
    }
}

/* What a case reads: the larger tensor, or the smaller one and indices. */
static bool fill_inputs(tensors *t) {
    const ninetap_pool2x2_desc *d = &t->desc;
    if (!is_back(t->c->op)) {
        fill(t->large.at, t->larges, t->c, 1);
        return true;
    }
    fill(t->small.at, t->smalls, t->c, 2);
    if (t->c->op == POOL_UNPOOL_ANY) {
        data_indices(t->indices.at, t->outputs, d->ih * d->iw, 3);
        return true;
    }
    room pooled = room_make(t->larges, sizeof(float));
    room maxima = room_make(t->smalls, sizeof(float));
    const bool good = pooled.at != NULL && maxima.at != NULL;
    if (good) {
        fill(pooled.at, t->larges, t->c, 1);
        nt_reference_maxpool2x2_f32(d, pooled.at, maxima.at, t->indices.at);
    }
    room_free(&pooled);
    room_free(&maxima);
    return good;
}

static bool make(tensors *t) {
    const ninetap_pool2x2_desc *d = &t->desc;
    const size_t element = has_bytes(t->c->op) ? 1 : sizeof(float);
    int64_t oh = 0;
    int64_t ow = 0;
    (void)ninetap_pool2x2_output(d, &oh, &ow);
    t->larges = room_elements(d->n, d->c, d->ih, d->iw, d->src_pitch);
    t->smalls = room_elements(d->n, d->c, oh, ow, d->dst_pitch);
    t->outputs = d->n * d->c * oh * ow;
    t->large = room_make(t->larges, element);
    t->small = room_make(t->smalls, element);
    t->indices = room_make(t->outputs, sizeof(int64_t));
    return t->large.at != NULL && t->small.at != NULL && t->indices.at != NULL && fill_inputs(t);
}

static ninetap_status run_library(const tensors *t) {
    const ninetap_pool2x2_desc *d = &t->desc;
    int64_t *indices = has_index(t->c->op) ? t->indices.at : NULL;
    switch (t->c->op) {
    case POOL_AVERAGE:
        return ninetap_avgpool2x2_f32(d, t->large.at, t->small.at);
    case POOL_MIXED:
        return ninetap_mixedpool2x2_f32(d, t->c->alpha, t->large.at, t->small.at);
    case POOL_U8:
    case POOL_U8_INDEX:
        return ninetap_maxpool2x2_u8(d, t->large.at, t->small.at, indices);
    case POOL_S8:
    case POOL_S8_INDEX:
        return ninetap_maxpool2x2_s8(d, t->large.at, t->small.at, indices);
    case POOL_UNPOOL:
    case POOL_UNPOOL_ANY:
        return ninetap_maxunpool2x2_f32(d, t->small.at, t->indices.at, t->large.at);
    case POOL_MAX:
    case POOL_MAX_INDEX:
    default:
        return ninetap_maxpool2x2_f32(d, t->large.at, t->small.at, indices);
    }
}

static void run_reference(const tensors *t) {
    const ninetap_pool2x2_desc *d = &t->desc;
    int64_t *indices = has_index(t->c->op) ? t->indices.at : NULL;
    switch (t->c->op) {
    case POOL_AVERAGE:
        nt_reference_avgpool2x2_f32(d, t->large.at, t->small.at);
        break;
    case POOL_MIXED:
        nt_reference_mixedpool2x2_f32(d, t->c->alpha, t->large.at, t->small.at);
        break;
    case POOL_U8:
    case POOL_U8_INDEX:
        nt_reference_maxpool2x2_u8(d, t->large.at, t->small.at, indices);
        break;
    case POOL_S8:
    case POOL_S8_INDEX:
        nt_reference_maxpool2x2_s8(d, t->large.at, t->small.at, indices);
        break;
    case POOL_UNPOOL:
    case POOL_UNPOOL_ANY:
        nt_reference_maxunpool2x2_f32(d, t->small.at, t->indices.at, t->large.at);
        break;
    case POOL_MAX:
    case POOL_MAX_INDEX:
    default:
        nt_reference_maxpool2x2_f32(d, t->large.at, t->small.at, indices);
        break;
    }
}

/* Maxima move bits: their NaNs must be the ones of the input. */
static uint64_t digest_of(const tensors *t) {
    const pool_op op = t->c->op;
    const room *dst = is_back(op) ? &t->large : &t->small;
    const bool computed = op == POOL_AVERAGE || op == POOL_MIXED;
    const uint64_t digest = has_bytes(op)
                                ? digest_bytes(DIGEST_START, dst->base, dst->count)
                                : digest_floats(DIGEST_START, dst->base, dst->count, computed);
    return has_index(op) ? digest_integers(digest, t->indices.base, t->indices.count) : digest;
}

void run_pool2x2(const pool_case *c, const executor *by, outcome *result) {
    tensors t = {.desc = c->desc, .c = c};
    t.desc.isa = by->reference ? NULL : by->name;
    if (!make(&t)) {
        outcome_trouble(result, "out of memory");
    } else {
        ninetap_status status = NINETAP_OK;
        if (by->reference) {
            run_reference(&t);
        } else {
            status = run_library(&t);
        }
        if (status != NINETAP_OK) {
            outcome_trouble(result, "%s", ninetap_strerror(status));
        }
        result->digest = digest_of(&t);
    }
    room_free(&t.large);
    room_free(&t.small);
    room_free(&t.indices);
}
