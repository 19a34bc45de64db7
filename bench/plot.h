/* Pictures of a run, by gnuplot: NAME.gp and its data, NAME*.tsv, drawn as NAME.svg and NAME.png.
 * `gnuplot NAME.gp` in that directory draws one again. picture.h has which ones there are; one
 * whose data the run does not have is left out. */
#ifndef NINETAP_BENCH_PLOT_H
#define NINETAP_BENCH_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

/* Makes the directory if need be. False with the reason: nothing could be written there. */
bool plot_is_possible(const char *directory, char *why, size_t size);

/* Makes the directory if need be. False with the reason in `why`: a file could not be written, or
 * memory is short, or gnuplot is missing or failed; in the last two cases scripts and data are
 * there. */
bool plot_write(const char *directory, const results *r, char *why, size_t size);

#endif
