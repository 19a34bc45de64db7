/* The environment variables, read once. */
#ifndef NINETAP_ENVIRONMENT_H
#define NINETAP_ENVIRONMENT_H

#include <stdbool.h>

#include "core/dispatch.h"

typedef struct nt_environment {
    const nt_target *target; /* NINETAP_ISA, or NULL */
    int machine;             /* NINETAP_MACHINE: which row of nt_costs_rows, or -1 */
    int threads;             /* NINETAP_THREADS, or 0 */
    bool verbose;            /* NINETAP_VERBOSE */
    bool tune;               /* NINETAP_TUNE */
    bool pairs;              /* NINETAP_PAIRS */
} nt_environment;

nt_environment nt_environment_get(void);

#endif
