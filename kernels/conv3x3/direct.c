/* The frame of the direct methods. */
#include "core/build.h"
#include "conv3x3/direct.h"

#include <math.h>
#include <string.h>

bool nt_direct_may_pool(const nt_conv *c) {
    const nt_epilogue *e = &c->epilogue;
    return c->pooled && !c->integers && c->finite_bias && e->kind == NT_CLAMP &&
           !(e->lo == 0.0F && signbit(e->lo)) && e->hi != 0.0F;
}

int64_t nt_direct_most_rows(const nt_direct_plan *p) {
    const nt_conv *c = &p->head.conv;
    const int64_t row = c->shape.ow * p->panels.channels * (int64_t)c->shape.dst_element;
    const int64_t rows = c->machine.cache[NT_IN_L2] / 4 / row;
    return c->pooled && !p->pools_itself ? nt_max64(rows / 2 * 2, 2) : c->shape.oh;
}

ninetap_status nt_direct_lay_out(nt_direct_plan *p, const nt_conv *conv, size_t sum_bytes) {
    ninetap_conv3x3 *head = &p->head;
    p->conv = conv;
    const nt_conv_shape *s = &head->conv.shape;
    p->scratch_at = nt_slice_place(&head->slice_bytes, p->strips.bytes);
    p->sums_at = nt_slice_place(&head->slice_bytes, sum_bytes);
    head->units = s->n * s->groups * p->strips.count * p->panels.count;
    head->together = p->panels.count;
    return nt_conv_map_of(&head->conv, p->pools_itself, p->strips.rows, s->ow, p->panels.channels,
                          &head->slice_bytes, &p->map);
}

ninetap_status nt_direct_pack(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    nt_direct_plan *p = (nt_direct_plan *)plan;
    const ninetap_status status = nt_panels_allocate(plan, &p->panels, 9, bias);
    if (status == NINETAP_OK) {
        nt_panels_pack(plan, &p->panels, NULL, weights);
    }
    return status;
}

/* The strip's part of a job. */
static nt_direct_job enter_strip(const nt_direct_plan *p, const nt_conv_call *call, int64_t strip,
                                 int64_t group, int64_t image, void *slice) {
    const nt_conv *c = p->conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t y = strip * p->strips.rows;
    const int64_t rows = nt_min64(s->oh - y, p->strips.rows);
    const void *in = nt_at(call->src, image * s->src.image + group * s->group_ic * s->src.channel,
                           s->src_element);
    const int64_t home = image * s->dst.image + group * s->group_oc * s->dst.channel +
                         (c->pooled ? y / 2 : y * s->spread) * s->dst.row;
    return (nt_direct_job){
        .call = call,
        .y = y,
        .src = nt_strip_enter(c, &p->strips, in, y, rows, (char *)slice + p->scratch_at),
        .home = nt_out(call->dst, home, s->dst_element),
        .sums = (char *)slice + p->sums_at,
        .rows = rows,
    };
}

void nt_direct_walk(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                    int64_t begin, int64_t end) {
    const nt_direct_plan *p = (const nt_direct_plan *)plan;
    const nt_conv *c = &p->head.conv;
    const nt_conv_shape *s = &c->shape;
    nt_direct_job strip = {0};
    if (p->clears) {
        memset((char *)slice + p->scratch_at, 0, p->strips.bytes);
    }
    for (int64_t u = begin; u < end; u++) {
        const int64_t entered = u / p->panels.count;
        const int64_t panel = u % p->panels.count;
        const int64_t group = entered / p->strips.count % s->groups;
        if (u == begin || panel == 0) {
            strip = enter_strip(p, call, entered % p->strips.count, group,
                                entered / p->strips.count / s->groups, slice);
        }
        nt_direct_job job = strip;
        const int64_t first = panel * p->panels.channels;
        job.weights =
            nt_at(p->head.packed, group * p->panels.group_weights + panel * p->panels.panel_weights,
                  NT_PACKED_BYTES);
        const int64_t bias = group * p->panels.group_bias + first;
        job.bias = nt_at(p->panels.bias, bias, NT_SUM_BYTES);
        job.multiplier = c->integers ? p->panels.multiplier + bias : NULL;
        job.channels = nt_panel_channels(c, &p->panels, panel);
        job.last = panel == p->panels.count - 1;
        job.home = nt_out(strip.home, first * s->dst.channel, s->dst_element);
        job.out = p->map.used ? (char *)slice + p->map.at : job.home;
        p->run(p, &job);
        const int64_t rows = nt_min64(job.rows * s->spread, s->oh - job.y * s->spread);
        const nt_conv_piece piece = {job.out, rows, s->ow, job.channels};
        nt_conv_finish(c, &p->map, call, &piece, job.home);
    }
}
