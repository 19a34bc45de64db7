/* 2x2 max pooling: which rows and columns meet, and which kernel takes them. A missing tap of the
 * padding is replaced by another tap of its window, which changes neither the winner nor, since the
 * first of equals wins, its place. */
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

/* ---- one window, any parameters ---- */

static bool beats(float v, float best, bool ignore_nan) {
    if (isnan(best)) {
        return ignore_nan && !isnan(v);
    }
    return isnan(v) ? !ignore_nan : v > best;
}

static void window(const job *j, const float *plane, int64_t y, int64_t x, float *out,
                   int64_t *index) {
    const nt_pool_shape *s = j->shape;
    float best = -INFINITY;
    int64_t at = -1;
    for (int k = 0; k < 4; k++) {
        const int64_t iy = y * s->stride + k / 2 * s->dilation - s->top;
        const int64_t ix = x * s->stride + k % 2 * s->dilation - s->left;
        if (iy < 0 || iy >= s->ih || ix < 0 || ix >= s->iw) {
            continue;
        }
        const float v = plane[iy * s->src.row + ix * s->src.column];
        if (at < 0 || beats(v, best, s->ignore_nan)) {
            best = v;
            at = iy * s->iw + ix;
        }
    }
    *out = best;
    if (index != NULL) {
        *index = at;
    }
}

static void windows(const job *j, int64_t n, int64_t c, int64_t y, int64_t from, int64_t to) {
    const nt_pool_shape *s = j->shape;
    const float *plane = j->src + n * s->src.image + c * s->src.channel;
    float *out = j->dst + n * s->dst.image + c * s->dst.channel + y * s->dst.row;
    const int64_t place = n * s->indices.image + c * s->indices.channel + y * s->indices.row;
    for (int64_t x = from; x < to; x++) {
        int64_t *index = j->indices == NULL ? NULL : j->indices + place + x * s->indices.column;
        window(j, plane, y, x, out + x * s->dst.column, index);
    }
}

/* ---- whole rows ---- */

/* The two input rows under output row y; false when both are padding. */
static bool input_rows(const nt_pool_shape *s, int64_t y, int64_t *upper, int64_t *lower) {
    *upper = y * s->stride - s->top;
    *lower = *upper + s->dilation;
    const bool has_upper = *upper >= 0 && *upper < s->ih;
    const bool has_lower = *lower >= 0 && *lower < s->ih;
    *upper = has_upper ? *upper : *lower;
    *lower = has_lower ? *lower : *upper;
    return has_upper || has_lower;
}

/* Whether kernels take the rows of an NCHW plane. */
static bool has_kernel(const job *j) {
    const nt_pool_shape *s = j->shape;
    return j->indices == NULL && (s->stride == 1 || (s->stride == 2 && s->dilation == 1));
}

/* Output rows [y, end) of a plane, all with the same two input rows relative to the first. */
static void rows_nchw(const job *j, int64_t n, int64_t c, int64_t y, int64_t end, int64_t upper,
                      int64_t lower) {
    const nt_pool_shape *s = j->shape;
    const int64_t from = s->columns.from;
    const int64_t count = s->columns.to - from;
    const float *in = j->src + n * s->src.image + c * s->src.channel + from * s->stride - s->left;
    float *out = j->dst + n * s->dst.image + c * s->dst.channel + from;
    if (count > 0 && s->stride == 2) {
        const nt_max2x2_block block = {in + upper * s->src.row,
                                       in + lower * s->src.row,
                                       2 * s->src.row,
                                       out + y * s->dst.row,
                                       s->dst.row,
                                       count,
                                       end - y,
                                       s->ignore_nan};
        s->isa->max2x2(&block);
    }
    for (int64_t i = 0; i < end - y; i++) {
        if (count > 0 && s->stride == 1) {
            const float *u = in + (upper + i) * s->src.row;
            const float *l = in + (lower + i) * s->src.row;
            s->isa->max4(u, u + s->dilation, l, l + s->dilation, out + (y + i) * s->dst.row, count,
                         s->ignore_nan);
        }
        if (count < s->ow) {
            windows(j, n, c, y + i, 0, from);
            windows(j, n, c, y + i, s->columns.to, s->ow);
        }
    }
}

/* Output rows [y, end) of a plane: the inner ones together. */
static void plane_nchw(const job *j, int64_t n, int64_t c, int64_t y, int64_t end) {
    const nt_pool_shape *s = j->shape;
    const bool kernel = has_kernel(j);
    while (y < end) {
        const bool inner = y >= s->rows.from && y < s->rows.to;
        const int64_t next = !inner ? y + 1 : s->rows.to < end ? s->rows.to : end;
        int64_t upper;
        int64_t lower;
        if (kernel && input_rows(s, y, &upper, &lower)) {
            rows_nchw(j, n, c, y, next, upper, lower);
        } else {
            for (; y < next; y++) {
                windows(j, n, c, y, 0, s->ow);
            }
        }
        y = next;
    }
}

static void row_nhwc(const job *j, int64_t n, int64_t y) {
    const nt_pool_shape *s = j->shape;
    int64_t upper;
    int64_t lower;
    if (j->indices != NULL || !input_rows(s, y, &upper, &lower)) {
        for (int64_t c = 0; c < s->c; c++) {
            windows(j, n, c, y, 0, s->ow);
        }
        return;
    }
    const float *image = j->src + n * s->src.image;
    const float *u = image + upper * s->src.row;
    const float *l = image + lower * s->src.row;
    float *out = j->dst + n * s->dst.image + y * s->dst.row;
    for (int64_t x = 0; x < s->ow; x++, out += s->dst.column) {
        int64_t left = x * s->stride - s->left;
        int64_t right = left + s->dilation;
        const bool has_left = left >= 0 && left < s->iw;
        const bool has_right = right >= 0 && right < s->iw;
        if (!has_left && !has_right) {
            for (int64_t c = 0; c < s->c; c++) {
                windows(j, n, c, y, x, x + 1);
            }
            continue;
        }
        left = (has_left ? left : right) * s->src.column;
        right = has_right ? right * s->src.column : left;
        s->isa->max4(u + left, u + right, l + left, l + right, out, s->c, s->ignore_nan);
    }
}

/* Units are output rows, of a channel in NCHW. */
static void walk(void *argument, int part, int parts) {
    const job *j = argument;
    const nt_pool_shape *s = j->shape;
    const int64_t planes = s->layout == NINETAP_NCHW ? s->n * s->c : s->n;
    const int64_t units = planes * s->oh;
    const int64_t begin = units / parts * part + units % parts * part / parts;
    const int64_t end = units / parts * (part + 1) + units % parts * (part + 1) / parts;
    for (int64_t u = begin; u < end;) {
        const int64_t plane = u / s->oh;
        const int64_t y = u % s->oh;
        const int64_t stop = s->oh - y < end - u ? s->oh : y + end - u;
        if (s->layout == NINETAP_NCHW) {
            plane_nchw(j, plane / s->c, plane % s->c, y, stop);
        } else {
            for (int64_t i = y; i < stop; i++) {
                row_nhwc(j, plane, i);
            }
        }
        u += stop - y;
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
    job j = {&shape, src, dst, indices};
    nt_parallel(threads, walk, &j);
    nt_verbose_pool2x2("maxpool2x2", desc, shape.isa->name, shape.isa->maxpool_name, threads,
                       start);
    return NINETAP_OK;
}
