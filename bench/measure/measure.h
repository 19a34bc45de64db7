/* A run: the machine, then group after group of cases. */
#ifndef NINETAP_BENCH_MEASURE_H
#define NINETAP_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "cases/case_list.h"
#include "cases/options.h"
#include "report/result.h"

/* The facts and, on each of these numbers of threads, the limits. False if memory is short. */
bool measure_machine(results *r, const int *threads, int count);

/* Runs the cases and adds all there is to know to `r`, with a table on stdout. *failed: how many of
 * ninetap's are wrong or did not run. False, with a line on stderr, if something else went wrong.
 */
bool measure_cases(case_list *list, results *r, const options *o, size_t *failed);

#endif
