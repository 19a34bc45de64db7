/* Runs the parts of a job on OpenMP's threads. */
#ifndef NINETAP_PARALLEL_H
#define NINETAP_PARALLEL_H

#include <stdint.h>

/* What `threads` of a description means: itself, or NINETAP_THREADS, or OpenMP's default. */
int nt_thread_count(int threads);

typedef void nt_part_fn(void *job, int part, int parts);

/* Calls fn(job, part, parts) for each part of at most `threads` parts, at the same time where it
 * can; the team may be smaller than asked for. The caller's floating-point control word holds in
 * all of them. It is serial with one thread, inside a parallel region, whose threads use the cores
 * already, and in the child of a process that had threads (libgomp's pool does not survive
 * fork). */
void nt_parallel(int threads, nt_part_fn *fn, void *job);

/* Where part `part` of the units begins; part == parts: where the last one ends. A serial call
 * takes no division. */
static inline int64_t nt_part_begin(int64_t units, int part, int parts) {
    if (part == 0 || part == parts) {
        return part == 0 ? 0 : units;
    }
    return units / parts * part + units % parts * part / parts;
}

#endif
