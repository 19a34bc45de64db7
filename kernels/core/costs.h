/* What CPUs cost: one row a microarchitecture, and which row is this CPU's. */
#ifndef NINETAP_COSTS_H
#define NINETAP_COSTS_H

#include "core/cpu.h"

/* What a core starts in a cycle, in vectors of one instruction set. Names are part of the rows:
 * pointers and their relocations would take more space. */
typedef struct nt_issue {
    char isa[8];
    float fused;    /* multiply-adds that are one instruction; 0: there are none */
    float separate; /* products and sums, in pairs */
    float loads, stores, shuffles;
    float fused_latency, sum_latency; /* from sum to sum */
} nt_issue;

/* The CPUs of a row: models first to last of a family. */
typedef struct nt_cpu_range {
    uint16_t vendor, family, first, last;
} nt_cpu_range;

/* Where data comes from. */
typedef enum nt_level { NT_IN_L1, NT_IN_L2, NT_IN_L3, NT_IN_MEMORY, NT_LEVELS } nt_level;

enum { NT_COSTS_ISAS = 3, NT_COSTS_RANGES = 4 };

typedef struct nt_costs {
    char name[16];
    const char *source; /* "measured ...", "published: ..." or "estimated: ..." */
    nt_cpu_range cpus[NT_COSTS_RANGES];
    nt_issue issue[NT_COSTS_ISAS];
    float ghz;
    float width;               /* instructions a cycle */
    float window;              /* instructions in flight; 0: they are executed in order */
    float mispredict;          /* cycles that a mispredicted branch costs */
    float latency[NT_LEVELS];  /* cycles of a load */
    float bytes[NT_LEVELS];    /* a cycle, read by one core in order; of L1: the loads' */
    int32_t kib[NT_IN_MEMORY]; /* L1 data, L2, L3: a core's share; L3 0: none */
    int32_t near_kib;          /* of which the CPU keeps the address translations */
} nt_costs;

/* targets/costs.c. The generic rows come last, one an instruction set, named "generic-<isa>". */
extern const nt_costs nt_costs_rows[];
extern const int nt_costs_count;

/* Rows by name, and of a CPU; -1: none. */
int nt_find_costs(const char *name);
int nt_find_costs_of_cpu(const nt_cpu *cpu);
/* For CPUs without a row of their own. */
const nt_costs *nt_generic_costs(const char *isa);

/* This CPU, or of CPUs that differ the fastest one: its row, -1 if it has none, and its caches, as
 * told. The first call reads them. Without locks, and the same in every thread. */
int nt_this_cpu(nt_cpu *cpu);

#endif
