/* The machine as measurements meet it: a clock, threads, the CPU to sit on, what it is called. */
#ifndef NINETAP_BENCH_HOST_H
#define NINETAP_BENCH_HOST_H

#include <stddef.h>

/* Monotonic. */
double host_seconds(void);

/* What "all threads" means: OpenMP's default, 1 without OpenMP. */
int host_max_threads(void);

/* Readies the CPUs for work on so many threads: one thread stays on one CPU, the same one each
 * time; as many threads as there are CPUs get one each; any other number runs where the system
 * likes, as does 0. To be called by the thread that starts the parallel regions. Nothing but on
 * Linux. */
void host_pin(int threads);

/* The CPU's name, as the system gives it. */
void host_cpu_model(char *text, size_t size);

/* Bytes of the data cache of that level as the first CPU sees it, 0 when there is none or it is not
 * known. */
size_t host_cache(int level);

/* "L1d 32 KiB, L2 1 MiB, L3 32 MiB" */
void host_caches(char *text, size_t size);

#endif
