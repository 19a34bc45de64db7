#include "measure/measure.h"

#include <stdio.h>
#include <string.h>

#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/info.h"
#include "measure/interruption.h"
#include "measure/roofline.h"
#include "report/report.h"

/* The machine goes to Google Benchmark's output too, which has a date of its own. */
bool measure_machine(results *r, const int *threads, int count) {
    if (!info_collect(r) || !limits_measure(r, threads, count)) {
        return false;
    }
    for (size_t i = 0; i < r->fact_count; i++) {
        if (strcmp(r->facts[i].key, "date") != 0) {
            gb_add_context(r->facts[i].key, r->facts[i].value);
        }
    }
    return true;
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

/* Verifies the cases and, unless only that is wanted, times those that are right, their repetitions
 * taking turns: what disturbs one disturbs the others. All of it is added to `r`. False if memory
 * is short. */
static bool group_run(bench_case *cases, size_t count, bool verify_only, results *r) {
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

static int longest_name(const case_list *list) {
    size_t longest = 0;
    for (size_t i = 0; i < list->case_count; i++) {
        size_t length = strlen(list->cases[i].name);
        longest = length > longest ? length : longest;
    }
    return (int)longest;
}

/* The table cannot be written, and nothing else is asked for. */
static bool is_for_nobody(const options *o) {
    return ferror(stdout) != 0 && o->json == NULL && o->csv == NULL && o->markdown == NULL &&
           *gb_out() == '\0';
}

/* *whole: to the end, and without an interruption. */
static bool run_groups(case_list *list, results *r, const options *o, bool *whole) {
    const bool talks = !o->silent;
    bool good = true;
    *whole = true;
    for (size_t i = 0, count; good && i < list->case_count; i += count) {
        if (interrupted() || is_for_nobody(o)) {
            *whole = false;
            break;
        }
        count = case_list_group(list, i);
        const size_t before = r->count;
        report_progress(i, count, list->case_count, list->cases[i].name);
        good = group_run(&list->cases[i], count, o->verify_only, r);
        *whole = !interrupted();
        report_no_progress();
        if (!good) {
            fputs("ninetap-bench: out of memory\n", stderr);
        }
        if (talks) {
            report_rows(r, before);
        }
    }
    return good;
}

/* In the results, and said. */
static bool note_interruption(results *r, const case_list *list) {
    char text[96];
    if (!interrupted()) {
        return true; /* stdout is said to be lost at the end */
    }
    snprintf(text, sizeof text, "by %s after %zu of %zu benchmarks", interruption_name(), r->count,
             list->case_count);
    fprintf(stderr, "ninetap-bench: interrupted %s\n", text);
    return results_add_fact(r, RESULT_INTERRUPTED, text);
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

bool measure_cases(case_list *list, results *r, const options *o, size_t *failed) {
    const bool talks = !o->silent;
    int threads[OPTION_THREADS], count = threads_of(list, threads, OPTION_THREADS);
    if (!measure_machine(r, threads, o->verify_only ? 0 : count)) {
        fputs("ninetap-bench: out of memory\n", stderr);
        return false;
    }
    if (talks) {
        info_print(stdout, r);
        report_head(longest_name(list), !o->verify_only);
    }
    bool whole;
    if (!run_groups(list, r, o, &whole)) {
        return false;
    }
    if (interrupted() || !whole) {
        *failed = count_failures(list, false);
        return whole || note_interruption(r, list);
    }
    if (talks && !o->verify_only) {
        report_legend();
    }
    if (talks) {
        report_networks(r);
    }
    *failed = count_failures(list, talks && o->verify_only);
    return true;
}
