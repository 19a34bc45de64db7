/* The line of a pooling or unpooling. */
#include "core/build.h"
#include "core/log.h"

#include <inttypes.h>

#include "pool2x2/pool2x2.h"

void nt_pool_log(const char *operation, const ninetap_pool2x2_desc *d, const char *isa,
                 const char *kernel, int threads, double start) {
    if (start < 0.0) {
        return;
    }
    nt_log_line(start,
                "%s,n%" PRId64 "c%" PRId64 "ih%" PRId64 "iw%" PRId64
                "s%dd%dp%d.%d.%d.%d%s,%s,direct,%s,%d",
                operation, d->n, d->c, d->ih, d->iw, d->stride == 0 ? 2 : d->stride,
                d->dilation == 0 ? 1 : d->dilation, d->pad[0], d->pad[1], d->pad[2], d->pad[3],
                d->layout == NINETAP_NCHW ? "nchw" : "nhwc", isa, kernel, threads);
}
