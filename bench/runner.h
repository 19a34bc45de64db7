/* Whoever solves a problem, ninetap or a peer, behind one interface. */
#ifndef NINETAP_BENCH_RUNNER_H
#define NINETAP_BENCH_RUNNER_H

#include <stdbool.h>

#include "operation.h"
#include "peer.h"

/* Who is to do it, and how. */
typedef struct method {
    const peer *peer; /* NULL: ninetap */
    bool own;         /* a peer in its own layout */
    choice choice;    /* of a peer's only the threads */
} method;

typedef enum readiness {
    RUNNER_READY,
    RUNNER_NOT_OFFERED, /* there is no such implementation */
    RUNNER_FAILED       /* there should be */
} readiness;

/* Ready to run on the sets of a loaded problem. */
typedef struct runner {
    const problem *problem;
    const peer *peer;
    void *instance; /* the peer's */
    plan plan;      /* ninetap's */
    const char *kernel, *algorithm;
    tolerance allowed;
} runner;

/* Not ready: `why` says so, and there is nothing to free. Peers start threads here, and those get
 * the caller's CPU affinity. */
readiness runner_create(runner *r, const problem *p, const method *m, char *why, size_t size);
bool runner_run(const runner *r, size_t set);
/* Runs set 0 and compares. */
bool runner_verify(const runner *r, char *why, size_t size);
void runner_free(runner *r);

#endif
