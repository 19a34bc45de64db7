#include "core/build.h"
#include "core/machine.h"

#include <string.h>

#include "core/environment.h"
#include "core/parallel.h"

static const nt_issue *own_issue(const nt_costs *row, const char *isa) {
    for (int i = 0; i < NT_COSTS_ISAS; i++) {
        if (strcmp(row->issue[i].isa, isa) == 0) {
            return &row->issue[i];
        }
    }
    return NULL;
}

/* A number costs what a vector costs; what this core cannot do costs what it costs elsewhere. */
static const nt_issue *issue_of(const nt_costs *row, const char *isa) {
    const nt_issue *own = own_issue(row, isa);
    if (own == NULL && strcmp(isa, "scalar") == 0) {
        own = &row->issue[0];
    }
    return own != NULL ? own : &nt_generic_costs(isa)->issue[0];
}

static nt_machine machine_of(const nt_costs *row, const char *isa,
                             const int32_t kib[NT_IN_MEMORY]) {
    nt_machine m = {.costs = row, .issue = issue_of(row, isa)};
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        m.cache[level] = (int64_t)kib[level] * 1024;
    }
    return m;
}

nt_machine nt_machine_of_row(int index, const char *isa) {
    const nt_costs *row = index < 0 ? nt_generic_costs(isa) : &nt_costs_rows[index];
    return machine_of(row, isa, row->kib);
}

/* What was told, where it can be true. A hypervisor's guest is told of all of an L3 cache that it
 * shares with strangers. */
static void sane_caches(const nt_cpu *cpu, const nt_costs *row, int32_t kib[NT_IN_MEMORY]) {
    static const int32_t least[NT_IN_MEMORY] = {8, 64, 256};
    static const int32_t most[NT_IN_MEMORY] = {1024, 128 * 1024, 1024 * 1024};
    bool sane = true;
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        const int32_t told = cpu->kib[level];
        const bool own = told >= least[level] && told <= most[level];
        kib[level] = own ? told : row->kib[level];
        sane = sane && (level == NT_IN_L1 || kib[level] == 0 || kib[level] > kib[level - 1]);
    }
    if (cpu->guest && kib[NT_IN_L3] > row->kib[NT_IN_L3] && row->kib[NT_IN_L3] != 0) {
        kib[NT_IN_L3] = row->kib[NT_IN_L3];
        sane = sane && kib[NT_IN_L3] > kib[NT_IN_L2];
    }
    if (!sane) {
        memcpy(kib, row->kib, NT_IN_MEMORY * sizeof *kib);
    }
}

nt_machine nt_machine_of_cpu(int index, const nt_cpu *cpu, const char *isa) {
    const nt_costs *row = index < 0 ? nt_generic_costs(isa) : &nt_costs_rows[index];
    int32_t kib[NT_IN_MEMORY];
    sane_caches(cpu, row, kib);
    return machine_of(row, isa, kib);
}

nt_machine nt_machine_of(const char *isa) {
    int index = nt_environment_get().machine;
    if (index >= 0) {
        return nt_machine_of_row(index, isa);
    }
    nt_cpu cpu;
    index = nt_this_cpu(&cpu);
    return nt_machine_of_cpu(index, &cpu, isa);
}

/* ---- threads ---- */

int nt_threads_worth(double cycles, double wake, int64_t parts, int asked) {
    const double worth = cycles / wake;
    if (asked == 1 || parts < 2 || !(worth >= 2.0)) {
        return 1;
    }
    const int most = nt_thread_count(asked);
    const double least = nt_least(nt_least((double)parts, worth), (double)most);
    return (int)least;
}
