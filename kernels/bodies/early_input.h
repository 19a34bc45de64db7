/* Template: whether a body loads ahead. Needs a vocabulary. */
#ifndef NINETAP_EARLY_INPUT_H
#define NINETAP_EARLY_INPUT_H

#include "simd/compiler.h"

/* 1 where a second input is loaded while the first one is multiplied: for CPUs that do not go on
 * while they wait (NT_LOADS_EARLY), if there is a register for it beside the first one and the
 * `others`. */
ALWAYS_INLINE int early_input(int others) {
    return NT_LOADS_EARLY && others + 2 <= NT_REGISTERS ? 1 : 0;
}

#endif
