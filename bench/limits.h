/* The two limits that a kernel is held against, measured in this very process: how fast this CPU
 * multiplies and adds, and how fast it moves memory. Each is measured once and remembered. */
#ifndef NINETAP_BENCH_LIMITS_H
#define NINETAP_BENCH_LIMITS_H

#include <stddef.h>

#include "isa/table.h"

/* Floating-point operations a second of independent multiply-adds in registers. */
double limit_flops(const nt_isa *isa, int threads);

/* Bytes a second, read and written counted each, of a memcpy that reads and writes `bytes`
 * altogether, on up to so many threads: the working set is `bytes`, wherever in the caches that
 * fits. 0 if memory is short. */
double limit_copy(size_t bytes, int threads);

#endif
