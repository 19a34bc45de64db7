/* Google Benchmark's flags and their environment variables, looked at before it does: it ends the
 * process over some values, never ends over others, and takes a third kind for something else. */
#ifndef NINETAP_BENCH_BENCHMARK_FLAGS_H
#define NINETAP_BENCH_BENCHMARK_FLAGS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* False, with a line on stderr, if one has a value that is no use. */
bool benchmark_flags_check(char **argv);

/* The value of the flag --NAME, or of its variable; NULL: not given; "": given without. */
const char *benchmark_flag(const char *name, char **argv);

/* What it means where yes or no is asked. */
bool benchmark_flag_is_on(const char *value);

#ifdef __cplusplus
}
#endif

#endif
