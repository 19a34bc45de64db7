/* The hardware and the system, in words, as the system tells. */
#ifndef NINETAP_BENCH_MACHINE_H
#define NINETAP_BENCH_MACHINE_H

#include <stddef.h>

/* Each writes one line, "unknown" where the system does not tell. */
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
