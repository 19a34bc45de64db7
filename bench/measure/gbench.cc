#include "measure/gbench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
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
    bool begun = false;   // they have their head: one, of all of Google Benchmark's runs
    int64_t families = 0; // of the runs before
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
    explicit Recorder(bench_case *cases) : cases_(cases) {
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
            hand_on(runs, cases_[all[0].family_index]);
        }
    }

  private:
    static void hand_on(const Runs &runs, bench_case &c) {
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
            c.min = minimum(seconds);
            c.median = median(seconds);
        } else if (c.min <= 0 && least > 0) {
            c.min = least;
            c.median = middle;
        }
    }

    bench_case *cases_;
};

// What the JSON tells of a benchmark. The same counters for every operation: Google Benchmark's CSV
// output allows nothing else.
void describe(benchmark::State &state, const bench_case &c) {
    const problem &p = *c.problem;
    const auto said = [](const char *key, const std::string &value) {
        return value.empty() ? "" : std::string("; ") + key + ": " + value;
    };
    const auto rate = [](double per_run) {
        return benchmark::Counter(per_run, benchmark::Counter::kIsIterationInvariantRate);
    };
    state.SetLabel((c.kernel + said("algorithm", c.algorithm) + said("limit", c.roofline.binds) +
                    said("candidate", c.candidate))
                       .c_str());
    state.counters["GFLOP/s"] = rate(p.flops * 1e-9);
    state.counters["GB/s"] = rate(p.bytes * 1e-9);
    state.counters["flops"] = p.flops;
    state.counters["bytes"] = p.bytes;
    state.counters["limit_seconds"] = c.roofline.seconds;
    state.counters["reference_seconds"] = p.reference_seconds;
}

// Called several times: until enough iterations are known to fill --benchmark_min_time, then once a
// repetition. The clock runs from the first call of KeepRunning to the one that returns false.
void time_case(benchmark::State &state, bench_case &c) {
    bool good = !interrupted() && c.get_ready();
    while (good && !interrupted() && state.KeepRunning()) {
        good = c.run_next();
    }
    if (interrupted()) {
        state.SkipWithError("interrupted"); // the other repetitions count
    } else if (!good) {
        state.SkipWithError(c.error.c_str());
    } else {
        describe(state, c);
    }
}

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

void gb_write_json(const std::string &path) {
    gb.file = path;
    gb.file_format = "json";
}

const std::string &gb_out() {
    return gb.file;
}

void gb_print_flags() {
    benchmark::PrintDefaultHelp();
}

std::string gb_filter() {
    return benchmark::GetBenchmarkFilter();
}

bool gb_listing() {
    return gb.listing;
}

bool gb_owns_stdout() {
    return gb.owns_stdout;
}

void gb_add_context(const char *key, const char *value) {
    benchmark::AddCustomContext(key, value);
}

void gb_run(bench_case *cases, size_t count) {
    if (count == 0) {
        return; // Google Benchmark would complain
    }
    for (bench_case *c = cases; c != cases + count; c++) {
        benchmark::RegisterBenchmark(c->name.c_str(),
                                     [c](benchmark::State &state) { time_case(state, *c); })
            ->UseRealTime()
            ->MeasureProcessCPUTime()
            ->ComputeStatistics("min", minimum);
    }
    make_outputs();
    Recorder recorder(cases);
    // Names were filtered before they were registered: "all" keeps Google Benchmark from filtering
    // again, by names to which it appends "/process_time/real_time".
    benchmark::RunSpecifiedBenchmarks(&recorder, "all");
    gb.families += static_cast<int64_t>(count);
    benchmark::ClearRegisteredBenchmarks();
}

void gb_finish() {
    make_outputs();
    begin_outputs(BenchmarkReporter::Context());
    for (const auto &one : gb.outputs) {
        one->Finalize();
    }
    if (!gb.file.empty()) {
        output_write(gb.file, gb.file_text.str());
    }
}
