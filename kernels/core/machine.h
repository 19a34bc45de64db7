/* The machine as predictions see it: what its core costs, a row of targets/costs.c, and its caches.
 * All cycles are the core's own. What a method does, how many loads and multiply-adds, the method
 * counts itself. */
#ifndef NINETAP_MACHINE_H
#define NINETAP_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/costs.h"

typedef struct nt_machine {
    const nt_costs *costs;
    const nt_issue *issue;       /* of the instruction set asked for */
    int64_t cache[NT_IN_MEMORY]; /* bytes: as read from the CPU, or the row's */
} nt_machine;

/* The row that NINETAP_MACHINE names with its own caches, else the CPU's with what could be read.
 * The first call reads it; for use when a plan is made, and in calls that have none. */
nt_machine nt_machine_of(const char *isa);

/* The same of a row alone, or of a CPU; index -1: it has no row, a generic one is taken. */
nt_machine nt_machine_of_row(int index, const char *isa);
nt_machine nt_machine_of_cpu(int index, const nt_cpu *cpu, const char *isa);

/* ---- predictions ---- */

static inline double nt_most(double a, double b) {
    return a > b ? a : b;
}
static inline double nt_least(double a, double b) {
    return a < b ? a : b;
}

/* Multiply-adds a cycle, and cycles from one to the next of the same sum. */
static inline double nt_multiply_add_rate(const nt_machine *m, bool fused) {
    return (double)(fused && m->issue->fused > 0.0F ? m->issue->fused : m->issue->separate);
}
static inline double nt_sum_latency(const nt_machine *m, bool fused) {
    return (double)(fused && m->issue->fused > 0.0F ? m->issue->fused_latency
                                                    : m->issue->sum_latency);
}

/* Loads and stores that find the L1 cache, and shuffles, of code that does nothing else. Measured:
 * they add up, where each vector is loaded, shuffled and stored. */
static inline double nt_move_cycles(const nt_machine *m, double loads, double stores,
                                    double shuffles) {
    return loads / (double)m->issue->loads + stores / (double)m->issue->stores +
           shuffles / (double)m->issue->shuffles;
}

/* A step of a long loop: each of `sums` sums gets a multiply-add while `loads` vectors are loaded.
 * Out of order, what is slowest takes all the time; in order, a load waits for its turn. */
static inline double nt_step_cycles(const nt_machine *m, bool fused, double sums, double loads) {
    const double multiply = sums / nt_multiply_add_rate(m, fused);
    const double load = loads / (double)m->issue->loads;
    const double instructions = (fused && m->issue->fused > 0.0F ? 1.0 : 2.0) * sums + loads;
    const double slowest = m->costs->window > 0.0F ? nt_most(multiply, load) : multiply + load;
    return nt_most(nt_most(slowest, instructions / (double)m->costs->width),
                   nt_sum_latency(m, fused));
}

/* The same of a short loop of `steps` steps: the next one's begin while it is under way. */
static inline double nt_short_step_cycles(const nt_machine *m, bool fused, double sums,
                                          double loads, double steps) {
    const double window = (double)m->costs->window;
    const double under_way = nt_most(1.0, window / ((sums + loads) * steps));
    return nt_step_cycles(m, fused, sums * under_way, loads * under_way) / under_way;
}

/* What the end of a long loop costs: its last jump is mispredicted, and then loads and sums have to
 * begin again. */
static inline double nt_end_cycles(const nt_machine *m, bool fused) {
    return (double)m->costs->mispredict + (double)m->costs->latency[NT_IN_L1] +
           nt_sum_latency(m, fused);
}

/* Calls, address arithmetic, decisions. */
static inline double nt_code_cycles(const nt_machine *m, double instructions, double mispredicted) {
    return instructions / (double)m->costs->width + mispredicted * (double)m->costs->mispredict;
}

/* How many more loads it takes to read vectors of `lanes` floats at any address: one that crosses a
 * line of the cache counts twice. */
static inline double nt_crossing_loads(int64_t lanes) {
    const double line = 64.0;
    return nt_least(1.0, (double)lanes * 4.0 / line);
}

/* Where `bytes` that are read again and again stay: they find a quarter of each cache taken. */
static inline nt_level nt_level_of(const nt_machine *m, double bytes) {
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        if (bytes <= 0.75 * (double)m->cache[level]) {
            return (nt_level)level;
        }
    }
    return NT_IN_MEMORY;
}
static inline double nt_read_cycles(const nt_machine *m, nt_level level, double bytes) {
    return bytes / (double)m->costs->bytes[level];
}
/* A line that is written is read before, and written back some time. Measured: half as much again
 * as reading it. */
static inline double nt_write_cycles(const nt_machine *m, nt_level level, double bytes) {
    return 1.5 * nt_read_cycles(m, level, bytes);
}

/* What shows of reading `bytes` while the core multiplies for `busy` cycles: what takes longer than
 * that, and a share of the rest. For filters that are fetched ahead, the same share from L3 and
 * from memory predicts what was measured best. */
static inline double nt_exposed_cycles(const nt_machine *m, nt_level level, double bytes,
                                       double busy) {
    const double read = level == NT_IN_L1 ? 0.0 : nt_read_cycles(m, level, bytes);
    const double share = m->costs->window > 0.0F ? 0.15 : 1.0;
    return nt_most(0.0, read - busy) + share * nt_least(read, busy);
}

static inline int64_t nt_last_cache(const nt_machine *m) {
    return m->cache[NT_IN_L3] > 0 ? m->cache[NT_IN_L3] : m->cache[NT_IN_L2];
}
/* Bytes of tensors of which the CPU keeps the address translations. */
static inline int64_t nt_near_bytes(const nt_machine *m) {
    return (int64_t)m->costs->near_kib * 1024;
}

/* ---- threads ---- */

/* A thread must earn what waking it costs, in cycles: a slow core wakes slowly, too. A cold team
 * takes 15 microseconds at 3 GHz; where a call is over in less than that the team has just worked
 * and still waits in a loop, for a few. */
enum { NT_WAKE_CYCLES = 45000, NT_WAKE_WARM_CYCLES = 8000 };

/* No row has fewer bytes near, or a smaller last cache: a call of fewer need not ask. */
enum { NT_LEAST_NEAR_BYTES = 1024 * 1024 };

/* How many threads a call of so many cycles is worth, each to work for `wake` cycles: at least one,
 * and no more than `asked` means (nt_thread_count), or `parts`. */
int nt_threads_worth(double cycles, double wake, int64_t parts, int asked);

#endif
