/* A gnuplot script and its data, while they are written. Places are in pixels of the SVG from its
 * lower left corner, as gnuplot counts. */
#ifndef NINETAP_BENCH_DRAWING_H
#define NINETAP_BENCH_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "output.h"
#include "picture.h"
#include "result.h"

/* Of every picture; above and below the area between the axes. */
enum { DRAWING_WIDTH = 800, DRAWING_HEAD = 104, DRAWING_FOOT = 76 };

enum { DRAWING_FILES = 3 };
typedef struct drawing_file {
    output out;
    char path[4096];
} drawing_file;

typedef struct drawing {
    const char *directory;
    const picture *picture;
    const results *results;
    int height;
    FILE *script;
    drawing_file files[DRAWING_FILES]; /* those that are open: the script, its data */
    char *why;                         /* of the first failure */
    size_t why_size;
    bool failed;
} drawing;

/* Opens the script and writes what comes first: colours, title, how to read it, the machine. */
void drawing_begin(drawing *d, int height);

/* Writes what `commands` draw for both formats, and closes the script. */
void drawing_end(drawing *d, const char *commands);

/* After a failure: what is still open is given up. */
void drawing_abandon(drawing *d);

/* NAME.tsv, or NAME-suffix.tsv; NULL, with d->failed, if it cannot be opened. */
FILE *drawing_open(drawing *d, const char *suffix);
void drawing_close(drawing *d, FILE *data);
/* As a field of the data or a string of the script, whatever is in it. */
void drawing_put_field(FILE *file, const char *text);
void drawing_put_string(FILE *file, const char *text);

/* One axis: where its ends lie, and where on it a value does. */
typedef struct axis {
    double from, to; /* values */
    bool logarithmic;
    double start, end; /* pixels */
} axis;

double axis_at(const axis *a, double value);

/* The area between two axes, as gnuplot's margins and ranges. */
void drawing_area(drawing *d, const axis *x, const axis *y);

/* `colour` is one of the theme's names; size in points. */
typedef struct text_style {
    const char *side; /* of the text, at the place: left, center, right */
    const char *colour;
    int size, degrees;
    bool bold;
} text_style;

void drawing_text(drawing *d, double x, double y, const text_style *style, const char *text);

/* What the axes show; `x` below, `y` above on the left. */
void drawing_name_axes(drawing *d, const axis *x, const axis *y, const char *x_name,
                       const char *y_name);

/* Labels side by side of a vertical line, each near its own height. */
typedef struct drawing_mark {
    double wanted, y;
    const char *colour;
    char text[96];
} drawing_mark;

/* Sorts the marks by height, leaves out as many as there is no room for (never the lowest and the
 * highest), and moves the others as little as keeps `distance` between them. Returns how many. */
size_t drawing_spread(drawing_mark *marks, size_t count, double distance, double low, double high);

/* How wide a text is, about. */
double drawing_text_width(const char *text, int size);

/* One for each kind of picture; each writes script and data. */
void draw_roofline(drawing *d);
void draw_peers(drawing *d);
void draw_threads(drawing *d);
void draw_sweep(drawing *d);
void draw_crossover(drawing *d);

#endif
