/* One case on one instruction set, or as the definition has it. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "corpus.h"

typedef struct executor {
    const char *name;
    bool reference;      /* the naive loops of kernels/reference; they know no Winograd */
    nt_arithmetic usual; /* of DEFAULT and FAST precision */
} executor;

typedef struct outcome {
    bool skipped;
    uint64_t digest;
    char trouble[200]; /* why there is no digest, or what is wrong with the result; "": nothing */
} outcome;

void run_case(const check_case *c, const executor *by, outcome *result);

#endif
