/* Google Benchmark for C: the few words of it that the benchmarks here need. gbench.cc, behind this
 * header, is the project's only C++. */
#ifndef NINETAP_BENCH_GBENCH_H
#define NINETAP_BENCH_GBENCH_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gb_state gb_state;
typedef void gb_function(gb_state *state, void *user);
/* Seconds a run took, over the repetitions. */
typedef void gb_report(void *user, double min, double median);

/* Takes Google Benchmark's own flags out of argv, whose strings must outlive the run. With --help
 * among them it calls `help` and exits. */
void gb_initialize(int *argc, char **argv, void (*help)(void));
void gb_print_flags(void);
/* The value of --benchmark_filter, "" when there is none. */
const char *gb_filter(void);

/* Adds a line to the "context" of the JSON output. */
void gb_add_context(const char *key, const char *value);
/* Timed by the wall clock, since threads share the work. `name` is copied. */
void gb_register(const char *name, gb_function *function, void *user);
/* Runs everything registered. Each benchmark's times go to `report`; where that is NULL, to stdout
 * in the form that --benchmark_format asks for. */
void gb_run(gb_report *report);

/* Inside a gb_function. A gb_function is called several times: until enough iterations are known
 * to fill --benchmark_min_time, then once a repetition. */
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
