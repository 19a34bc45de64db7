/* Which CPU this is, and its caches, as the CPU or the operating system tells. */
#ifndef NINETAP_CPU_H
#define NINETAP_CPU_H

#include <stdbool.h>
#include <stdint.h>

/* Vendors: Arm's implementer codes, which are bytes; x86 beyond them. */
enum { NT_ARM = 0x41, NT_APPLE = 0x61, NT_INTEL = 0x100, NT_AMD };

typedef struct nt_cpu {
    unsigned vendor;        /* 0: unknown */
    unsigned family, model; /* Arm: 0 and the part number */
    bool guest;             /* of a hypervisor that says so */
    int32_t kib[3];         /* L1 data, L2, L3, as told; 0: not told */
} nt_cpu;

/* The index-th CPU, where they may differ; false: there is no such one, or none that is told apart.
 * Reads it anew: instructions that a hypervisor emulates, and on AArch64 Linux small files. Leaves
 * errno alone and allocates nothing. */
bool nt_cpu_read(int index, nt_cpu *cpu);

/* x86: what cpuid gives for a leaf and a subleaf: eax, ebx, ecx, edx. */
typedef void nt_cpuid_fn(unsigned leaf, unsigned subleaf, unsigned registers[4]);
nt_cpu nt_cpu_of_cpuid(nt_cpuid_fn *cpuid);

/* AArch64: the identification register of a CPU. */
nt_cpu nt_cpu_of_midr(uint64_t midr);
/* What `directory`, on Linux /sys/devices/system/cpu, tells of its CPU `index`; false: nothing. */
bool nt_cpu_of_files(const char *directory, int index, nt_cpu *cpu);

#endif
