// The two limits that a kernel is held against, measured in this very process: how fast this CPU
// multiplies and adds, and how fast it moves memory. Each is measured once and remembered.
#ifndef NINETAP_BENCH_ROOFLINE_H
#define NINETAP_BENCH_ROOFLINE_H

#include "cases/operation.h"

// The least time of one run: what multiplies and adds at the peak, and moves src, weights and dst
// as fast as a copy of that size (a dense layer: as fast as they can be read), both at once.
struct roofline {
    double seconds = 0;     // 0: not known
    const char *binds = ""; // "compute", "memory"
};

// isa == nullptr: the best one. `cold`: the data come from memory.
roofline limits_roofline(const layer &l, const nt_isa *isa, int threads, bool cold);

// Measures the peak of every usable ISA, then reading and copying in each cache and in memory: for
// --json ("limit copy L2 t1") and, if it `talks`, on stdout.
void limits_measure(int threads, bool talks);

#endif
