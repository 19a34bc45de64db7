/* The peers' times relative to ours: a row for each shape, a panel for each comparison of
 * verdict.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "verdict.h"

enum { ROW = 17, NAMES = 150, GAP = 14 };

static const char *const panel_titles[VERDICT_SENSES] = {
    "peers in plain nchw", "peers in plain nhwc", "peers in any layout"};

typedef struct chart {
    const verdict *verdict;
    size_t rows;
    double least, lowest, highest; /* ratio; ends of the axis */
} chart;

static bool belongs(const drawing *d, const verdict_row *row) {
    return row->threads == d->picture->threads && row->pair[VERDICT_ANY].ratio > 0;
}

static double axis_width(void) {
    return (DRAWING_WIDTH - 16 - NAMES - 2.0 * (double)GAP) / (double)VERDICT_SENSES;
}

static chart measure(const drawing *d, const verdict *v) {
    chart c = {.verdict = v, .lowest = 1, .highest = 1};
    for (size_t i = 0; i < v->row_count; i++) {
        if (!belongs(d, &v->rows[i])) {
            continue;
        }
        c.rows++;
        for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
            double ratio = v->rows[i].pair[sense].ratio;
            c.lowest = ratio > 0 ? fmin(c.lowest, ratio) : c.lowest;
            c.highest = fmax(c.highest, ratio);
        }
    }
    c.least = c.lowest;
    /* Room on the left for the name of the fastest peer; dots farther right than that are cut. */
    c.highest = fmin(fmax(c.highest * 1.15, 4), 16);
    double room = drawing_text_width("onnxruntime 0.00", 11) / axis_width();
    c.lowest = exp((log(c.lowest) - room * log(c.highest)) / (1 - room));
    return c;
}

static axis panel_axis(const chart *c, verdict_sense sense) {
    const double start = (double)NAMES + (int)sense * (axis_width() + (double)GAP);
    return (axis){c->lowest, c->highest, true, start, start + axis_width()};
}

/* ---- data --------------------------------------------------------------------------------- */

static const char *bar_colour(double ratio) {
    static const char *const colours[] = {"orange", "muted", "blue"};
    return colours[1 + verdict_compare(ratio)];
}

static void put_bar(drawing *d, FILE *data, const chart *c, verdict_sense sense, double place,
                    double ratio, const char *what) {
    const axis x = panel_axis(c, sense);
    const axis y = {0, (double)(c->rows + 1), false, DRAWING_FOOT,
                    (double)DRAWING_FOOT + (double)(c->rows + 1) * (double)ROW};
    fprintf(data, "%d\t%.6g\t%.6g\t%d\t", sense, place, fmin(ratio, c->highest), ratio < 1);
    drawing_put_field(data, what);
    fputc('\n', data);
    char text[96];
    snprintf(text, sizeof text, "%s %.2f", what, ratio);
    drawing_text(d, axis_at(&x, fmin(1, ratio)) - 5, axis_at(&y, place),
                 &(text_style){"right", bar_colour(ratio), 11, 0, false}, text);
}

/* Also the others, so that it is seen how alone the fastest one is. */
static void put_dots(drawing *d, FILE *data, const verdict_row *row, double place) {
    for (size_t i = 0; i < d->results->count; i++) {
        const result *r = &d->results->items[i];
        if (r->ours || !(r->min > 0) || r->threads != row->threads || r->cold != row->cold ||
            strcmp(r->operation, row->operation) != 0 || strcmp(r->shape, row->shape) != 0) {
            continue;
        }
        for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
            const verdict_pair *pair = &row->pair[sense];
            bool counts = sense == VERDICT_ANY || strcmp(r->layout, verdict_sense_name(sense)) == 0;
            if (counts && pair->ours != NULL && r != pair->theirs) {
                fprintf(data, "%d\t%.6g\t%.6g\t", sense, place, r->min / pair->ours->min);
                drawing_put_field(data, r->name);
                fputc('\n', data);
            }
        }
    }
}

static void put_row(drawing *d, FILE *bars, FILE *dots, const chart *c, const verdict_row *row,
                    double place) {
    drawing_text(d, NAMES - 10, (double)DRAWING_FOOT + place * (double)ROW,
                 &(text_style){"right", "ink", 11, 0, false}, row->shape);
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        const verdict_pair *pair = &row->pair[sense];
        if (pair->ratio > 0) {
            put_bar(d, bars, c, sense, place, pair->ratio, pair->theirs->implementation);
        }
    }
    put_dots(d, dots, row, place);
}

static void put_rows(drawing *d, const chart *c) {
    FILE *bars = drawing_open(d, ""), *dots = drawing_open(d, "others");
    if (bars != NULL && dots != NULL) {
        fputs("# panel\tplace\tfastest peer's time / ours\tslower\tpeer\n", bars);
        fputs("# panel\tplace\ttime / ours\tbenchmark\n", dots);
        double place = (double)c->rows + 0.5;
        for (size_t i = 0; i < c->verdict->row_count; i++) {
            if (belongs(d, &c->verdict->rows[i])) {
                put_row(d, bars, dots, c, &c->verdict->rows[i], place--);
            }
        }
        drawing_text(d, NAMES - 10, (double)DRAWING_FOOT + 0.35 * (double)ROW,
                     &(text_style){"right", "ink", 11, 0, true}, "geometric mean");
        for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
            verdict_summary s = verdict_sum_up(c->verdict, sense, d->picture->threads);
            if (s.count > 0) {
                put_bar(d, bars, c, sense, 0.35, s.mean, "");
            }
        }
    }
    if (bars != NULL) {
        drawing_close(d, bars);
    }
    if (dots != NULL) {
        drawing_close(d, dots);
    }
}

static const char commands[] =
    "  plot for [slow=0:1] name.'.tsv' \\\n"
    "      using ($4 == slow ? at($1, 1) : NaN):2:(at($1, 1)):(at($1, $3)):($2-0.32):($2+0.32) \\\n"
    "      with boxxyerror fillstyle solid noborder linecolor rgb slow ? orange : blue notitle, "
    "\\\n"
    "    name.'-others.tsv' using ($3 < highest ? at($1, $3) : NaN):2 with points pointtype 7 \\\n"
    "      pointsize 0.3 linecolor rgb muted notitle\n";

/* The three axes side by side are one for gnuplot, from 0 to 3. */
static void put_panels(drawing *d, const chart *c, double top) {
    static const double tics[] = {0.125, 0.25, 0.5, 1, 2, 4, 8, 16};
    static const char *const names[] = {"1/8", "1/4", "1/2", "1", "2", "4", "8", "16"};
    const axis y = {0, (double)(c->rows + 1), false, DRAWING_FOOT, top};
    axis whole = panel_axis(c, 0);
    whole.from = 0;
    whole.to = VERDICT_SENSES;
    whole.end = whole.start + (double)VERDICT_SENSES * (axis_width() + (double)GAP);
    whole.logarithmic = false;
    drawing_area(d, &whole, &y);
    fprintf(d->script,
            "lowest = %.6g\nhighest = %.6g\npanel = %.6g\n"
            "at(which, ratio) = which + panel * log(ratio/lowest) / log(highest/lowest)\n"
            "unset grid\nunset xtics\nunset ytics\n",
            c->lowest, c->highest, axis_width() / (axis_width() + (double)GAP));
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        const axis x = panel_axis(c, sense);
        drawing_text(d, (x.start + x.end) / 2, top + 16,
                     &(text_style){"center", "ink", 12, 0, true}, panel_titles[sense]);
        fprintf(d->script,
                "set arrow from at(%d,1), graph 0 to at(%d,1), graph 1 nohead back linecolor rgb "
                "ink\n",
                sense, sense);
        for (size_t i = 0; i < sizeof tics / sizeof *tics; i++) {
            if (tics[i] > c->least / 1.3 && tics[i] < c->highest) {
                drawing_text(d, axis_at(&x, tics[i]), DRAWING_FOOT - 12,
                             &(text_style){"center", "muted", 11, 0, false}, names[i]);
            }
        }
    }
}

void draw_peers(drawing *d) {
    verdict v;
    if (!verdict_make(&v, d->results)) {
        snprintf(d->why, d->why_size, "out of memory");
        d->failed = true;
        return;
    }
    const chart c = measure(d, &v);
    const double top = (double)DRAWING_FOOT + (double)(c.rows + 1) * (double)ROW;
    drawing_begin(d, (int)top + DRAWING_HEAD);
    if (!d->failed) {
        put_panels(d, &c, top);
        drawing_text(d, (NAMES + DRAWING_WIDTH) / 2.0, DRAWING_FOOT - 36,
                     &(text_style){"center", "muted", 12, 0, false},
                     "the peer's time / ninetap's time");
        put_rows(d, &c);
        drawing_end(d, commands);
    }
    verdict_free(&v);
}
