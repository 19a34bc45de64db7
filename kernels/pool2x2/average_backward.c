/* The gradient of average pooling. Each element gathers the shares of the windows that hold it: two
 * at most along an axis. */
#include "core/build.h"

#include <string.h>

#include "core/log.h"
#include "core/parallel.h"
#include "core/size.h"
#include "pool2x2/pool2x2.h"

typedef struct spread_job {
    nt_pool_shape shape; /* its src is the large tensor: diff_src */
    const float *src;
    float *dst;
} spread_job;

/* What a window gives along an axis, of 1 in all. */
static float share_of(nt_span whole, int64_t window) {
    return window >= whole.from && window < whole.to ? 0.5F : 1.0F;
}

/* ---- Rows of windows: NCHW, stride 2, dilation 1, where no element has two windows ---- */

static bool in_pairs(const nt_pool_shape *s) {
    return s->layout == NINETAP_NCHW && s->stride == 2 && s->dilation == 1;
}

/* Windows [from, to) of a row, each of which has one element of it in the image. */
static void spread_halves(const nt_pool_shape *s, const float *src, float *dst, int64_t from,
                          int64_t to, float share) {
    for (int64_t x = from; x < to; x++) {
        const int64_t first = 2 * x - s->left;
        dst[first < 0 ? 0 : first] = 0.0F + src[x] * share;
    }
}

/* What the whole windows of a row leave, in a row of elements. */
static void spread_rest(const nt_pool_shape *s, const float *src, float *dst, float share) {
    const int64_t end = 2 * s->ow - s->left;
    spread_halves(s, src, dst, 0, s->columns.from, share);
    spread_halves(s, src, dst, s->columns.to, s->ow, share);
    if (end < s->iw) {
        memset(dst + end, 0, (size_t)(s->iw - end) * sizeof *dst);
    }
}

/* Whole windows of rows that lack the same row; dst: the first row of elements; lower: the second
 * one from there, 0 if there is none. */
static void spread_whole(const nt_pool_shape *s, const float *src, float *dst, int64_t rows,
                         int64_t lower, float share) {
    const nt_span whole = s->columns;
    const nt_spread_block block = {
        .src = {src + whole.from},
        .share = {0.5F * share},
        .dst = dst + 2 * whole.from - s->left,
        .src_line = s->dst.row,
        .dst_line = 2 * s->src.row,
        .lines = rows,
        .n = whole.to - whole.from,
        .lower = lower,
    };
    s->isa->spread.two(&block);
}

/* Rows of windows of a plane that lack the same row; src and dst: the plane. */
static void spread_rows(const nt_pool_shape *s, const float *src, float *dst, int64_t y,
                        int64_t rows) {
    const float share = share_of(s->rows, y);
    const int64_t first = 2 * y - s->top;
    const int64_t lower = first >= 0 && first + 1 < s->ih ? s->src.row : 0;
    const bool all = s->columns.from == 0 && s->columns.to == s->ow && 2 * s->ow == s->iw;
    src += y * s->dst.row;
    dst += (first < 0 ? 0 : first) * s->src.row;
    if (s->columns.from < s->columns.to) {
        spread_whole(s, src, dst, rows, lower, share);
    }
    for (int64_t i = 0; i < rows && !all; i++) {
        float *upper = dst + 2 * i * s->src.row;
        spread_rest(s, src + i * s->dst.row, upper, share);
        if (lower != 0) {
            spread_rest(s, src + i * s->dst.row, upper + lower, share);
        }
    }
}

/* Rows [y, end) of windows; after the last one, rows of elements that have none. */
static void spread_plane(const nt_pool_shape *s, const float *src, float *dst, int64_t y,
                         int64_t end) {
    while (y < end) {
        const bool whole = y >= s->rows.from && y < s->rows.to;
        const int64_t rows = whole ? nt_min64(end, s->rows.to) - y : 1;
        spread_rows(s, src, dst, y, rows);
        y += rows;
    }
    for (int64_t row = 2 * end - s->top; end == s->oh && row < s->ih; row++) {
        memset(dst + row * s->src.row, 0, (size_t)s->iw * sizeof *dst);
    }
}

/* Units are rows of windows. */
static void walk_windows(void *argument, int thread, int64_t u, int64_t end) {
    (void)thread;
    const spread_job *j = argument;
    const nt_pool_shape *s = &j->shape;
    while (u < end) {
        const int64_t plane = u / s->oh;
        const int64_t image = plane / s->c;
        const int64_t channel = plane % s->c;
        const int64_t y = u % s->oh;
        const int64_t stop = nt_min64(s->oh, y + end - u);
        spread_plane(s, j->src + image * s->dst.image + channel * s->dst.channel,
                     j->dst + image * s->src.image + channel * s->src.channel, y, stop);
        u += stop - y;
    }
}

/* ---- Rows of elements: whatever the stride, dilation and layout ---- */

/* The windows that hold position `at` of an axis, in their order. */
typedef struct holders {
    int count;
    int64_t window[2];
    float share[2];
    int64_t alike; /* from here on, a stride apart, so many positions have the same ones, each one
                      further than before */
} holders;

static holders holders_of(const nt_pool_shape *s, int64_t at, int64_t before, int64_t windows,
                          nt_span whole) {
    holders h = {.alike = INT64_MAX};
    for (int k = 1; k >= 0; k--) {
        const int64_t from = at + before - k * s->dilation;
        const int64_t window = from / s->stride;
        if (from % s->stride != 0 || window >= windows) {
            continue;
        }
        const bool inner = window >= whole.from && window < whole.to;
        h.alike = nt_min64(h.alike, inner ? whole.to - window : 1);
        if (from >= 0) {
            h.window[h.count] = window;
            h.share[h.count++] = share_of(whole, window);
        }
    }
    h.alike = h.count > 0 ? h.alike : 1;
    return h;
}

/* Elements (y, x), (y, x + stride), ...; src and dst: the image, of one channel in NCHW. */
static void gather_elements(const nt_pool_shape *s, const float *src, float *dst, int64_t x,
                            const holders *rows, const holders *columns) {
    const bool side_by_side = s->layout == NINETAP_NCHW && s->stride == 1;
    const int64_t channels = s->layout == NINETAP_NCHW ? 1 : s->c;
    nt_spread_block block = {
        .dst = dst + x * s->src.column,
        .src_line = s->dst.column,
        .dst_line = s->stride * s->src.column,
        .lines = side_by_side ? 1 : columns->alike,
        .n = side_by_side ? columns->alike : channels,
    };
    int windows = 0;
    for (int r = 0; r < rows->count; r++) {
        for (int c = 0; c < columns->count; c++) {
            block.src[windows] =
                src + rows->window[r] * s->dst.row + columns->window[c] * s->dst.column;
            block.share[windows++] = rows->share[r] * columns->share[c];
        }
    }
    if (windows == 0) {
        memset(block.dst, 0, (size_t)channels * sizeof *dst);
    } else {
        s->isa->spread.sum[windows / 2](&block);
    }
}

/* A row of elements. */
static void gather_row(const nt_pool_shape *s, const float *src, float *dst, int64_t y) {
    const holders rows = holders_of(s, y, s->top, s->oh, s->rows);
    dst += y * s->src.row;
    for (int64_t first = 0; first < nt_min64(s->stride, s->iw); first++) {
        for (int64_t x = first; x < s->iw;) {
            const holders columns = holders_of(s, x, s->left, s->ow, s->columns);
            const holders none = {.count = 0, .alike = 1};
            const holders *these = rows.count > 0 ? &columns : &none;
            gather_elements(s, src, dst, x, &rows, these);
            x += these->alike * s->stride;
        }
    }
}

/* Units are rows of elements, of a channel in NCHW. */
static void walk_elements(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    const spread_job *j = argument;
    const nt_pool_shape *s = &j->shape;
    const int64_t channels = s->layout == NINETAP_NCHW ? s->c : 1;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / s->ih / channels;
        const int64_t channel = u / s->ih % channels;
        gather_row(s, j->src + image * s->dst.image + channel * s->dst.channel,
                   j->dst + image * s->src.image + channel * s->src.channel, u % s->ih);
    }
}

/* ---- The call ---- */

ninetap_status ninetap_avgpool2x2_backward_f32(const ninetap_pool2x2_desc *desc,
                                               const float *diff_dst, float *diff_src) {
    spread_job job = {.src = diff_dst, .dst = diff_src};
    const nt_pool_shape *s = &job.shape;
    ninetap_status status = nt_pool_shape_of(desc, sizeof *diff_dst, &job.shape);
    if (status != NINETAP_OK || s->n == 0) {
        return status;
    }
    status = nt_check_ranges((nt_range){diff_dst, s->dst.extent, sizeof *diff_dst},
                             (nt_range){diff_src, s->src.extent, sizeof *diff_src});
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_log_start();
    const int threads = nt_pool_threads(s, sizeof *diff_dst, desc->threads);
    if (in_pairs(s)) {
        nt_parallel(threads, s->n * s->c * s->oh, 1, walk_windows, &job);
    } else {
        const int64_t channels = s->layout == NINETAP_NCHW ? s->c : 1;
        nt_parallel(threads, s->n * channels * s->ih, 1, walk_elements, &job);
    }
    nt_pool_log("avgpool2x2_backward", desc, s->isa->name, s->isa->spread.name, threads, start);
    return NINETAP_OK;
}
