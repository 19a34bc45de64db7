// What a person sees while a run goes on: a line of progress, a line for each benchmark.
#ifndef NINETAP_BENCH_CONSOLE_H
#define NINETAP_BENCH_CONSOLE_H

#include "measure/bench_case.h"

// Before the first row; `head`: with the columns' names.
void console_head(const bench_case *cases, size_t count, bool head);
// Of those that are done and not closed yet. What peers do not offer would fill the screen.
void console_rows(const bench_case *cases, size_t count);
// What the columns mean.
void console_legend();

// That a group of cases begins of which this is the first name: on stderr if that is a terminal,
// with the time that is left.
void console_progress(size_t done, size_t group, size_t total, const std::string &name);
// Takes that line away.
void console_no_progress();

#endif
