#include "measure/gbench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cases/options.h"
#include "measure/interruption.h"
#include "measure/output.h"

// Only what versions 1.7 to 1.9 have in common is used: names as const char *, no error fields of
// Run (renamed in 1.8).

namespace {

using benchmark::BenchmarkReporter;
using Runs = std::vector<BenchmarkReporter::Run>;

benchmark::State &state_of(gb_state *state) {
    return *reinterpret_cast<benchmark::State *>(state);
}

double minimum(const std::vector<double> &values) {
    return *std::min_element(values.begin(), values.end());
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t half = values.size() / 2;
    return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

bool is_timed(const BenchmarkReporter::Run &run) {
    return run.GetAdjustedRealTime() > 0; // otherwise it was skipped
}

struct {
    bool listing = false, owns_stdout = false;
    std::string file, file_format;
    std::ostringstream file_text;
    std::vector<std::unique_ptr<BenchmarkReporter>> outputs;
    bool begun = false;        // they have their head: one, of all of Google Benchmark's runs
    std::vector<void *> users; // of what is registered, in that order
    int64_t families = 0;      // of the runs before
} gb;

void begin_outputs(BenchmarkReporter::Context context) {
    context.name_field_width = std::max<size_t>(context.name_field_width, 72);
    for (const auto &one : gb.outputs) {
        if (!gb.begun) {
            one->ReportContext(context);
        }
    }
    gb.begun = true;
}

// Hands on the times, and everything to the outputs.
class Recorder : public BenchmarkReporter {
  public:
    explicit Recorder(gb_report *report) : report_(report) {
    }

    bool ReportContext(const Context &context) override {
        begin_outputs(context);
        return true;
    }

    // A benchmark's repetitions arrive together, its aggregates after them; under
    // --benchmark_report_aggregates_only there are only aggregates.
    void ReportRuns(const Runs &all) override {
        Runs runs;
        for (const Run &run : all) {
            if (is_timed(run) || !interrupted()) {
                runs.push_back(run);
                runs.back().family_index += gb.families;
                runs.back().run_name.time_type.clear(); // the name it was registered by
            }
        }
        if (!runs.empty()) {
            for (const auto &one : gb.outputs) {
                one->ReportRuns(runs);
            }
            hand_on(runs, static_cast<size_t>(all[0].family_index));
        }
    }

  private:
    void hand_on(const Runs &runs, size_t index) {
        std::vector<double> seconds;
        double least = 0, middle = 0;
        for (const Run &run : runs) {
            const double value =
                run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
            if (run.run_type == Run::RT_Iteration && is_timed(run)) {
                seconds.push_back(value);
            } else if (run.aggregate_name == "min") {
                least = value;
            } else if (run.aggregate_name == "median") {
                middle = value;
            }
        }
        if (!seconds.empty()) {
            report_(gb.users.at(index), minimum(seconds), median(seconds));
            reported_ = index;
        } else if (index != reported_ && least > 0) {
            report_(gb.users.at(index), least, middle);
        }
    }

    gb_report *report_;
    size_t reported_ = SIZE_MAX;
};

std::string text(const char *value) {
    return value != nullptr ? value : "";
}

BENCHMARK_DISABLE_DEPRECATED_WARNING
BenchmarkReporter *make_reporter(const std::string &format) {
    if (format == "console") {
        return new benchmark::ConsoleReporter(benchmark::ConsoleReporter::OO_None);
    }
    if (format == "csv") {
        return new benchmark::CSVReporter;
    }
    return new benchmark::JSONReporter;
}
BENCHMARK_RESTORE_DEPRECATED_WARNING

void make_outputs() {
    if (!gb.outputs.empty()) {
        return;
    }
    if (gb.owns_stdout) {
        gb.outputs.emplace_back(benchmark::CreateDefaultDisplayReporter());
    }
    if (!gb.file.empty()) {
        gb.outputs.emplace_back(make_reporter(gb.file_format));
        gb.outputs.back()->SetOutputStream(&gb.file_text);
        gb.outputs.back()->SetErrorStream(&gb.file_text);
    }
}

} // namespace

void gb_initialize(int *argc, char **argv) {
    gb.listing = flag_is_on(find_flag("benchmark_list_tests", argv));
    gb.owns_stdout = find_flag("benchmark_format", argv) != nullptr;
    gb.file_format = text(find_flag("benchmark_out_format", argv));
    gb.file = text(find_flag("benchmark_out", argv));
    benchmark::Initialize(argc, argv);
    if (!gb.file.empty()) {
        // Each run would open it, and empty it. It is written here, at the end.
        char none[] = "--benchmark_out=";
        char *own[] = {argv[0], none, nullptr};
        int count = 2;
        benchmark::Initialize(&count, own);
    }
}

void gb_write_json(const char *path) {
    gb.file = path;
    gb.file_format = "json";
}

const char *gb_out(void) {
    return gb.file.c_str();
}

void gb_print_flags(void) {
    benchmark::PrintDefaultHelp();
}

const char *gb_filter(void) {
    static std::string filter;
    filter = benchmark::GetBenchmarkFilter();
    return filter.c_str();
}

bool gb_listing(void) {
    return gb.listing;
}

bool gb_owns_stdout(void) {
    return gb.owns_stdout;
}

void gb_add_context(const char *key, const char *value) {
    benchmark::AddCustomContext(key, value);
}

void gb_register(const char *name, gb_function *function, void *user) {
    gb.users.push_back(user);
    benchmark::RegisterBenchmark(name,
                                 [function, user](benchmark::State &state) {
                                     function(reinterpret_cast<gb_state *>(&state), user);
                                 })
        ->UseRealTime()
        ->MeasureProcessCPUTime()
        ->ComputeStatistics("min", minimum);
}

void gb_run(gb_report *report) {
    if (gb.users.empty()) {
        return; // Google Benchmark would complain
    }
    make_outputs();
    Recorder recorder(report);
    // Names were filtered before they were registered: "all" keeps Google Benchmark from filtering
    // again, by names to which it appends "/process_time/real_time".
    benchmark::RunSpecifiedBenchmarks(&recorder, "all");
    gb.families += static_cast<int64_t>(gb.users.size());
    benchmark::ClearRegisteredBenchmarks();
    gb.users.clear();
}

bool gb_finish(void) {
    make_outputs();
    begin_outputs(BenchmarkReporter::Context());
    for (const auto &one : gb.outputs) {
        one->Finalize();
    }
    const std::string all = gb.file_text.str();
    char why[512];
    if (!gb.file.empty() &&
        !output_write(gb.file.c_str(), all.data(), all.size(), why, sizeof why)) {
        std::fprintf(stderr, "ninetap-bench: %s\n", why);
        return false;
    }
    return true;
}

bool gb_keep_running(gb_state *state) {
    return state_of(state).KeepRunning();
}

void gb_skip_with_error(gb_state *state, const char *message) {
    state_of(state).SkipWithError(message);
}

void gb_set_label(gb_state *state, const char *label) {
    state_of(state).SetLabel(label);
}

void gb_counter(gb_state *state, const char *name, double value) {
    state_of(state).counters[name] = value;
}

void gb_counter_rate(gb_state *state, const char *name, double per_run) {
    state_of(state).counters[name] =
        benchmark::Counter(per_run, benchmark::Counter::kIsIterationInvariantRate);
}
