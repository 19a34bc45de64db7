/* Another library's implementation of a problem. One adapter a library, bench/peers/NAME.c or .cc.
 */
#ifndef NINETAP_BENCH_PEER_H
#define NINETAP_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include "cases/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What not every adapter has: whether shapes of that kind are asked of it. */
typedef enum peer_work {
    PEER_POOLED = 1, /* convolution, bias, ReLU and max pooling */
    PEER_NETWORK = 2 /* a chain of layers */
} peer_work;

typedef struct peer {
    const char *name;                         /* "onednn": in benchmarks' names, as an argument */
    void (*version)(char *text, size_t size); /* "oneDNN 2.6.3" */
    /* Ready to run on every set of p's data. `own`: src is converted to the library's best layout
     * beforehand and dst stays in it; otherwise it takes and gives p's plain layout, its reorders
     * inside run. NULL with the reason in `why`: the library offers no such thing. Weights and bias
     * are prepared here. Exactly `threads` threads. Convolution: with bias and ReLU in one call
     * where the library can, else the cheapest it offers. */
    void *(*create)(const problem *p, bool own, int threads, char *why, size_t size);
    bool (*run)(void *instance, size_t set);
    bool (*fetch)(
        void *instance); /* own: brings set 0's result to p->dst[0], plain; else nothing */
    const char *(*kernel)(const void *instance); /* what it chose: "brgconv:avx512_core nChw16c" */
    void (*destroy)(void *instance);
    unsigned also; /* of peer_work */
} peer;

extern const peer *const peers[]; /* NULL-terminated; those found when this program was built */
extern const char peers_absent[]; /* a line for each that was not, and what would bring it; "" when
                                     peers are off */

#ifdef __cplusplus
}
#endif

#endif
