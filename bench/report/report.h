/* What a person sees while a run goes on: a line of progress, the table. */
#ifndef NINETAP_BENCH_REPORT_H
#define NINETAP_BENCH_REPORT_H

#include <stdbool.h>

#include "report/result.h"

/* Before the first row. `name_width`: of the longest name to come; `head`: with the columns' names.
 */
void report_head(int name_width, bool head);

/* The results from `first` on. */
void report_rows(const results *r, size_t first);

/* What the columns mean. */
void report_legend(void);
/* How they were verified, if there are any. */
void report_networks(const results *r);

/* That a group of cases begins of which this is the first name: on stderr if that is a terminal,
 * with the time that is left. */
void report_progress(size_t done, size_t group, size_t total, const char *name);

/* Takes that line away. */
void report_no_progress(void);

#endif
