#include "measure/measure.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "measure/console.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/info.h"
#include "measure/interruption.h"

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
    try {
        if (p->sets == 0) {
            p->load(c.cold);
        }
    } catch (const std::bad_alloc &) {
        c.state = case_state::failed;
        c.error = "no memory for the data";
        return;
    }
    if (!o.verify_only) {
        if (p->reference_seconds <= 0) {
            host_pin(1);
            p->reference_seconds = p->time_reference();
        }
        c.roofline = limits_roofline(*p, how.isa, how.threads, c.cold);
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
        if (cases[i].state == case_state::made) {
            cases[i].open();
        }
    }
    gb_run(cases, count);
    host_pin(0);
    for (size_t i = 0; i < count; i++) {
        cases[i].done = cases[i].min > 0 || !interrupted();
    }
    console_no_progress();
    if (!o.silent) {
        console_rows(cases, count);
    }
    for (size_t i = 0; i < count; i++) {
        cases[i].close();
    }
    for (size_t i = 0; i < count; i++) {
        cases[i].problem->unload(); // once or more
    }
}

// ---- all groups ------------------------------------------------------------------------------

// The table cannot be written, and nothing else is asked for.
bool is_for_nobody() {
    return std::ferror(stdout) != 0 && gb_out().empty();
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
        return c.state == case_state::failed && c.method.peer == nullptr;
    });
    if (interrupted()) {
        const size_t done = count_of(list, [](const bench_case &c) { return c.done; });
        std::fprintf(stderr, "ninetap-bench: interrupted by %s after %zu of %zu benchmarks\n",
                     interruption_name(), done, list.cases.size());
    } else if (!o.silent && o.verify_only && !is_for_nobody()) {
        std::printf("\n%zu right, %zu wrong or failed, %zu not offered\n", in(case_state::right),
                    in(case_state::failed), in(case_state::not_offered));
    } else if (!o.silent && !is_for_nobody()) {
        console_legend();
    }
    if (failed > 0) {
        std::fprintf(stderr, "ninetap-bench: %zu of ninetap's %s wrong or failed\n", failed,
                     failed == 1 ? "is" : "are");
    }
    return failed;
}
