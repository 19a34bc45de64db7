/* What kernels of an instruction set are held against. */
#ifndef NINETAP_BENCH_PEAK_H
#define NINETAP_BENCH_PEAK_H

#include <stddef.h>
#include <stdint.h>

typedef struct isa_peak {
    const char *isa;
    double (*multiply_add)(int64_t times); /* returns how many floating-point operations */
    void (*read)(const char *src, size_t bytes);
} isa_peak;

enum { PEAK_STEP = 512 }; /* bytes; whole steps are read */

/* peaks.c, made by CMake: peak.c for each instruction set that this was built for; NULL ends it. */
extern const isa_peak isa_peaks[];

#endif
