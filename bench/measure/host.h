// The machine as measurements meet it: threads, the CPU to sit on, caches.
#ifndef NINETAP_BENCH_HOST_H
#define NINETAP_BENCH_HOST_H

#include <cstddef>
#include <string>
#include <vector>

// Whether there can be more than one thread: built with OpenMP.
bool host_has_threads();

// What "all threads" means: OpenMP's default, 1 without OpenMP.
int host_max_threads();

// "/lib/libgomp.so.1, OpenMP 201511"
std::string host_openmp();

// Readies the CPUs for work on so many threads: one thread stays on one CPU, the same one each
// time; as many threads as there are CPUs get one each; any other number runs where the system
// likes, as does 0. To be called by the thread that starts the parallel regions. Nothing but on
// Linux.
void host_pin(int threads);

// Bytes of the L1, L2 and L3 data caches as the CPU tells, 0 where it does not.
std::vector<size_t> host_caches();
// The largest one; a guess when none is known.
size_t host_last_cache();

#endif
