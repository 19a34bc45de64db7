#include "crossover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shape.h"

const char *const crossover_names[CROSSOVER_ALGORITHMS] = {"direct", "winograd2", "winograd4",
                                                           "winograd6"};

enum { LEAST_LINES = 3 };

static int algorithm_of(const char *name) {
    int i = CROSSOVER_ALGORITHMS - 1;
    while (i >= 0 && strcmp(crossover_names[i], name) != 0) {
        i--;
    }
    return i;
}

/* What follows the threads in a benchmark's name: "/winograd4", "/fast", "". */
static const char *manner(const result *r) {
    char threads[16];
    snprintf(threads, sizeof threads, "/t%d", r->threads);
    const char *at = strstr(r->name, threads);
    return at != NULL ? at + strlen(threads) : "?";
}

/* Which algorithm the benchmark asks for by name; -1: none. */
static int asked(const result *r) {
    const char *how = manner(r);
    return *how == '/' ? algorithm_of(how + 1) : -1;
}

/* A convolution like 64x56x56-64. */
static bool is_plain(const result *r, double *size, double *channels) {
    char plain[SHAPE_TEXT];
    shape s;
    if (!r->ours || !(r->min > 0) || !shape_parse(r->shape, &s)) {
        return false;
    }
    snprintf(plain, sizeof plain, "%dx%dx%d-%d", (int)s.c, (int)s.h, (int)s.h, (int)s.c);
    *size = (double)s.h;
    *channels = (double)s.c;
    return strcmp(s.text, plain) == 0;
}

static bool is_like(const crossover *c, const result *r) {
    return r->threads == c->threads && strcmp(r->implementation, c->isa) == 0 &&
           strcmp(r->layout, c->layout) == 0;
}

/* ---- lines -------------------------------------------------------------------------------- */

/* `count`: not there. */
static size_t find(const double *values, size_t count, double value) {
    size_t i = 0;
    while (i < count && values[i] != value) {
        i++;
    }
    return i;
}

static void insert(double *values, size_t *count, double value) {
    if (find(values, *count, value) < *count || *count == CROSSOVER_MOST) {
        return;
    }
    size_t i = (*count)++;
    for (; i > 0 && values[i - 1] > value; i--) {
        values[i] = values[i - 1];
    }
    values[i] = value;
}

static void find_lines(crossover *c, const results *r) {
    double size, channels;
    for (size_t i = 0; i < r->count; i++) {
        const result *item = &r->items[i];
        if (is_like(c, item) && asked(item) >= 0 && is_plain(item, &size, &channels)) {
            insert(c->sizes, &c->size_count, size);
            insert(c->channels, &c->channel_count, channels);
        }
    }
}

/* ---- cells -------------------------------------------------------------------------------- */

static crossover_cell *cell_at(const crossover *c, double size, double channels) {
    const size_t column = find(c->sizes, c->size_count, size);
    const size_t row = find(c->channels, c->channel_count, channels);
    for (size_t i = 0; i < c->count; i++) {
        if (c->cells[i].column == column && c->cells[i].row == row) {
            return &c->cells[i];
        }
    }
    return NULL;
}

static void add_cell(crossover *c, double size, double channels) {
    const size_t column = find(c->sizes, c->size_count, size);
    const size_t row = find(c->channels, c->channel_count, channels);
    const bool fits = column < c->size_count && row < c->channel_count;
    if (fits && cell_at(c, size, channels) == NULL) {
        c->cells[c->count++] = (crossover_cell){.column = column, .row = row, .taken = {-1, -1}};
    }
}

static void enter(crossover_cell *cell, const result *r) {
    const int by_name = asked(r);
    const char *how = manner(r);
    if (by_name >= 0) {
        cell->seconds[by_name] = r->min;
    } else if (*how == '\0' || strcmp(how, "/fast") == 0) {
        cell->taken[*how != '\0'] = algorithm_of(r->algorithm);
    }
}

static void fill(crossover *c, const results *r) {
    double size, channels;
    for (int pass = 0; pass < 2; pass++) { /* first those that make a cell */
        for (size_t i = 0; i < r->count; i++) {
            const result *item = &r->items[i];
            if (!is_like(c, item) || !is_plain(item, &size, &channels)) {
                continue;
            }
            if (pass == 0 && asked(item) >= 0) {
                add_cell(c, size, channels);
            }
            crossover_cell *cell = pass == 1 ? cell_at(c, size, channels) : NULL;
            if (cell != NULL) {
                enter(cell, item);
            }
        }
    }
}

bool crossover_make(crossover *c, const results *r, const result *like) {
    *c = (crossover){.isa = like->implementation, .layout = like->layout, .threads = like->threads};
    find_lines(c, r);
    const size_t all = c->size_count * c->channel_count;
    c->cells = calloc(all + 1, sizeof *c->cells);
    if (c->cells == NULL) {
        return false;
    }
    fill(c, r);
    if (c->size_count < LEAST_LINES || c->channel_count < LEAST_LINES || 2 * c->count < all) {
        c->count = 0;
    }
    return true;
}

void crossover_free(crossover *c) {
    free(c->cells);
    *c = (crossover){0};
}

bool crossover_has(const crossover *c, const result *r) {
    double size, channels;
    return is_like(c, r) && is_plain(r, &size, &channels) && cell_at(c, size, channels) != NULL;
}

int crossover_best(const crossover_cell *cell, bool fast) {
    int best = -1;
    for (int i = 0; i < CROSSOVER_ALGORITHMS - (fast ? 0 : 1); i++) {
        if (cell->seconds[i] > 0 && (best < 0 || cell->seconds[i] < cell->seconds[best])) {
            best = i;
        }
    }
    return best;
}

double crossover_loss(const crossover_cell *cell, bool fast) {
    const int best = crossover_best(cell, fast), taken = cell->taken[fast];
    return best >= 0 && taken >= 0 && cell->seconds[taken] > 0
               ? cell->seconds[taken] / cell->seconds[best] - 1
               : 0;
}
