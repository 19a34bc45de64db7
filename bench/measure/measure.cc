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

// Makes the data and, unless nothing is to be timed, the limits to hold the times against.
void prepare(bench_case &c, const options &o) {
    problem *p = c.problem;
    const choice &how = c.method.choice;
    c.verify_only = o.verify_only;
    if (p->sets == 0 && !problem_load(p, c.cold)) {
        c.state = CASE_FAILED;
        std::snprintf(c.error, sizeof c.error, "no memory for the data");
    } else if (!o.verify_only) {
        if (p->reference_seconds <= 0) {
            host_pin(1);
            p->reference_seconds = problem_time_reference(p);
        }
        c.roofline = limits_roofline(p, how.isa, how.threads, c.cold);
    }
}

// Verifies the cases and, unless only that is wanted, times those that are right, their repetitions
// taking turns: what disturbs one disturbs the others.
void run_group(bench_case *cases, size_t count, const options &o) {
    for (size_t i = 0; i < count && !interrupted(); i++) {
        prepare(cases[i], o);
    }
    host_pin(0);
    for (size_t i = 0; i < count && !interrupted(); i++) {
        if (cases[i].state == CASE_NEW) {
            bench_case_open(&cases[i]);
        }
    }
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
        problem_unload(cases[i].problem); // once or more
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

template <class Which> size_t count_of(const case_list &list, Which which) {
    return static_cast<size_t>(std::count_if(list.cases.begin(), list.cases.end(), which));
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
    const auto in = [&list](case_state state) {
        return count_of(list, [state](const bench_case &c) { return c.state == state; });
    };
    const size_t failed = count_of(list, [](const bench_case &c) {
        return c.state == CASE_FAILED && c.method.peer == nullptr;
    });
    if (interrupted()) {
        const size_t done = count_of(list, [](const bench_case &c) { return c.done; });
        std::fprintf(stderr, "ninetap-bench: interrupted by %s after %zu of %zu benchmarks\n",
                     interruption_name(), done, list.cases.size());
    } else if (!o.silent && o.verify_only && !is_for_nobody()) {
        std::printf("\n%zu right, %zu wrong or failed, %zu not offered\n", in(CASE_RIGHT),
                    in(CASE_FAILED), in(CASE_NOT_OFFERED));
    } else if (!o.silent && !is_for_nobody()) {
        console_legend();
    }
    if (failed > 0) {
        std::fprintf(stderr, "ninetap-bench: %zu of ninetap's %s wrong or failed\n", failed,
                     failed == 1 ? "is" : "are");
    }
    return failed;
}
