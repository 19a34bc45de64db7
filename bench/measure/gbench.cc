#include "measure/gbench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cases/benchmark_flags.h"
#include "report/output.h"

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

// Google Benchmark's runs, one after the other, as one output. For each of them it opens a file
// anew and writes a head and an end.
class Joined : public BenchmarkReporter {
  public:
    explicit Joined(BenchmarkReporter *inner) : inner_(inner) {
    }

    bool ReportContext(const Context &context) override {
        if (begun_) {
            return true;
        }
        begun_ = true;
        Context wide = context;
        wide.name_field_width = std::max<size_t>(context.name_field_width, 72);
        return inner_->ReportContext(wide);
    }

    void ReportRuns(const Runs &runs) override {
        Runs numbered = runs;
        for (Run &run : numbered) {
            run.family_index += families_;
        }
        inner_->ReportRuns(numbered);
    }

    void next(size_t families) {
        families_ += static_cast<int64_t>(families);
    }

    void finish() {
        if (begun_) {
            inner_->Finalize();
        }
    }

    BenchmarkReporter *inner() {
        return inner_.get();
    }

  private:
    std::unique_ptr<BenchmarkReporter> inner_;
    bool begun_ = false;
    int64_t families_ = 0;
};

// Hands on the times, and everything to `shown` if there is one.
class Recorder : public BenchmarkReporter {
  public:
    Recorder(const std::vector<void *> &users, gb_report *report, BenchmarkReporter *shown)
        : users_(users), report_(report), shown_(shown) {
    }

    bool ReportContext(const Context &context) override {
        return shown_ == nullptr || shown_->ReportContext(context);
    }

    // A benchmark's repetitions arrive together, its aggregates after them; under
    // --benchmark_report_aggregates_only there are only aggregates.
    void ReportRuns(const Runs &runs) override {
        if (shown_ != nullptr) {
            shown_->ReportRuns(runs);
        }
        if (runs.empty()) {
            return;
        }
        const size_t index = static_cast<size_t>(runs[0].family_index);
        std::vector<double> seconds;
        gb_times times = {};
        for (const Run &run : runs) {
            const double value =
                run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
            if (run.run_type == Run::RT_Iteration && value > 0) { // no time: it was skipped
                seconds.push_back(value);
            } else if (run.aggregate_name == "min") {
                times.min = value;
            } else if (run.aggregate_name == "median") {
                times.median = value;
            }
        }
        if (!seconds.empty()) {
            times = {seconds.size(), seconds.data(), minimum(seconds), median(seconds)};
            reported_ = index;
        } else if (index == reported_ || !(times.min > 0)) {
            return;
        }
        report_(users_.at(index), &times);
    }

  private:
    const std::vector<void *> &users_;
    gb_report *report_;
    BenchmarkReporter *shown_;
    size_t reported_ = SIZE_MAX;
};

struct {
    bool listing = false, owns_stdout = false;
    std::string file, file_format;
    std::ostringstream file_text;
    std::unique_ptr<Joined> shown, filed;
    std::vector<void *> users; // of what is registered, in that order
} gb;

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

void make_reporters() {
    if (gb.owns_stdout && !gb.shown) {
        gb.shown.reset(new Joined(benchmark::CreateDefaultDisplayReporter()));
    }
    if (!gb.file.empty() && !gb.filed) {
        gb.filed.reset(new Joined(make_reporter(gb.file_format)));
        gb.filed->inner()->SetOutputStream(&gb.file_text);
        gb.filed->inner()->SetErrorStream(&gb.file_text);
    }
}

} // namespace

void gb_initialize(int *argc, char **argv) {
    gb.listing = benchmark_flag_is_on(benchmark_flag("benchmark_list_tests", argv));
    gb.owns_stdout = benchmark_flag("benchmark_format", argv) != nullptr;
    gb.file_format = text(benchmark_flag("benchmark_out_format", argv));
    gb.file = text(benchmark_flag("benchmark_out", argv));
    benchmark::Initialize(argc, argv);
    if (!gb.file.empty()) {
        // Opened, and emptied, by each run. The file is written here, at the end.
#ifdef _WIN32
        char nowhere[] = "--benchmark_out=NUL";
#else
        char nowhere[] = "--benchmark_out=/dev/null";
#endif
        char *own[] = {argv[0], nowhere, nullptr};
        int count = 2;
        benchmark::Initialize(&count, own);
    }
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
    make_reporters();
    Recorder recorder(gb.users, report, gb.shown.get());
    // Names were filtered before they were registered: "all" keeps Google Benchmark from filtering
    // again, by names to which it appends "/process_time/real_time".
    benchmark::RunSpecifiedBenchmarks(&recorder, gb.filed.get(), "all");
    for (Joined *joined : {gb.shown.get(), gb.filed.get()}) {
        if (joined != nullptr) {
            joined->next(gb.users.size());
        }
    }
    benchmark::ClearRegisteredBenchmarks();
    gb.users.clear();
}

bool gb_finish(void) {
    if (gb.shown) {
        gb.shown->finish();
    }
    if (!gb.filed) {
        return true;
    }
    gb.filed->finish();
    const std::string all = gb.file_text.str();
    char why[512];
    output out;
    bool good = output_open(&out, gb.file.c_str(), why, sizeof why);
    if (good) {
        std::fwrite(all.data(), 1, all.size(), out.file);
        good = output_close(&out, why, sizeof why);
    }
    if (!good) {
        std::cerr << "ninetap-bench: " << why << "\n";
    }
    return good;
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

void gb_counter_rate(gb_state *state, const char *name, double per_run) {
    state_of(state).counters[name] =
        benchmark::Counter(per_run, benchmark::Counter::kIsIterationInvariantRate);
}
