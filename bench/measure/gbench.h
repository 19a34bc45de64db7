/* Google Benchmark for C: the few words of it that the benchmarks here need. It times, and what it
 * writes is the JSON of a run. */
#ifndef NINETAP_BENCH_GBENCH_H
#define NINETAP_BENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gb_state gb_state;
typedef void gb_function(gb_state *state, void *user);
/* The seconds of one run: the least and the median of a benchmark's repetitions. */
typedef void gb_report(void *user, double min, double median);

/* Takes Google Benchmark's own flags out of argv, whose strings must outlive the run. */
void gb_initialize(int *argc, char **argv);
void gb_print_flags(void);
/* The values of --benchmark_filter and --benchmark_out, "" when there is none. */
const char *gb_filter(void);
const char *gb_out(void);
/* Whether --benchmark_list_tests was given. */
bool gb_listing(void);
/* Whether --benchmark_format was given: then stdout is Google Benchmark's. */
bool gb_owns_stdout(void);
/* In place of --benchmark_out: the file, as JSON. */
void gb_write_json(const char *path);

/* Adds a line to the "context" of the output. */
void gb_add_context(const char *key, const char *value);
/* Timed by the wall clock, since threads share the work. `name` is copied. */
void gb_register(const char *name, gb_function *function, void *user);
/* Runs what is registered and forgets it; `report` gets each one's times. What several calls write
 * is one output, complete after gb_finish. After an interruption what was not timed is left out. */
void gb_run(gb_report *report);
/* False, with a line on stderr, if the file could not be written. */
bool gb_finish(void);

/* Inside a gb_function. A gb_function is called several times: until enough iterations are known
 * to fill --benchmark_min_time, then once a repetition. The clock runs from the first call of
 * gb_keep_running to the one that returns false. */
bool gb_keep_running(gb_state *state);
void gb_skip_with_error(gb_state *state, const char *message);
void gb_set_label(gb_state *state, const char *label);
void gb_counter(gb_state *state, const char *name, double value);
/* `per_run` divided by the seconds of one run. */
void gb_counter_rate(gb_state *state, const char *name, double per_run);

#ifdef __cplusplus
}
#endif

#endif
