#include "core/build.h"
#include "core/parallel.h"

#include "core/backoff.h"
#include "core/clock.h"
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

/* Each thread begins with a range of its own, which it also had in the run before: part of that is
 * in its cache. It takes one share of it after another, then shares that are left of the others'
 * ranges, so nobody waits for the whole range of a thread that came late. */
enum { RANGES = 64, SHARES = 4 };

typedef struct counter {
    _Alignas(64) atomic_uint taken;
} counter;

typedef struct team {
    nt_share_fn *fn;
    void *job;
    int64_t units, together;
    int ranges, shares; /* shares of each range */
    uint32_t start;     /* of the caller */
    atomic_uint alone;  /* microseconds that one thread would take for all */
    counter range[RANGES];
} team;

static uint32_t now_us(void) {
    return (uint32_t)(uint64_t)(1e6 * nt_seconds());
}

/* Where share `i` of the units [begin, end) begins. */
static int64_t share_begin(const team *t, int64_t begin, int64_t end, int i) {
    const int64_t at = begin + nt_part_begin(end - begin, i, t->shares);
    const int64_t whole = i == t->shares ? at : at / t->together * t->together;
    return whole > begin ? whole : begin;
}

/* Returns how many units. */
static int64_t take_shares(team *t, int r, int thread) {
    const int64_t begin = nt_part_begin(t->units, r, t->ranges);
    const int64_t end = nt_part_begin(t->units, r + 1, t->ranges);
    const unsigned shares = (unsigned)t->shares;
    atomic_uint *taken = &t->range[r].taken;
    int64_t done = 0;
    while (atomic_load_explicit(taken, memory_order_relaxed) < shares) {
        const unsigned i = atomic_fetch_add_explicit(taken, 1, memory_order_relaxed);
        if (i >= shares) {
            break;
        }
        const int64_t from = share_begin(t, begin, end, (int)i);
        const int64_t to = share_begin(t, begin, end, (int)i + 1);
        if (from < to) {
            t->fn(t->job, thread, from, to);
            done += to - from;
        }
    }
    return done;
}

/* A thread that did `done` units in so many microseconds would do all of them in proportion. Where
 * it had no core for a while that is too long; so the quickest one counts. */
static void note_speed(team *t, int64_t done, uint32_t busy) {
    const double all = (double)busy * (double)t->units / (double)done;
    const unsigned alone = all < UINT32_MAX ? (unsigned)all : UINT32_MAX;
    unsigned least = atomic_load_explicit(&t->alone, memory_order_relaxed);
    while (alone < least &&
           !atomic_compare_exchange_weak_explicit(&t->alone, &least, alone, memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
}

static void work_in_team(team *t, int thread) {
    const uint32_t start = thread == 0 ? t->start : now_us();
    int64_t done = 0;
    for (int i = 0; i < t->ranges; i++) {
        done += take_shares(t, (thread + i) % t->ranges, thread);
    }
    if (done > 0) {
        note_speed(t, done, now_us() - start);
    }
}

/* A function of its own that is never inlined: clang calls its run-time library at the head of a
 * function with a parallel region, which a serial call should not pay for. */
__attribute__((noinline)) static void run_team(int threads, team *t) {
    const control_word callers = control_get();
#pragma omp parallel num_threads(threads)
    {
        const control_word own = control_get();
        control_set(callers);
        work_in_team(t, omp_get_thread_num());
        control_set(own);
    }
}

static void start_team(int threads, int64_t units, int64_t together, nt_share_fn *fn, void *job) {
    static nt_backoff backoff;
    const uint32_t start = now_us();
    if (!nt_backoff_allows(&backoff, start)) {
        fn(job, 0, 0, units);
        return;
    }
    team t;
    t.fn = fn;
    t.job = job;
    t.units = units;
    t.together = together;
    t.ranges = threads < RANGES ? threads : RANGES;
    t.shares = SHARES * ((threads + RANGES - 1) / RANGES);
    t.start = start;
    atomic_init(&t.alone, UINT32_MAX);
    for (int i = 0; i < t.ranges; i++) {
        atomic_init(&t.range[i].taken, 0);
    }
    stay_loaded();
    run_team(threads, &t);
    const uint32_t alone = atomic_load_explicit(&t.alone, memory_order_relaxed);
    nt_backoff_note(&backoff, alone, start, now_us());
}

void nt_parallel(int threads, int64_t units, int64_t together, nt_share_fn *fn, void *job) {
    threads = units < threads ? (int)units : threads;
    if (threads <= 1) {
        fn(job, 0, 0, units);
        return;
    }
    const int error = errno; /* the run-time library changes it */
    threads = omp_in_parallel() || team_lost ? 1 : nt_startable_threads(threads);
    if (threads == 1) {
        fn(job, 0, 0, units);
    } else {
        start_team(threads, units, together, fn, job);
    }
    errno = error;
}
#else
int nt_thread_count(int threads) {
    (void)threads;
    return 1;
}

void nt_parallel(int threads, int64_t units, int64_t together, nt_share_fn *fn, void *job) {
    (void)threads;
    (void)together;
    fn(job, 0, 0, units);
}
#endif
