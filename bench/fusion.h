/* What fusing a pooling into its convolution brings: ours in one call against ours in two. */
#ifndef NINETAP_BENCH_FUSION_H
#define NINETAP_BENCH_FUSION_H

#include <stdbool.h>
#include <stdio.h>

#include "result.h"
#include "table.h"

/* A row for each pair of which the two calls were timed, maybe none. To be freed by the caller. */
void fusion_fill(table *t, const results *r);

/* For a terminal or as Markdown; nothing at all without such pairs. False if memory is short. */
bool fusion_print(FILE *file, const results *r);
bool fusion_markdown(FILE *file, const results *r);

#endif
