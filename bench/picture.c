#include "picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shape.h"
#include "verdict.h"

/* Fewer points make no curve. */
enum { LEAST_SWEEP_POINTS = 5 };

/* ---- sweeps ------------------------------------------------------------------------------- */

/* The shape with S or C for what varies, *at; false where that kind of sweep has no such shape. */
static bool template_of(const result *r, picture_kind kind, char *text, size_t size, double *at) {
    shape s;
    if (!shape_parse(r->shape, &s)) {
        return false;
    }
    char batch[24] = "";
    if (s.n > 1) {
        snprintf(batch, sizeof batch, "%" PRId64 "x", s.n);
    }
    const char *rest = r->shape + strspn(r->shape, "0123456789x"); /* "-64s2" */
    if (kind == PICTURE_SIZES) {
        *at = (double)s.h;
        snprintf(text, size, "%s%" PRId64 "xSxS%s", batch, s.c, rest);
        return s.h == s.w;
    }
    const bool counted = !s.pooling && strncmp(rest, "-dw", 3) != 0; /* out channels */
    const char *options = counted ? rest + 1 + strspn(rest + 1, "0123456789") : rest;
    *at = (double)s.c;
    snprintf(text, size, "%sCx%" PRId64 "x%" PRId64 "%s%s", batch, s.h, s.w, counted ? "-C" : "",
             options);
    return s.c == s.oc;
}

bool picture_sweep_point(const picture *p, const result *r, double *at) {
    char sweep[sizeof p->sweep];
    return r->min > 0 && r->threads == p->threads && strcmp(r->operation, p->operation) == 0 &&
           template_of(r, p->kind, sweep, sizeof sweep, at) && strcmp(sweep, p->sweep) == 0;
}

/* Only ours count: a curve of peers alone is no picture of ours. */
static size_t distinct_points(const picture *p, const results *r) {
    double seen[LEAST_SWEEP_POINTS], at;
    size_t count = 0;
    for (size_t i = 0; i < r->count && count < LEAST_SWEEP_POINTS; i++) {
        if (!r->items[i].ours || !picture_sweep_point(p, &r->items[i], &at)) {
            continue;
        }
        bool is_new = true;
        for (size_t k = 0; k < count; k++) {
            is_new = is_new && seen[k] != at;
        }
        if (is_new) {
            seen[count++] = at;
        }
    }
    return count;
}

/* ---- names and words ---------------------------------------------------------------------- */

static const char *plural(int threads) {
    return threads == 1 ? "" : "s";
}

static const char *operation_words(const char *operation) {
    static const char *const words[][2] = {
        {"conv3x3", "3x3 convolution"},           {"maxpool2x2", "2x2 max pooling"},
        {"avgpool2x2", "2x2 average pooling"},    {"mixedpool2x2", "2x2 mixed pooling"},
        {"maxpool2x2_u8", "2x2 max pooling, u8"}, {"maxpool2x2_s8", "2x2 max pooling, s8"},
        {"maxunpool2x2", "2x2 max unpooling"}};
    size_t i = 0;
    while (i + 1 < sizeof words / sizeof *words && strcmp(operation, words[i][0]) != 0) {
        i++;
    }
    return words[i][1];
}

static void describe_sweep(picture *p) {
    const bool sizes = p->kind == PICTURE_SIZES, conv = strcmp(p->operation, "conv3x3") == 0;
    snprintf(p->name, sizeof p->name, "%s-%s-%s-t%d", sizes ? "size" : "channels", p->operation,
             p->sweep, p->threads);
    snprintf(p->title, sizeof p->title, "%s %s: rate by %s, %d thread%s",
             operation_words(p->operation), p->sweep, sizes ? "map size S" : "channels C",
             p->threads, plural(p->threads));
    snprintf(p->description, sizeof p->description,
             "%s; higher is better. Ours in both plain layouts; each peer in whatever layout is "
             "its fastest at that point.",
             conv ? "GFLOP/s, counted as the direct method's whatever the algorithm"
                  : "GB/s, read and written");
}

static void describe(picture *p) {
    switch (p->kind) {
    case PICTURE_ROOFLINE:
        snprintf(p->name, sizeof p->name, "roofline-t%d", p->threads);
        snprintf(p->title, sizeof p->title,
                 "Our kernels under this machine's roofline, %d thread%s", p->threads,
                 plural(p->threads));
        snprintf(p->description, sizeof p->description,
                 "Each point a kernel (filled: nchw, open: nhwc) under the peak of its instruction "
                 "set and the bandwidth of each cache, all measured in this run.");
        break;
    case PICTURE_PEERS:
        snprintf(p->name, sizeof p->name, "peers-t%d", p->threads);
        snprintf(p->title, sizeof p->title, "ninetap against other libraries, %d thread%s",
                 p->threads, plural(p->threads));
        snprintf(p->description, sizeof p->description,
                 "Their time divided by ours: a bar to the right says that ours is faster, to the "
                 "left that the named peer is. Bars: the fastest peer; dots: the others.");
        break;
    case PICTURE_THREADS:
        snprintf(p->name, sizeof p->name, "threads");
        snprintf(p->title, sizeof p->title, "Thread scaling: time on one thread / time on more");
        snprintf(p->description, sizeof p->description,
                 "Our fastest kernel for each shape, against itself on one thread. The dashed line "
                 "is perfect scaling.");
        break;
    default:
        describe_sweep(p);
    }
}

/* ---- the list ----------------------------------------------------------------------------- */

static bool has_roofline(const results *r, int threads) {
    bool limited = false, measured = false;
    for (size_t i = 0; i < r->limit_count; i++) {
        limited = limited || (r->limits[i].threads == threads && r->limits[i].rate > 0);
    }
    for (size_t i = 0; i < r->count; i++) {
        const result *item = &r->items[i];
        measured = measured || (item->ours && item->threads == threads && item->min > 0 &&
                                item->flops > 0 && item->bytes > 0);
    }
    return limited && measured;
}

static bool has_peers(const results *r, int threads) {
    verdict v;
    if (!verdict_make(&v, r)) {
        return false;
    }
    const size_t count = verdict_sum_up(&v, VERDICT_ANY, threads).count;
    verdict_free(&v);
    return count > 0;
}

static bool has_ours(const results *r, int threads) {
    for (size_t i = 0; i < r->count; i++) {
        const result *item = &r->items[i];
        if (item->ours && item->threads == threads && item->min > 0) {
            return true;
        }
    }
    return false;
}

static bool has_data(const picture *p, const results *r) {
    switch (p->kind) {
    case PICTURE_ROOFLINE:
        return has_roofline(r, p->threads);
    case PICTURE_PEERS:
        return has_peers(r, p->threads);
    case PICTURE_THREADS:
        return p->threads > 1 && has_ours(r, 1) && has_ours(r, p->threads);
    default:
        return distinct_points(p, r) == LEAST_SWEEP_POINTS;
    }
}

static bool add(picture_list *list, picture p, const results *r) {
    for (size_t i = 0; i < list->count; i++) {
        const picture *other = &list->items[i];
        if (other->kind == p.kind && other->threads == p.threads &&
            strcmp(other->sweep, p.sweep) == 0 &&
            (p.sweep[0] == '\0' || strcmp(other->operation, p.operation) == 0)) {
            return true;
        }
    }
    if (!has_data(&p, r)) {
        return true;
    }
    picture *items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL) {
        return false;
    }
    describe(&p);
    list->items = items;
    items[list->count++] = p;
    return true;
}

static int next_threads(const results *r, int last) {
    int next = 0;
    for (size_t i = 0; i < r->count; i++) {
        int threads = r->items[i].threads;
        if (r->items[i].min > 0 && threads > last && (next == 0 || threads < next)) {
            next = threads;
        }
    }
    return next;
}

static bool add_sweeps(picture_list *list, const results *r, picture_kind kind, int threads) {
    bool good = true;
    for (size_t i = 0; good && i < r->count; i++) {
        picture p = {.kind = kind, .threads = threads, .operation = r->items[i].operation};
        double at;
        if (template_of(&r->items[i], kind, p.sweep, sizeof p.sweep, &at)) {
            good = add(list, p, r);
        }
    }
    return good;
}

bool picture_list_make(picture_list *list, const results *r) {
    *list = (picture_list){0};
    bool good = true;
    int most = 0;
    for (int kind = 0; good && kind <= PICTURE_CHANNELS; kind++) {
        for (int t = next_threads(r, 0); good && t > 0; t = next_threads(r, t)) {
            most = t;
            if (kind == PICTURE_SIZES || kind == PICTURE_CHANNELS) {
                good = add_sweeps(list, r, (picture_kind)kind, t);
            } else if (kind != PICTURE_THREADS) {
                good = add(list, (picture){.kind = (picture_kind)kind, .threads = t}, r);
            }
        }
        if (good && kind == PICTURE_THREADS && most > 0) {
            good = add(list, (picture){.kind = PICTURE_THREADS, .threads = most}, r);
        }
    }
    if (!good) {
        picture_list_free(list);
    }
    return good;
}

void picture_list_free(picture_list *list) {
    free(list->items);
    *list = (picture_list){0};
}
