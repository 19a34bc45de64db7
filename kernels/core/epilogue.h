/* What a description's activation is to the kernels. */
#ifndef NINETAP_EPILOGUE_H
#define NINETAP_EPILOGUE_H

#include <stdbool.h>

#include "ninetap.h"

/* The activation. Kernels clamp; `activate` does what NT_LEAKY and NT_HARD_SWISH ask for. */
typedef enum nt_epilogue_kind { NT_CLAMP, NT_LEAKY, NT_HARD_SWISH } nt_epilogue_kind;
typedef struct nt_epilogue {
    nt_epilogue_kind kind;
    float lo, hi; /* -Inf, +Inf changes nothing */
    bool bounded; /* hi < +Inf */
    float slope;  /* NT_LEAKY */
} nt_epilogue;

nt_epilogue nt_epilogue_of(ninetap_act act, float lo, float hi, float slope);

#endif
