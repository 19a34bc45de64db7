/* What a person sees: the machine, a line of progress, the table. */
#ifndef NINETAP_BENCH_REPORT_H
#define NINETAP_BENCH_REPORT_H

#include <stdbool.h>

#include "case_list.h"

/* Measures the machine's limits and adds it all to the context of the JSON output. */
void report_machine(bool print);

/* Before the cases run. `print`: with the head of the table. */
void report_begin(const case_list *list, bool print);

/* That this case begins, and how long the rest will take: on stderr if that is a terminal. */
void report_progress(const bench_case *c);

/* A gb_report whose user is a bench_case: its row. */
void report_row(void *user, double min, double median);

void report_end(bool print);

#endif
