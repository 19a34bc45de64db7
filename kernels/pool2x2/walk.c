/* 2x2 pooling: finds the taps of each window. Where a tap lies in the padding, the other tap of its
 * row or column takes its place. That changes neither the winner nor, since the first of equals
 * wins, its index; averages leave it out. The outputs are cut into regions whose windows lack the
 * same taps: the inner one, and single rows and columns along the border. */
#include "core/build.h"

#include <string.h>

#include "core/parallel.h"
#include "pool2x2/pool2x2.h"

/* Neighbouring outputs along an axis that lack the same taps, and the two taps of the first of
 * them. */
typedef struct stretch {
    int64_t from, count;
    int64_t first, second; /* the same when one is missing; < 0: both are */
} stretch;

/* Outputs from `from` on, at most up to `end`, that lack the same taps. */
static stretch next_stretch(const nt_pool_shape *s, nt_span inner, int64_t size, int64_t pad,
                            int64_t from, int64_t end) {
    const bool inside = from >= inner.from && from < inner.to;
    const int64_t to = inside && inner.to < end ? inner.to : end;
    stretch t = {.from = from, .count = inside ? to - from : 1};
    t.first = from * s->stride - pad;
    t.second = t.first + s->dilation;
    if (!inside) {
        /* a window begins at most a dilation before the image, and never past it */
        const bool has_first = t.first >= 0;
        const bool has_second = t.second < size;
        t.first = has_first ? t.first : has_second ? t.second : -1;
        t.second = has_second ? t.second : t.first;
    }
    return t;
}

/* Windows without a tap. */
static void fill_padding(const nt_pool_job *j, int64_t image, int64_t channel, const stretch *rows,
                         const stretch *columns) {
    const nt_pool_shape *s = &j->shape;
    const int64_t channels = s->layout == NINETAP_NCHW ? 1 : s->c;
    for (int64_t y = rows->from; y < rows->from + rows->count; y++) {
        for (int64_t x = columns->from; x < columns->from + columns->count; x++) {
            for (int64_t c = channel; c < channel + channels; c++) {
                const int64_t at =
                    image * s->dst.image + c * s->dst.channel + y * s->dst.row + x * s->dst.column;
                memcpy(j->dst + at * j->element, j->empty, (size_t)j->element);
                if (j->indices != NULL) {
                    j->indices[image * s->indices.image + c * s->indices.channel +
                               y * s->indices.row + x * s->indices.column] = -1;
                }
            }
        }
    }
}

/* Whether all columns can go in one region, in which the kernel replaces the missing taps of the
 * first and the last one. Padding is no wider than the dilation, so no other column lacks any. */
static bool edges_in_kernel(const nt_pool_job *j) {
    const nt_pool_shape *s = &j->shape;
    return s->layout == NINETAP_NCHW && s->stride == 1 && s->dilation == 1 && j->indices == NULL &&
           s->ow > 1;
}

static stretch all_columns(const nt_pool_shape *s) {
    return (stretch){.count = s->ow, .first = -s->left, .second = 1 - s->left};
}

/* What the block of a region's first line is in both layouts. */
static nt_pool_block first_line(const nt_pool_job *j, int64_t image, int64_t channel,
                                const stretch *rows, const stretch *columns) {
    const nt_pool_shape *s = &j->shape;
    const int64_t from = image * s->src.image + channel * s->src.channel +
                         rows->first * s->src.row + columns->first * s->src.column;
    const int64_t to = image * s->dst.image + channel * s->dst.channel + rows->from * s->dst.row +
                       columns->from * s->dst.column;
    const int64_t lower = (rows->second - rows->first) * s->src.row;
    const int64_t place = image * s->indices.image + channel * s->indices.channel +
                          rows->from * s->indices.row + columns->from * s->indices.column;
    const bool lacks_right = columns->second + columns->count > s->iw;
    return (nt_pool_block){
        .upper = j->src + from * j->element,
        .lower = j->src + (from + lower) * j->element,
        .right = (columns->second - columns->first) * s->src.column,
        .dst = j->dst + to * j->element,
        .lacks_left = columns->first == -1,
        .lacks_right = lacks_right,
        .ignore_nan = s->ignore_nan,
        .alpha = j->alpha,
        .prefetch = s->distance != NT_NEAR,
        .stream = s->distance == NT_MEMORY,
        .index = j->indices == NULL ? NULL : j->indices + place,
        .first = rows->first * s->iw + columns->first,
        .right_index = columns->second - columns->first,
        .lower_index = (rows->second - rows->first) * s->iw,
    };
}

/* Further by so many elements of src, of dst, of the indices, and so much in their values. */
static void advance(const nt_pool_job *j, nt_pool_block *b, int64_t src, int64_t dst,
                    int64_t indices, int64_t first) {
    b->upper = (const char *)b->upper + src * j->element;
    b->lower = (const char *)b->lower + src * j->element;
    b->dst = (char *)b->dst + dst * j->element;
    b->index = b->index == NULL ? NULL : b->index + indices;
    b->first += first;
}

/* Lines are rows of the plane; at another stride than 1 or 2, one column of them at a time. */
static void region_nchw(const nt_pool_job *j, nt_pool_block *b, const stretch *rows,
                        const stretch *columns) {
    const nt_pool_shape *s = &j->shape;
    const bool single = s->stride > 2 || columns->count == 1;
    b->src_line = s->stride * s->src.row;
    b->dst_line = s->dst.row;
    b->index_line = s->indices.row;
    b->lines = rows->count;
    b->first_line = s->stride * s->iw;
    b->step = s->stride;
    b->n = single ? 1 : columns->count;
    if (!single && s->stride == 2) {
        s->isa->pool[j->op].two(b);
        return;
    }
    for (int64_t done = 0; done < columns->count; done += b->n) {
        s->isa->pool[j->op].unit(b);
        advance(j, b, s->stride, 1, 1, s->stride);
    }
}

/* Lines are the channels of a pixel; a row of them at a time. */
static void region_nhwc(const nt_pool_job *j, nt_pool_block *b, const stretch *rows,
                        const stretch *columns) {
    const nt_pool_shape *s = &j->shape;
    b->src_line = s->stride * s->src.column;
    b->dst_line = s->dst.column;
    b->index_line = s->indices.column;
    b->lines = columns->count;
    b->first_line = s->stride;
    b->n = s->c;
    for (int64_t done = 0; done < rows->count; done++) {
        s->isa->pool[j->op].unit(b);
        advance(j, b, s->stride * s->src.row, s->dst.row, s->indices.row, s->stride * s->iw);
    }
}

/* Output rows [y, end) of an image, of one channel in NCHW. */
static void plane(const nt_pool_job *j, int64_t image, int64_t channel, int64_t y, int64_t end) {
    const nt_pool_shape *s = &j->shape;
    const bool whole = edges_in_kernel(j);
    while (y < end) {
        const stretch rows = next_stretch(s, s->rows, s->ih, s->top, y, end);
        for (int64_t x = 0; x < s->ow;) {
            const stretch columns =
                whole ? all_columns(s) : next_stretch(s, s->columns, s->iw, s->left, x, s->ow);
            if (rows.first < 0 || (columns.first < 0 && !whole)) {
                fill_padding(j, image, channel, &rows, &columns);
            } else {
                nt_pool_block block = first_line(j, image, channel, &rows, &columns);
                (s->layout == NINETAP_NCHW ? region_nchw : region_nhwc)(j, &block, &rows, &columns);
            }
            x += columns.count;
        }
        y += rows.count;
    }
}

/* Planes without a gap between their rows, whose windows have all four taps, are one tall plane; so
 * are then the images. A small map takes one call, not one a channel. */
static void join_planes(nt_pool_shape *s) {
    const int64_t step = s->stride * s->src.row;
    if (s->layout != NINETAP_NCHW || s->rows.from != 0 || s->rows.to != s->oh ||
        s->columns.from != 0 || s->columns.to != s->ow) {
        return;
    }
    if (s->src.channel == s->oh * step && s->dst.channel == s->oh * s->dst.row) {
        s->oh *= s->c;
        s->rows.to = s->oh;
        s->c = 1;
        if (s->src.image == s->oh * step && s->dst.image == s->oh * s->dst.row) {
            s->oh *= s->n;
            s->rows.to = s->oh;
            s->n = 1;
        }
    }
}

/* Units are output rows, of a channel in NCHW. */
static void walk_pool(void *argument, int thread, int64_t u, int64_t end) {
    (void)thread;
    const nt_pool_job *j = argument;
    const nt_pool_shape *s = &j->shape;
    const int64_t channels = s->layout == NINETAP_NCHW ? s->c : 1;
    int64_t image = u == 0 ? 0 : u / s->oh / channels;
    int64_t channel = u == 0 ? 0 : u / s->oh % channels;
    int64_t y = u == 0 ? 0 : u % s->oh;
    while (u < end) {
        const int64_t stop = s->oh - y < end - u ? s->oh : y + end - u;
        plane(j, image, channel, y, stop);
        u += stop - y;
        y = 0;
        channel = channel + 1 < channels ? channel + 1 : 0;
        image += channel == 0 ? 1 : 0;
    }
}

void nt_pool_run(nt_pool_job *job, int threads) {
    if (job->indices == NULL) { /* they count within a plane */
        join_planes(&job->shape);
    }
    const int64_t channels = job->shape.layout == NINETAP_NCHW ? job->shape.c : 1;
    nt_parallel(threads, job->shape.n * channels * job->shape.oh, 1, walk_pool, job);
}
