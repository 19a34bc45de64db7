#include "sheet.h"

#include <math.h>
#include <stdio.h>

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
    CELL = 26 * 4, /* the largest map, drawn 4:1 */
    DIGIT_ZOOM = 8,
    BARS = 600,
    WIDTH = 2 * MARGIN + ACROSS * (CELL + GAP) - GAP
};

/* Maps of a layer, all to one scale. */
static int draw_maps(canvas *c, int y, const char *title, float *samples, int count, int side) {
    const zoom z = {CELL / side < 8 ? CELL / side : 8, 1};
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
        palette_image(c, x, top, &map, LOOK_RECTIFIED, max, z);
        canvas_frame(c, x, top, side * z.up, side * z.up, rule);
    }
    return y + (count + ACROSS - 1) / ACROSS * (side * z.up + GAP) + GAP;
}

static int draw_stage(canvas *c, int y, const stage *s, int number) {
    char title[96];
    snprintf(title, sizeof title, "conv%d + ReLU: %dx%dx%d", number, s->filters, s->filtered,
             s->filtered);
    y = draw_maps(c, y, title, s->maps, s->filters, s->filtered);
    snprintf(title, sizeof title, "pool%d: %dx%dx%d", number, s->filters, s->pooled, s->pooled);
    return draw_maps(c, y, title, s->out, s->filters, s->pooled);
}

static int draw_classes(canvas *c, int y, const network *n) {
    char text[64];
    canvas_text(c, MARGIN, y, TEXT, bright, "class, score (dense), probability (softmax)");
    y += LINE;
    for (int i = 0; i < CLASSES; i++, y += LINE) {
        const int length = (int)lroundf(n->probability[i] * (float)BARS);
        snprintf(text, sizeof text, "%d %8.3f %6.2f %%", i, (double)n->score[i],
                 100 * (double)n->probability[i]);
        canvas_text(c, MARGIN, y, TEXT, dim, text);
        canvas_fill(c, MARGIN + canvas_text_width(TEXT, text) + GAP, y, length > 0 ? length : 1,
                    LINE - 8, bar);
    }
    return y;
}

static int draw(canvas *c, const network *n, const image *digit, const char *title) {
    int y = MARGIN;
    canvas_text(c, MARGIN, y, TITLE, bright, "LeNet: ");
    canvas_text(c, MARGIN + canvas_text_width(TITLE, "LeNet: "), y, TITLE, bright, title);
    y += 2 * LINE;
    canvas_text(c, MARGIN, y, TEXT, bright, "input: 1x28x28");
    y += LINE;
    const zoom z = {DIGIT_ZOOM, 1};
    palette_image(c, MARGIN, y, digit, LOOK_PICTURE, 1, z);
    canvas_frame(c, MARGIN, y, zoom_length(z, DIGIT_SIDE), zoom_length(z, DIGIT_SIDE), rule);
    y += zoom_length(z, DIGIT_SIDE) + 2 * GAP;
    for (int i = 0; i < STAGES; i++)
        y = draw_stage(c, y, &n->stage[i], i + 1);
    return draw_classes(c, y, n) + MARGIN;
}

/* Once on a strip one pixel high, which clips everything, to see how high it must be. */
bool sheet_write(const network *n, const image *digit, const char *title, const char *path) {
    canvas c;
    bool done = canvas_alloc(&c, WIDTH, 1, background);
    const int height = done ? draw(&c, n, digit, title) : 0;
    canvas_free(&c);
    done = done && canvas_alloc(&c, WIDTH, height, background);
    if (!done) {
        fprintf(stderr, "%s: out of memory\n", program);
        return false;
    }
    (void)draw(&c, n, digit, title);
    done = canvas_write(&c, path);
    canvas_free(&c);
    return done;
}
