#include "group.h"

#include <stdio.h>

#include "host.h"
#include "interruption.h"

/* Its data and, where that is of interest, the time of the plain C loops. */
static bool load(bench_case *c, bool timing) {
    problem *p = c->problem;
    if (p->sets == 0 && !problem_load(p, c->cold)) {
        c->state = CASE_FAILED;
        snprintf(c->error, sizeof c->error, "no memory for the data");
        return false;
    }
    if (timing && p->reference_seconds <= 0) {
        host_pin(1);
        p->reference_seconds = problem_time_reference(p);
    }
    return true;
}

static void unload(const bench_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (cases[i].problem->sets > 0) {
            problem_unload(cases[i].problem);
        }
    }
}

bool group_run(bench_case *cases, size_t count, bool verify_only, results *r) {
    for (size_t i = 0; i < count && !interrupted(); i++) {
        bench_case *c = &cases[i];
        const choice *how = &c->method.choice;
        if (load(c, !verify_only) && !verify_only) {
            c->roofline = limits_roofline(c->problem, how->isa, how->threads, c->cold);
        }
    }
    host_pin(0);
    for (size_t i = 0; i < count; i++) {
        if (cases[i].state == CASE_NEW && !interrupted()) {
            bench_case_open(&cases[i]);
        }
    }
    for (size_t i = 0; i < count && !verify_only; i++) {
        if (cases[i].state == CASE_READY || cases[i].state == CASE_FAILED) {
            gb_register(cases[i].name, bench_case_run, &cases[i]);
        }
    }
    if (!verify_only) {
        gb_run(bench_case_timed);
    }
    host_pin(0);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good = bench_case_close(&cases[i], verify_only, r) && good;
    }
    unload(cases, count);
    return good;
}
