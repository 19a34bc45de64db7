/* Which instruction sets this build has, which this machine can run, and which one to use. */
#ifndef NINETAP_DISPATCH_H
#define NINETAP_DISPATCH_H

#include "targets/isa.h"

/* The i-th usable ISA, best first; NULL past the last. */
const nt_isa *nt_usable_isa(int i);

/* name == NULL: the one AUTO means now. NULL if no usable ISA has that name. */
const nt_isa *nt_find_isa(const char *name);

/* The i-th ISA this build contains, usable or not; NULL past the last. */
const nt_isa *nt_compiled_isa(int i);

#endif
