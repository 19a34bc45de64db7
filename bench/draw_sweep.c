/* Rate against the map's size or the number of channels: where the curves cross, and where they
 * fall off. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"

enum { HEIGHT = 480, LABELS_WIDTH = 150, MOST_CURVES = 16, MOST_TICS = 64 };

/* Ours: a curve for each layout (and each algorithm that was asked for by name), whatever the ISA.
 * A peer: one, whatever the layout. */
typedef struct curve {
    char name[64];
    bool ours;
    const char *colour;
    double last; /* the rate at the right end */
} curve;

typedef struct sweep {
    curve curves[MOST_CURVES];
    size_t curve_count;
    double tics[MOST_TICS];
    size_t tic_count;
    double highest;
} sweep;

static double rate(const result *r) {
    return (strcmp(r->operation, "conv3x3") == 0 ? r->flops : r->bytes) / r->min * 1e-9;
}

static void curve_name(const result *r, char *text, size_t size) {
    if (!r->ours) {
        snprintf(text, size, "%s", r->implementation);
        return;
    }
    /* What follows the threads in the benchmark's name: not the usual algorithm or precision. */
    char threads[16];
    snprintf(threads, sizeof threads, "/t%d", r->threads);
    const char *end = strstr(r->name, threads);
    const char *special = end != NULL ? end + strlen(threads) : "";
    snprintf(text, size, "ninetap %s%s", r->layout, special);
}

static const char *next_colour(const sweep *s, bool ours) {
    static const char *const own[] = {"blue", "sky", "violet", "ink"};
    static const char *const others[] = {"orange", "green", "pink", "ochre", "muted", "violet"};
    size_t before = 0;
    for (size_t i = 0; i < s->curve_count; i++) {
        before += s->curves[i].ours == ours;
    }
    return ours ? own[before < 3 ? before : 3] : others[before < 5 ? before : 5];
}

static int curve_of(sweep *s, const result *r) {
    char name[sizeof s->curves->name];
    curve_name(r, name, sizeof name);
    for (size_t i = 0; i < s->curve_count; i++) {
        if (strcmp(s->curves[i].name, name) == 0) {
            return (int)i;
        }
    }
    if (s->curve_count == MOST_CURVES) {
        return -1;
    }
    curve *c = &s->curves[s->curve_count];
    *c = (curve){.ours = r->ours, .colour = next_colour(s, r->ours)};
    memcpy(c->name, name, sizeof name);
    return (int)s->curve_count++;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add_tic(sweep *s, double at) {
    for (size_t i = 0; i < s->tic_count; i++) {
        if (s->tics[i] == at) {
            return;
        }
    }
    if (s->tic_count < MOST_TICS) {
        s->tics[s->tic_count++] = at;
        qsort(s->tics, s->tic_count, sizeof *s->tics, by_value);
    }
}

static sweep measure(const drawing *d) {
    sweep s = {0};
    double at;
    for (size_t i = 0; i < d->results->count; i++) {
        const result *r = &d->results->items[i];
        if (picture_sweep_point(d->picture, r, &at) && curve_of(&s, r) >= 0) {
            add_tic(&s, at);
            s.highest = fmax(s.highest, rate(r));
        }
    }
    return s;
}

/* The highest rate of the curve there; 0: none. */
static double best_rate(const drawing *d, sweep *s, size_t wanted, double wanted_at) {
    double best = 0, at;
    for (size_t i = 0; i < d->results->count; i++) {
        const result *r = &d->results->items[i];
        if (picture_sweep_point(d->picture, r, &at) && at == wanted_at &&
            curve_of(s, r) == (int)wanted) {
            best = fmax(best, rate(r));
        }
    }
    return best;
}

static void put_data(drawing *d, sweep *s) {
    FILE *data = drawing_open(d, "");
    if (data == NULL) {
        return;
    }
    fputs("# curve\tat\trate\n", data);
    for (size_t c = 0; c < s->curve_count; c++) {
        for (size_t i = 0; i < s->tic_count; i++) {
            double here = best_rate(d, s, c, s->tics[i]);
            if (here > 0) {
                s->curves[c].last = here;
                drawing_put_field(data, s->curves[c].name);
                fprintf(data, "\t%.6g\t%.6g\n", s->tics[i], here);
            }
        }
        fputs("\n\n", data);
    }
    drawing_close(d, data);
}

/* ---- axes --------------------------------------------------------------------------------- */

/* Those that have room, the last one in any case. */
static void put_tics(drawing *d, const sweep *s, const axis *x) {
    fputs("set xtics (", d->script);
    const double last = axis_at(x, s->tics[s->tic_count - 1]);
    double before = -INFINITY;
    for (size_t i = 0; i < s->tic_count; i++) {
        double here = axis_at(x, s->tics[i]);
        bool is_last = i + 1 == s->tic_count;
        if (is_last || (here - before >= 26 && last - here >= 26)) {
            fprintf(d->script, "%.9g%s", s->tics[i], is_last ? ")\n" : ", ");
            before = here;
        }
    }
}

static double peak(const drawing *d) {
    double most = 0;
    for (size_t i = 0; i < d->results->limit_count; i++) {
        const limit *l = &d->results->limits[i];
        if (strcmp(l->kind, "flops") == 0 && l->threads == d->picture->threads) {
            most = fmax(most, l->rate * 1e-9);
        }
    }
    return strcmp(d->picture->operation, "conv3x3") == 0 ? most : 0;
}

static void put_names(drawing *d, const sweep *s, const axis *x, const axis *y) {
    drawing_mark marks[MOST_CURVES + 1];
    size_t count = 0;
    for (size_t i = 0; i < s->curve_count; i++) {
        drawing_mark *mark = &marks[count++];
        *mark =
            (drawing_mark){.wanted = axis_at(y, s->curves[i].last), .colour = s->curves[i].colour};
        snprintf(mark->text, sizeof mark->text, "%s", s->curves[i].name);
    }
    if (peak(d) > 0) {
        drawing_mark *mark = &marks[count++];
        *mark = (drawing_mark){.wanted = axis_at(y, peak(d)), .colour = "muted"};
        snprintf(mark->text, sizeof mark->text, "%.0f direct peak", peak(d));
    }
    count = drawing_spread(marks, count, 16, y->start, y->end);
    for (size_t i = 0; i < count; i++) {
        drawing_text(d, x->end + 12, marks[i].y,
                     &(text_style){"left", marks[i].colour, 12, 0,
                                   strncmp(marks[i].text, "ninetap", 7) == 0},
                     marks[i].text);
    }
}

static const char commands[] =
    "  plot peak > 0 ? peak : NaN with lines dashtype 2 linecolor rgb muted notitle, \\\n"
    "    for [i=0:curves-1] name.'.tsv' index i using 2:3 with linespoints pointtype 7 \\\n"
    "      pointsize (i < ours ? 0.55 : 0.35) linewidth (i < ours ? 2.4 : 1.2) \\\n"
    "      linecolor rgb word(colours, i+1) notitle\n";

static int ours_first(const void *a, const void *b) {
    return (int)((const curve *)b)->ours - (int)((const curve *)a)->ours;
}

void draw_sweep(drawing *d) {
    sweep s = measure(d);
    qsort(s.curves, s.curve_count, sizeof *s.curves, ours_first);
    drawing_begin(d, HEIGHT);
    if (d->failed) {
        return;
    }
    put_data(d, &s);
    const axis x = {s.tics[0], s.tics[s.tic_count - 1], true, 52, DRAWING_WIDTH - LABELS_WIDTH};
    const axis y = {0, 1.08 * fmax(s.highest, peak(d)), false, DRAWING_FOOT, HEIGHT - DRAWING_HEAD};
    drawing_area(d, &x, &y);
    put_tics(d, &s, &x);
    put_names(d, &s, &x, &y);
    size_t ours = 0;
    fputs("colours = ''", d->script);
    for (size_t i = 0; i < s.curve_count; i++) {
        fprintf(d->script, ".%s.' '", s.curves[i].colour);
        ours += s.curves[i].ours;
    }
    fprintf(d->script, "\ncurves = %zu\nours = %zu\npeak = %.6g\n", s.curve_count, ours, peak(d));
    drawing_name_axes(d, &x, &y, d->picture->kind == PICTURE_SIZES ? "map size S" : "channels C",
                      strcmp(d->picture->operation, "conv3x3") == 0 ? "GFLOP/s" : "GB/s");
    drawing_end(d, commands);
}
