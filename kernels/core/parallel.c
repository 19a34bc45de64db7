#include "core/build.h"
#include "core/parallel.h"

#include "core/environment.h"
#include "core/startable.h"

#ifdef _OPENMP
#include <errno.h>
#include <omp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdatomic.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif
#endif

#if defined(__SSE2__)
#include <xmmintrin.h>
typedef unsigned control_word;
static control_word control_get(void) {
    return _mm_getcsr();
}
static void control_set(control_word word) {
    _mm_setcsr(word);
}
#elif defined(__aarch64__)
typedef uint64_t control_word;
static control_word control_get(void) {
    uint64_t word;
    __asm__ volatile("mrs %0, fpcr" : "=r"(word));
    return word;
}
static void control_set(control_word word) {
    __asm__ volatile("msr fpcr, %0" : : "r"(word));
}
#else
#include <fenv.h>
typedef int control_word;
static control_word control_get(void) {
    return fegetround();
}
static void control_set(control_word word) {
    fesetround(word);
}
#endif

/* A team does not survive fork, but libgomp assumes that it does and waits for it, whether this
 * library or its caller had started it. So the child of a process that had threads runs on one
 * thread. */
static bool team_lost;
#ifndef _WIN32
static atomic_bool had_threads;

static void before_fork(void) {
#if __has_include(<sys/single_threaded.h>)
    const bool threads = !__libc_single_threaded;
#else
    const bool threads = true;
#endif
    atomic_store_explicit(&had_threads, threads, memory_order_relaxed);
}

static void in_child(void) {
    team_lost = team_lost || atomic_load_explicit(&had_threads, memory_order_relaxed);
}

__attribute__((constructor)) static void watch_forks(void) {
    pthread_atfork(before_fork, NULL, in_child);
}

static void stay_loaded(void) {
}
#else
/* The team waits in code of libgomp, which FreeLibrary of a DLL with these kernels would unload. So
 * the DLL is never unloaded, like a shared object that is linked with -z nodelete. */
static void stay_loaded(void) {
    static atomic_bool stays;
    if (!atomic_exchange_explicit(&stays, true, memory_order_relaxed)) {
        const DWORD error = GetLastError();
        HMODULE self;
        GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                           (const char *)&stays, &self);
        SetLastError(error);
    }
}
#endif

int nt_thread_count(int threads) {
    if (threads == 0) {
        threads = nt_environment_get().threads;
    }
    if (threads > 0) {
        return threads;
    }
    const int error = errno;
    const int most = omp_get_max_threads();
    errno = error;
    return most;
}

/* A function of its own that is never inlined: clang calls its run-time library at the head of a
 * function with a parallel region, which a serial call should not pay for. */
__attribute__((noinline)) static void run_team(int threads, nt_part_fn *fn, void *job) {
    const control_word callers = control_get();
#pragma omp parallel num_threads(threads)
    {
        const control_word own = control_get();
        control_set(callers);
        fn(job, omp_get_thread_num(), omp_get_num_threads());
        control_set(own);
    }
}

void nt_parallel(int threads, nt_part_fn *fn, void *job) {
    if (threads <= 1) {
        fn(job, 0, 1);
        return;
    }
    const int error = errno; /* the run-time library changes it */
    threads = omp_in_parallel() || team_lost ? 1 : nt_startable_threads(threads);
    if (threads == 1) {
        fn(job, 0, 1);
    } else {
        stay_loaded();
        run_team(threads, fn, job);
    }
    errno = error;
}
#else
int nt_thread_count(int threads) {
    (void)threads;
    return 1;
}

void nt_parallel(int threads, nt_part_fn *fn, void *job) {
    (void)threads;
    fn(job, 0, 1);
}
#endif
