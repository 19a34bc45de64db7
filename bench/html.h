/* Text and tables as HTML. */
#ifndef NINETAP_BENCH_HTML_H
#define NINETAP_BENCH_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "table.h"

/* As it stands, whatever is in it: in text and inside attributes in either kind of quotes; also
 * right for XML, so characters it does not allow become U+FFFD. */
void html_text(FILE *file, const char *text);

/* The first column heads the rows. Readers can sort by the columns if `sortable` (the page's script
 * does that). False if memory ran short while the table was filled. */
bool html_table(FILE *file, const table *t, bool sortable);

#endif
