#include "measure/bench_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/host.h"
#include "measure/interruption.h"

/* At least one untimed run before each repetition, and more of short ones: caches, branch
 * predictors and threads are then as they are between two timed runs. */
#define WARM_SECONDS 1e-3

/* Threads that have nothing to do wait busily for a while; another library's must have stopped. */
#define QUIET_SECONDS 0.01

/* ---- whoever solves the problem ----------------------------------------------------------- */

static case_state not_ready(case_state how, const char *text, char *why, size_t size) {
    snprintf(why, size, "%s", text);
    return how;
}

static case_state create_ours(runner *r, const method *m, char *why, size_t size) {
    const problem *p = r->problem;
    const choice *c = &m->choice;
    bool special = c->algo != NINETAP_ALGO_AUTO || c->precision != NINETAP_PRECISION_DEFAULT ||
                   (p->shape.pooled && !c->unfused);
    ninetap_status status = p->operation->create(&r->plan, p, c);
    if (status != NINETAP_OK) {
        bool lacking = special && status == NINETAP_ERR_UNSUPPORTED;
        return not_ready(lacking ? CASE_NOT_OFFERED : CASE_FAILED, ninetap_strerror(status), why,
                         size);
    }
    if (strcmp(r->plan.isa, c->isa->name) != 0) {
        p->operation->free(&r->plan);
        return not_ready(special ? CASE_NOT_OFFERED : CASE_FAILED,
                         "another instruction set would do the work", why, size);
    }
    r->kernel = r->plan.kernel;
    r->algorithm = r->plan.algorithm;
    r->allowed = r->plan.promised;
    return CASE_READY;
}

/* NULL: nothing. */
static const char *lacks(const peer *who, const shape *s) {
    return s->indices             ? "with indices only ninetap is measured"
           : s->pool != SHAPE_MAX ? "of this pooling only ninetap is measured"
           : s->pooled && (who->also & PEER_POOLED) == 0   ? "no convolution and pooling in one"
           : s->network && (who->also & PEER_NETWORK) == 0 ? "whole networks are not asked of it"
                                                           : NULL;
}

static case_state create_peer(runner *r, const method *m, char *why, size_t size) {
    const problem *p = r->problem;
    *why = '\0';
    const char *lacking = lacks(m->peer, &p->shape);
    if (lacking != NULL) {
        return not_ready(CASE_NOT_OFFERED, lacking, why, size);
    }
    r->instance = m->peer->create(p, m->own, m->choice.threads, why, size);
    if (r->instance == NULL) {
        return CASE_NOT_OFFERED;
    }
    r->peer = m->peer;
    r->kernel = m->peer->kernel(r->instance);
    r->algorithm = "";
    r->allowed = p->operation->usual_error(p);
    return CASE_READY;
}

/* Not ready: `why` says so, and there is nothing to free. Peers start threads here, and those get
 * the caller's CPU affinity. */
static case_state runner_create(runner *r, const problem *p, const method *m, char *why,
                                size_t size) {
    *r = (runner){.problem = p};
    return m->peer == NULL ? create_ours(r, m, why, size) : create_peer(r, m, why, size);
}

static bool runner_run(const runner *r, size_t set) {
    const problem *p = r->problem;
    return r->peer != NULL ? r->peer->run(r->instance, set)
                           : p->operation->run(&r->plan, p->src[set], p->dst[set]) == NINETAP_OK;
}

/* Runs set 0 and compares. */
static bool runner_verify(const runner *r, char *why, size_t size) {
    problem_poison(r->problem);
    if (!runner_run(r, 0) || (r->peer != NULL && !r->peer->fetch(r->instance))) {
        snprintf(why, size, "it failed");
        return false;
    }
    return problem_verify(r->problem, r->allowed, why, size);
}

static void runner_free(runner *r) {
    if (r->peer != NULL) {
        r->peer->destroy(r->instance);
    } else {
        r->problem->operation->free(&r->plan);
    }
}

/* ---- the case ----------------------------------------------------------------------------- */

static const char *implementation(const bench_case *c) {
    return c->method.peer != NULL ? c->method.peer->name : c->method.choice.isa->name;
}

static const char *case_layout(const bench_case *c) {
    return c->method.own ? "own" : layout_name(c->problem->layout);
}

void bench_case_name(bench_case *c) {
    const problem *p = c->problem;
    const choice *how = &c->method.choice;
    bool algo = how->algo != NINETAP_ALGO_AUTO;
    bool precision = how->precision != NINETAP_PRECISION_DEFAULT;
    char nth[16] = "";
    if (how->candidate > 0) {
        snprintf(nth, sizeof nth, "/%d", how->candidate + 1);
    }
    snprintf(c->name, sizeof c->name, "%s/%s/%s/%s/t%d%s%s%s%s%s%s%s", p->operation->name,
             implementation(c), case_layout(c), p->shape.text, how->threads, algo ? "/" : "",
             algo ? algo_names[how->algo] : "", nth, precision ? "/" : "",
             precision ? precision_names[how->precision] : "", how->unfused ? "/unfused" : "",
             c->cold ? "/cold" : "");
}

void bench_case_open(bench_case *c) {
    char why[160] = "";
    c->state = runner_create(&c->runner, c->problem, &c->method, why, sizeof why);
    if (c->state == CASE_READY && !runner_verify(&c->runner, why, sizeof why)) {
        runner_free(&c->runner);
        c->state = CASE_FAILED;
    }
    snprintf(c->error, sizeof c->error, "%s%s", c->state == CASE_NOT_OFFERED ? "not offered: " : "",
             c->state == CASE_READY ? "right" : why);
}

static bool run_next(bench_case *c) {
    size_t set = c->set;
    c->set = set + 1 < c->problem->sets ? set + 1 : 0;
    return runner_run(&c->runner, set);
}

/* A thread that a peer starts in a run has the caller's CPUs: with one CPU it would share it. */
static void pin(const bench_case *c) {
    const int threads = c->method.choice.threads;
    host_pin(c->method.peer != NULL && threads > 1 ? 0 : threads);
}

/* Waits for other libraries' threads, then warms up. */
static bool get_ready(bench_case *c) {
    static const bench_case *last;
    const bool others = last != NULL && last != c && last->method.peer != c->method.peer;
    last = c;
    if (others && c->method.choice.threads > 1) {
        host_sleep(QUIET_SECONDS);
    }
    const double start = host_seconds();
    bool good = true;
    do {
        good = run_next(c);
    } while (good && host_seconds() - start < WARM_SECONDS);
    return good;
}

/* What --json tells of a benchmark. The same counters for every operation: Google Benchmark's CSV
 * output allows nothing else. */
static void describe(gb_state *state, const bench_case *c) {
    const problem *p = c->problem;
    const char *algorithm = c->runner.algorithm, *candidate = c->runner.plan.candidate;
    char label[320];
    snprintf(label, sizeof label, "%s%s%s%s%s%s%s", c->runner.kernel,
             *algorithm != '\0' ? "; algorithm: " : "", algorithm,
             *c->roofline.binds != '\0' ? "; limit: " : "", c->roofline.binds,
             candidate != NULL && *candidate != '\0' ? "; candidate: " : "",
             candidate != NULL ? candidate : "");
    gb_set_label(state, label);
    gb_counter_rate(state, "GFLOP/s", p->flops * 1e-9);
    gb_counter_rate(state, "GB/s", p->bytes * 1e-9);
    gb_counter(state, "flops", p->flops);
    gb_counter(state, "bytes", p->bytes);
    gb_counter(state, "limit_seconds", c->roofline.seconds);
    gb_counter(state, "reference_seconds", p->reference_seconds);
}

static bool time_runs(gb_state *state, bench_case *c) {
    pin(c);
    bool good = get_ready(c);
    while (good && !interrupted() && gb_keep_running(state)) {
        good = run_next(c);
    }
    return good;
}

void bench_case_run(gb_state *state, void *user) {
    bench_case *c = user;
    if (c->state == CASE_READY && !c->verify_only && !interrupted() && !time_runs(state, c)) {
        runner_free(&c->runner);
        c->state = CASE_FAILED;
        snprintf(c->error, sizeof c->error, "it failed while it was timed");
    }
    if (interrupted()) {
        gb_skip_with_error(state, "interrupted"); /* the other repetitions count */
    } else if (c->state != CASE_READY || c->verify_only) {
        gb_skip_with_error(state, c->error);
    } else {
        describe(state, c);
    }
}

void bench_case_timed(void *user, double min, double median) {
    bench_case *c = user;
    c->min = min;
    c->median = median;
}

void bench_case_close(bench_case *c) {
    if (c->state == CASE_READY) {
        runner_free(&c->runner);
        c->state = CASE_RIGHT;
    }
}
