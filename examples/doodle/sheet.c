#include "sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "canvas.h"
#include "palette.h"
#include "program.h"

static const colour background = {30, 33, 40}, bright = {236, 238, 242}, dim = {150, 157, 170},
                    rule = {66, 72, 84}, bar = {247, 154, 52};

enum {
    MARGIN = 32,
    TEXT = 2,
    TITLE = 3,
    LINE = 26,
    GAP = 14,
    ACROSS = 8,    /* maps in a row */
    CELL = 28 * 4, /* the largest map, drawn 4:1 */
    ZOOM_MOST = 8,
    BARS = 480,
    BARS_MOST = 40,
    WIDTH = 2 * MARGIN + ACROSS * (CELL + GAP) - GAP
};

/* Squares of a layer, all to one scale. */
static int draw_maps(canvas *c, int y, const char *title, float *samples, int count, int side,
                     look how) {
    const zoom z = {CELL / side < ZOOM_MOST ? CELL / side : ZOOM_MOST, 1};
    const image all = {.width = side, .height = side, .channels = count, .samples = samples};
    float min;
    float max;
    image_range(&all, &min, &max);
    canvas_text(c, MARGIN, y, TEXT, bright, title);
    y += LINE;
    for (int i = 0; i < count; i++) {
        const image map = {.width = side,
                           .height = side,
                           .channels = 1,
                           .samples = samples + (size_t)i * (size_t)(side * side)};
        const int x = MARGIN + i % ACROSS * (CELL + GAP);
        const int top = y + i / ACROSS * (side * z.up + GAP);
        palette_image(c, x, top, &map, how, fmaxf(-min, max), z);
        canvas_frame(c, x, top, side * z.up, side * z.up, rule);
    }
    return y + (count + ACROSS - 1) / ACROSS * (side * z.up + GAP) + GAP;
}

static int draw_stage(canvas *c, int y, const stage *s, int number) {
    char title[96];
    snprintf(title, sizeof title, "conv%d + ReLU: %dx%dx%d", number, s->filters, s->side, s->side);
    y = draw_maps(c, y, title, s->maps, s->filters, s->side, LOOK_RECTIFIED);
    snprintf(title, sizeof title, "pool%d: %dx%dx%d", number, s->filters, s->pooled, s->pooled);
    return draw_maps(c, y, title, s->out, s->filters, s->pooled, LOOK_RECTIFIED);
}

static int draw_classes(canvas *c, int y, const network *net, const classes *names) {
    const int shown = names->count < BARS_MOST ? names->count : BARS_MOST;
    int most = 0;
    for (int i = 0; i < shown; i++)
        most = (int)strlen(names->name[i]) > most ? (int)strlen(names->name[i]) : most;
    canvas_text(c, MARGIN, y, TEXT, bright, "class, score (dense), probability (softmax)");
    y += LINE;
    for (int i = 0; i < shown; i++, y += LINE) {
        char text[CLASS_NAME + 40];
        const int length = (int)lroundf(net->probability[i] * (float)BARS);
        snprintf(text, sizeof text, "%-*s %8.3f %6.2f %%", most, names->name[i],
                 (double)net->score[i], 100 * (double)net->probability[i]);
        canvas_text(c, MARGIN, y, TEXT, dim, text);
        canvas_fill(c, MARGIN + canvas_text_width(TEXT, text) + GAP, y, length > 0 ? length : 1,
                    LINE - 8, bar);
    }
    return y;
}

static int draw(canvas *c, const network *net, const classes *names, const char *title) {
    int y = MARGIN;
    canvas_text(c, MARGIN, y, TITLE, bright, "Doodle: ");
    canvas_text(c, MARGIN + canvas_text_width(TITLE, "Doodle: "), y, TITLE, bright, title);
    y += 2 * LINE;
    canvas_text(c, MARGIN, y, TEXT, bright, "input: 1x28x28");
    y += LINE;
    const zoom z = {ZOOM_MOST, 1};
    const image digit = {
        .width = DIGIT_SIDE, .height = DIGIT_SIDE, .channels = 1, .samples = net->input};
    palette_image(c, MARGIN, y, &digit, LOOK_PICTURE, 1, z);
    canvas_frame(c, MARGIN, y, zoom_length(z, DIGIT_SIDE), zoom_length(z, DIGIT_SIDE), rule);
    y += zoom_length(z, DIGIT_SIDE) + 2 * GAP;
    y = draw_maps(c, y, "filters of conv1: 3x3, blue below 0", net->tensor[0].values,
                  net->shape.filters[0], 3, LOOK_SIGNED);
    for (int i = 0; i < STAGES; i++)
        y = draw_stage(c, y, &net->stage[i], i + 1);
    return draw_classes(c, y, net, names) + MARGIN;
}

/* Once on a strip one pixel high, which clips everything, to see how high it must be. */
bool sheet_write(const network *net, const classes *names, const char *title, const char *path) {
    canvas c;
    bool done = canvas_alloc(&c, WIDTH, 1, background);
    const int height = done ? draw(&c, net, names, title) : 0;
    canvas_free(&c);
    done = done && canvas_alloc(&c, WIDTH, height, background);
    if (!done)
        return program_fail(NULL, "out of memory");
    (void)draw(&c, net, names, title);
    done = canvas_write(&c, path);
    canvas_free(&c);
    return done;
}
