#include "measure/host.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _WIN32
#include <malloc.h>
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#ifdef __linux__
#include <sched.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

#include "core/clock.h"
#include "core/costs.h"

#ifdef __clang__
const char host_compiler[] = __VERSION__;
#else
const char host_compiler[] = "gcc " __VERSION__;
#endif

double host_seconds(void) {
    return nt_seconds();
}

#ifdef _WIN32
void host_sleep(double seconds) {
    Sleep((DWORD)(seconds * 1e3));
}

void *host_alloc(size_t bytes) {
    return _aligned_malloc(bytes, 64);
}

void host_free(void *memory) {
    _aligned_free(memory);
}
#else
void host_sleep(double seconds) {
    const struct timespec t = {(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)};
    nanosleep(&t, NULL);
}

void *host_alloc(size_t bytes) {
    return bytes > SIZE_MAX - 63 ? NULL : aligned_alloc(64, (bytes + 63) / 64 * 64);
}

void host_free(void *memory) {
    free(memory);
}
#endif

#ifdef _OPENMP
bool host_has_threads(void) {
    return true;
}

int host_max_threads(void) {
    return omp_get_max_threads();
}

const char *host_openmp(void) {
    static char text[512];
    const char *name = "unknown";
#ifndef _WIN32
    int (*function)(void) = omp_get_max_threads;
    void *address;
    Dl_info library;
    memcpy(&address, &function, sizeof address); /* ISO C has no such cast */
    name = dladdr(address, &library) != 0 && library.dli_fname != NULL ? library.dli_fname : name;
#endif
    snprintf(text, sizeof text, "%s, OpenMP %d", name, _OPENMP);
    return text;
}
#else
bool host_has_threads(void) {
    return false;
}

int host_max_threads(void) {
    return 1;
}

const char *host_openmp(void) {
    return "none: this program was built without it";
}
#endif

#ifdef __linux__
static cpu_set_t everywhere; /* where the process could run when it started */

/* Fails in some sandboxes, which costs steadiness only. */
static void hold_on(int cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    (void)sched_setaffinity(0, sizeof one, &one);
}

#ifdef _OPENMP
static int nth_cpu(int n) {
    int cpu = -1;
    do {
        cpu++;
        n -= CPU_ISSET((size_t)cpu, &everywhere) ? 1 : 0;
    } while (n >= 0);
    return cpu;
}

/* The runtime keeps its threads, so they stay held while kernels use them. Not held, a thread that
 * was on one CPU a moment ago may share it with another thread while a second CPU idles. */
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
        /* What the scheduler chose for a busy thread: a fast one, where CPUs differ. */
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

const int64_t *host_caches(void) {
    static int64_t bytes[NT_IN_MEMORY];
    nt_cpu cpu = {0};
    (void)nt_this_cpu(&cpu);
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        bytes[level] = (int64_t)cpu.kib[level] * 1024;
    }
    return bytes;
}

size_t host_last_cache(void) {
    int64_t last = 0;
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        last = host_caches()[level] > last ? host_caches()[level] : last;
    }
    return last > 0 ? (size_t)last : (size_t)32 << 20;
}
