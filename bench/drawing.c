#include "drawing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "theme.h"

/* ---- files -------------------------------------------------------------------------------- */

/* The first reason is the one that is told. */
static void fail(drawing *d, const char *why) {
    if (!d->failed) {
        snprintf(d->why, d->why_size, "%s", why);
    }
    d->failed = true;
}

static drawing_file *find_file(drawing *d, const FILE *file) {
    size_t i = 0;
    while (i + 1 < DRAWING_FILES && d->files[i].out.file != file) {
        i++;
    }
    return &d->files[i];
}

static FILE *open_file(drawing *d, const char *suffix) {
    drawing_file *f = find_file(d, NULL);
    char why[512];
    snprintf(f->path, sizeof f->path, "%s/%s%s", d->directory, d->picture->name, suffix);
    if (!output_open(&f->out, f->path, why, sizeof why)) {
        fail(d, why);
    }
    return f->out.file;
}

FILE *drawing_open(drawing *d, const char *suffix) {
    char text[64];
    snprintf(text, sizeof text, "%s%s.tsv", *suffix != '\0' ? "-" : "", suffix);
    return open_file(d, text);
}

void drawing_close(drawing *d, FILE *data) {
    char why[512];
    if (!output_close(&find_file(d, data)->out, why, sizeof why)) {
        fail(d, why);
    }
}

void drawing_abandon(drawing *d) {
    for (size_t i = 0; i < DRAWING_FILES; i++) {
        if (d->files[i].out.file != NULL) {
            output_discard(&d->files[i].out);
        }
    }
    d->script = NULL;
}

/* ---- text --------------------------------------------------------------------------------- */

void drawing_put_field(FILE *file, const char *text) {
    for (; *text != '\0'; text++) {
        fputc((unsigned char)*text < ' ' || *text == '"' ? ' ' : *text, file);
    }
}

/* Inside single quotes gnuplot leaves everything alone but the quote itself. */
void drawing_put_string(FILE *file, const char *text) {
    fputc('\'', file);
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputc('\'', file);
        }
        fputc((unsigned char)*text < ' ' ? ' ' : *text, file);
    }
    fputc('\'', file);
}

void drawing_text(drawing *d, double x, double y, const text_style *style, const char *text) {
    fputs("set label ", d->script);
    drawing_put_string(d->script, text);
    fprintf(d->script, " at screen %.5f,%.5f %s front font '%s,%d' textcolor rgb %s",
            x / (double)DRAWING_WIDTH, y / d->height, style->side,
            style->bold ? "sans-serif:Bold" : "sans-serif", style->size, style->colour);
    if (style->degrees != 0) {
        fprintf(d->script, " rotate by %d", style->degrees);
    }
    fputc('\n', d->script);
}

double drawing_text_width(const char *text, int size) {
    return 0.58 * size * (double)strlen(text);
}

/* In lines that fit. */
static void put_description(drawing *d, double top) {
    char line[160];
    int lines = 0;
    const size_t most = 118;
    for (const char *at = d->picture->description; *at != '\0'; lines++) {
        size_t length = strlen(at);
        if (length > most) {
            for (length = most; length > 0 && at[length] != ' '; length--) {
            }
        }
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        drawing_text(d, 16, top - 17 * lines, &(text_style){"left", "muted", 12, 0, false}, line);
        at += length;
        at += *at == ' ';
    }
}

static void put_machine(drawing *d) {
    char text[256] = "";
    static const char *const keys[] = {"CPU", "date"};
    size_t used = 0;
    for (size_t i = 0; i < 2; i++) {
        const char *value = results_fact(d->results, keys[i]);
        if (value != NULL && used < sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? ", " : "",
                                     value);
        }
    }
    drawing_text(d, DRAWING_WIDTH - 16, 14, &(text_style){"right", "muted", 11, 0, false}, text);
}

/* ---- the script --------------------------------------------------------------------------- */

void drawing_begin(drawing *d, int height) {
    d->height = height;
    d->script = open_file(d, ".gp");
    if (d->script == NULL) {
        return;
    }
    fprintf(d->script,
            "# Draws %s.svg and .png:  gnuplot %s.gp\n"
            "reset\n"
            "name = '%s'\n"
            "if (!exists('beside')) beside = ''\n"
            "width = %d\n"
            "height = %d\n",
            d->picture->name, d->picture->name, d->picture->name, DRAWING_WIDTH, height);
    for (size_t i = 0; i < theme_size; i++) {
        fprintf(d->script, "%s = '#%06x'\n", theme[i].name, theme[i].light);
    }
    fputs("set encoding utf8\n"
          "set datafile separator tab\n"
          "set border 0\n"
          "set key off\n"
          "set tics scale 0 textcolor rgb muted font 'sans-serif,11'\n"
          "set grid linetype 1 linecolor rgb grid\n",
          d->script);
    drawing_text(d, 16, height - 22, &(text_style){"left", "ink", 17, 0, true}, d->picture->title);
    put_description(d, height - 45);
    put_machine(d);
}

void drawing_end(drawing *d, const char *commands) {
    if (d->script == NULL) {
        return;
    }
    fputs("do for [format in 'svg png'] {\n"
          "  if (format eq 'svg') {\n"
          "    set terminal svg size width,height font 'sans-serif,12' noenhanced\n"
          "  } else {\n"
          "    set terminal pngcairo size 2*width,2*height font 'sans-serif,12' fontscale 1.5 "
          "linewidth 2 pointscale 2 noenhanced\n"
          "  }\n"
          "  set output beside.name.'.'.format\n",
          d->script);
    fputs(commands, d->script);
    fputs("  unset output\n"
          "}\n",
          d->script);
    drawing_close(d, d->script);
}

/* ---- axes and marks ----------------------------------------------------------------------- */

double axis_at(const axis *a, double value) {
    double part = a->logarithmic ? log(value / a->from) / log(a->to / a->from)
                                 : (value - a->from) / (a->to - a->from);
    return a->start + part * (a->end - a->start);
}

void drawing_area(drawing *d, const axis *x, const axis *y) {
    if (d->script == NULL) {
        return;
    }
    fprintf(d->script,
            "set lmargin at screen %.5f\n"
            "set rmargin at screen %.5f\n"
            "set bmargin at screen %.5f\n"
            "set tmargin at screen %.5f\n",
            x->start / (double)DRAWING_WIDTH, x->end / (double)DRAWING_WIDTH, y->start / d->height,
            y->end / d->height);
    fprintf(d->script, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", x->from, x->to, y->from,
            y->to);
    if (x->logarithmic) {
        fputs("set logscale x\n", d->script);
    }
    if (y->logarithmic) {
        fputs("set logscale y\n", d->script);
    }
}

void drawing_name_axes(drawing *d, const axis *x, const axis *y, const char *x_name,
                       const char *y_name) {
    drawing_text(d, (x->start + x->end) / 2, y->start - 40,
                 &(text_style){"center", "muted", 12, 0, false}, x_name);
    drawing_text(d, 16, y->end + 16, &(text_style){"left", "muted", 12, 0, false}, y_name);
}

static int by_height(const void *a, const void *b) {
    double x = ((const drawing_mark *)a)->wanted, y = ((const drawing_mark *)b)->wanted;
    return (x > y) - (x < y);
}

size_t drawing_spread(drawing_mark *marks, size_t count, double distance, double low, double high) {
    qsort(marks, count, sizeof *marks, by_height);
    const size_t most = (size_t)fmax(1, 1 + floor((high - low) / distance));
    if (count > most) {
        for (size_t i = 0; i < most; i++) {
            marks[i] = marks[most > 1 ? i * (count - 1) / (most - 1) : 0];
        }
        count = most;
    }
    /* With the distances taken out it is isotonic regression: the mark's height is the largest of
     * the least means of stretches that hold it (Barlow et al. 1972). */
    for (size_t i = 0; i < count; i++) {
        double height = -INFINITY;
        for (size_t from = 0; from <= i; from++) {
            double sum = 0, least = INFINITY;
            for (size_t to = from; to < count; to++) {
                sum += marks[to].wanted - distance * (double)to;
                least = to >= i ? fmin(least, sum / (double)(to + 1 - from)) : least;
            }
            height = fmax(height, least);
        }
        height = fmin(fmax(height, low), high - distance * (double)(count - 1));
        marks[i].y = height + distance * (double)i;
    }
    return count;
}
