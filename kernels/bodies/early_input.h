/* Body: how a body loads ahead. Needs a vocabulary. */
#ifndef NINETAP_EARLY_INPUT_H
#define NINETAP_EARLY_INPUT_H

#include "simd/compiler.h"

/* 1 where a second input is loaded while the first one is multiplied: for CPUs that do not go on
 * while they wait (NT_LOADS_EARLY), if there is a register for it beside the first one and the
 * `others`. */
ALWAYS_INLINE int early_input(int others) {
    return NT_LOADS_EARLY && others + 2 <= NT_REGISTERS ? 1 : 0;
}

/* Such CPUs wait for addresses, too: it is computed here, though it is needed later. */
#if NT_LOADS_EARLY
#define COMPUTED_HERE(address) __asm__ volatile("" : "+r"(address))
#else
#define COMPUTED_HERE(address) ((void)0)
#endif

/* Of n neighbouring inputs so many are loaded at once, */
ALWAYS_INLINE int group_of(int n) {
    return n >= NT_GROUP ? NT_GROUP : 1;
}

/* load i from here on: the last group overlaps the one before it, and nothing beyond is read. */
ALWAYS_INLINE int group_start(int i, int n) {
    const int group = group_of(n);
    return (i + 1) * group <= n ? i * group : n - group;
}

#endif
