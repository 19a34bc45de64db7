/* index.html: a run as one page that needs no server, no network and no other file: the verdict,
 * the pictures, every measurement, the machine. */
#ifndef NINETAP_BENCH_PAGE_H
#define NINETAP_BENCH_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

/* Holds the pictures that plot_write left in the directory (call that first). On failure `why` says
 * what is wrong. */
bool page_write(const char *directory, const results *r, char *why, size_t size);

#endif
