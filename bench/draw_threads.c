/* How much faster more threads are: a line for each shape. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"

enum { HEIGHT = 560, LABEL = 14, LABEL_SIZE = 11, LABELS_WIDTH = 190 };

typedef struct family {
    const char *name, *colour;
} family;

static family family_of(const result *r) {
    if (strcmp(r->operation, "network") == 0) {
        return (family){"network", "pink"};
    }
    if (strcmp(r->operation, "dense") == 0) {
        return (family){"dense", "violet"};
    }
    if (strcmp(r->operation, "softmax") == 0) {
        return (family){"softmax", "sky"};
    }
    if (strcmp(r->operation, "conv3x3") != 0) {
        return (family){"pooling", "orange"};
    }
    return strstr(r->shape, "-dw") != NULL ? (family){"depthwise", "green"}
                                           : (family){"convolution", "blue"};
}

/* Our fastest time for the shape of `like`; 0: none. */
static double fastest(const results *r, const result *like, int threads) {
    double best = 0;
    for (size_t i = 0; i < r->count; i++) {
        const result *item = &r->items[i];
        if (item->ours && item->min > 0 && item->threads == threads && item->cold == like->cold &&
            strcmp(item->operation, like->operation) == 0 &&
            strcmp(item->shape, like->shape) == 0 && (best == 0 || item->min < best)) {
            best = item->min;
        }
    }
    return best;
}

static bool is_first_of_shape(const results *r, size_t at) {
    const result *item = &r->items[at];
    for (size_t i = 0; i < at; i++) {
        const result *other = &r->items[i];
        if (other->ours && other->min > 0 && other->threads == 1 && other->cold == item->cold &&
            strcmp(other->operation, item->operation) == 0 &&
            strcmp(other->shape, item->shape) == 0) {
            return false;
        }
    }
    return item->ours && item->min > 0 && item->threads == 1;
}

/* The lines; the marks for their ends. Returns how many. */
static size_t put_lines(drawing *d, FILE *data, drawing_mark *marks) {
    const results *r = d->results;
    const int most = d->picture->threads;
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        const result *item = &r->items[i];
        const double one = fastest(r, item, 1), last = fastest(r, item, most);
        if (!is_first_of_shape(r, i) || last <= 0) {
            continue;
        }
        const family f = family_of(item);
        for (int threads = 1; threads <= most; threads++) {
            double time = fastest(r, item, threads);
            if (time > 0) {
                fprintf(data, "%s\t%s\t%d\t%.5g\n", item->shape, f.name, threads, one / time);
            }
        }
        fputc('\n', data);
        drawing_mark *mark = &marks[count++];
        *mark = (drawing_mark){.wanted = one / last, .colour = f.colour};
        snprintf(mark->text, sizeof mark->text, "%.2f  %s", one / last, item->shape);
    }
    return count;
}

static void put_marks(drawing *d, const axis *x, const axis *y, drawing_mark *marks, size_t count) {
    for (size_t i = 0; i < count; i++) {
        marks[i].wanted = axis_at(y, marks[i].wanted);
    }
    count = drawing_spread(marks, count, LABEL, y->start, y->end);
    for (size_t i = 0; i < count; i++) {
        fprintf(d->script,
                "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead linecolor rgb grid\n",
                (x->end + 3) / (double)DRAWING_WIDTH, marks[i].wanted / (double)HEIGHT,
                (x->end + 17) / (double)DRAWING_WIDTH, marks[i].y / (double)HEIGHT);
        drawing_text(d, x->end + 20, marks[i].y,
                     &(text_style){"left", marks[i].colour, LABEL_SIZE, 0, false}, marks[i].text);
    }
}

static const char commands[] =
    "  plot for [i=1:words(families)] name.'.tsv' using 3:(strcol(2) eq word(families, i) ? $4 : "
    "NaN) \\\n"
    "      with linespoints pointtype 7 pointsize 0.4 linewidth 1.2 "
    "linecolor rgb word(colours, i) notitle, \\\n"
    "    x with lines dashtype 2 linewidth 1.5 linecolor rgb ink notitle\n";

void draw_threads(drawing *d) {
    drawing_mark *marks = calloc(d->results->count + 1, sizeof *marks);
    if (marks == NULL) {
        snprintf(d->why, d->why_size, "out of memory");
        d->failed = true;
        return;
    }
    const int most = d->picture->threads;
    axis x = {1, most, most > 8, 48, DRAWING_WIDTH - LABELS_WIDTH};
    axis y = {0.95, most * 1.05, most > 8, DRAWING_FOOT, HEIGHT - DRAWING_HEAD};
    drawing_begin(d, HEIGHT);
    FILE *data = d->failed ? NULL : drawing_open(d, "");
    if (data != NULL) {
        fputs("# shape\tfamily\tthreads\ttime on one thread / time\n", data);
        size_t count = put_lines(d, data, marks);
        drawing_close(d, data);
        for (size_t i = 0; i < count; i++) {
            y.from = fmin(y.from, marks[i].wanted * 0.95);
            y.to = fmax(y.to, marks[i].wanted * 1.05);
        }
        drawing_area(d, &x, &y);
        put_marks(d, &x, &y, marks, count);
        fputs("families = 'convolution depthwise pooling network dense softmax'\n"
              "colours = blue.' '.green.' '.orange.' '.pink.' '.violet.' '.sky\n",
              d->script);
        fputs(most > 8 ? "set logscale xy 2\n" : "set xtics 1\n", d->script);
        drawing_name_axes(d, &x, &y, "threads", "times faster than on one thread");
        drawing_end(d, commands);
    }
    free(marks);
}
