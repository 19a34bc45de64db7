/* How the page looks and what it does: its style sheet, its script. */
#ifndef NINETAP_BENCH_PAGE_STYLE_H
#define NINETAP_BENCH_PAGE_STYLE_H

#include <stdio.h>

void page_put_style(FILE *file);
void page_put_script(FILE *file);

#endif
