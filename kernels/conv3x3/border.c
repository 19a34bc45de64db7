#include "core/build.h"
#include "conv3x3/border.h"

int64_t nt_border_index(ninetap_border border, int64_t i, int64_t size) {
    if (i >= 0 && i < size) {
        return i;
    }
    switch (border) {
    case NINETAP_BORDER_REPLICATE:
        return i < 0 ? 0 : size - 1;
    case NINETAP_BORDER_REFLECT101: {
        if (size == 1) {
            return 0;
        }
        const int64_t period = 2 * (size - 1); /* padding may be wider than the image */
        const int64_t place = (i % period + period) % period;
        return place < size ? place : period - place;
    }
    case NINETAP_BORDER_ZERO:
    case NINETAP_BORDER_CONSTANT:
    default:
        return -1;
    }
}

void nt_border_fill(const nt_conv *c, void *out, int64_t count) {
    float *values = out;
    const float constant = c->desc.border == NINETAP_BORDER_CONSTANT ? c->desc.border_value : 0.0F;
    for (int64_t i = 0; i < count; i++) {
        values[i] = constant;
    }
}
