#include "core/build.h"
#include "core/startable.h"

#if defined(_WIN32) || defined(__wasi__)
int nt_startable_threads(int threads) {
    return threads;
}
#else
#include <pthread.h>
#include <stdatomic.h>

typedef struct chain {
    int wanted, started;
} chain;

/* Each thread starts the next one and waits for it, so all of them exist at the same time. */
static void *start_next(void *argument) {
    chain *c = argument;
    pthread_t next;
    c->started++;
    if (c->started < c->wanted && pthread_create(&next, NULL, start_next, c) == 0) {
        pthread_join(next, NULL);
    }
    return NULL;
}

int nt_startable_threads(int threads) {
    /* the largest team so far, whose threads the run-time library keeps */
    static atomic_int proven = 1;
    int largest = atomic_load_explicit(&proven, memory_order_relaxed);
    if (threads <= largest) {
        return threads;
    }
    chain c = {threads - largest + 1, 0};
    start_next(&c);
    threads = largest + c.started - 1;
    while (largest < threads && !atomic_compare_exchange_weak(&proven, &largest, threads)) {
    }
    return threads;
}
#endif
