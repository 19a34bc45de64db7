/* Which algorithm is fastest where: a cell for each size and number of channels, a panel without
 * and one with F(6x6). */
#include <math.h>
#include <string.h>

#include "crossover.h"
#include "drawing.h"

enum { NAMES = 46, GAP = 40, ROW = 36, LEGEND = 26, LABEL_SIZE = 11, PANELS = 2 };

static const char *const colours[CROSSOVER_ALGORITHMS] = {"muted", "green", "blue", "orange"};
static const char *const panel_titles[PANELS] = {"default precision", "FAST: F(6x6) as well"};
static const char *const legend[CROSSOVER_ALGORITHMS] = {"direct", "F(2x2)", "F(4x4)", "F(6x6)"};

/* Less is the noise of a short measurement. */
#define LEAST_LOSS 0.02

static double panel_width(void) {
    return (DRAWING_WIDTH - 16 - NAMES - GAP) / (double)PANELS;
}

static double panel_start(int panel) {
    return (double)NAMES + panel * (panel_width() + (double)GAP);
}

typedef struct frame {
    double left, right, bottom, top;
} frame;

/* In pixels. */
static frame cell_frame(const crossover *c, const crossover_cell *cell, int panel) {
    const double width = panel_width() / (double)c->size_count;
    const double left = panel_start(panel) + (double)cell->column * width;
    const double bottom = (double)DRAWING_FOOT + (double)cell->row * (double)ROW;
    return (frame){left + 1, left + width - 1, bottom + 1, bottom + (double)ROW - 1};
}

/* The ratio to direct; below it, where AUTO took something else, what that costs. */
static void name_cell(drawing *d, const crossover_cell *cell, int panel, const frame *f, int best) {
    const double direct = cell->seconds[0], loss = crossover_loss(cell, panel == 1);
    const bool lost = loss >= LEAST_LOSS;
    const double x = (f->left + f->right) / 2, y = (f->bottom + f->top) / 2;
    char text[32];
    if (direct > 0) {
        snprintf(text, sizeof text, "%.2f", direct / cell->seconds[best]);
        drawing_text(d, x, y + (lost ? 7 : 0),
                     &(text_style){"center", "background", LABEL_SIZE, 0, false}, text);
    }
    if (lost) {
        snprintf(text, sizeof text, "+%.0f%%", fmin(100 * loss, 999));
        drawing_text(d, x, y - 7, &(text_style){"center", "background", LABEL_SIZE - 1, 0, false},
                     text);
    }
}

static void put_cells(drawing *d, FILE *data, const crossover *c, int panel) {
    for (size_t i = 0; i < c->count; i++) {
        const crossover_cell *cell = &c->cells[i];
        const int best = crossover_best(cell, panel == 1);
        if (best < 0) {
            continue;
        }
        const frame f = cell_frame(c, cell, panel);
        const int taken = cell->taken[panel];
        const double loss = crossover_loss(cell, panel == 1);
        fprintf(data, "%d\t%g\t%g\t%d\t%.5g\t%s\t%.5g\t%.6g\t%.6g\t%.6g\t%.6g\n", panel,
                c->sizes[cell->column], c->channels[cell->row], best,
                cell->seconds[0] / cell->seconds[best], taken >= 0 ? crossover_names[taken] : "-",
                loss, f.left, f.right, f.bottom, f.top);
        name_cell(d, cell, panel, &f, best);
    }
}

static void name_lines(drawing *d, const crossover *c, int panel, double top) {
    const double width = panel_width() / (double)c->size_count, start = panel_start(panel);
    const text_style size = {"center", "muted", LABEL_SIZE, 0, false};
    const text_style channel = {"right", "muted", LABEL_SIZE, 0, false};
    char text[32];
    for (size_t i = 0; i < c->size_count; i++) {
        snprintf(text, sizeof text, "%g", c->sizes[i]);
        drawing_text(d, start + ((double)i + 0.5) * width, DRAWING_FOOT - 12, &size, text);
    }
    for (size_t i = 0; i < c->channel_count; i++) {
        snprintf(text, sizeof text, "%g", c->channels[i]);
        drawing_text(d, start - 6, (double)DRAWING_FOOT + ((double)i + 0.5) * (double)ROW, &channel,
                     text);
    }
    drawing_text(d, start + panel_width() / 2, top + 14,
                 &(text_style){"center", "ink", 12, 0, true}, panel_titles[panel]);
}

static void put_legend(drawing *d, double y) {
    double x = NAMES;
    for (int i = 0; i < CROSSOVER_ALGORITHMS; i++) {
        drawing_text(d, x, y, &(text_style){"left", colours[i], 12, 0, true}, legend[i]);
        x += drawing_text_width(legend[i], 12) + 24;
    }
    drawing_text(d, x, y, &(text_style){"left", "ink", 12, 0, false},
                 "+12%: AUTO took another one, which takes so much longer");
}

static const char commands[] =
    "  plot for [i=1:4] name.'.tsv' \\\n"
    "      using ($4 == i-1 ? $8 : NaN):10:8:9:10:11 with boxxyerror fillstyle solid noborder \\\n"
    "      linecolor rgb word(colours, i) notitle, \\\n"
    "    name.'.tsv' using ($7 >= least ? $8 : NaN):10:($8+1.2):($9-1.2):($10+1.2):($11-1.2) \\\n"
    "      with boxxyerror fillstyle empty linewidth 1.2 linecolor rgb background notitle\n";

static void put_script(drawing *d, const crossover *c) {
    const double top = (double)DRAWING_FOOT + (double)c->channel_count * (double)ROW;
    const axis x = {0, DRAWING_WIDTH, false, 0, DRAWING_WIDTH},
               y = {0, d->height, false, 0, d->height};
    FILE *data = drawing_open(d, "");
    if (data == NULL) {
        return;
    }
    fputs("# panel\tsize\tchannels\tfastest\tdirect / fastest\tAUTO\tloss\tleft\tright\tbottom\t"
          "top\n",
          data);
    drawing_area(d, &x, &y);
    fprintf(d->script, "unset grid\nunset xtics\nunset ytics\nleast = %g\ncolours = ''",
            LEAST_LOSS);
    for (int i = 0; i < CROSSOVER_ALGORITHMS; i++) {
        fprintf(d->script, ".%s.' '", colours[i]);
    }
    fputc('\n', d->script);
    for (int panel = 0; panel < PANELS; panel++) {
        put_cells(d, data, c, panel);
        name_lines(d, c, panel, top);
    }
    drawing_close(d, data);
    put_legend(d, top + 14 + (double)LEGEND);
    drawing_text(d, (NAMES + DRAWING_WIDTH) / 2.0, DRAWING_FOOT - 36,
                 &(text_style){"center", "muted", 12, 0, false}, "map size S");
    drawing_text(d, 16, top + 14, &(text_style){"left", "muted", 12, 0, false}, "C");
    drawing_end(d, commands);
}

void draw_crossover(drawing *d) {
    crossover c;
    if (!crossover_make(&c, d->results, d->picture->like)) {
        snprintf(d->why, d->why_size, "out of memory");
        d->failed = true;
        return;
    }
    drawing_begin(d, DRAWING_FOOT + (int)c.channel_count * ROW + LEGEND + DRAWING_HEAD);
    if (!d->failed) {
        put_script(d, &c);
    }
    crossover_free(&c);
}
