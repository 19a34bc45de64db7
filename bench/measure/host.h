/* The machine as measurements meet it: a clock, threads, the CPU to sit on, caches. */
#ifndef NINETAP_BENCH_HOST_H
#define NINETAP_BENCH_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Monotonic. */
double host_seconds(void);
void host_sleep(double seconds);

/* On a cache line; Windows has its own function that frees aligned memory. */
void *host_alloc(size_t bytes);
void host_free(void *memory);

/* Whether there can be more than one thread: built with OpenMP. */
bool host_has_threads(void);

/* What "all threads" means: OpenMP's default, 1 without OpenMP. */
int host_max_threads(void);

/* "/lib/libgomp.so.1, OpenMP 201511" */
const char *host_openmp(void);

/* The one of C: "gcc 12.2.0". */
extern const char host_compiler[];

/* Readies the CPUs for work on so many threads: one thread stays on one CPU, the same one each
 * time; as many threads as there are CPUs get one each; any other number runs where the system
 * likes, as does 0. To be called by the thread that starts the parallel regions. Nothing but on
 * Linux. */
void host_pin(int threads);

/* Bytes of the L1, L2 and L3 data caches as the CPU tells, 0 where it does not. */
const int64_t *host_caches(void);
/* The largest one; a guess when none is known. */
size_t host_last_cache(void);

#ifdef __cplusplus
}
#endif

#endif
