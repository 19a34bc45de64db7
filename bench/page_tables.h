/* The tables of the page that are not the verdict. To be freed by the caller, whatever happens. */
#ifndef NINETAP_BENCH_PAGE_TABLES_H
#define NINETAP_BENCH_PAGE_TABLES_H

#include "result.h"
#include "table.h"

void page_fill_results(table *t, const results *r);
void page_fill_facts(table *t, const results *r);
void page_fill_limits(table *t, const results *r);

#endif
