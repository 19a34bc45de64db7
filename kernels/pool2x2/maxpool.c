/* 2x2 max pooling: which rows and columns meet. A missing tap of the padding is replaced by the
 * other tap of its row or column, which changes neither the winner nor, since the first of equals
 * wins, its place. The outputs are cut into regions whose windows all lack the same taps: the inner
 * one, and single rows and columns along the border. */
#include <math.h>

#include "core/parallel.h"
#include "core/verbose.h"
#include "pool2x2/pool2x2.h"

typedef struct job {
    const nt_pool_shape *shape;
    const float *src;
    float *dst;
    int64_t *indices;
} job;

/* A stretch of outputs along an axis, and the two taps of its first one. */
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
        const bool has_first = t.first >= 0 && t.first < size;
        const bool has_second = t.second >= 0 && t.second < size;
        t.first = has_first ? t.first : has_second ? t.second : -1;
        t.second = has_second ? t.second : t.first;
    }
    return t;
}

/* Windows without a tap. */
static void fill(const job *j, int64_t image, int64_t channel, const stretch *rows,
                 const stretch *columns) {
    const nt_pool_shape *s = j->shape;
    const int64_t channels = s->layout == NINETAP_NCHW ? 1 : s->c;
    for (int64_t y = rows->from; y < rows->from + rows->count; y++) {
        for (int64_t x = columns->from; x < columns->from + columns->count; x++) {
            for (int64_t c = channel; c < channel + channels; c++) {
                j->dst[image * s->dst.image + c * s->dst.channel + y * s->dst.row +
                       x * s->dst.column] = -INFINITY;
                if (j->indices != NULL) {
                    j->indices[image * s->indices.image + c * s->indices.channel +
                               y * s->indices.row + x * s->indices.column] = -1;
                }
            }
        }
    }
}

/* Whether all columns can go in one region, the kernel filling in for the first and the last one's
 * missing taps. */
static bool edges_in_kernel(const job *j) {
    const nt_pool_shape *s = j->shape;
    return s->layout == NINETAP_NCHW && s->stride == 1 && s->dilation == 1 && j->indices == NULL &&
           s->ow > 1 && s->columns.to - s->columns.from >= s->ow - 2;
}

static stretch all_columns(const nt_pool_shape *s) {
    return (stretch){.count = s->ow, .first = -s->left, .second = 1 - s->left};
}

/* What the block of a region's first line is in both layouts. */
static nt_max_block first_line(const job *j, int64_t image, int64_t channel, const stretch *rows,
                               const stretch *columns) {
    const nt_pool_shape *s = j->shape;
    const float *upper = j->src + image * s->src.image + channel * s->src.channel +
                         rows->first * s->src.row + columns->first * s->src.column;
    const int64_t place = image * s->indices.image + channel * s->indices.channel +
                          rows->from * s->indices.row + columns->from * s->indices.column;
    const bool lacks_right = columns->second + columns->count > s->iw;
    return (nt_max_block){
        .upper = upper,
        .lower = upper + (rows->second - rows->first) * s->src.row,
        .right = (columns->second - columns->first) * s->src.column,
        .dst = j->dst + image * s->dst.image + channel * s->dst.channel + rows->from * s->dst.row +
               columns->from * s->dst.column,
        .lacks_left = columns->first == -1,
        .lacks_right = lacks_right,
        .ignore_nan = s->ignore_nan,
        .distance = s->distance,
        .index = j->indices == NULL ? NULL : j->indices + place,
        .first = rows->first * s->iw + columns->first,
        .right_index = columns->second - columns->first,
        .lower_index = (rows->second - rows->first) * s->iw,
    };
}

/* Lines are rows of the plane; at another stride than 1 or 2, one column of them at a time. */
static void region_nchw(const job *j, nt_max_block *b, const stretch *rows,
                        const stretch *columns) {
    const nt_pool_shape *s = j->shape;
    const bool single = s->stride > 2 || columns->count == 1;
    b->src_line = s->stride * s->src.row;
    b->dst_line = s->dst.row;
    b->index_line = s->indices.row;
    b->lines = rows->count;
    b->first_line = s->stride * s->iw;
    b->step = s->stride;
    b->n = single ? 1 : columns->count;
    if (!single && s->stride == 2) {
        s->isa->max_two(b);
        return;
    }
    for (int64_t done = 0; done < columns->count; done += b->n) {
        s->isa->max_unit(b);
        b->upper += s->stride;
        b->lower += s->stride;
        b->dst++;
        b->index = b->index == NULL ? NULL : b->index + 1;
        b->first += s->stride;
    }
}

/* Lines are the channels of a pixel; a row of them at a time. */
static void region_nhwc(const job *j, nt_max_block *b, const stretch *rows,
                        const stretch *columns) {
    const nt_pool_shape *s = j->shape;
    b->src_line = s->stride * s->src.column;
    b->dst_line = s->dst.column;
    b->index_line = s->indices.column;
    b->lines = columns->count;
    b->first_line = s->stride;
    b->n = s->c;
    for (int64_t done = 0; done < rows->count; done++) {
        s->isa->max_unit(b);
        b->upper += s->stride * s->src.row;
        b->lower += s->stride * s->src.row;
        b->dst += s->dst.row;
        b->index = b->index == NULL ? NULL : b->index + s->indices.row;
        b->first += s->stride * s->iw;
    }
}

/* Output rows [y, end) of an image, of one channel in NCHW. */
static void plane(const job *j, int64_t image, int64_t channel, int64_t y, int64_t end) {
    const nt_pool_shape *s = j->shape;
    const bool whole = edges_in_kernel(j);
    while (y < end) {
        const stretch rows = next_stretch(s, s->rows, s->ih, s->top, y, end);
        for (int64_t x = 0; x < s->ow;) {
            const stretch columns =
                whole ? all_columns(s) : next_stretch(s, s->columns, s->iw, s->left, x, s->ow);
            if (rows.first < 0 || (columns.first < 0 && !whole)) {
                fill(j, image, channel, &rows, &columns);
            } else {
                nt_max_block block = first_line(j, image, channel, &rows, &columns);
                (s->layout == NINETAP_NCHW ? region_nchw : region_nhwc)(j, &block, &rows, &columns);
            }
            x += columns.count;
        }
        y += rows.count;
    }
}

/* Planes whose rows follow each other without a gap, and whose windows all have their four taps,
 * are one tall plane; so are then the images. Small maps are called for once instead of once a
 * channel.
 */
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
static void walk(void *argument, int part, int parts) {
    const job *j = argument;
    const nt_pool_shape *s = j->shape;
    const int64_t channels = s->layout == NINETAP_NCHW ? s->c : 1;
    const int64_t units = s->n * channels * s->oh;
    const int64_t end = nt_part_begin(units, part + 1, parts);
    int64_t u = nt_part_begin(units, part, parts);
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

/* A thread must earn what waking it costs: 200 KiB of traffic each. */
static int choose_threads(const nt_pool_shape *s, int threads) {
    const int64_t bytes = (s->src.extent + s->dst.extent) * (int64_t)sizeof(float);
    const int64_t worth = bytes / (200 * 1024);
    if (threads == 1 || worth <= 1) {
        return 1;
    }
    const int most = nt_thread_count(threads);
    return worth < most ? (int)worth : most;
}

static ninetap_status check_tensors(const nt_pool_shape *s, const float *src, const float *dst,
                                    const int64_t *indices) {
    if (src == NULL || dst == NULL || (uintptr_t)src % sizeof *src != 0 ||
        (uintptr_t)dst % sizeof *dst != 0 || (uintptr_t)indices % sizeof *indices != 0) {
        return NINETAP_ERR_ARG;
    }
    const size_t src_bytes = (size_t)s->src.extent * sizeof *src;
    const size_t dst_bytes = (size_t)s->dst.extent * sizeof *dst;
    const size_t index_bytes = (size_t)s->indices.extent * sizeof *indices;
    if (nt_overlap(src, src_bytes, dst, dst_bytes) ||
        (indices != NULL && (nt_overlap(src, src_bytes, indices, index_bytes) ||
                             nt_overlap(dst, dst_bytes, indices, index_bytes)))) {
        return NINETAP_ERR_ALIAS;
    }
    return NINETAP_OK;
}

ninetap_status ninetap_maxpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src,
                                      float *dst, int64_t *indices) {
    nt_pool_shape shape;
    ninetap_status status = nt_pool_shape_of(desc, sizeof(float), &shape);
    if (status != NINETAP_OK || shape.n == 0) {
        return status;
    }
    status = check_tensors(&shape, src, dst, indices);
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_verbose_start();
    const int threads = choose_threads(&shape, desc->threads);
    if (indices == NULL) { /* they count within a plane */
        join_planes(&shape);
    }
    job j = {&shape, src, dst, indices};
    nt_parallel(threads, walk, &j);
    nt_verbose_pool2x2("maxpool2x2", desc, shape.isa->name, shape.isa->maxpool_name, threads,
                       start);
    return NINETAP_OK;
}
