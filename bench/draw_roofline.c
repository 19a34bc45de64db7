/* Every kernel of ours under the roofline (Williams, Waterman, Patterson 2009). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "room.h"

enum { HEIGHT = 640, MOST_PEAKS = 8, LABEL_SIZE = 11 };

typedef struct chart {
    axis x, y;
    const limit *peaks[MOST_PEAKS]; /* of the ISAs, highest first */
    size_t peak_count;
    double bandwidth; /* the highest, GB/s */
    room room;
} chart;

static bool belongs(const drawing *d, const result *r) {
    return r->ours && r->min > 0 && r->bytes > 0 && r->flops > 0 &&
           r->threads == d->picture->threads;
}

static double intensity(const result *r) {
    return r->flops / r->bytes;
}

static double rate(const result *r) {
    return r->flops / r->min * 1e-9;
}

/* Kernels read and write, so a copy's bandwidth is what they could have at most. */
static bool is_limit(const drawing *d, const limit *l, const char *kind) {
    return strcmp(l->kind, kind) == 0 && l->threads == d->picture->threads && l->rate > 0;
}

static int by_rate(const void *a, const void *b) {
    double x = (*(const limit *const *)a)->rate, y = (*(const limit *const *)b)->rate;
    return (x < y) - (x > y);
}

static void find_limits(const drawing *d, chart *f) {
    for (size_t i = 0; i < d->results->limit_count; i++) {
        const limit *l = &d->results->limits[i];
        if (is_limit(d, l, "flops") && f->peak_count < MOST_PEAKS) {
            f->peaks[f->peak_count++] = l;
            f->y.to = fmax(f->y.to, l->rate * 1e-9);
        } else if (is_limit(d, l, "copy")) {
            f->bandwidth = fmax(f->bandwidth, l->rate * 1e-9);
        }
    }
    qsort(f->peaks, f->peak_count, sizeof(const limit *), by_rate);
}

static chart measure(const drawing *d) {
    chart f = {.x = {INFINITY, 0, true, 56, DRAWING_WIDTH - 20},
               .y = {INFINITY, 0, true, DRAWING_FOOT, HEIGHT - DRAWING_HEAD}};
    find_limits(d, &f);
    for (size_t i = 0; i < d->results->count; i++) {
        const result *r = &d->results->items[i];
        if (belongs(d, r)) {
            f.x.from = fmin(f.x.from, intensity(r) / 1.5);
            f.x.to = fmax(f.x.to, intensity(r) * 1.8);
            f.y.from = fmin(f.y.from, rate(r) / 1.5);
            f.y.to = fmax(f.y.to, rate(r));
        }
    }
    f.y.to *= 1.45; /* for the names of the peaks */
    f.room.bounds = (box){f.x.start, f.y.start, f.x.end, f.y.end};
    return f;
}

static int isa_rank(const chart *f, const char *isa) {
    int rank = 0;
    while (rank < (int)f->peak_count && strcmp(f->peaks[rank]->where, isa) != 0) {
        rank++;
    }
    return rank;
}

static const char *isa_colour(int rank) {
    static const char *const colours[] = {"blue", "orange", "green", "pink", "ochre"};
    const int last = sizeof colours / sizeof *colours - 1;
    return colours[rank < last ? rank : last];
}

/* ---- the limits --------------------------------------------------------------------------- */

static double highest_peak(const chart *f) {
    return f->peak_count > 0 ? f->peaks[0]->rate * 1e-9 : f->y.to;
}

/* From the left edge, or the lower one, to the highest peak, or the right edge. */
static bool span(const chart *f, const limit *l, double *from, double *to) {
    const double gb = l->rate * 1e-9;
    *from = fmax(f->x.from, f->y.from / gb);
    *to = fmin(f->x.to, highest_peak(f) / gb);
    return *from < *to;
}

static void put_bandwidth(chart *f, FILE *data, const limit *l) {
    const double gb = l->rate * 1e-9;
    double from, to;
    if (span(f, l, &from, &to)) {
        drawing_put_field(data, l->where);
        fprintf(data, "\t%.6g\t%.6g\t0\n\t%.6g\t%.6g\t0\n\n", from, from * gb, to, to * gb);
        room_take_line(&f->room, axis_at(&f->x, from), axis_at(&f->y, from * gb),
                       axis_at(&f->x, to), axis_at(&f->y, to * gb), 1);
    }
}

/* Along its line, near the upper end, above or below it where there is room. */
static void name_bandwidth(drawing *d, chart *f, const limit *l) {
    const double gb = l->rate * 1e-9;
    double from, to;
    if (!span(f, l, &from, &to)) {
        return;
    }
    char text[96];
    snprintf(text, sizeof text, "%s, %.*f GB/s", l->where, gb < 10 ? 1 : 0, gb);
    const double width = drawing_text_width(text, LABEL_SIZE);
    const double x = axis_at(&f->x, to), y = axis_at(&f->y, to * gb);
    const double angle = atan2(y - axis_at(&f->y, from * gb), x - axis_at(&f->x, from));
    const double along_x = cos(angle), along_y = sin(angle);
    for (int i = 0; i < 12; i++) {
        const int step = i / 2;
        const double back = 20 + 20.0 * step, side = i % 2 == 0 ? 9 : -9;
        const double end_x = x - back * along_x - side * along_y;
        const double end_y = y - back * along_y + side * along_x;
        const double start_x = end_x - width * along_x, start_y = end_y - width * along_y;
        if (room_is_free_line(&f->room, start_x, start_y, end_x, end_y, 5)) {
            const int degrees = (int)lround(angle * 57.2958);
            drawing_text(d, end_x, end_y,
                         &(text_style){"right", "muted", LABEL_SIZE, degrees, false}, text);
            room_take_line(&f->room, start_x, start_y, end_x, end_y, 5);
            return;
        }
    }
}

/* Named at the right end; peaks that nearly coincide have their names side by side. */
static void put_peak(drawing *d, chart *f, FILE *data, size_t rank) {
    static const double gap = 14;
    const limit *l = f->peaks[rank];
    const double gflops = l->rate * 1e-9, y = axis_at(&f->y, gflops) + 9;
    double start = f->bandwidth > 0 ? fmax(f->x.from, gflops / f->bandwidth) : f->x.from;
    drawing_put_field(data, l->where);
    fprintf(data, "\t%.6g\t%.6g\t%zu\n\t%.6g\t%.6g\t%zu\n\n", start, gflops, rank + 1, f->x.to,
            gflops, rank + 1);

    char text[96];
    snprintf(text, sizeof text, "%s peak %.*f", l->where, gflops < 10 ? 1 : 0, gflops);
    double right = f->x.end, height = y;
    for (size_t i = rank; i-- > 0 && axis_at(&f->y, f->peaks[i]->rate * 1e-9) + 9 - y < 16;) {
        right -= drawing_text_width("avx512 peak 100", LABEL_SIZE) + gap;
        height = axis_at(&f->y, f->peaks[i]->rate * 1e-9) + 9;
    }
    const double width = drawing_text_width(text, LABEL_SIZE);
    drawing_text(d, right, height,
                 &(text_style){"right", isa_colour((int)rank), LABEL_SIZE, 0, true}, text);
    room_take(&f->room, (box){right - width, height - 6, right, height + 6});
    room_take_line(&f->room, axis_at(&f->x, start), y - 9, f->x.end, y - 9, 1);
}

static void put_limits(drawing *d, chart *f) {
    FILE *data = drawing_open(d, "limits");
    if (data == NULL) {
        return;
    }
    fputs("# limit\tFLOP/byte\tGFLOP/s\tcolour\n", data);
    for (size_t i = 0; i < d->results->limit_count; i++) {
        if (is_limit(d, &d->results->limits[i], "copy")) {
            put_bandwidth(f, data, &d->results->limits[i]);
        }
    }
    for (size_t i = f->peak_count; i-- > 0;) { /* the best one is drawn last, over the others */
        put_peak(d, f, data, i);
    }
    for (size_t i = 0; i < d->results->limit_count; i++) {
        if (is_limit(d, &d->results->limits[i], "copy")) {
            name_bandwidth(d, f, &d->results->limits[i]);
        }
    }
    drawing_close(d, data);
}

/* ---- the kernels -------------------------------------------------------------------------- */

static void put_points(drawing *d, chart *f) {
    FILE *data = drawing_open(d, "");
    if (data == NULL) {
        return;
    }
    fputs("# benchmark\tlayout\tISA's rank\tFLOP/byte\tGFLOP/s\n", data);
    for (size_t i = 0; i < d->results->count; i++) {
        const result *r = &d->results->items[i];
        if (!belongs(d, r)) {
            continue;
        }
        drawing_put_field(data, r->name);
        fprintf(data, "\t%s\t%d\t%.6g\t%.6g\n", r->layout, isa_rank(f, r->implementation),
                intensity(r), rate(r));
        double x = axis_at(&f->x, intensity(r)), y = axis_at(&f->y, rate(r));
        room_take(&f->room, (box){x - 4, y - 4, x + 4, y + 4});
    }
    drawing_close(d, data);
}

static double distance_to_roof(const result *r) {
    return r->bound_seconds > 0 ? r->min / r->bound_seconds : 1;
}

static int farthest_first(const void *a, const void *b) {
    double x = distance_to_roof(*(const result *const *)a);
    double y = distance_to_roof(*(const result *const *)b);
    return (x < y) - (x > y);
}

static bool named_before(const result *const *points, size_t at) {
    for (size_t i = 0; i < at; i++) {
        if (strcmp(points[i]->shape, points[at]->shape) == 0) {
            return true;
        }
    }
    return false;
}

/* Only the best ISA's, as room allows. Those far below the roof are what a reader asks about, so
 * they come first. */
static void name_points(drawing *d, chart *f) {
    const result **points = calloc(d->results->count + 1, sizeof(const result *));
    size_t count = 0;
    for (size_t i = 0; points != NULL && i < d->results->count; i++) {
        const result *r = &d->results->items[i];
        if (belongs(d, r) && isa_rank(f, r->implementation) == 0) {
            points[count++] = r;
        }
    }
    if (count > 0) {
        qsort(points, count, sizeof(const result *), farthest_first);
    }
    for (size_t i = 0; i < count; i++) {
        const result *r = points[i];
        place p;
        if (!named_before(points, i) &&
            room_find(&f->room, axis_at(&f->x, intensity(r)), axis_at(&f->y, rate(r)),
                      drawing_text_width(r->shape, LABEL_SIZE - 1), &p)) {
            drawing_text(d, p.x, p.y, &(text_style){p.side, "ink", LABEL_SIZE - 1, 0, false},
                         r->shape);
        }
    }
    free(points);
}

static const char commands[] =
    "  set clip two\n"
    "  plot for [i=isas:0:-1] name.'-limits.tsv' using 2:($4 == i ? $3 : NaN) with lines \\\n"
    "      linewidth 1.5 linecolor rgb i == 0 ? muted : word(colours, i) notitle, \\\n"
    "    for [i=isas-1:0:-1] name.'.tsv' using 4:($3 == i && strcol(2) eq 'nhwc' ? $5 : NaN) \\\n"
    "      with points pointtype 6 pointsize 0.6 linewidth 1.3 linecolor rgb word(colours, i+1) "
    "notitle, \\\n"
    "    for [i=isas-1:0:-1] name.'.tsv' using 4:($3 == i && strcol(2) eq 'nchw' ? $5 : NaN) \\\n"
    "      with points pointtype 7 pointsize 0.6 linecolor rgb word(colours, i+1) notitle\n";

void draw_roofline(drawing *d) {
    chart f = measure(d);
    drawing_begin(d, HEIGHT);
    if (!d->failed) {
        drawing_area(d, &f.x, &f.y);
        fprintf(d->script, "isas = %zu\ncolours = ''", f.peak_count + 1);
        for (int i = 0; i <= (int)f.peak_count; i++) {
            fprintf(d->script, ".%s.' '", isa_colour(i));
        }
        fputs("\nset format '%g'\n", d->script);
        put_points(d, &f);
        put_limits(d, &f);
        name_points(d, &f);
        drawing_name_axes(d, &f.x, &f.y,
                          "floating-point operations per byte of src, weights and dst", "GFLOP/s");
        drawing_end(d, commands);
    }
    room_free(&f.room);
}
