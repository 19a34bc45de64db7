// What ends a run before its time: Ctrl-C and its like. What was measured is to be kept.
#ifndef NINETAP_BENCH_INTERRUPTION_H
#define NINETAP_BENCH_INTERRUPTION_H

#include <csignal>

// The signal that came; 0: none.
extern volatile sig_atomic_t interruption_signal;

static inline bool interrupted() {
    return interruption_signal != 0;
}

// From now on a signal only sets that; who is in a hurry sends a second one. What is ignored stays
// ignored.
void interruption_expect();

// "SIGINT"
const char *interruption_name();

// If one came, the process ends by it, as whoever waits for it expects.
void interruption_end();

#endif
