#include "gbench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

// Only what versions 1.7 to 1.9 have in common is used: names as const char *, no error fields of
// Run (renamed in 1.8).

namespace {

using Runs = std::vector<benchmark::BenchmarkReporter::Run>;

benchmark::State &state_of(gb_state *state) {
    return *reinterpret_cast<benchmark::State *>(state);
}

// In the order of registration.
std::vector<void *> &users() {
    static std::vector<void *> list;
    return list;
}

double minimum(const std::vector<double> &values) {
    return *std::min_element(values.begin(), values.end());
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t half = values.size() / 2;
    return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

class Reporter : public benchmark::BenchmarkReporter {
  public:
    explicit Reporter(gb_report *report) : report_(report) {
    }

    bool ReportContext(const Context &) override {
        return true;
    }

    // A benchmark's repetitions arrive together, its aggregates after them; under
    // --benchmark_report_aggregates_only there are only aggregates.
    void ReportRuns(const Runs &runs) override {
        if (runs.empty()) {
            return;
        }
        const int64_t index = runs[0].family_index;
        double min = 0, mid = 0;
        if (runs[0].run_type == Run::RT_Iteration) {
            std::vector<double> times;
            for (const Run &run : runs) {
                times.push_back(seconds(run));
            }
            min = minimum(times);
            mid = median(times);
        } else if (index != reported_) {
            for (const Run &run : runs) {
                if (run.aggregate_name == "min") {
                    min = seconds(run);
                }
                if (run.aggregate_name == "median") {
                    mid = seconds(run);
                }
            }
        } else {
            return;
        }
        reported_ = index;
        report_(users().at(static_cast<size_t>(index)), min, mid);
    }

  private:
    static double seconds(const Run &run) {
        return run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
    }

    gb_report *report_;
    int64_t reported_ = -1;
};

} // namespace

void gb_initialize(int *argc, char **argv, void (*help)(void)) {
    benchmark::Initialize(argc, argv, help);
}

void gb_print_flags(void) {
    benchmark::PrintDefaultHelp();
}

const char *gb_filter(void) {
    static std::string filter;
    filter = benchmark::GetBenchmarkFilter();
    return filter.c_str();
}

void gb_add_context(const char *key, const char *value) {
    benchmark::AddCustomContext(key, value);
}

void gb_register(const char *name, gb_function *function, void *user) {
    users().push_back(user);
    benchmark::RegisterBenchmark(name,
                                 [function, user](benchmark::State &state) {
                                     function(reinterpret_cast<gb_state *>(&state), user);
                                 })
        ->UseRealTime()
        ->MeasureProcessCPUTime()
        ->ComputeStatistics("min", minimum);
}

void gb_run(gb_report *report) {
    // Names were filtered before they were registered: "all" keeps Google Benchmark from filtering
    // again, by names to which it appends "/process_time/real_time".
    Reporter reporter(report);
    benchmark::RunSpecifiedBenchmarks(report != nullptr ? &reporter : nullptr, nullptr, "all");
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
