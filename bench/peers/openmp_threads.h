// For libraries that take OpenMP's default as their number of threads.
#ifndef NINETAP_BENCH_PEERS_OPENMP_THREADS_H
#define NINETAP_BENCH_PEERS_OPENMP_THREADS_H

#include <omp.h>

// The default is `threads` as long as this lives: nobody else shall see it changed.
class OpenMPThreads {
  public:
    explicit OpenMPThreads(int threads) : before_(omp_get_max_threads()) {
        omp_set_num_threads(threads);
    }
    ~OpenMPThreads() {
        omp_set_num_threads(before_);
    }
    OpenMPThreads(const OpenMPThreads &) = delete;
    OpenMPThreads &operator=(const OpenMPThreads &) = delete;

  private:
    int before_;
};

#endif
