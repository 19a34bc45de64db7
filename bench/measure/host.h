/* The machine as measurements meet it: a clock, threads, the CPU to sit on, caches. */
#ifndef NINETAP_BENCH_HOST_H
#define NINETAP_BENCH_HOST_H

#include <stdbool.h>
#include <stddef.h>

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

/* Readies the CPUs for work on so many threads: one thread stays on one CPU, the same one each
 * time; as many threads as there are CPUs get one each; any other number runs where the system
 * likes, as does 0. To be called by the thread that starts the parallel regions. Nothing but on
 * Linux. */
void host_pin(int threads);

/* The first line of the file that starts with `key`, without the key and what separates it. */
bool host_read_line(const char *path, const char *key, char *text, size_t size);

/* Bytes of the data cache of that level as the first CPU sees it, 0 when there is none or it is not
 * known. */
size_t host_cache(int level);

/* Of the largest one; a guess when none is known. */
size_t host_last_cache(void);

/* The hardware and the system, in words, as the system tells. Each writes one line, "unknown" where
 * the system does not tell. */
void machine_cpu(char *text, size_t size);      /* the CPU's name */
void machine_computer(char *text, size_t size); /* "Amazon EC2 c7i.large, a virtual machine" */
void machine_cores(char *text, size_t size);    /* "8 CPUs, 2 of them a core" */
void machine_affinity(char *text, size_t size); /* "0-3,6": where this process may run */
void machine_caches(char *text, size_t size);   /* "L1 32 KiB, L2 1 MiB, L3 32 MiB" */
void machine_memory(char *text, size_t size);
void machine_governor(char *text, size_t size); /* "performance, boost on" */
void machine_load(char *text, size_t size);     /* the last minute's */
void machine_system(char *text, size_t size);   /* "Linux 6.1.0 x86_64, glibc 2.36" */

#endif
