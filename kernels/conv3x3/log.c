/* A convolution's line. */
#include "core/build.h"
#include "core/log.h"

#include <inttypes.h>

#include "conv3x3/method.h"

void nt_conv_log(const ninetap_conv3x3 *plan, double start) {
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const ninetap_conv3x3_desc *d = &c->desc;
    if (start < 0.0) {
        return;
    }
    const bool turned = s->backward;
    nt_log_line(start,
                "conv3x3%s,n%" PRId64 "ic%" PRId64 "ih%" PRId64 "iw%" PRId64 "oc%" PRId64
                "g%" PRId64 "s%" PRId64 "d%" PRId64 "p%d.%d.%d.%d%s,%s,%s,%s,%d",
                turned ? "_backward_data" : "", s->n, turned ? s->oc : s->ic,
                turned ? s->oh : s->ih, turned ? s->ow : s->iw, turned ? s->ic : s->oc, s->groups,
                turned ? s->spread : s->stride, s->dilation, d->pad[0], d->pad[1], d->pad[2],
                d->pad[3], d->layout == NINETAP_NCHW ? "nchw" : "nhwc", c->isa->name,
                plan->method->algorithm, plan->kernel, plan->threads);
}
