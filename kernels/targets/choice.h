/* Which kernels a description's ISA and precision mean. */
#ifndef NINETAP_CHOICE_H
#define NINETAP_CHOICE_H

#include "ninetap.h"
#include "targets/isa.h"

typedef struct nt_choice {
    const nt_isa *isa;         /* NULL: no usable ISA has that name */
    const nt_kernels *kernels; /* of the arithmetic below */
    bool fused;                /* a multiply-add rounds once, or is of integers one instruction */
} nt_choice;

/* EXACT fuses everywhere: an ISA without such kernels hands the work to the scalar ones. PORTABLE
 * never does; DEFAULT and FAST do where the machine has the instruction. */
nt_choice nt_choose_kernels(const char *isa, ninetap_precision precision);

/* Of integers: by four bytes where the CPU can and NINETAP_PAIRS does not say otherwise. */
nt_choice nt_choose_integers(const char *isa);

/* How bytes reach the kernels of integers: as (byte ^ sign) - zero, from which what stands for 0 is
 * to be subtracted. The last is done by the bias: sums are exact modulo 2^32. */
typedef struct nt_entry {
    int sign, zero;
    int nothing; /* what stands for 0 */
} nt_entry;
nt_entry nt_entry_of(const nt_kernels *kernels, ninetap_dtype src, int src_zero);

/* The bias without what a weight makes of `nothing`. */
static inline int32_t nt_bias_without(const nt_entry *entry, int32_t bias, int weight) {
    return (int32_t)((uint32_t)bias - (uint32_t)(entry->nothing * weight));
}

#endif
