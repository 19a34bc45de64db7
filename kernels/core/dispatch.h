/* Which instruction set to use, of those that this build has and this machine can run. */
#ifndef NINETAP_DISPATCH_H
#define NINETAP_DISPATCH_H

#include <stdbool.h>

typedef struct nt_isa nt_isa; /* targets/isa.h */

typedef struct nt_target {
    const char *name;
    bool (*usable)(void);
    const nt_isa *isa;
} nt_target;

/* The build's, best first, with a NULL name behind the last (targets/targets.c). */
extern const nt_target nt_targets[];

/* The i-th usable ISA, best first; NULL past the last. */
const nt_isa *nt_usable_isa(int i);

/* name == NULL: the one AUTO means now. NULL if no usable ISA has that name. */
const nt_isa *nt_find_isa(const char *name);

/* The i-th ISA this build contains, usable or not; NULL past the last. */
const nt_isa *nt_compiled_isa(int i);

#endif
