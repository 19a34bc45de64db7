/* Runs the parts of a job on OpenMP's threads. */
#ifndef NINETAP_PARALLEL_H
#define NINETAP_PARALLEL_H

#include <stdint.h>

/* What `threads` of a description means: itself, or NINETAP_THREADS, or OpenMP's default. */
int nt_thread_count(int threads);

/* Units [begin, end) of a job; `thread` is below the number of threads, and has only this share. */
typedef void nt_share_fn(void *job, int thread, int64_t begin, int64_t end);

/* Calls fn for shares of `units` units, each unit once, on at most `threads` threads, at the same
 * time where it can; the team may be smaller than asked for. Shares end at multiples of `together`
 * where that can be. The caller's floating-point control word holds in all of them. One thread does
 * all in one share: with threads = 1, inside a parallel region, whose threads use the cores
 * already, in the child of a process that had threads (libgomp's pool does not survive fork), and
 * for a while after a team came late (core/backoff.h). */
void nt_parallel(int threads, int64_t units, int64_t together, nt_share_fn *fn, void *job);

/* Where part `part` of the units begins; part == parts: where the last one ends. A serial call
 * takes no division. */
static inline int64_t nt_part_begin(int64_t units, int part, int parts) {
    if (part == 0 || part == parts) {
        return part == 0 ? 0 : units;
    }
    return units / parts * part + units % parts * part / parts;
}

#endif
