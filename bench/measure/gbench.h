/* Google Benchmark for C: the few words of it that the benchmarks here need. */
#ifndef NINETAP_BENCH_GBENCH_H
#define NINETAP_BENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gb_state gb_state;
typedef void gb_function(gb_state *state, void *user);

/* Seconds of one run. With --benchmark_report_aggregates_only there are no repetitions, only the
 * other two. */
typedef struct gb_times {
    size_t count;
    const double *repetitions; /* in the order measured */
    double min, median;
} gb_times;
typedef void gb_report(void *user, const gb_times *times);

/* Takes Google Benchmark's own flags out of argv, whose strings must outlive the run. */
void gb_initialize(int *argc, char **argv);
void gb_print_flags(void);
/* The value of --benchmark_filter, "" when there is none. */
const char *gb_filter(void);
/* The value of --benchmark_out, "" when there is none. */
const char *gb_out(void);
/* Whether --benchmark_list_tests was given: then gb_run lists. */
bool gb_listing(void);
/* Whether --benchmark_format was given: then stdout is Google Benchmark's. */
bool gb_owns_stdout(void);

/* Adds a line to the "context" of Google Benchmark's JSON output. */
void gb_add_context(const char *key, const char *value);
/* Timed by the wall clock, since threads share the work. `name` is copied. */
void gb_register(const char *name, gb_function *function, void *user);
/* Runs what is registered and forgets it; `report` gets each one's times. What several calls write
 * to stdout and to --benchmark_out is one output, complete after gb_finish. */
void gb_run(gb_report *report);
/* False, with a line on stderr, if the file of --benchmark_out could not be written. */
bool gb_finish(void);

/* Inside a gb_function. A gb_function is called several times: until enough iterations are known
 * to fill --benchmark_min_time, then once a repetition. The clock runs from the first call of
 * gb_keep_running to the one that returns false. */
bool gb_keep_running(gb_state *state);
void gb_skip_with_error(gb_state *state, const char *message);
void gb_set_label(gb_state *state, const char *label);
/* `per_run` divided by the seconds of one run. */
void gb_counter_rate(gb_state *state, const char *name, double per_run);

#ifdef __cplusplus
}
#endif

#endif
