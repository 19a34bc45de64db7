#include "picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crossover.h"
#include "shape.h"
#include "verdict.h"

/* Fewer points make no curve. */
enum { LEAST_SWEEP_POINTS = 5 };

/* ---- sweeps ------------------------------------------------------------------------------- */

/* The shape with S or C for what varies, *at; false where that kind of sweep has no such shape. */
static bool template_of(const result *r, picture_kind kind, char *text, size_t size, double *at) {
    shape s;
    if (!shape_parse(r->shape, &s) || s.network || !shape_has_layout(&s)) {
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

/* Only ours count: a curve of peers alone is no picture of ours. What is on a map (crossover.h)
 * does not, or each of its rows and columns would be a sweep. */
static size_t distinct_points(const picture *p, const results *r, const bool *mapped) {
    double seen[LEAST_SWEEP_POINTS], at;
    size_t count = 0;
    for (size_t i = 0; i < r->count && count < LEAST_SWEEP_POINTS; i++) {
        if (mapped[i] || !r->items[i].ours || !picture_sweep_point(p, &r->items[i], &at)) {
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

static bool has_crossover(const picture *p, const results *r) {
    crossover c;
    const bool has = crossover_make(&c, r, p->like) && c.count > 0;
    crossover_free(&c);
    return has;
}

static bool has_data(const picture *p, const results *r, const bool *mapped) {
    switch (p->kind) {
    case PICTURE_ROOFLINE:
        return has_roofline(r, p->threads);
    case PICTURE_PEERS:
        return has_peers(r, p->threads);
    case PICTURE_THREADS:
        return p->threads > 1 && has_ours(r, 1) && has_ours(r, p->threads);
    case PICTURE_CROSSOVER:
        return has_crossover(p, r);
    default:
        return distinct_points(p, r, mapped) == LEAST_SWEEP_POINTS;
    }
}

static bool add(picture_list *list, picture p, const results *r, const bool *mapped) {
    for (size_t i = 0; i < list->count; i++) {
        const picture *other = &list->items[i];
        if (other->kind == p.kind && other->threads == p.threads &&
            strcmp(other->sweep, p.sweep) == 0 &&
            (p.operation == NULL || strcmp(other->operation, p.operation) == 0)) {
            return true;
        }
    }
    if (!has_data(&p, r, mapped)) {
        return true;
    }
    picture *items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL) {
        return false;
    }
    picture_describe(&p);
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

static bool add_sweeps(picture_list *list, const results *r, const bool *mapped, picture_kind kind,
                       int threads) {
    bool good = true;
    for (size_t i = 0; good && i < r->count; i++) {
        picture p = {.kind = kind, .threads = threads, .operation = r->items[i].operation};
        double at;
        if (template_of(&r->items[i], kind, p.sweep, sizeof p.sweep, &at)) {
            good = add(list, p, r, mapped);
        }
    }
    return good;
}

/* Whether no result before has its ISA, layout and number of threads. */
static bool is_first_alike(const results *r, size_t at) {
    const result *item = &r->items[at];
    for (size_t i = 0; i < at; i++) {
        const result *other = &r->items[i];
        if (other->ours && other->threads == item->threads &&
            strcmp(other->implementation, item->implementation) == 0 &&
            strcmp(other->layout, item->layout) == 0) {
            return false;
        }
    }
    return item->ours;
}

/* And marks the results on them. */
static bool add_crossovers(picture_list *list, const results *r, bool *mapped, int threads) {
    bool good = true;
    for (size_t i = 0; good && i < r->count; i++) {
        picture p = {.kind = PICTURE_CROSSOVER, .threads = threads, .like = &r->items[i]};
        if (r->items[i].threads != threads || !is_first_alike(r, i)) {
            continue;
        }
        crossover c;
        good = crossover_make(&c, r, p.like);
        for (size_t k = 0; good && c.count > 0 && k < r->count; k++) {
            mapped[k] = mapped[k] || crossover_has(&c, &r->items[k]);
        }
        crossover_free(&c);
        snprintf(p.sweep, sizeof p.sweep, "%s-%s", p.like->implementation, p.like->layout);
        good = good && add(list, p, r, mapped);
    }
    return good;
}

static bool add_kind(picture_list *list, const results *r, bool *mapped, picture_kind kind,
                     int threads) {
    switch (kind) {
    case PICTURE_CROSSOVER:
        return add_crossovers(list, r, mapped, threads);
    case PICTURE_SIZES:
    case PICTURE_CHANNELS:
        return add_sweeps(list, r, mapped, kind, threads);
    case PICTURE_THREADS:
        return next_threads(r, threads) > 0 ||
               add(list, (picture){.kind = kind, .threads = threads}, r, mapped);
    default:
        return add(list, (picture){.kind = kind, .threads = threads}, r, mapped);
    }
}

bool picture_list_make(picture_list *list, const results *r) {
    *list = (picture_list){0};
    bool *mapped = calloc(r->count + 1, sizeof *mapped);
    bool good = mapped != NULL;
    for (int kind = 0; good && kind <= PICTURE_CHANNELS; kind++) {
        for (int t = next_threads(r, 0); good && t > 0; t = next_threads(r, t)) {
            good = add_kind(list, r, mapped, (picture_kind)kind, t);
        }
    }
    free(mapped);
    if (!good) {
        picture_list_free(list);
    }
    return good;
}

void picture_list_free(picture_list *list) {
    free(list->items);
    *list = (picture_list){0};
}
