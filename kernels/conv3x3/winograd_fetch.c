/* What a multiplication fetches ahead. Tensors beyond the CPU's near caches wait for memory while
 * nothing multiplies; fetching them meanwhile hides it. */
#include "core/build.h"
#include "conv3x3/winograd.h"

/* `planes` times `rows` rows of `bytes` bytes. */
typedef struct region {
    const char *start;
    int64_t planes, plane_pitch, rows, row_pitch, bytes;
} region;

/* A pitch in bytes; 0 where there is only one element along the axis, whose pitch may be any
 * number. */
static int64_t pitch_of(nt_span a, int64_t pitch) {
    return a.to - a.from > 1 ? pitch * (int64_t)sizeof(float) : 0;
}

/* Columns x, rows y, channels z of a tensor. Where there are no columns, nothing is fetched. */
static region region_of(ninetap_layout layout, const nt_tensor *t, const float *data, nt_span y,
                        nt_span x, nt_span z) {
    const int64_t size = sizeof(float);
    if (y.to <= y.from) {
        return (region){.rows = 1};
    }
    const float *start = data + y.from * t->row + x.from * t->column + z.from * t->channel;
    if (layout == NINETAP_NCHW) {
        return (region){(const char *)start, z.to - z.from,       pitch_of(z, t->channel),
                        y.to - y.from,       pitch_of(y, t->row), (x.to - x.from) * size};
    }
    return (region){(const char *)start, y.to - y.from,          pitch_of(y, t->row),
                    x.to - x.from,       pitch_of(x, t->column), (z.to - z.from) * size};
}

/* Part `part` of `parts` of its cache lines, to the L2 cache. */
static void prefetch(const region *a, int64_t part, int64_t parts) {
    enum { LINE = 64 };
    const int64_t rows = a->planes * a->rows;
    const int64_t end = rows * (part + 1) / parts;
    for (int64_t r = rows * part / parts; r < end; r++) {
        const char *row = a->start + r / a->rows * a->plane_pitch + r % a->rows * a->row_pitch;
        for (int64_t i = 0; i < a->bytes; i += LINE) {
            __builtin_prefetch(row + i, 0, 2);
            __asm__ volatile(""); /* gcc 12 drops calls that do nothing but prefetch */
        }
    }
}

/* What the next block reads. */
static region next_input(const nt_winograd_block *w) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    int64_t x = w->x + p->block_x, y = w->y;
    if (x >= p->tiles_x) {
        x = 0;
        y += p->block_y;
    }
    const int64_t y0 = y * p->m - c->shape.top;
    const int64_t x0 = x * p->m - c->shape.left;
    const nt_span rows = {nt_max64(0, y0), nt_min64(c->shape.ih, y0 + p->block_y * p->m + 2)};
    const nt_span columns = {nt_max64(0, x0), nt_min64(c->shape.iw, x0 + p->block_x * p->m + 2)};
    return region_of(c->desc.layout, &c->shape.src, w->src, rows, columns,
                     (nt_span){0, c->shape.ic});
}

int64_t nt_winograd_outputs_before(const nt_winograd_plan *p, int64_t t, int64_t size) {
    return nt_min64(t * p->m, size) / (p->head.conv.pooled ? 2 : 1);
}

/* What the block and panel write. */
static region own_output(const nt_winograd_block *w, int64_t panel) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int64_t first = panel * p->panels.channels;
    const nt_span rows = {nt_winograd_outputs_before(p, w->y, c->shape.oh),
                          nt_winograd_outputs_before(p, w->y + w->tiles_y, c->shape.oh)};
    const nt_span columns = {nt_winograd_outputs_before(p, w->x, c->shape.ow),
                             nt_winograd_outputs_before(p, w->x + w->tiles_x, c->shape.ow)};
    return region_of(c->desc.layout, &c->shape.dst, w->dst, rows, columns,
                     (nt_span){first, nt_min64(c->shape.oc, first + p->panels.channels)});
}

void nt_winograd_fetch(const nt_winograd_block *w, int64_t panel, int64_t frequency) {
    const nt_winograd_plan *p = w->plan;
    const int64_t frequencies = (p->m + 2) * (p->m + 2);
    if (p->prefetch_input) {
        const region input = next_input(w);
        prefetch(&input, panel * frequencies + frequency, p->panels.count * frequencies);
    }
    if (p->prefetch_output) {
        const region output = own_output(w, panel);
        prefetch(&output, frequency, frequencies);
    }
}
