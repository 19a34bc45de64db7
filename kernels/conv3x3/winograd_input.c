/* The input of a block, transformed (bodies/winograd.h). */
#include "core/build.h"

#include <string.h>

#include "conv3x3/border.h"
#include "conv3x3/winograd.h"

enum { CONSTANT = -1, ZERO = -2 };

/* The position in the image that a position of the padded image takes its value from. Tiles may
 * reach past the padding; no output uses what lies there, and it counts as 0. */
static int64_t source(const nt_winograd_plan *p, int64_t i, int64_t size, int after) {
    return i >= size + after ? ZERO : nt_border_index(p->head.conv.desc.border, i, size);
}
static int64_t source_row(const nt_winograd_plan *p, int64_t y) {
    const nt_conv *c = &p->head.conv;
    return source(p, y - c->shape.top, c->shape.ih, c->desc.pad[2]);
}
static int64_t source_column(const nt_winograd_plan *p, int64_t x) {
    const nt_conv *c = &p->head.conv;
    return source(p, x - c->shape.left, c->shape.iw, c->desc.pad[3]);
}

/* The image's rows (or columns) that positions [first, first + count) come from. */
static nt_span sources(const nt_winograd_plan *p, int64_t first, int64_t count,
                       int64_t (*source_of)(const nt_winograd_plan *p, int64_t i)) {
    nt_span all = {INT64_MAX, 0};
    for (int64_t k = first; k < first + count; k++) {
        const int64_t i = source_of(p, k);
        if (i >= 0) {
            all.from = nt_min64(all.from, i);
            all.to = nt_max64(all.to, i + 1);
        }
    }
    all.from = nt_min64(all.from, all.to);
    return all;
}

/* Rows of pixels as the kernel sees them: the image's own, or copies in the slice. */
typedef struct pixels {
    const float *first; /* row and column `rows.from`, `columns.from` of the image */
    int64_t row, column;
    nt_span rows, columns;
} pixels;

static const float *pixel_at(const pixels *in, int64_t y, int64_t x) {
    return in->first + (y - in->rows.from) * in->row + (x - in->columns.from) * in->column;
}

/* NCHW: rows of one vector of channels, transposed. Rows without a gap between them are transposed
 * as one. */
static pixels turn_rows(const nt_winograd_block *w, const pixels *image, int channels,
                        nt_span rows) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int64_t lanes = c->isa->lanes;
    const int64_t count = image->columns.to - image->columns.from;
    const int64_t together = count == image->row ? rows.to - rows.from : 1;
    const pixels copy = {w->slice + p->at.rows, count * lanes, lanes, rows, image->columns};
    nt_block block = {
        .src_pixel = c->shape.src.channel,
        .dst = w->slice + p->at.rows,
        .dst_pitch = lanes,
        .pixels = channels,
        .channels = together * count,
    };
    for (int64_t y = rows.from; y < rows.to; y += together) {
        block.src = pixel_at(image, y, image->columns.from);
        c->isa->transpose(&block);
        block.dst += together * count * lanes;
    }
    return copy;
}

/* Points at the edges of a row of tiles of `count` columns: those before job->from, then those from
 * job->to on. */
static void point_at_edges(const nt_winograd_block *w, const pixels *in, const int64_t *source_y,
                           int64_t count, const nt_winograd_input *job, const float **edge) {
    const nt_winograd_plan *p = w->plan;
    const int a = p->m + 2;
    const float *constant = w->slice + p->at.outside;
    const float *zeros = constant + p->outside_row;
    const float *row[NT_WINOGRAD_MOST];
    for (int r = 0; r < a; r++) {
        row[r] = source_y[r] < 0 ? NULL : pixel_at(in, source_y[r], in->columns.from);
    }
    for (int64_t x = job->from > 0 ? 0 : job->to; x < count;
         x = x + 1 == job->from ? job->to : x + 1) {
        const int64_t i = source_column(p, w->x * p->m + x);
        for (int r = 0; r < a; r++) {
            /* in a row of the constant every column is the constant */
            *edge++ = i == ZERO || source_y[r] == ZERO ? zeros
                      : i == CONSTANT || source_y[r] == CONSTANT
                          ? constant
                          : row[r] + (i - in->columns.from) * in->column;
        }
    }
}

/* One row of tiles. What stands for a row outside the image has the pitch of a copy. Where the
 * image has another one, all columns of a row of tiles that reads outside are edges. */
static void transform_row(const nt_winograd_block *w, const pixels *in, int channels,
                          const int64_t *source_y, float *dst) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int a = p->m + 2;
    const float *outside = w->slice + p->at.outside; /* a row of the constant, one of zeros */
    const int64_t first = w->x * p->m;
    const int64_t count = w->tiles_x * p->m + 2;
    bool behind = true;
    for (int r = 0; r < a; r++) {
        behind = behind && (source_y[r] >= 0 || in->column == c->isa->lanes);
    }
    const int64_t before = nt_min64(nt_max64(c->shape.left - first, 0), count);
    const int64_t inside = nt_min64(c->shape.iw + c->shape.left - first, count);
    const float *row[NT_WINOGRAD_MOST];
    const float **edge = (const float **)(void *)(w->slice + p->at.edge);
    nt_winograd_input job = {
        .row = row,
        .column = in->column,
        .from = behind ? before : count,
        .to = behind ? inside : count, /* beyond `before`: padding is narrower than the kernel */
        .edge = edge,
        .lanes = channels,
        .tiles = w->tiles_x,
        .dst = dst,
        .dst_frequency = p->input_frequency,
    };
    const int64_t start = first + job.from - c->shape.left;
    for (int r = 0; r < a; r++) {
        row[r] = !behind                   ? NULL
                 : source_y[r] == CONSTANT ? outside
                 : source_y[r] == ZERO     ? outside + p->outside_row
                                           : pixel_at(in, source_y[r], start);
    }
    point_at_edges(w, in, source_y, count, &job, edge);
    p->kernel->input(&job);
}

static void transform_vector(const nt_winograd_block *w, const pixels *image, int channels,
                             float *dst) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const int a = p->m + 2;
    const bool nchw = c->desc.layout == NINETAP_NCHW;
    const int64_t first = w->y * p->m;
    pixels in = *image;
    if (nchw) {
        in = turn_rows(w, image, channels, sources(p, first, w->tiles_y * p->m + 2, source_row));
    }
    for (int64_t y = 0; y < w->tiles_y; y++) {
        int64_t source_y[NT_WINOGRAD_MOST];
        for (int r = 0; r < a; r++) {
            source_y[r] = source_row(p, first + y * p->m + r);
        }
        transform_row(w, &in, channels, source_y, dst + y * w->tiles_x * c->isa->lanes);
    }
}

void nt_winograd_transform_input(const nt_winograd_block *w) {
    const nt_winograd_plan *p = w->plan;
    const nt_conv *c = &p->head.conv;
    const nt_tensor *t = &c->shape.src;
    const int64_t lanes = c->isa->lanes;
    pixels image = {.row = t->row,
                    .column = t->column,
                    .rows = {0, c->shape.ih},
                    .columns = sources(p, w->x * p->m, w->tiles_x * p->m + 2, source_column)};
    for (int64_t v = 0; v < p->vectors; v++) {
        image.first = w->src + v * lanes * t->channel + image.columns.from * t->column;
        transform_vector(w, &image, (int)nt_min64(lanes, c->shape.ic - v * lanes),
                         w->slice + p->at.input + v * w->tiles_y * w->tiles_x * lanes);
    }
}

void nt_winograd_fill_outside(const nt_winograd_plan *p, float *slice) {
    float *out = slice + p->at.outside;
    nt_border_fill(&p->head.conv, out, p->outside_row);
    memset(out + p->outside_row, 0, (size_t)p->outside_row * sizeof(float));
}
