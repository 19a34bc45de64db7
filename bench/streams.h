/* "-": who writes to stdout, who reads from stdin. */
#ifndef NINETAP_BENCH_STREAMS_H
#define NINETAP_BENCH_STREAMS_H

#include <stdbool.h>

#include "options.h"

/* False, with a line on stderr, if two want the same stream, or an option is given that nothing is
 * done with. `out` is what --benchmark_out says, "" when it was not given; `formatted`: whether
 * --benchmark_format was. */
bool streams_check(options *o, const char *out, bool formatted);

#endif
