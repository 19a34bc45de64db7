/* Cases measured together: same shape, same number of threads. */
#ifndef NINETAP_BENCH_GROUP_H
#define NINETAP_BENCH_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "bench_case.h"

/* Verifies the cases and, unless only that is wanted, times those that are right, their repetitions
 * taking turns: what disturbs one disturbs the others. All of it is added to `r`. False if memory
 * is short. */
bool group_run(bench_case *cases, size_t count, bool verify_only, results *r);

#endif
