/* How far the sum of a direct method may be from the exact one. */
#include "core/build.h"
#include "conv3x3/error.h"

/* Each of a sum's products may underflow, and where subnormals are flushed its end, too. */
nt_conv_error nt_direct_error(const nt_conv *c) {
    if (c->integers) {
        return (nt_conv_error){0.0, 0.0, 0.0};
    }
    const double products = 9.0 * (double)c->shape.group_ic;
    const double gamma = nt_gamma(products + (c->fused ? 1.0 : 2.0));
    return (nt_conv_error){.bound = gamma,
                           .floor = 0x1p-150 * (1.0 + gamma) * (products + 1.0),
                           .headroom = 1.0 + gamma};
}
