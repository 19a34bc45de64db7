#include "core/build.h"
#include "core/backoff.h"

/* Differences are right across the wrap. A pause that the clock has left behind by a whole wrap
 * looks like one to come; but no pause to come is longer than the longest. */
bool nt_backoff_allows(const nt_backoff *b, uint32_t now) {
    const uint32_t pause = atomic_load_explicit(&b->pause, memory_order_relaxed);
    const uint32_t left = atomic_load_explicit(&b->resume, memory_order_relaxed) - now;
    return pause == 0 || left == 0 || left > NT_BACKOFF_MOST;
}

static bool is_late(uint32_t alone, uint32_t took) {
    return took >= alone && took - alone >= NT_BACKOFF_LATE;
}

/* Time that teams spend well is taken off. */
static void forgive(nt_backoff *b, uint32_t good) {
    const uint32_t last = atomic_load_explicit(&b->pause, memory_order_relaxed);
    if (last > 0) {
        atomic_store_explicit(&b->pause, last > good ? last - good : 0, memory_order_relaxed);
    }
}

void nt_backoff_note(nt_backoff *b, uint32_t alone, uint32_t start, uint32_t joined) {
    const uint32_t took = joined - start;
    if (!is_late(alone, took)) {
        forgive(b, took);
        return;
    }
    const uint32_t waited = took - alone;
    const uint32_t last = atomic_load_explicit(&b->pause, memory_order_relaxed);
    const uint32_t longer = last > waited ? last : waited; /* and longer each time a trial fails */
    const uint32_t pause = longer < NT_BACKOFF_MOST / 2 ? 2 * longer : NT_BACKOFF_MOST;
    unsigned resume = atomic_load_explicit(&b->resume, memory_order_relaxed);
    const bool trial = last > 0 && joined - resume < last / NT_BACKOFF_TRIAL;
    /* Of runs that were late together the first one counts: after it none was allowed to start. */
    if (!trial && nt_backoff_allows(b, start) &&
        atomic_compare_exchange_strong_explicit(&b->resume, &resume, joined + pause,
                                                memory_order_relaxed, memory_order_relaxed)) {
        atomic_store_explicit(&b->pause, pause, memory_order_relaxed);
    }
}
