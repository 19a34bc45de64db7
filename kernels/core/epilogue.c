#include "core/build.h"
#include "core/epilogue.h"

#include <math.h>

nt_epilogue nt_epilogue_of(ninetap_act act, float lo, float hi, float slope) {
    nt_epilogue e = {NT_CLAMP, -INFINITY, INFINITY, false, 0.0F};
    switch (act) {
    case NINETAP_RELU:
        e.lo = 0.0F;
        break;
    case NINETAP_CLAMP:
        e.lo = lo;
        e.hi = hi;
        e.bounded = e.hi < INFINITY;
        break;
    case NINETAP_LEAKY_RELU:
        e.kind = NT_LEAKY;
        e.slope = slope;
        break;
    case NINETAP_HARD_SWISH:
        e.kind = NT_HARD_SWISH;
        break;
    case NINETAP_LINEAR:
    default:
        break;
    }
    return e;
}
