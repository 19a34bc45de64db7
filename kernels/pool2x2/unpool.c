/* Max unpooling, and the gradient of max pooling, which adds where that one stores. In the usual
 * case windows lie side by side and each index is in its own window; then each row of windows fills
 * its two rows at once. Otherwise a plane is cleared, and its values are stored, or added, one by
 * one. */
#include "core/build.h"

#include <stdatomic.h>
#include <string.h>

#include "core/log.h"
#include "core/parallel.h"
#include "pool2x2/pool2x2.h"

/* Channels of NHWC that one thread scatters at a time. */
enum { CHUNK = 64 };

typedef struct unpool_job {
    nt_pool_shape shape; /* its src is the large tensor: the call's dst */
    const float *src;
    const int64_t *indices;
    float *dst;
    bool adds;           /* the gradient */
    atomic_bool refused; /* one of the indices */
} unpool_job;

/* ---- Windows side by side ---- */

/* No element has two windows, none lies in the padding, and indices fit into 32 bits. */
static bool windows_apart(const nt_pool_shape *s) {
    return s->stride == 2 && s->dilation == 1 && s->rows.from == 0 && s->rows.to == s->oh &&
           s->columns.from == 0 && s->columns.to == s->ow && s->ih <= UINT32_MAX / s->iw;
}

/* `lines` rows of windows from row y on; in NHWC one, a line being a pixel. */
static nt_unpool_block block_at(const unpool_job *j, int64_t image, int64_t channel, int64_t y,
                                int64_t lines) {
    const nt_pool_shape *s = &j->shape;
    const bool nchw = s->layout == NINETAP_NCHW;
    float *upper = j->dst + image * s->src.image + channel * s->src.channel + 2 * y * s->src.row;
    return (nt_unpool_block){
        .src = j->src + image * s->dst.image + channel * s->dst.channel + y * s->dst.row,
        .index = j->indices + image * s->indices.image + channel * s->indices.channel +
                 y * s->indices.row,
        .src_line = nchw ? s->dst.row : s->dst.column,
        .index_line = nchw ? s->indices.row : s->indices.column,
        .upper = upper,
        .lower = upper + s->src.row,
        .right = s->src.column,
        .dst_line = nchw ? 2 * s->src.row : 2 * s->src.column,
        .lines = nchw ? lines : s->ow,
        .n = nchw ? s->ow : s->c,
        .first = 2 * y * s->iw,
        .first_line = nchw ? 2 * s->iw : 2,
        .step = nchw ? 2 : 0,
        .right_index = 1,
        .lower_index = s->iw,
        .cleared = j->adds ? -0.0F : 0.0F,
        .stream = s->distance == NT_MEMORY,
    };
}

/* Rows of the large tensor from column x on. */
static void clear(const unpool_job *j, int64_t image, int64_t channel, int64_t y, int64_t end,
                  int64_t x) {
    const nt_pool_shape *s = &j->shape;
    const bool nchw = s->layout == NINETAP_NCHW;
    for (; y < end && x < s->iw; y++) {
        float *row = j->dst + image * s->src.image + channel * s->src.channel + y * s->src.row;
        if (nchw) {
            memset(row + x, 0, (size_t)(s->iw - x) * sizeof *row);
        }
        for (int64_t i = nchw ? s->iw : x; i < s->iw; i++) {
            memset(row + i * s->src.column, 0, (size_t)s->c * sizeof *row);
        }
    }
}

/* Window rows [y, end) of an image, of one channel in NCHW; a last row and column of the image that
 * no window covers, too. */
static void gather_values(const unpool_job *j, int64_t image, int64_t channel, int64_t y,
                          int64_t end) {
    const nt_pool_shape *s = &j->shape;
    const int64_t step = s->layout == NINETAP_NCHW ? end - y : 1;
    for (int64_t i = y; i < end; i += step) {
        const nt_unpool_block block = block_at(j, image, channel, i, step);
        (s->layout == NINETAP_NCHW ? s->isa->unpool.two : s->isa->unpool.unit)(&block);
    }
    clear(j, image, channel, 2 * y, 2 * end, 2 * s->ow);
    if (end == s->oh) {
        clear(j, image, channel, 2 * end, s->ih, 0);
    }
}

static bool all_own(const unpool_job *j, int64_t image, int64_t channel, int64_t y, int64_t end) {
    const nt_pool_shape *s = &j->shape;
    const int64_t step = s->layout == NINETAP_NCHW ? end - y : 1;
    bool own = true;
    for (int64_t i = y; i < end && own; i += step) {
        const nt_unpool_block block = block_at(j, image, channel, i, step);
        own = s->isa->unpool.own(&block);
    }
    return own;
}

/* Units are rows of windows, of a channel in NCHW. */
static void walk_rows(unpool_job *j, int64_t u, int64_t end, bool checking) {
    const nt_pool_shape *s = &j->shape;
    const int64_t channels = s->layout == NINETAP_NCHW ? s->c : 1;
    while (u < end) {
        const int64_t image = u / s->oh / channels;
        const int64_t channel = u / s->oh % channels;
        const int64_t y = u % s->oh;
        const int64_t stop = s->oh - y < end - u ? s->oh : y + end - u;
        if (!checking) {
            gather_values(j, image, channel, y, stop);
        } else if (!all_own(j, image, channel, y, stop)) {
            atomic_store_explicit(&j->refused, true, memory_order_relaxed);
            return;
        }
        u += stop - y;
    }
}

static void check_rows(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    walk_rows(argument, begin, end, true);
}

static void gather_rows(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    walk_rows(argument, begin, end, false);
}

/* ---- Any indices ---- */

/* Whether one is neither -1 nor in [0, ih * iw): then one of the differences is negative. */
static void check_range(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    unpool_job *j = argument;
    const nt_pool_shape *s = &j->shape;
    const uint64_t last = (uint64_t)(s->ih * s->iw - 1);
    uint64_t signs = 0;
    for (int64_t i = begin; i < end; i++) {
        const uint64_t index = (uint64_t)j->indices[i];
        signs |= (index + 1) | (last - index);
    }
    if (signs >> 63 != 0) {
        atomic_store_explicit(&j->refused, true, memory_order_relaxed);
    }
}

/* Where an index lies in its plane. */
static int64_t place_of(const nt_pool_shape *s, int64_t index) {
    if (s->src.row == s->iw * s->src.column) {
        return index * s->src.column;
    }
    return index / s->iw * s->src.row + index % s->iw * s->src.column;
}

/* Clears `count` channels of an image. */
static void clear_channels(const nt_pool_shape *s, float *dst, int64_t count) {
    const bool nchw = s->layout == NINETAP_NCHW;
    const int64_t runs = nchw ? 1 : s->iw;
    const int64_t run = nchw ? s->iw : count;
    for (int64_t y = 0; y < s->ih; y++) {
        for (int64_t x = 0; x < runs; x++) {
            memset(dst + y * s->src.row + x * s->src.column, 0, (size_t)run * sizeof *dst);
        }
    }
}

static void put_value(float *to, const float *value, bool adds) {
    if (adds) {
        *to += *value;
    } else {
        memcpy(to, value, sizeof *to);
    }
}

/* `count` channels of an image, one in NCHW. Windows in row-major order: of equal indices the last
 * one stays, or they are added in that order. A run of them is a row in NCHW, the channels of a
 * pixel in NHWC. */
static void scatter_channels(const unpool_job *j, int64_t image, int64_t channel, int64_t count) {
    const nt_pool_shape *s = &j->shape;
    const bool nchw = s->layout == NINETAP_NCHW;
    const int64_t runs = nchw ? 1 : s->ow;
    const int64_t run = nchw ? s->ow : count;
    float *dst = j->dst + image * s->src.image + channel * s->src.channel;
    clear_channels(s, dst, count);
    for (int64_t y = 0; y < s->oh; y++) {
        for (int64_t x = 0; x < runs; x++) {
            const float *src = j->src + image * s->dst.image + channel * s->dst.channel +
                               y * s->dst.row + x * s->dst.column;
            const int64_t *index = j->indices + image * s->indices.image +
                                   channel * s->indices.channel + y * s->indices.row +
                                   x * s->indices.column;
            for (int64_t i = 0; i < run; i++) {
                if (index[i] >= 0) {
                    float *to = dst + place_of(s, index[i]) + (nchw ? 0 : i);
                    put_value(to, src + i, j->adds);
                }
            }
        }
    }
}

static int64_t chunks_of(const nt_pool_shape *s) {
    return s->layout == NINETAP_NCHW ? s->c : (s->c + CHUNK - 1) / CHUNK;
}

/* Units are planes, in NHWC chunks of channels: no two threads write to the same plane. */
static void scatter(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    const unpool_job *j = argument;
    const nt_pool_shape *s = &j->shape;
    const int64_t chunk = s->layout == NINETAP_NCHW ? 1 : CHUNK;
    const int64_t chunks = chunks_of(s);
    for (int64_t u = begin; u < end; u++) {
        const int64_t channel = u % chunks * chunk;
        const int64_t left = s->c - channel;
        scatter_channels(j, u / chunks, channel, left < chunk ? left : chunk);
    }
}

/* ---- The call ---- */

static ninetap_status check_unpool_tensors(const unpool_job *j) {
    const nt_pool_shape *s = &j->shape;
    const nt_range values = {j->src, s->dst.extent, sizeof *j->src};
    const nt_range indices = {j->indices, s->indices.extent, sizeof *j->indices};
    const nt_range dst = {j->dst, s->src.extent, sizeof *j->dst};
    if (!nt_range_is_usable(indices)) {
        return NINETAP_ERR_ARG;
    }
    const ninetap_status status = nt_check_ranges(values, dst);
    return status == NINETAP_OK && nt_ranges_overlap(dst, indices) ? NINETAP_ERR_ALIAS : status;
}

/* Whether all went well; false: an index is wrong, and nothing was done. */
static bool unpool(unpool_job *j, int threads, bool *apart) {
    const nt_pool_shape *s = &j->shape;
    const int64_t rows = s->n * (s->layout == NINETAP_NCHW ? s->c : 1) * s->oh;
    *apart = windows_apart(s);
    if (*apart) {
        nt_parallel(threads, rows, 1, check_rows, j);
        if (!atomic_load_explicit(&j->refused, memory_order_relaxed)) {
            nt_parallel(threads, rows, 1, gather_rows, j);
            return true;
        }
        *apart = false;
        atomic_store_explicit(&j->refused, false, memory_order_relaxed);
    }
    nt_parallel(threads, s->n * s->c * s->oh * s->ow, 1, check_range, j);
    if (atomic_load_explicit(&j->refused, memory_order_relaxed)) {
        return false;
    }
    nt_parallel(threads, s->n * chunks_of(s), 1, scatter, j);
    return true;
}

/* names: of the operation, and of what does it where windows are not apart. */
static ninetap_status run_unpool(const char *const names[2], const ninetap_pool2x2_desc *desc,
                                 unpool_job *j) {
    ninetap_status status = nt_pool_shape_of(desc, sizeof *j->src, &j->shape);
    if (status != NINETAP_OK || j->shape.n == 0) {
        return status;
    }
    status = check_unpool_tensors(j);
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_log_start();
    const int threads = nt_pool_threads(&j->shape, sizeof *j->src, desc->threads);
    bool apart = false;
    if (!unpool(j, threads, &apart)) {
        return NINETAP_ERR_ARG;
    }
    const nt_isa *isa = j->shape.isa;
    nt_pool_log(names[0], desc, isa->name, apart ? isa->unpool.name : names[1], threads, start);
    return NINETAP_OK;
}

ninetap_status ninetap_maxunpool2x2_f32(const ninetap_pool2x2_desc *desc, const float *src,
                                        const int64_t *indices, float *dst) {
    static const char *const names[] = {"maxunpool2x2", "maxunpool_scatter"};
    unpool_job job = {.src = src, .indices = indices, .dst = dst};
    return run_unpool(names, desc, &job);
}

ninetap_status ninetap_maxpool2x2_backward_f32(const ninetap_pool2x2_desc *desc,
                                               const int64_t *indices, const float *diff_dst,
                                               float *diff_src) {
    static const char *const names[] = {"maxpool2x2_backward", "maxpool_backward_scatter"};
    unpool_job job = {.src = diff_dst, .indices = indices, .dst = diff_src, .adds = true};
    return run_unpool(names, desc, &job);
}
