/* All the cases of a run, in the order of the table. */
#ifndef NINETAP_BENCH_CASE_LIST_H
#define NINETAP_BENCH_CASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "bench_case.h"

typedef struct case_list {
    problem *problems;
    bench_case *cases;
    size_t problem_count, case_count;
} case_list;

/* Every case of the shapes; of the suite's own where shape_count is 0, then only the quick ones if
 * so told. Kept are those whose name matches the filter: a POSIX extended regular expression, all
 * names but the matching ones if it starts with '-', every name if it is "" or "all". False, with a
 * line on stderr, if a shape or the filter is wrong or memory is short. */
bool case_list_make(case_list *list, const char *const *shapes, size_t shape_count, bool quick,
                    const char *filter);
void case_list_free(case_list *list);

#endif
