/* Filters: goes over the image and finds the three rows of each window.
 *
 * The columns are cut into stretches. Of one that has neighbours on both sides rows are read where
 * they lie. Of the others, of those that a filter overwrites, and of bytes that are to be floats,
 * each row is prepared once, in a ring, with a pixel before and behind it. */
#include "core/build.h"

#include "filter3x3/filter3x3.h"

#include <string.h>

#include "core/parallel.h"
#include "core/size.h"

/* RING, TEMPORARY: bytes on the stack. LEAST: slots of a ring, one of border, the first, and the
 * three rows of a window, or the four of two.
 * SLACK: values behind a row that a kernel may read, and that a conversion may write. */
enum { LEAST = 4, LEAST_OF_TWO = 5, BEFORE = 4, RING = 7424, TEMPORARY = 6144, SLACK = 64 + 8 };
enum { BAND = 16 };

/* A stretch of columns while its rows are gone through. */
typedef struct stretch_walk {
    const nt_filter_job *job;
    const char *src; /* of the image */
    char *ring;
    int64_t slot;     /* bytes */
    int64_t slots;    /* of rows */
    int64_t from, to; /* values */
    bool direct;
    int64_t next; /* the row that is to be prepared next */
} stretch_walk;

void nt_filter_find_room(nt_filter_job *j) {
    const nt_filter_shape *s = &j->shape;
    j->element = j->filter.sums == NT_SUMS_FLOAT ? 4 : 1;
    j->room = RING / (s->pool ? LEAST_OF_TWO : LEAST) / j->element - 2 * BEFORE - SLACK;
    if (s->pool) { /* two rows and what is read behind them */
        const int64_t room = TEMPORARY / 2 / s->dst_element - BEFORE - SLACK;
        j->room = room < j->room ? room : j->room;
    }
    j->memory_bytes = 0;
    if (j->in_place && s->values > j->room) {
        j->room = s->values;
        j->memory_bytes = LEAST * (s->values + 2 * BEFORE + SLACK) * j->element;
        j->memory_bytes += -j->memory_bytes & 63;
    }
}

static char *slot_of(const stretch_walk *w, int64_t row) {
    return w->ring + w->slot * (1 + (row + 1) % w->slots) + BEFORE * w->job->element;
}

/* `count` values of the source, or of a border as bytes or floats, to a place of the ring. What
 * lies behind them there may change. */
static void prepare_values(const stretch_walk *w, char *to, const void *from, int64_t count) {
    const nt_filter_job *j = w->job;
    if (j->element == j->shape.src_element) {
        memcpy(to, from, (size_t)(count * j->element));
        return;
    }
    const nt_filter_kernel *kernel = &j->shape.isa->filter;
    const int64_t whole = count / kernel->values * kernel->values;
    kernel->floats((float *)(void *)to, from, whole);
    if (whole < count) { /* whole vectors of the source are read, too */
        uint8_t bytes[64] = {0};
        memcpy(bytes, (const uint8_t *)from + whole, (size_t)(count - whole));
        kernel->floats((float *)(void *)to + whole, bytes, count - whole);
    }
}

static void prepare_border(const stretch_walk *w, char *to) {
    const nt_filter_shape *s = &w->job->shape;
    uint8_t bytes[4];
    for (int c = 0; c < 4 && s->src_type == NINETAP_U8; c++) {
        bytes[c] = (uint8_t)s->border_value[c];
    }
    const void *value = s->src_type == NINETAP_U8 ? (const void *)bytes : s->border_value;
    prepare_values(w, to, value, s->channels);
}

/* A row of nothing but border. */
static void prepare_outside(const stretch_walk *w) {
    const int64_t channels = w->job->shape.channels;
    char *to = w->ring + (BEFORE - channels) * w->job->element;
    const int64_t count = w->to - w->from < w->job->room ? w->to - w->from : w->job->room;
    for (int64_t x = 0; x < count + 2 * channels; x += channels) {
        prepare_border(w, to + x * w->job->element);
    }
}

/* The pixel at place -1 or `width` of a row that has none there. */
static void prepare_beyond(const stretch_walk *w, char *to, const char *src, int64_t place) {
    const nt_filter_shape *s = &w->job->shape;
    const int64_t x =
        nt_filter_place(s->border, place, s->values / s->channels, s->margin[1], s->margin[3]);
    if (x == NT_OUTSIDE) {
        prepare_border(w, to);
    } else {
        prepare_values(w, to, src + x * s->channels * s->src_element, s->channels);
    }
}

static void prepare_row(const stretch_walk *w, int64_t row) {
    const nt_filter_shape *s = &w->job->shape;
    const int64_t element = w->job->element;
    const int64_t channels = s->channels;
    const char *src = w->src + row * s->src_row;
    char *to = slot_of(w, row);
    const bool left = w->from > 0 || s->margin[1] > 0;
    const bool right = w->to < s->values || s->margin[3] > 0;
    if (!left) {
        prepare_beyond(w, to - channels * element, src, -1);
    }
    const int64_t first = left ? -channels : 0;
    prepare_values(w, to + first * element, src + (w->from + first) * s->src_element,
                   w->to - w->from - first + (right ? channels : 0));
    if (!right) {
        prepare_beyond(w, to + (w->to - w->from) * element, src, s->values / channels);
    }
}

/* The source's last channel is the output's. n values, of which `middle` are the source's. */
static void keep_alpha(const nt_filter_job *j, char *dst, const char *middle, int64_t n) {
    const nt_filter_shape *s = &j->shape;
    const bool floats = j->element == 4;
    for (int64_t i = s->channels - 1; i < n; i += s->channels) {
        if (s->src_type == NINETAP_F32) {
            memcpy(dst + 4 * i, middle + 4 * i, 4);
            continue;
        }
        const uint8_t value = floats ? (uint8_t)((const float *)(const void *)middle)[i]
                                     : ((const uint8_t *)middle)[i];
        if (s->dst_type == NINETAP_U8) {
            ((uint8_t *)dst)[i] = value;
        } else if (s->dst_type == NINETAP_S16) {
            ((int16_t *)(void *)dst)[i] = value;
        } else {
            ((float *)(void *)dst)[i] = (float)value;
        }
    }
}

/* Where row y of the stretch is, prepared or where it lies. */
static const char *row_at(const stretch_walk *w, int64_t y, bool *outside) {
    const nt_filter_shape *s = &w->job->shape;
    const int64_t row = nt_filter_place(s->border, y, s->ih, s->margin[0], s->margin[2]);
    *outside = row == NT_OUTSIDE;
    return *outside    ? w->ring + BEFORE * w->job->element
           : w->direct ? w->src + row * s->src_row + w->from * w->job->element
                       : slot_of(w, row);
}

/* Rows of outputs from y on. */
static void filter_some(stretch_walk *w, int64_t y, int64_t rows, char *dst, int64_t dst_row) {
    const nt_filter_job *j = w->job;
    const nt_filter_shape *s = &j->shape;
    const int64_t last = s->ih - 1 + s->margin[2];
    const int64_t n = w->to - w->from;
    const char *all[BAND + 2] = {NULL};
    const void *row[BAND + 2];
    bool outside[BAND + 2] = {false};
    bool whole = true;
    for (; !w->direct && w->next <= y + rows && w->next <= last; w->next++) {
        prepare_row(w, w->next);
    }
    for (int64_t k = 0; k < rows + 2; k++) {
        all[k] = row_at(w, y - 1 + k, &outside[k]);
        whole = whole && !outside[k];
    }
    /* a row of border is as long as the room for it; the last piece ends where the rows do */
    const int64_t room = j->room / s->channels * s->channels;
    const int64_t most = whole || n < room ? n : room;
    for (int64_t done = 0; done < n; done += most) {
        const int64_t x = n - done < most ? n - most : done;
        const nt_filter_rows call = {.filter = &j->filter,
                                     .row = row,
                                     .rows = rows,
                                     .dst = dst + x * s->dst_element,
                                     .dst_row = dst_row,
                                     .n = most,
                                     .step = s->channels};
        for (int64_t k = 0; k < rows + 2; k++) {
            row[k] = all[k] + (outside[k] ? 0 : x * j->element);
        }
        s->isa->filter.rows(&call);
    }
    for (int64_t k = 0; k < rows && s->alpha; k++) {
        keep_alpha(j, dst + k * dst_row, row_at(w, y + k, outside), n);
    }
}

static void pool_rows(stretch_walk *w, int64_t from, int64_t to, char *dst) {
    const nt_filter_shape *s = &w->job->shape;
    _Alignas(64) char values[TEMPORARY];
    memset(values, 0, sizeof values);
    for (int64_t y = from; y < to; y++) {
        filter_some(w, 2 * y, 2, values, TEMPORARY / 2);
        nt_filter_pool(w->job, dst + y * s->dst_row, values, values + TEMPORARY / 2,
                       w->to - w->from);
    }
}

/* Rows [from, to) of dst, of the stretch. */
static void filter_stretch(stretch_walk *w, int64_t from, int64_t to, char *dst) {
    const nt_filter_shape *s = &w->job->shape;
    const int64_t first = (s->pool ? 2 * from : from) - 1;
    const int64_t last = s->pool ? 2 * to : to;
    w->next = first < -s->margin[0] ? -s->margin[0] : first;
    if (nt_filter_place(s->border, first, s->ih, s->margin[0], s->margin[2]) == NT_OUTSIDE ||
        nt_filter_place(s->border, last, s->ih, s->margin[0], s->margin[2]) == NT_OUTSIDE) {
        prepare_outside(w);
    }
    dst += (s->pool ? w->from / 2 : w->from) * s->dst_element;
    if (s->pool) {
        pool_rows(w, from, to, dst);
        return;
    }
    const int64_t room = w->direct ? BAND : w->slots - 2;
    const int64_t most = room < BAND ? room : BAND;
    for (int64_t y = from; y < to; y += most) {
        filter_some(w, y, to - y < most ? to - y : most, dst + y * s->dst_row, s->dst_row);
    }
}

/* The end of the stretch that begins at a value. Rows that need not be prepared have one at each
 * end, and between them one that need not, or, of the pool, as many as its room makes. */
static int64_t stretch_end(const nt_filter_job *j, int64_t from, int64_t values, bool *direct) {
    const nt_filter_shape *s = &j->shape;
    const int64_t pair = 2 * s->channels;
    const int64_t room = j->room / pair * pair;
    const int64_t edge = nt_div_up(s->isa->filter.values, pair) * pair;
    const bool may = !j->in_place && j->element == s->src_element && values > room + 2 * edge;
    *direct = false;
    if (j->in_place || values - from <= (may ? edge : room)) {
        return values;
    }
    if (!may) {
        return from + room;
    }
    if (from == 0 && s->margin[1] == 0) {
        return edge;
    }
    const int64_t end = s->margin[3] > 0 ? values : values - edge;
    *direct = end - from >= s->isa->filter.values;
    return !s->pool || end - from <= room ? end : from + room;
}

/* Rows [from, to) of an image's dst. */
static void filter_band(const nt_filter_job *j, int64_t image, int64_t from, int64_t to,
                        char *ring) {
    const nt_filter_shape *s = &j->shape;
    const int64_t width = s->values / s->channels;
    const int64_t values = s->pool ? width / 2 * 2 * s->channels : s->values;
    stretch_walk w = {.job = j, .src = j->src + image * s->src_image, .ring = ring};
    while (w.from < values) {
        w.to = stretch_end(j, w.from, values, &w.direct);
        const int64_t room = w.direct || w.to - w.from > j->room ? j->room : w.to - w.from;
        w.slot = (room + 2 * BEFORE + SLACK) * j->element;
        w.slots = (j->memory != NULL ? LEAST : RING / w.slot) - 1;
        filter_stretch(&w, from, to, j->dst + image * s->dst_image);
        w.from = w.to;
    }
}

/* Units: rows of dst; in place, images. */
static void walk_filter(void *argument, int thread, int64_t begin, int64_t end) {
    const nt_filter_job *j = argument;
    const int64_t rows = j->shape.oh;
    _Alignas(64) char stack[RING] = {0};
    char *ring = stack;
    if (j->memory != NULL) {
        ring = j->memory + thread * j->memory_bytes;
        memset(ring, 0, (size_t)j->memory_bytes);
    }
    if (j->in_place) {
        for (int64_t image = begin; image < end; image++) {
            filter_band(j, image, 0, rows, ring);
        }
        return;
    }
    for (int64_t u = begin; u < end;) {
        const int64_t y = u % rows;
        int64_t to = y + BAND < rows ? y + BAND : rows;
        to = to - y < end - u ? to : y + end - u;
        filter_band(j, u / rows, y, to, ring);
        u += to - y;
    }
}

void nt_filter_run(nt_filter_job *job, int threads) {
    const nt_filter_shape *s = &job->shape;
    nt_parallel(threads, job->in_place ? s->n : s->n * s->oh, 1, walk_filter, job);
}
