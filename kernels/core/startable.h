/* Whether a team of threads can be started: OpenMP's run-time libraries end the process when not.
 */
#ifndef NINETAP_STARTABLE_H
#define NINETAP_STARTABLE_H

/* How many threads, the caller's included, can exist at the same time: at most `threads`, at least
 * 1. It tries when a team larger than any before is asked for; later teams of that size are assumed
 * to start. */
int nt_startable_threads(int threads);

#endif
