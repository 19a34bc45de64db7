// A run: the machine, then group after group of cases.
#ifndef NINETAP_BENCH_MEASURE_H
#define NINETAP_BENCH_MEASURE_H

#include <set>

#include "cases/case_list.h"
#include "cases/options.h"

// Tells the facts and, on each of these numbers of threads, measures the limits: for --json and, if
// it `talks`, on stdout.
void measure_machine(const std::set<int> &threads, bool talks);

// Runs the cases, with a table on stdout unless the options silence it. How many of ninetap's are
// wrong or did not run, which is said on stderr.
size_t measure_cases(case_list &list, const options &o);

#endif
