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

static case_state not_ready(bench_case *c, case_state how, const char *why) {
    snprintf(c->error, sizeof c->error, "%s%s", how == CASE_NOT_OFFERED ? "not offered: " : "",
             why);
    return how;
}

static case_state create_ours(bench_case *c) {
    const choice *how = &c->method.choice;
    runner *r = &c->runner;
    const bool special = how->algo != NINETAP_ALGO_AUTO ||
                         how->precision != NINETAP_PRECISION_DEFAULT ||
                         (c->problem->shape.pooled && !how->unfused);
    const ninetap_status status = plan_create(&r->plan, c->problem, how);
    if (status != NINETAP_OK) {
        const bool lacking = special && status == NINETAP_ERR_UNSUPPORTED;
        return not_ready(c, lacking ? CASE_NOT_OFFERED : CASE_FAILED, ninetap_strerror(status));
    }
    if (strcmp(r->plan.isa, how->isa->name) != 0) {
        plan_free(&r->plan);
        return not_ready(c, special ? CASE_NOT_OFFERED : CASE_FAILED,
                         "another instruction set would do the work");
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

/* Peers start threads here, and those get the caller's CPU affinity. */
static case_state create_peer(bench_case *c) {
    const peer *who = c->method.peer;
    const char *lacking = lacks(who, &c->problem->shape);
    runner *r = &c->runner;
    char why[160] = "";
    if (lacking == NULL) {
        r->instance =
            who->create(c->problem, c->method.own, c->method.choice.threads, why, sizeof why);
    }
    if (r->instance == NULL) {
        return not_ready(c, CASE_NOT_OFFERED, lacking != NULL ? lacking : why);
    }
    r->kernel = who->kernel(r->instance);
    r->algorithm = "";
    r->allowed = problem_usual_error(c->problem);
    return CASE_READY;
}

static bool run_set(const bench_case *c, size_t set) {
    const problem *p = c->problem;
    return c->method.peer != NULL
               ? c->method.peer->run(c->runner.instance, set)
               : plan_run(&c->runner.plan, p->src[set], p->dst[set]) == NINETAP_OK;
}

/* Runs set 0 and compares. */
static bool verify(const bench_case *c, char *why, size_t size) {
    const peer *who = c->method.peer;
    problem_poison(c->problem);
    if (!run_set(c, 0) || (who != NULL && !who->fetch(c->runner.instance))) {
        snprintf(why, size, "it failed");
        return false;
    }
    return problem_verify(c->problem, c->runner.allowed, why, size);
}

static void end(bench_case *c, case_state state) {
    if (c->method.peer != NULL) {
        c->method.peer->destroy(c->runner.instance);
    } else {
        plan_free(&c->runner.plan);
    }
    c->state = state;
}

/* ---- the case ----------------------------------------------------------------------------- */

void bench_case_name(bench_case *c) {
    const problem *p = c->problem;
    const method *m = &c->method;
    const choice *how = &m->choice;
    const bool algo = how->algo != NINETAP_ALGO_AUTO;
    const bool precision = how->precision != NINETAP_PRECISION_DEFAULT;
    char nth[16] = "";
    if (how->candidate > 0) {
        snprintf(nth, sizeof nth, "/%d", how->candidate + 1);
    }
    snprintf(c->name, sizeof c->name, "%s/%s/%s/%s/t%d%s%s%s%s%s%s%s", p->operation->name,
             m->peer != NULL ? m->peer->name : how->isa->name,
             m->own ? "own" : layout_name(p->layout), p->shape.text, how->threads, algo ? "/" : "",
             algo ? algo_names[how->algo] : "", nth, precision ? "/" : "",
             precision ? precision_names[how->precision] : "", how->unfused ? "/unfused" : "",
             c->cold ? "/cold" : "");
}

void bench_case_open(bench_case *c) {
    char why[160] = "";
    c->runner = (runner){.instance = NULL};
    c->state = c->method.peer == NULL ? create_ours(c) : create_peer(c);
    if (c->state == CASE_READY) {
        snprintf(c->error, sizeof c->error, "right");
        if (!verify(c, why, sizeof why)) {
            end(c, CASE_FAILED);
            snprintf(c->error, sizeof c->error, "%s", why);
        }
    }
}

static bool run_next(bench_case *c) {
    const size_t set = c->set;
    c->set = set + 1 < c->problem->sets ? set + 1 : 0;
    return run_set(c, set);
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
        end(c, CASE_FAILED);
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
        end(c, CASE_RIGHT);
    }
}
