/* A case: one problem solved by one method; one registered benchmark. */
#ifndef NINETAP_BENCH_BENCH_CASE_H
#define NINETAP_BENCH_BENCH_CASE_H

#include "cases/operation.h"
#include "measure/gbench.h"
#include "measure/roofline.h"
#include "peers/peer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who is to do it, and how. */
typedef struct method {
    const struct peer *peer; /* NULL: ninetap */
    bool own;                /* a peer in its own layout */
    struct choice choice;    /* of a peer's only the threads */
} method;

/* Ready to run on the sets of a loaded problem. */
typedef struct runner {
    void *instance;   /* the peer's */
    struct plan plan; /* ninetap's */
    const char *kernel, *algorithm;
    tolerance allowed;
} runner;

typedef enum case_state {
    CASE_NEW,
    CASE_READY,       /* open, and its output is right */
    CASE_RIGHT,       /* closed */
    CASE_NOT_OFFERED, /* there is no such implementation */
    CASE_FAILED       /* it is wrong, or did not run */
} case_state;

typedef struct bench_case {
    struct problem *problem;
    struct method method;
    bool cold, verify_only;
    char name[192]; /* conv3x3/avx512/nhwc/64x56x56-64/t1 */

    case_state state;
    char error[200];      /* unless it is ready */
    struct runner runner; /* while it is ready */
    size_t set;           /* which to run next */
    struct roofline roofline;
    double min, median; /* of one run's times; 0: not timed */
    bool done;          /* it has a line in the output */
} bench_case;

/* Names it, from what is set. */
void bench_case_name(bench_case *c);

/* Creates the runner of a loaded problem and compares its output. To be called unpinned, since
 * peers start threads. */
void bench_case_open(bench_case *c);

/* A gb_function and a gb_report whose user is an open bench_case: one repetition; all of them. */
void bench_case_run(gb_state *state, void *user);
void bench_case_timed(void *user, double min, double median);

/* Frees the runner, if there is one. */
void bench_case_close(bench_case *c);

#ifdef __cplusplus
}
#endif

#endif
