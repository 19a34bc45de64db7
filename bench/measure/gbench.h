// Google Benchmark: it times, and what it writes is the JSON of a run.
#ifndef NINETAP_BENCH_GBENCH_H
#define NINETAP_BENCH_GBENCH_H

#include <string>

#include "measure/bench_case.h"

// Takes Google Benchmark's own flags out of argv, whose strings must outlive the run.
void gb_initialize(int *argc, char **argv);
void gb_print_flags();
// The values of --benchmark_filter and --benchmark_out, "" when there is none.
std::string gb_filter();
const std::string &gb_out();
// Whether --benchmark_list_tests was given.
bool gb_listing();
// Whether --benchmark_format was given: then stdout is Google Benchmark's.
bool gb_owns_stdout();
// In place of --benchmark_out: the file, as JSON.
void gb_write_json(const std::string &path);

// Adds a line to the "context" of the output.
void gb_add_context(const char *key, const char *value);
// Times open cases by the wall clock, since threads share the work: their min and median. What
// several calls write is one output, complete after gb_finish. After an interruption what was not
// timed is left out.
void gb_run(bench_case *cases, size_t count);
// Throws if the file cannot be written.
void gb_finish();

#endif
