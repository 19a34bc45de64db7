#include "measure/roofline.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/interruption.h"
#include "cases/operation.h"

/* A limit is what the best of several bursts reached. A burst is long enough for the clock and for
 * starting threads, and short enough to fall between two interruptions. */
#define BURST_SECONDS 2e-3
#define BURSTS 30

typedef enum work_kind { WORK_FLOPS, WORK_READ, WORK_COPY } work_kind;

/* Something to do many times over. */
typedef struct work {
    work_kind kind;
    const nt_isa *isa; /* WORK_FLOPS */
    char *dst;
    const char *src;
    size_t bytes; /* of dst, src, or both */
    int threads;
} work;

static double multiply_add(const work *w, int64_t times) {
    double flops = 0;
    size_t i = 0;
    while (i + 1 < isa_peak_count && strcmp(isa_peaks[i].isa, w->isa->name) != 0) {
        i++;
    }
    double (*const run)(int64_t) = isa_peaks[i].run;
#ifdef _OPENMP
#pragma omp parallel num_threads(w->threads) reduction(+ : flops)
#endif
    flops += run(times);
    return flops;
}

/* A loop of plain loads into eight registers. Their width is the machine's: gcc keeps wider vectors
 * than those in memory. */
#define READ_SHARE(name, width, attributes)                                                       \
    attributes static uint64_t name(const char *src, size_t bytes) {                              \
        typedef uint64_t vector __attribute__((vector_size(width)));                              \
        const vector *from = (const vector *)(const void *)src;                                   \
        vector sum[8] = {{0}};                                                                    \
        for (size_t i = 0; i < bytes / sizeof(vector); i += 8) {                                  \
            for (size_t k = 0; k < 8; k++) {                                                      \
                sum[k] |= from[i + k];                                                            \
            }                                                                                     \
        }                                                                                         \
        const vector all = sum[0] | sum[1] | sum[2] | sum[3] | sum[4] | sum[5] | sum[6] | sum[7]; \
        uint64_t bits = 0;                                                                        \
        for (size_t k = 0; k < sizeof(vector) / sizeof(uint64_t); k++) {                          \
            bits |= all[k];                                                                       \
        }                                                                                         \
        return bits;                                                                              \
    }
READ_SHARE(read_16, 16, )
#ifdef __x86_64__
READ_SHARE(read_32, 32, __attribute__((target("avx2"))))
READ_SHARE(read_64, 64, __attribute__((target("avx512f"))))
#endif

static uint64_t read_share(const char *src, size_t bytes) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f")) {
        return read_64(src, bytes);
    }
    if (__builtin_cpu_supports("avx2")) {
        return read_32(src, bytes);
    }
#endif
    return read_16(src, bytes);
}

enum { STEP = 512 }; /* whole rounds of read_share */

static size_t whole_steps(size_t bytes) {
    return (bytes + STEP - 1) / STEP * STEP;
}

static void move_share(const work *w, size_t from, size_t bytes, int64_t times) {
    for (int64_t i = 0; i < times; i++) {
        if (w->kind == WORK_COPY) {
            memcpy(w->dst + from, w->src + from, bytes);
        } else {
            uint64_t all = read_share(w->src + from, bytes);
            __asm__ volatile("" : : "r"(all));
        }
        __asm__ volatile("" : : "r"(w->dst), "r"(w->src) : "memory"); /* each time anew */
    }
}

/* Each thread moves one contiguous share again and again: no waiting for each other is part of the
 * limit. */
static double move(const work *w, int64_t times) {
#ifdef _OPENMP
    const size_t share = whole_steps((w->bytes + (size_t)w->threads - 1) / (size_t)w->threads);
#pragma omp parallel for num_threads(w->threads) schedule(static, 1) if (w->threads > 1)
    for (size_t from = 0; from < w->bytes; from += share) {
        move_share(w, from, w->bytes - from < share ? w->bytes - from : share, times);
    }
#else
    move_share(w, 0, w->bytes, times);
#endif
    return (w->kind == WORK_COPY ? 2.0 : 1.0) * (double)w->bytes * (double)times;
}

static double burst(const work *w, int64_t times, double *seconds) {
    double start = host_seconds();
    double done = w->kind == WORK_FLOPS ? multiply_add(w, times) : move(w, times);
    *seconds = host_seconds() - start;
    return done / *seconds;
}

/* Until enough bursts were long enough. One is too short when little was asked for, and may be long
 * without having done much, when it was interrupted. */
static double best_rate(const work *w) {
    int64_t times = 1;
    double best = 0;
    host_pin(w->threads);
    for (int long_ones = 0; long_ones < BURSTS && !interrupted();) {
        double seconds, rate = burst(w, times, &seconds);
        best = fmax(best, rate);
        if (seconds < BURST_SECONDS) {
            times *= 2;
        } else {
            long_ones++;
        }
    }
    return interrupted() ? 0 : best; /* of too few bursts */
}

static double measure_memory(const work *what) {
    const size_t room = whole_steps(what->bytes);
    work w = *what;
    char *src = host_alloc(room);
    w.src = src;
    w.dst = w.kind == WORK_COPY ? host_alloc(room) : NULL;
    double rate = 0;
    if (src != NULL && (w.dst != NULL || w.kind == WORK_READ)) {
        memset(src, 1, room);
        w.bytes = w.kind == WORK_READ ? room : w.bytes;
        rate = best_rate(&w);
    }
    host_free(src);
    host_free(w.dst);
    return rate;
}

/* What was measured. When it is full a limit is measured anew each time. */
static double remember(const work *w) {
    static struct {
        work work;
        double rate;
    } known[512];
    static size_t count;
    for (size_t i = 0; i < count; i++) {
        const work *k = &known[i].work;
        if (k->kind == w->kind && k->isa == w->isa && k->bytes == w->bytes &&
            k->threads == w->threads) {
            return known[i].rate;
        }
    }
    double rate = w->kind == WORK_FLOPS ? best_rate(w) : measure_memory(w);
    if (count < sizeof known / sizeof *known) {
        known[count].work = *w;
        known[count++].rate = rate;
    }
    return rate;
}

/* Floating-point operations a second of independent multiply-adds in registers. */
static double limit_flops(const nt_isa *isa, int threads) {
    return remember(&(work){.kind = WORK_FLOPS, .isa = isa, .threads = threads});
}

/* Bytes a second, read and written counted each, of a memcpy that reads and writes `bytes`
 * altogether, on up to so many threads: the working set is `bytes`, wherever in the caches that
 * fits. 0 if memory is short. */
static double limit_copy(size_t bytes, int threads) {
    work w = {.kind = WORK_COPY, .bytes = bytes < 128 ? 64 : bytes / 2, .threads = 1};
    double one = remember(&w);
    w.threads = threads;
    return threads == 1 ? one : fmax(one, remember(&w));
}

/* Bytes a second of reading them all. */
static double limit_read(size_t bytes, int threads) {
    return remember(&(work){.kind = WORK_READ, .bytes = bytes, .threads = threads});
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

/* Half of a cache surely stays in it. The inner ones each core has for itself. */
static size_t working_set(int level, int threads) {
    const size_t size = (size_t)host_caches()[level];
    return size / 2 * (size_t)(size == host_last_cache() ? 1 : threads);
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
        if (host_caches()[level] > 0) {
            measure_moves(where, working_set(level, threads), threads, talks);
        }
    }
    measure_moves("memory", memory_set(), threads, talks);
}
