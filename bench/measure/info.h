/* The machine and this build of the program, as facts, and how they are shown. */
#ifndef NINETAP_BENCH_INFO_H
#define NINETAP_BENCH_INFO_H

#include <stdbool.h>
#include <stdio.h>

#include "report/result.h"

/* Adds the facts to `r`. False if memory is short. */
bool info_collect(results *r);

/* Facts, then the limits that were measured. */
void info_print(FILE *file, const results *r);

#endif
