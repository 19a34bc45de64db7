#include "measure/host.h"

#include <algorithm>

#ifdef __linux__
#include <sched.h>
#endif
#ifndef _WIN32
#include <dlfcn.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

extern "C" {
#include "core/costs.h"
}

#ifdef _OPENMP
bool host_has_threads() {
    return true;
}

int host_max_threads() {
    return omp_get_max_threads();
}

std::string host_openmp() {
    std::string name = "unknown";
#ifndef _WIN32
    Dl_info library;
    if (dladdr(reinterpret_cast<void *>(omp_get_max_threads), &library) != 0) {
        name = library.dli_fname;
    }
#endif
    return name + ", OpenMP " + std::to_string(_OPENMP);
}
#else
bool host_has_threads() {
    return false;
}

int host_max_threads() {
    return 1;
}

std::string host_openmp() {
    return "none: this program was built without it";
}
#endif

#ifdef __linux__
static cpu_set_t everywhere; // where the process could run when it started

// Fails in some sandboxes, which costs steadiness only.
static void hold_on(int cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<size_t>(cpu), &one);
    (void)sched_setaffinity(0, sizeof one, &one);
}

#ifdef _OPENMP
static int nth_cpu(int n) {
    int cpu = -1;
    do {
        cpu++;
        n -= CPU_ISSET(static_cast<size_t>(cpu), &everywhere) ? 1 : 0;
    } while (n >= 0);
    return cpu;
}

// The runtime keeps its threads, so they stay held while kernels use them. Not held, a thread that
// was on one CPU a moment ago may share it with another thread while a second CPU idles.
static void hold_each(int threads) {
    if (threads == CPU_COUNT(&everywhere) && omp_get_proc_bind() == omp_proc_bind_false) {
#pragma omp parallel num_threads(threads)
        hold_on(nth_cpu(omp_get_thread_num()));
    }
}
#endif

void host_pin(int threads) {
    static int favourite = -1, now = -1;
    if (threads == now) {
        return;
    }
    if (favourite < 0) {
        if (sched_getaffinity(0, sizeof everywhere, &everywhere) != 0) {
            return;
        }
        // What the scheduler chose for a busy thread: a fast one, where CPUs differ.
        favourite = sched_getcpu();
    }
    if (favourite < 0 || favourite >= CPU_SETSIZE) {
        return;
    }
    now = threads;
    (void)sched_setaffinity(0, sizeof everywhere, &everywhere);
    if (threads == 1) {
        hold_on(favourite);
        return;
    }
#ifdef _OPENMP
    hold_each(threads);
#endif
}
#else
void host_pin(int threads) {
    (void)threads;
}
#endif

std::vector<size_t> host_caches() {
    nt_cpu cpu = {};
    (void)nt_this_cpu(&cpu);
    std::vector<size_t> bytes;
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        bytes.push_back(static_cast<size_t>(cpu.kib[level]) * 1024);
    }
    return bytes;
}

size_t host_last_cache() {
    const std::vector<size_t> caches = host_caches();
    const size_t last = *std::max_element(caches.begin(), caches.end());
    return last > 0 ? last : size_t{32} << 20;
}
