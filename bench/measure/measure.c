#include "measure/measure.h"

#include <stdio.h>
#include <string.h>

#include "measure/console.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/info.h"
#include "measure/interruption.h"
#include "measure/roofline.h"

void measure_machine(const int *threads, int count, bool talks) {
    info_tell(talks);
    for (int i = 0; i < count && !interrupted(); i++) {
        limits_measure(threads[i], talks);
    }
}

/* ---- a group: same shape, same number of threads ------------------------------------------ */

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

static void prepare(bench_case *cases, size_t count, const options *o) {
    for (size_t i = 0; i < count && !interrupted(); i++) {
        bench_case *c = &cases[i];
        const choice *how = &c->method.choice;
        c->verify_only = o->verify_only;
        if (load(c, !o->verify_only) && !o->verify_only) {
            c->roofline = limits_roofline(c->problem, how->isa, how->threads, c->cold);
        }
    }
    host_pin(0);
    for (size_t i = 0; i < count && !interrupted(); i++) {
        if (cases[i].state == CASE_NEW) {
            bench_case_open(&cases[i]);
        }
    }
}

/* Verifies the cases and, unless only that is wanted, times those that are right, their repetitions
 * taking turns: what disturbs one disturbs the others. */
static void run_group(bench_case *cases, size_t count, const options *o) {
    prepare(cases, count, o);
    for (size_t i = 0; i < count; i++) {
        gb_register(cases[i].name, bench_case_run, &cases[i]);
    }
    gb_run(bench_case_timed);
    host_pin(0);
    for (size_t i = 0; i < count; i++) {
        cases[i].done = cases[i].min > 0 || !interrupted();
    }
    console_no_progress();
    if (!o->silent) {
        console_rows(cases, count);
    }
    for (size_t i = 0; i < count; i++) {
        bench_case_close(&cases[i]);
    }
    unload(cases, count);
}

/* ---- all groups --------------------------------------------------------------------------- */

/* The numbers of threads in the list, each once. */
static int threads_of(const case_list *list, int *threads, int most) {
    int count = 0;
    for (size_t i = 0; i < list->case_count; i++) {
        int here = list->cases[i].method.choice.threads, k = 0;
        while (k < count && threads[k] != here) {
            k++;
        }
        if (k == count && count < most) {
            threads[count++] = here;
        }
    }
    return count;
}

/* The table cannot be written, and nothing else is asked for. */
static bool is_for_nobody(void) {
    return ferror(stdout) != 0 && *gb_out() == '\0';
}

static void say_interruption(const case_list *list) {
    size_t done = 0;
    for (size_t i = 0; i < list->case_count; i++) {
        done += list->cases[i].done ? 1 : 0;
    }
    fprintf(stderr, "ninetap-bench: interrupted by %s after %zu of %zu benchmarks\n",
            interruption_name(), done, list->case_count);
}

/* Of ninetap's. */
static size_t count_failures(const case_list *list, bool sum_up) {
    size_t failed = 0, failed_peers = 0, not_offered = 0;
    for (size_t i = 0; i < list->case_count; i++) {
        const bench_case *c = &list->cases[i];
        size_t *count = c->method.peer == NULL ? &failed : &failed_peers;
        *count += c->state == CASE_FAILED ? 1 : 0;
        not_offered += c->state == CASE_NOT_OFFERED ? 1 : 0;
    }
    if (sum_up) {
        printf("\n%zu right, %zu wrong or failed, %zu not offered\n",
               list->case_count - failed - failed_peers - not_offered, failed + failed_peers,
               not_offered);
    }
    if (failed > 0) {
        fprintf(stderr, "ninetap-bench: %zu of ninetap's %s wrong or failed\n", failed,
                failed == 1 ? "is" : "are");
    }
    return failed;
}

size_t measure_cases(case_list *list, const options *o) {
    char total[24];
    int threads[OPTION_THREADS], count = threads_of(list, threads, OPTION_THREADS);
    snprintf(total, sizeof total, "%zu", list->case_count);
    gb_add_context("benchmarks", total); /* in a file of fewer the run was interrupted */
    measure_machine(threads, o->verify_only ? 0 : count, !o->silent);
    if (!o->silent) {
        console_head(list->cases, list->case_count, !o->verify_only);
    }
    for (size_t i = 0; i < list->case_count && !interrupted() && !is_for_nobody();) {
        const size_t group = case_list_group(list, i);
        console_progress(i, group, list->case_count, list->cases[i].name);
        run_group(&list->cases[i], group, o);
        i += group;
    }
    const bool whole = !interrupted() && !is_for_nobody();
    if (interrupted()) {
        say_interruption(list);
    } else if (whole && !o->silent && !o->verify_only) {
        console_legend();
    }
    return count_failures(list, whole && !o->silent && o->verify_only);
}
