/* What the options ask for. */
#ifndef NINETAP_BENCH_SELECTION_H
#define NINETAP_BENCH_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "name_filter.h"
#include "options.h"
#include "peer.h"
#include "suite.h"

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

#endif
