#include "runner.h"

#include <stdio.h>
#include <string.h>

static readiness not_ready(readiness how, const char *text, char *why, size_t size) {
    snprintf(why, size, "%s", text);
    return how;
}

static readiness create_ours(runner *r, const method *m, char *why, size_t size) {
    const problem *p = r->problem;
    const choice *c = &m->choice;
    bool special = c->algo != NINETAP_ALGO_AUTO || c->precision != NINETAP_PRECISION_DEFAULT ||
                   (p->shape.pooled && !c->unfused);
    ninetap_status status = p->operation->create(&r->plan, p, c);
    if (status != NINETAP_OK) {
        bool lacking = special && status == NINETAP_ERR_UNSUPPORTED;
        return not_ready(lacking ? RUNNER_NOT_OFFERED : RUNNER_FAILED, ninetap_strerror(status),
                         why, size);
    }
    if (strcmp(r->plan.isa, c->isa->name) != 0) {
        p->operation->free(&r->plan);
        return not_ready(special ? RUNNER_NOT_OFFERED : RUNNER_FAILED,
                         "another instruction set would do the work", why, size);
    }
    r->kernel = r->plan.kernel;
    r->algorithm = r->plan.algorithm;
    r->allowed = r->plan.promised;
    return RUNNER_READY;
}

/* NULL: nothing. */
static const char *lacks(const peer *who, const shape *s) {
    return s->indices             ? "with indices only ninetap is measured"
           : s->pool != SHAPE_MAX ? "of this pooling only ninetap is measured"
           : s->pooled && (who->also & PEER_POOLED) == 0   ? "no convolution and pooling in one"
           : s->network && (who->also & PEER_NETWORK) == 0 ? "whole networks are not asked of it"
                                                           : NULL;
}

static readiness create_peer(runner *r, const method *m, char *why, size_t size) {
    const problem *p = r->problem;
    *why = '\0';
    const char *lacking = lacks(m->peer, &p->shape);
    if (lacking != NULL) {
        return not_ready(RUNNER_NOT_OFFERED, lacking, why, size);
    }
    r->instance = m->peer->create(p, m->own, m->choice.threads, why, size);
    if (r->instance == NULL) {
        return RUNNER_NOT_OFFERED;
    }
    r->peer = m->peer;
    r->kernel = m->peer->kernel(r->instance);
    r->algorithm = "";
    r->allowed = p->operation->usual_error(p);
    return RUNNER_READY;
}

readiness runner_create(runner *r, const problem *p, const method *m, char *why, size_t size) {
    *r = (runner){.problem = p};
    return m->peer == NULL ? create_ours(r, m, why, size) : create_peer(r, m, why, size);
}

bool runner_run(const runner *r, size_t set) {
    const problem *p = r->problem;
    return r->peer != NULL ? r->peer->run(r->instance, set)
                           : p->operation->run(&r->plan, p->src[set], p->dst[set]) == NINETAP_OK;
}

bool runner_verify(const runner *r, char *why, size_t size) {
    problem_poison(r->problem);
    if (!runner_run(r, 0) || (r->peer != NULL && !r->peer->fetch(r->instance))) {
        snprintf(why, size, "it failed");
        return false;
    }
    return problem_verify(r->problem, r->allowed, why, size);
}

void runner_free(runner *r) {
    if (r->peer != NULL) {
        r->peer->destroy(r->instance);
    } else {
        r->problem->operation->free(&r->plan);
    }
}
