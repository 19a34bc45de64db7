/* When a team of threads is worth waiting for. Beside other busy processes a thread of the team may
 * have no core, and each join then takes a scheduler's quantum: milliseconds for work of a fraction
 * of one. So after a late join the next runs take one thread for a while, then a team is tried
 * again. */
#ifndef NINETAP_BACKOFF_H
#define NINETAP_BACKOFF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Times are microseconds of a clock that wraps; 32 bits, so that atomics of them are free of locks
 * everywhere. Any number of threads may use it at once. */
typedef struct nt_backoff {
    atomic_uint resume; /* no team before */
    atomic_uint pause;  /* how long the last pause was, less the time that teams spent well since */
} nt_backoff;

/* A run is late that takes this much longer than one thread would have taken; shorter delays are
 * interrupts and threads that wake. */
enum { NT_BACKOFF_LATE = 300 };
/* The longest pause; it bounds how long one thread works alone after the others have left. */
enum { NT_BACKOFF_MOST = 700000 };

/* For this part of its length after a pause late runs change nothing: a thread that wakes on the
 * caller's CPU stays there until the scheduler looks, some ticks later. */
enum { NT_BACKOFF_TRIAL = 16 };

/* Whether a run that starts now may have a team. */
bool nt_backoff_allows(const nt_backoff *b, uint32_t now);

/* Tells of a team's run, from `start` to the join; one thread would have taken `alone`. */
void nt_backoff_note(nt_backoff *b, uint32_t alone, uint32_t start, uint32_t joined);

#endif
