// For choosing between what a library offers.
#ifndef NINETAP_BENCH_PEERS_BEST_TIME_H
#define NINETAP_BENCH_PEERS_BEST_TIME_H

#include <algorithm>
#include <chrono>
#include <limits>

// Seconds of the fastest of a few runs; infinity if one says that it failed. The first one, which
// may set things up, counts too: it is hardly ever the fastest.
template <class Run> double best_time(Run run) {
    using Clock = std::chrono::steady_clock;
    double best = std::numeric_limits<double>::infinity(), spent = 0;
    for (int i = 0; i < 6 && spent < 0.05; i++) {
        const auto start = Clock::now();
        if (!run()) {
            return std::numeric_limits<double>::infinity();
        }
        const double time = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::min(best, time);
        spent += time;
    }
    return best;
}

#endif
