#include "core/build.h"
#include "ninetap.h"

#define AS_TEXT_(x) #x
#define AS_TEXT(x) AS_TEXT_(x)

const char *ninetap_strerror(ninetap_status status) {
    switch (status) {
    case NINETAP_OK:
        return "no error";
    case NINETAP_ERR_ARG:
        return "bad argument: NULL, unknown enum value, value out of range, or misaligned pointer";
    case NINETAP_ERR_SHAPE:
        return "bad shape: a size of zero, kernel larger than the padded input, groups that do not "
               "divide the channels, or pitch too small";
    case NINETAP_ERR_OVERFLOW:
        return "a size in bytes does not fit";
    case NINETAP_ERR_ALIAS:
        return "the output overlaps an input";
    case NINETAP_ERR_NOMEM:
        return "out of memory";
    case NINETAP_ERR_UNSUPPORTED:
        return "not offered here: an ISA this build or machine lacks, Winograd for this shape or "
               "precision, or a residual input with the fused pool";
    }
    return "unknown status";
}

const char *ninetap_version(void) {
    return AS_TEXT(NINETAP_VERSION_MAJOR) "." AS_TEXT(NINETAP_VERSION_MINOR) "." AS_TEXT(
        NINETAP_VERSION_PATCH);
}
