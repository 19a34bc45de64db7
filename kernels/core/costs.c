#include "core/build.h"
#include "core/costs.h"

#include <stdatomic.h>
#include <string.h>

int nt_find_costs(const char *name) {
    for (int i = 0; i < nt_costs_count; i++) {
        if (strcmp(nt_costs_rows[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

int nt_find_costs_of_cpu(const nt_cpu *cpu) {
    for (int i = 0; cpu->vendor != 0 && i < nt_costs_count; i++) {
        for (int k = 0; k < NT_COSTS_RANGES; k++) {
            const nt_cpu_range *r = &nt_costs_rows[i].cpus[k];
            if (r->vendor == cpu->vendor && r->family == cpu->family && r->first <= cpu->model &&
                cpu->model <= r->last) {
                return i;
            }
        }
    }
    return -1;
}

static const char generic_prefix[] = "generic-";

/* Every instruction set has one: a test sees to it. */
const nt_costs *nt_generic_costs(const char *isa) {
    for (int i = nt_costs_count - 1; i > 0; i--) {
        const char *name = nt_costs_rows[i].name;
        const size_t length = sizeof generic_prefix - 1;
        if (strncmp(name, generic_prefix, length) == 0 && strcmp(name + length, isa) == 0) {
            return &nt_costs_rows[i];
        }
    }
    return &nt_costs_rows[nt_costs_count - 1];
}

/* Of a system with CPUs of two kinds, work that lasts is given to the faster ones. */
static double speed_of(const nt_cpu *cpu) {
    const int index = nt_find_costs_of_cpu(cpu);
    return index < 0 ? 0.0
                     : (double)(nt_costs_rows[index].ghz * nt_costs_rows[index].issue[0].separate);
}

static nt_cpu fastest_cpu(void) {
    enum { MOST_CPUS = 16 }; /* a computer with more has one kind */
    nt_cpu best = {0};
    nt_cpu cpu;
    for (int i = 0; i < MOST_CPUS && nt_cpu_read(i, &cpu); i++) {
        best = i == 0 || speed_of(&cpu) > speed_of(&best) ? cpu : best;
    }
    return best;
}

/* Every thread that comes before it is known reads it for itself and stores the same. */
int nt_this_cpu(nt_cpu *cpu) {
    static atomic_int row, guest, kib[NT_IN_MEMORY];
    static atomic_bool known;
    if (!atomic_load_explicit(&known, memory_order_acquire)) {
        const nt_cpu own = fastest_cpu();
        atomic_store_explicit(&row, nt_find_costs_of_cpu(&own), memory_order_relaxed);
        atomic_store_explicit(&guest, own.guest, memory_order_relaxed);
        for (int i = 0; i < NT_IN_MEMORY; i++) {
            atomic_store_explicit(&kib[i], own.kib[i], memory_order_relaxed);
        }
        atomic_store_explicit(&known, true, memory_order_release);
    }
    *cpu = (nt_cpu){.guest = atomic_load_explicit(&guest, memory_order_relaxed) != 0};
    for (int i = 0; i < NT_IN_MEMORY; i++) {
        cpu->kib[i] = atomic_load_explicit(&kib[i], memory_order_relaxed);
    }
    return atomic_load_explicit(&row, memory_order_relaxed);
}
