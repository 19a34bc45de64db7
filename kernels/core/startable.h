/* Whether a team of threads can be started: OpenMP's run-time libraries end the process when not.
 */
#ifndef NINETAP_STARTABLE_H
#define NINETAP_STARTABLE_H

/* How many threads, the caller's one among them, could be had at once: at most `threads`, at least
 * 1. Tried when a team larger than any before is asked for; later ones of that size are taken to
 * start, too. */
int nt_startable_threads(int threads);

#endif
