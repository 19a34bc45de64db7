/* Which kernels a description's ISA and precision mean. */
#ifndef NINETAP_CHOICE_H
#define NINETAP_CHOICE_H

#include "ninetap.h"
#include "targets/isa.h"

typedef struct nt_choice {
    const nt_isa *isa;         /* NULL: no usable ISA has that name */
    const nt_kernels *kernels; /* of the arithmetic below */
    bool fused;                /* a multiply-add rounds once */
} nt_choice;

/* EXACT fuses everywhere: an ISA without such kernels hands the work to the scalar ones. PORTABLE
 * never does; DEFAULT and FAST do where the machine has the instruction. */
nt_choice nt_choose_kernels(const char *isa, ninetap_precision precision);

#endif
