#include "core/build.h"
#include "core/verbose.h"

#include <inttypes.h>
#include <stdio.h>

#include "conv3x3/method.h"
#include "core/clock.h"
#include "core/environment.h"
#include "dense/dense.h"

double nt_verbose_start(void) {
    return nt_environment_get().verbose ? nt_seconds() : -1.0;
}

static const char *layout_name(ninetap_layout layout) {
    return layout == NINETAP_NCHW ? "nchw" : "nhwc";
}

void nt_verbose_conv3x3(const ninetap_conv3x3 *plan, double start) {
    if (start < 0.0) {
        return;
    }
    const double microseconds = 1e6 * (nt_seconds() - start);
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    fprintf(stderr,
            "ninetap,conv3x3,n%" PRId64 "ic%" PRId64 "ih%" PRId64 "iw%" PRId64 "oc%" PRId64
            "g%" PRId64 "s%" PRId64 "d%" PRId64 "p%d.%d.%d.%d%s,%s,%s,%s,%d,%.3f\n",
            s->n, s->ic, s->ih, s->iw, s->oc, s->groups, s->stride, s->dilation, c->desc.pad[0],
            c->desc.pad[1], c->desc.pad[2], c->desc.pad[3], layout_name(c->desc.layout),
            c->isa->name, plan->method->algorithm, plan->kernel, plan->threads, microseconds);
}

void nt_verbose_pool2x2(const char *operation, const ninetap_pool2x2_desc *d, const char *isa,
                        const char *kernel, int threads, double start) {
    if (start < 0.0) {
        return;
    }
    const double microseconds = 1e6 * (nt_seconds() - start);
    fprintf(stderr,
            "ninetap,%s,n%" PRId64 "c%" PRId64 "ih%" PRId64 "iw%" PRId64 "s%dd%dp%d.%d.%d.%d%s,%s,"
            "direct,%s,%d,%.3f\n",
            operation, d->n, d->c, d->ih, d->iw, d->stride == 0 ? 2 : d->stride,
            d->dilation == 0 ? 1 : d->dilation, d->pad[0], d->pad[1], d->pad[2], d->pad[3],
            layout_name(d->layout), isa, kernel, threads, microseconds);
}

void nt_verbose_dense(const ninetap_dense *plan, double start) {
    if (start < 0.0) {
        return;
    }
    const double microseconds = 1e6 * (nt_seconds() - start);
    const nt_dense_shape *s = &plan->shape;
    fprintf(stderr, "ninetap,dense,n%" PRId64 "in%" PRId64 "out%" PRId64 ",%s,direct,%s,%d,%.3f\n",
            s->n, s->in, s->out, plan->isa->name, plan->name, plan->threads, microseconds);
}

void nt_verbose_softmax(int64_t rows, int64_t columns, const nt_isa *isa, int threads,
                        double start) {
    if (start < 0.0) {
        return;
    }
    const double microseconds = 1e6 * (nt_seconds() - start);
    fprintf(stderr, "ninetap,softmax,n%" PRId64 "c%" PRId64 ",%s,direct,%s,%d,%.3f\n", rows,
            columns, isa->name, isa->softmax.name, threads, microseconds);
}
