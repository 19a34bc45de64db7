#include "measure/measure.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "measure/console.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/info.h"
#include "measure/interruption.h"
#include "measure/roofline.h"

void measure_machine(const std::set<int> &threads, bool talks) {
    info_tell(talks);
    for (const int count : threads) {
        if (!interrupted()) {
            limits_measure(count, talks);
        }
    }
}

namespace {

// ---- a group: same shape, same number of threads ---------------------------------------------

// Its data and, where that is of interest, the time of the plain C loops.
bool load(bench_case &c, bool timing) {
    problem *p = c.problem;
    if (p->sets == 0 && !problem_load(p, c.cold)) {
        c.state = CASE_FAILED;
        std::snprintf(c.error, sizeof c.error, "no memory for the data");
        return false;
    }
    if (timing && p->reference_seconds <= 0) {
        host_pin(1);
        p->reference_seconds = problem_time_reference(p);
    }
    return true;
}

void prepare(bench_case *cases, size_t count, const options &o) {
    for (size_t i = 0; i < count && !interrupted(); i++) {
        bench_case &c = cases[i];
        c.verify_only = o.verify_only;
        if (load(c, !o.verify_only) && !o.verify_only) {
            const choice &how = c.method.choice;
            c.roofline = limits_roofline(c.problem, how.isa, how.threads, c.cold);
        }
    }
    host_pin(0);
    for (size_t i = 0; i < count && !interrupted(); i++) {
        if (cases[i].state == CASE_NEW) {
            bench_case_open(&cases[i]);
        }
    }
}

// Verifies the cases and, unless only that is wanted, times those that are right, their repetitions
// taking turns: what disturbs one disturbs the others.
void run_group(bench_case *cases, size_t count, const options &o) {
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
    if (!o.silent) {
        console_rows(cases, count);
    }
    for (size_t i = 0; i < count; i++) {
        bench_case_close(&cases[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (cases[i].problem->sets > 0) {
            problem_unload(cases[i].problem);
        }
    }
}

// ---- all groups ------------------------------------------------------------------------------

// The table cannot be written, and nothing else is asked for.
bool is_for_nobody() {
    return std::ferror(stdout) != 0 && *gb_out() == '\0';
}

void run_groups(case_list &list, const options &o) {
    const size_t total = list.cases.size();
    for (size_t i = 0; i < total && !interrupted() && !is_for_nobody();) {
        const size_t group = list.group(i);
        console_progress(i, group, total, list.cases[i].name);
        run_group(&list.cases[i], group, o);
        i += group;
    }
}

size_t count_of(const case_list &list, case_state state, bool ours) {
    return static_cast<size_t>(
        std::count_if(list.cases.begin(), list.cases.end(), [=](const bench_case &c) {
            return c.state == state && (c.method.peer == nullptr) == ours;
        }));
}

void say_interruption(const case_list &list) {
    const auto done = std::count_if(list.cases.begin(), list.cases.end(),
                                    [](const bench_case &c) { return c.done; });
    std::fprintf(stderr, "ninetap-bench: interrupted by %s after %td of %zu benchmarks\n",
                 interruption_name(), done, list.cases.size());
}

} // namespace

size_t measure_cases(case_list &list, const options &o) {
    std::set<int> threads;
    for (const bench_case &c : list.cases) {
        threads.insert(c.method.choice.threads);
    }
    // In a file of fewer the run was interrupted.
    gb_add_context("benchmarks", std::to_string(list.cases.size()).c_str());
    if (o.neighbours > 0) {
        gb_add_context("neighbours", std::to_string(o.neighbours).c_str());
    }
    measure_machine(o.verify_only ? std::set<int>() : threads, !o.silent);
    if (!o.silent) {
        console_head(list.cases.data(), list.cases.size(), !o.verify_only);
    }
    run_groups(list, o);
    const size_t failed = count_of(list, CASE_FAILED, true);
    if (interrupted()) {
        say_interruption(list);
    } else if (!o.silent && o.verify_only && !is_for_nobody()) {
        std::printf("\n%zu right, %zu wrong or failed, %zu not offered\n",
                    count_of(list, CASE_RIGHT, true) + count_of(list, CASE_RIGHT, false),
                    failed + count_of(list, CASE_FAILED, false),
                    count_of(list, CASE_NOT_OFFERED, true) +
                        count_of(list, CASE_NOT_OFFERED, false));
    } else if (!o.silent && !is_for_nobody()) {
        console_legend();
    }
    if (failed > 0) {
        std::fprintf(stderr, "ninetap-bench: %zu of ninetap's %s wrong or failed\n", failed,
                     failed == 1 ? "is" : "are");
    }
    return failed;
}
