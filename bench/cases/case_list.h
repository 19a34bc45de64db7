/* All the cases of a run, in the order of the table: shape by shape, for each number of threads
 * ninetap's and then the peers'. */
#ifndef NINETAP_BENCH_CASE_LIST_H
#define NINETAP_BENCH_CASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/bench_case.h"
#include "cases/name_filter.h"
#include "cases/options.h"
#include "cases/suite.h"
#include "peers/peer.h"

/* selection.c: what the options ask for. */
enum { PEERS_MOST = 32 };

typedef struct selection {
    options o;                                /* with everything filled in that was left out */
    bool isas_given, every_isa, every_thread; /* whatever the words beside a shape say */
    bool manners_given;                       /* --algo or --precision */
    const peer *peers[PEERS_MOST];
    size_t peer_count;
    suite shapes;
    name_filter filter;
} selection;

/* False, with a line on stderr, if something is wrong. To be freed either way. */
bool selection_make(selection *s, const options *o, const char *filter);
void selection_free(selection *s);

typedef struct case_list {
    problem *problems; /* both layouts of each shape */
    bench_case *cases;
    size_t problem_count, case_count;
} case_list;

/* What the options ask for, of which those are kept whose name matches `filter`: a POSIX extended
 * regular expression, all names but the matching ones if it starts with '-', every name if it is ""
 * or "all". False, with a line on stderr, if something of that is wrong or memory is short. */
bool case_list_make(case_list *list, const options *o, const char *filter);
void case_list_free(case_list *list);

/* How many cases from the first one on are measured together: same shape, same threads. */
size_t case_list_group(const case_list *list, size_t first);

#endif
