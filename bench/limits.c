#include "limits.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

/* A limit is what the best of several bursts reached. A burst is long enough for the clock and for
 * starting threads, and short enough to fall between two interruptions. */
#define BURST_SECONDS 2e-3
#define BURSTS 30

/* Something to do many times over: multiply-adds, or else a copy. */
typedef struct work {
    const nt_isa *isa;
    char *dst;
    const char *src;
    size_t bytes;
    int threads;
} work;

static double multiply_add(const work *w, int64_t times) {
    double flops = 0;
#ifdef _OPENMP
#pragma omp parallel num_threads(w->threads) reduction(+ : flops)
#endif
    flops += w->isa->peak(times);
    return flops;
}

/* Each thread copies one contiguous share, as the kernels' threads work. */
static void copy_once(const work *w) {
#ifdef _OPENMP
    if (w->threads > 1) {
        const size_t share = (w->bytes / (size_t)w->threads + 63) / 64 * 64;
#pragma omp parallel for num_threads(w->threads) schedule(static)
        for (size_t from = 0; from < w->bytes; from += share) {
            size_t left = w->bytes - from;
            memcpy(w->dst + from, w->src + from, left < share ? left : share);
        }
        return;
    }
#endif
    memcpy(w->dst, w->src, w->bytes);
}

static double copy(const work *w, int64_t times) {
    for (int64_t i = 0; i < times; i++) {
        copy_once(w);
        __asm__ volatile("" : : "r"(w->dst) : "memory"); /* so that no copy is dropped */
    }
    return 2.0 * (double)w->bytes * (double)times;
}

static double burst(const work *w, int64_t times, double *seconds) {
    double start = host_seconds();
    double done = w->isa != NULL ? multiply_add(w, times) : copy(w, times);
    *seconds = host_seconds() - start;
    return done / *seconds;
}

static double best_rate(const work *w) {
    int64_t times = 1;
    double best = 0, fastest, seconds;
    host_pin(w->threads);
    do { /* the fastest of three: an interruption must not pass for a long burst */
        times *= 2;
        fastest = INFINITY;
        for (int i = 0; i < 3; i++) {
            burst(w, times, &seconds);
            fastest = fmin(fastest, seconds);
        }
    } while (fastest < BURST_SECONDS);
    for (int i = 0; i < BURSTS; i++) {
        best = fmax(best, burst(w, times, &seconds));
    }
    return best;
}

static double measure_copy(size_t total, int threads) {
    work w = {.bytes = total / 2, .threads = threads};
    size_t room = (w.bytes + 63) / 64 * 64;
    char *src = aligned_alloc(64, room);
    w.src = src;
    w.dst = aligned_alloc(64, room);
    double rate = 0;
    if (src != NULL && w.dst != NULL) {
        memset(src, 1, room);
        rate = best_rate(&w);
    }
    free(src);
    free(w.dst);
    return rate;
}

/* What was measured, flops with their ISA and copies without one. When it is full a limit is
 * measured anew each time. */
static double remember(const nt_isa *isa, size_t bytes, int threads) {
    static struct {
        work work;
        double rate;
    } known[128];
    static size_t count;
    for (size_t i = 0; i < count; i++) {
        const work *w = &known[i].work;
        if (w->isa == isa && w->bytes == bytes && w->threads == threads) {
            return known[i].rate;
        }
    }
    const work w = {.isa = isa, .bytes = bytes, .threads = threads};
    double rate = isa != NULL ? best_rate(&w) : measure_copy(bytes, threads);
    if (count < sizeof known / sizeof *known) {
        known[count].work = w;
        known[count++].rate = rate;
    }
    return rate;
}

double limit_flops(const nt_isa *isa, int threads) {
    return remember(isa, 0, threads);
}

double limit_copy(size_t bytes, int threads) {
    bytes = bytes < 128 ? 128 : bytes;
    double one = remember(NULL, bytes, 1);
    return threads == 1 ? one : fmax(one, remember(NULL, bytes, threads));
}
