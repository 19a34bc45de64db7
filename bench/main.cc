// ninetap-bench: what can this CPU do?
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cases/case_list.h"
#include "cases/options.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/interruption.h"
#include "measure/measure.h"
#include "measure/neighbours.h"
#include "measure/output.h"

namespace {

enum { EXIT_WRONG = 1, EXIT_TROUBLE = 2 };

// Before hours of measuring: can what they are for be written?
void expect_interruptions_and_write() {
    if (!gb_out().empty()) {
        output_expect(gb_out());
    }
    interruption_expect();
}

int info(const options &o) {
    expect_interruptions_and_write();
    measure_machine({1, host_max_threads()}, !o.silent);
    if (interrupted()) {
        std::fprintf(stderr, "ninetap-bench: interrupted by %s\n", interruption_name());
    } else {
        gb_finish();
    }
    return EXIT_SUCCESS;
}

// After an interruption that left nothing, an older file is worth more.
int bench(case_list &list, const options &o) {
    if (!neighbours_start(o.neighbours)) {
        throw trouble("--neighbours: they cannot be started");
    }
    expect_interruptions_and_write();
    const int status = measure_cases(list, o) > 0 ? EXIT_WRONG : EXIT_SUCCESS;
    if (std::any_of(list.cases.begin(), list.cases.end(),
                    [](const bench_case &c) { return c.done; })) {
        gb_finish();
    }
    return status;
}

int act(const options &o) {
    if (o.what == action::help) {
        std::fputs(help_text, stdout);
        gb_print_flags();
        return EXIT_SUCCESS;
    }
    if (o.what == action::version) {
        std::printf("ninetap-bench %s\n", ninetap_version());
        return EXIT_SUCCESS;
    }
    if (o.what == action::info) {
        return info(o);
    }
    case_list list(o, gb_filter());
    if (o.what == action::bench) {
        return bench(list, o);
    }
    for (const bench_case &c : list.cases) {
        std::puts(c.name.c_str());
    }
    return EXIT_SUCCESS;
}

// argv with our defaults in front, where neither it nor the environment has others. Many short
// repetitions, since it is the minimum that is compared.
std::vector<char *> with_defaults(int argc, char **argv) {
    static char name[] = "ninetap-bench", repetitions[] = "--benchmark_repetitions=20",
                min_time[] = "--benchmark_min_time=0.01",
                interleaving[] = "--benchmark_enable_random_interleaving=true";
    std::vector<char *> all{argc > 0 ? argv[0] : name};
    all.insert(all.end(), argv + std::min(argc, 1), argv + argc);
    all.push_back(nullptr);
    for (char *one : {repetitions, min_time, interleaving}) {
        const std::string flag = one + 2;
        if (find_flag(flag.substr(0, flag.find('=')), all.data()) == nullptr) {
            all.insert(all.begin() + 1, one);
        }
    }
    return all;
}

int run(int argc, char **argv) {
    std::vector<char *> arguments = with_defaults(argc, argv);
    int count = static_cast<int>(arguments.size()) - 1;
    options o(&count, arguments.data());
    check_flags(arguments.data());
    gb_initialize(&count, arguments.data());
    if (count > 1) {
        throw trouble(std::string(arguments[1]) + ": Google Benchmark does not know it");
    }
    o.what = gb_listing() && o.what == action::bench ? action::list : o.what;
    o.check_streams(gb_out(), gb_owns_stdout());
    if (!o.json.empty()) {
        gb_write_json(o.json);
    }
    return act(o);
}

} // namespace

int main(int argc, char **argv) {
    int status = EXIT_SUCCESS;
    const auto guarded = [&status](const auto &action) {
        try {
            action();
        } catch (const std::exception &e) { // trouble, or out of memory
            std::fprintf(stderr, "ninetap-bench: %s\n", e.what());
            status = EXIT_TROUBLE;
        }
    };
    output_guard_streams();
    guarded([&] { status = run(argc, argv); });
    guarded(output_end_stdout);
    neighbours_end();
    interruption_end();
    return status;
}
