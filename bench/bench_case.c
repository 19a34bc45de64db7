#include "bench_case.h"

#include <stdio.h>
#include <string.h>

#include "host.h"
#include "limits.h"
#include "report.h"

/* What is set up now. It outlives the case: a case is called once a repetition, and the next one
 * often has the same problem. */
static struct {
    bench_case *opened;
    problem *loaded;
    runner runner;
} current;

static bool fail(bench_case *c, const char *why) {
    snprintf(c->error, sizeof c->error, "%s", why);
    return false;
}

static void close_runner(void) {
    if (current.opened != NULL) {
        current.opened->problem->operation->free(&current.runner);
    }
    current.opened = NULL;
}

void bench_case_close(void) {
    close_runner();
    if (current.loaded != NULL) {
        problem_unload(current.loaded);
    }
    current.loaded = NULL;
    host_pin(0);
}

static bool load(bench_case *c) {
    problem *p = c->problem;
    if (current.loaded == p) {
        return true;
    }
    bench_case_close();
    if (!problem_load(p)) {
        return fail(c, "no memory for the data");
    }
    current.loaded = p;
    if (p->reference_seconds <= 0) {
        host_pin(1);
        p->reference_seconds = problem_time_reference(p);
    }
    return true;
}

static bool verify(bench_case *c) {
    const runner *r = &current.runner;
    const operation *op = c->problem->operation;
    if (strcmp(r->isa, c->isa->name) != 0) {
        return fail(c, "the library chose another instruction set than it was told to");
    }
    problem_poison(c->problem);
    ninetap_status status = op->run(r);
    if (status != NINETAP_OK) {
        return fail(c, ninetap_strerror(status));
    }
    c->verified = op->verify(r, c->error, sizeof c->error);
    return c->verified;
}

static bool open_case(bench_case *c) {
    if (c->error[0] != '\0') {
        return false;
    }
    if (current.opened == c) {
        return true;
    }
    close_runner();
    if (!load(c)) {
        return false;
    }

    problem *p = c->problem;
    if (c->limit <= 0) {
        c->limit = !p->shape.pooling ? limit_flops(c->isa, c->threads)
                                     : limit_copy((size_t)p->bytes, c->threads);
    }
    host_pin(c->threads);
    ninetap_status status = p->operation->create(&current.runner, p, c->isa, c->threads);
    if (status != NINETAP_OK) {
        return fail(c, ninetap_strerror(status));
    }
    current.opened = c;
    c->kernel = current.runner.kernel;
    return c->verified || verify(c);
}

/* The same ones for every operation: Google Benchmark's CSV output allows nothing else. */
static void set_counters(gb_state *state, const bench_case *c) {
    const problem *p = c->problem;
    gb_set_label(state, c->kernel);
    gb_counter_rate(state, "GFLOP/s", p->flops * 1e-9);
    gb_counter_rate(state, "GB/s", p->bytes * 1e-9);
    gb_counter(state, "limit", c->limit * 1e-9); /* GFLOP/s; pooling: GB/s */
    gb_counter_rate(state, "percent_of_limit", c->limit > 0 ? 100 * problem_work(p) / c->limit : 0);
    gb_counter_rate(state, "times_reference", p->reference_seconds);
}

void bench_case_run(gb_state *state, void *user) {
    bench_case *c = user;
    if (c->kernel == NULL && c->error[0] == '\0') {
        report_progress(c);
    }
    if (!open_case(c)) {
        gb_skip_with_error(state, c->error);
        return;
    }
    ninetap_status (*run)(const runner *) = c->problem->operation->run;
    ninetap_status status = NINETAP_OK;
    while (status == NINETAP_OK && gb_keep_running(state)) {
        status = run(&current.runner);
    }
    if (status != NINETAP_OK) {
        fail(c, ninetap_strerror(status));
        gb_skip_with_error(state, c->error);
        return;
    }
    set_counters(state, c);
}
