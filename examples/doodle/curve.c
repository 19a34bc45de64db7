#include "curve.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "output.h"

static const colour rule = {66, 72, 84}, dim = {150, 157, 170}, of_loss = {247, 154, 52},
                    of_right = {84, 172, 236};

/* ---- Points ------------------------------------------------------------------------------- */

static bool grow(float **values, int64_t room) {
    float *more = realloc(*values, (size_t)room * sizeof *more);
    if (more)
        *values = more;
    return more != NULL;
}

bool curve_add(curve *c, double loss, double right) {
    const double keep = c->steps == 0 ? 0 : c->steps < 20 ? 0.8 : 0.95;
    if (c->steps == c->room) {
        const int64_t room = 2 * c->room + 1024;
        if (!grow(&c->loss, room) || !grow(&c->right, room))
            return false;
        c->room = room;
    }
    c->mean_loss = keep * c->mean_loss + (1 - keep) * loss;
    c->mean_right = keep * c->mean_right + (1 - keep) * right;
    c->loss[c->steps] = (float)c->mean_loss;
    c->right[c->steps++] = (float)c->mean_right;
    return true;
}

void curve_free(curve *c) {
    free(c->loss);
    free(c->right);
    *c = (curve){0};
}

static float largest(const curve *c) {
    float most = 0.01F;
    for (int64_t i = 0; i < c->steps; i++)
        most = c->loss[i] > most ? c->loss[i] : most;
    return most;
}

/* ---- On a canvas -------------------------------------------------------------------------- */

/* From the height of the column before to this one's. */
static void draw_line(const float *values, int64_t steps, float most, int64_t last, canvas *to,
                      int x, int y, int width, int height, colour ink) {
    int before = -1;
    for (int column = 0; column < width; column++) {
        const int64_t step = (int64_t)column * (last > 1 ? last - 1 : 0) / (width - 1);
        if (step >= steps)
            return;
        const float part = fminf(fmaxf(values[step] / most, 0), 1);
        const int now = y + (int)((1 - part) * (float)(height - 2));
        const int from = before < 0 || before > now ? now : before;
        const int down_to = before > now ? before : now;
        canvas_fill(to, x + column, from, 1, down_to - from + 2, ink);
        before = now;
    }
}

void curve_draw(const curve *c, int64_t last, canvas *to, int x, int y, int width, int height) {
    canvas_frame(to, x, y, width, height, rule);
    for (int part = 1; part < 4; part++)
        canvas_fill(to, x, y + part * height / 4, width, 1, (colour){44, 48, 58});
    draw_line(c->loss, c->steps, largest(c), last, to, x, y, width, height, of_loss);
    draw_line(c->right, c->steps, 1, last, to, x, y, width, height, of_right);
    canvas_text(to, x, y + height + 6, 1, of_loss, "loss");
    canvas_text(to, x + 36, y + height + 6, 1, of_right, "trained right");
    char text[40];
    snprintf(text, sizeof text, "step %" PRId64 "/%" PRId64, c->steps, last);
    canvas_text(to, x + width - canvas_text_width(1, text), y + height + 6, 1, dim, text);
}

/* ---- As an SVG ---------------------------------------------------------------------------- */

enum { LEFT = 60, TOP = 30, WIDTH = 600, HEIGHT = 300 };

static void write_line(FILE *f, const float *values, int64_t steps, float most, const char *ink) {
    enum { POINTS = 400 };
    const int64_t points = steps < POINTS ? steps : POINTS;
    fprintf(f, "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"", ink);
    for (int64_t i = 0; i < points; i++) {
        const int64_t step = points > 1 ? i * (steps - 1) / (points - 1) : 0;
        const double x = points > 1 ? (double)i / (double)(points - 1) : 0;
        fprintf(f, "%s%.1f,%.1f", i ? " " : "", (double)LEFT + x * (double)WIDTH,
                (double)TOP + (1 - (double)(values[step] / most)) * (double)HEIGHT);
    }
    fputs("\"/>\n", f);
}

static void write_text(FILE *f, int x, int y, const char *anchor, const char *ink,
                       const char *text) {
    fprintf(f, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor,
            ink, text);
}

static void write_axes(FILE *f, const curve *c, float most) {
    char text[40];
    for (int part = 0; part <= 4; part++) {
        const int y = TOP + HEIGHT - part * HEIGHT / 4;
        fprintf(f, "<path d=\"M%d %dh%d\" stroke=\"#ccc\"/>\n", LEFT, y, WIDTH);
        snprintf(text, sizeof text, "%.2f", (double)most * part / 4);
        write_text(f, LEFT - 8, y + 5, "end", "#c60", text);
        snprintf(text, sizeof text, "%d %%", part * 25);
        write_text(f, LEFT + WIDTH + 8, y + 5, "start", "#06a", text);
    }
    write_text(f, LEFT, TOP - 10, "start", "#c60", "loss");
    write_text(f, LEFT + WIDTH, TOP - 10, "end", "#06a", "trained right");
    snprintf(text, sizeof text, "%" PRId64 " steps", c->steps);
    write_text(f, LEFT, TOP + HEIGHT + 24, "start", "#555", "0");
    write_text(f, LEFT + WIDTH, TOP + HEIGHT + 24, "end", "#555", text);
}

bool curve_write(const curve *c, const char *path) {
    output o;
    if (!output_open(&o, path))
        return false;
    errno = 0;
    fprintf(o.stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "font-family=\"sans-serif\" font-size=\"14\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            LEFT + WIDTH + 60, TOP + HEIGHT + 40);
    const float most = largest(c);
    write_axes(o.stream, c, most);
    write_line(o.stream, c->loss, c->steps, most, "#c60");
    write_line(o.stream, c->right, c->steps, 1, "#06a");
    fputs("</svg>\n", o.stream);
    return output_close(&o, NULL);
}
