/* What a person sees while a run goes on: a line of progress, a line for each benchmark. */
#ifndef NINETAP_BENCH_CONSOLE_H
#define NINETAP_BENCH_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/bench_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Before the first row; `head`: with the columns' names. */
void console_head(const bench_case *cases, size_t count, bool head);
/* Of those that are done and not closed yet. What peers do not offer would fill the screen. */
void console_rows(const bench_case *cases, size_t count);
/* What the columns mean. */
void console_legend(void);

/* That a group of cases begins of which this is the first name: on stderr if that is a terminal,
 * with the time that is left. */
void console_progress(size_t done, size_t group, size_t total, const char *name);
/* Takes that line away. */
void console_no_progress(void);

#ifdef __cplusplus
}
#endif

#endif
