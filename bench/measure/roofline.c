#include "measure/roofline.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/dispatch.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/interruption.h"
#include "measure/peak.h"
#include "cases/operation.h"

/* A limit is what the best of several bursts reached. A burst is long enough for the clock and for
 * starting threads, and short enough to fall between two interruptions. */
#define BURST_SECONDS 2e-3
#define BURSTS 30

typedef enum work_kind { WORK_FLOPS, WORK_READ, WORK_COPY } work_kind;

/* Something to do many times over. */
typedef struct work {
    work_kind kind;
    const nt_isa *isa;
    size_t bytes; /* of src, to be read, or copied to dst */
    int threads;
    char *src, *dst;
} work;

static const isa_peak *peak_of(const nt_isa *isa) {
    const isa_peak *peak = isa_peaks;
    while (strcmp(peak->isa, isa->name) != 0) {
        peak++;
    }
    return peak;
}

static double do_share(const work *w, size_t from, size_t bytes, int64_t times) {
    const isa_peak *peak = peak_of(w->isa);
    if (w->kind == WORK_FLOPS) {
        return peak->multiply_add(times);
    }
    for (int64_t i = 0; i < times; i++) {
        if (w->kind == WORK_COPY) {
            memcpy(w->dst + from, w->src + from, bytes);
        } else {
            peak->read(w->src + from, bytes);
        }
        __asm__ volatile("" : : "r"(w->dst), "r"(w->src) : "memory"); /* each time anew */
    }
    return (w->kind == WORK_COPY ? 2.0 : 1.0) * (double)bytes * (double)times;
}

static size_t whole_steps(size_t bytes) {
    return (bytes + PEAK_STEP - 1) / PEAK_STEP * PEAK_STEP;
}

/* Each thread does its share, of memory a contiguous one, again and again: no waiting for each
 * other is part of the limit. */
static double do_all(const work *w, int64_t times) {
    const size_t share = whole_steps((w->bytes + (size_t)w->threads - 1) / (size_t)w->threads);
    double done = 0;
#ifdef _OPENMP
#pragma omp parallel for num_threads(w->threads) schedule(static, 1) reduction(+ : done) \
    if (w->threads > 1)
#endif
    for (int i = 0; i < w->threads; i++) {
        const size_t before = share * (size_t)i, from = before < w->bytes ? before : w->bytes;
        done += do_share(w, from, w->bytes - from < share ? w->bytes - from : share, times);
    }
    return done;
}

/* Until enough bursts were long enough. One is too short when little was asked for, and may be long
 * without having done much, when it was interrupted. */
static double best_rate(const work *w) {
    int64_t times = 1;
    double best = 0;
    host_pin(w->threads);
    for (int long_ones = 0; long_ones < BURSTS && !interrupted();) {
        const double start = host_seconds(), done = do_all(w, times);
        const double seconds = host_seconds() - start;
        best = fmax(best, done / seconds);
        if (seconds < BURST_SECONDS) {
            times *= 2;
        } else {
            long_ones++;
        }
    }
    return interrupted() ? 0 : best; /* of too few bursts */
}

static double measure(work w) {
    const size_t room = whole_steps(w.bytes);
    double rate = 0;
    w.bytes = w.kind == WORK_READ ? room : w.bytes;
    w.src = w.kind != WORK_FLOPS ? host_alloc(room) : NULL;
    w.dst = w.kind == WORK_COPY ? host_alloc(room) : NULL;
    if ((w.src != NULL || w.kind == WORK_FLOPS) && (w.dst != NULL || w.kind != WORK_COPY)) {
        if (w.src != NULL) {
            memset(w.src, 1, room);
        }
        rate = best_rate(&w);
    }
    host_free(w.src);
    host_free(w.dst);
    return rate;
}

/* What was measured. When it is full a limit is measured anew each time. */
static double remember(work_kind kind, const nt_isa *isa, size_t bytes, int threads) {
    static struct {
        work work;
        double rate;
    } known[512];
    static size_t count;
    const work wanted = {kind, isa, bytes, threads, NULL, NULL};
    for (size_t i = 0; i < count; i++) {
        const work *k = &known[i].work;
        if (k->kind == kind && k->isa == isa && k->bytes == bytes && k->threads == threads) {
            return known[i].rate;
        }
    }
    const double rate = measure(wanted);
    if (count < sizeof known / sizeof *known) {
        known[count].work = wanted;
        known[count++].rate = rate;
    }
    return rate;
}

/* Floating-point operations a second of independent multiply-adds in registers. */
static double limit_flops(const nt_isa *isa, int threads) {
    return remember(WORK_FLOPS, isa, 0, threads);
}

/* Bytes a second, read and written counted each, of a memcpy that reads and writes `bytes`
 * altogether, on up to so many threads: the working set is `bytes`, wherever in the caches that
 * fits. 0 if memory is short. */
static double limit_copy(size_t bytes, int threads) {
    const size_t half = bytes < 128 ? 64 : bytes / 2;
    const double one = remember(WORK_COPY, nt_usable_isa(0), half, 1);
    return threads == 1 ? one : fmax(one, remember(WORK_COPY, nt_usable_isa(0), half, threads));
}

/* Bytes a second of reading them all. */
static double limit_read(size_t bytes, int threads) {
    return remember(WORK_READ, nt_usable_isa(0), bytes, threads);
}

/* Four times the last cache, so that little of it can stay there. */
static size_t memory_set(void) {
    const size_t least = (size_t)64 << 20, most = (size_t)512 << 20;
    size_t bytes = 4 * host_last_cache();
    return bytes < least ? least : bytes > most ? most : bytes;
}

roofline limits_roofline(const problem *p, const nt_isa *isa, int threads, bool cold) {
    double flops = limit_flops(isa != NULL ? isa : nt_usable_isa(0), threads);
    const size_t bytes = cold ? memory_set() : (size_t)p->bytes;
    double rate = p->operation->reads ? limit_read(bytes, threads) : limit_copy(bytes, threads);
    if (flops <= 0 || rate <= 0) {
        return (roofline){0, ""};
    }
    double compute = p->flops / flops, memory = p->bytes / rate;
    return compute > memory ? (roofline){compute, "compute"} : (roofline){memory, "memory"};
}

/* "1.25e+11 0": the rate, and the working set. */
static void tell(const char *kind, const char *where, int threads, double rate, size_t bytes,
                 bool talks) {
    char key[64], value[64];
    if (rate <= 0) {
        return;
    }
    snprintf(key, sizeof key, "limit %s %s t%d", kind, where, threads);
    snprintf(value, sizeof value, "%.9g %zu", rate, bytes);
    gb_add_context(key, value);
    if (talks) {
        printf("  %-16s %-8s %10.1f %s, %d thread%s\n", kind, where, rate * 1e-9,
               bytes == 0 ? "GFLOP/s" : "GB/s", threads, threads > 1 ? "s" : "");
    }
}

static void measure_moves(const char *where, size_t bytes, int threads, bool talks) {
    tell("read", where, threads, limit_read(bytes, threads), bytes, talks);
    tell("copy", where, threads, limit_copy(bytes, threads), bytes, talks);
}

void limits_measure(int threads, bool talks) {
    const nt_isa *isa;
    for (int i = 0; (isa = nt_usable_isa(i)) != NULL; i++) {
        tell("flops", isa->name, threads, limit_flops(isa, threads), 0, talks);
    }
    for (int level = 0; level < 3; level++) {
        const char where[] = {'L', (char)('1' + level), '\0'};
        const size_t size = (size_t)host_caches()[level];
        if (size > 0) {
            /* Half of a cache surely stays in it. The inner ones each core has for itself. */
            const int caches = size == host_last_cache() ? 1 : threads;
            measure_moves(where, size / 2 * (size_t)caches, threads, talks);
        }
    }
    measure_moves("memory", memory_set(), threads, talks);
}
