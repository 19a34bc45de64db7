/* What ends a run before its time: Ctrl-C and its like. What was measured is to be kept. */
#ifndef NINETAP_BENCH_INTERRUPTION_H
#define NINETAP_BENCH_INTERRUPTION_H

#include <signal.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The signal that came; 0: none. */
extern volatile sig_atomic_t interruption_signal;

static inline bool interrupted(void) {
    return interruption_signal != 0;
}

/* From now on a signal only sets that; who is in a hurry sends a second one. What is ignored stays
 * ignored. */
void interruption_expect(void);

/* "SIGINT" */
const char *interruption_name(void);

/* If one came, the process ends by it, as whoever waits for it expects. */
void interruption_end(void);

#ifdef __cplusplus
}
#endif

#endif
