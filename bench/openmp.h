/* The OpenMP run-time library in use. */
#ifndef NINETAP_BENCH_OPENMP_H
#define NINETAP_BENCH_OPENMP_H

#include <stddef.h>

/* "/usr/lib/x86_64-linux-gnu/libgomp.so.1, OpenMP 201511"; "none". */
void openmp_runtime(char *text, size_t size);

#endif
