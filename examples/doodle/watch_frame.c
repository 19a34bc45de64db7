#include <math.h>
#include <stdio.h>

#include "palette.h"
#include "trainer.h"
#include "watch.h"

static const colour background = {30, 33, 40}, bright = {236, 238, 242}, dim = {150, 157, 170},
                    rule = {66, 72, 84}, right_bar = {110, 190, 110}, bar = {247, 154, 52};

enum {
    MARGIN = 12,
    DOODLE = 2 * DIGIT_SIDE,
    MAP = 28, /* both stages' maps, enlarged */
    GAP = 4,
    FILTER = 24,
    SHOWN = 16, /* maps of a stage */
    FIRST = MARGIN + DOODLE + 12,
    SECOND = FIRST + SHOWN / 4 * (MAP + GAP) + 12,
    NAMES = SECOND + SHOWN / 2 * (MAP + GAP) + 12,
    WIDTH = NAMES + 150,
    CURVE = 96,
    HEAD = MARGIN + CURVE + 30,
    ROW = DOODLE + 16,
    HEIGHT = HEAD + WATCHED * ROW + 8
};

/* A few shades: an animation has 255 colours, and packs better with fewer. */
static void draw_map(canvas *c, int x, int y, const float *samples, int side, float limit, look how,
                     int size) {
    enum { SHADES = 12 };
    for (int row = 0; row < side; row++)
        for (int column = 0; column < side; column++) {
            const float v = limit > 0 ? samples[row * side + column] / limit : 0;
            const float shade = roundf(v * (float)SHADES) / (float)SHADES;
            const int left = column * size / side, top = row * size / side;
            canvas_fill(c, x + left, y + top, (column + 1) * size / side - left,
                        (row + 1) * size / side - top, palette_colour(how, &shade, 1, 1));
        }
}

static float largest(const float *samples, int64_t count) {
    float most = 0;
    for (int64_t i = 0; i < count; i++)
        most = fmaxf(most, fabsf(samples[i]));
    return most;
}

static void draw_maps(canvas *c, int x, int y, const stage *s, int number, int across) {
    const int64_t size = (int64_t)s->pooled * s->pooled;
    const float *maps = s->out + number * s->filters * size;
    const float limit = largest(maps, s->filters * size);
    for (int i = 0; i < s->filters && i < 2 * across; i++)
        draw_map(c, x + i % across * (MAP + GAP), y + i / across * (MAP + GAP), maps + i * size,
                 s->pooled, limit, LOOK_RECTIFIED, MAP);
}

/* The three classes that it holds most likely. */
static void draw_classes(canvas *c, int y, const watch *w, int number) {
    enum { BEST = 3, LETTERS = 11, BAR = 60 };
    const float *p = w->net.probability + (int64_t)number * w->classes->count;
    int before = -1;
    for (int place = 0; place < BEST && place < w->classes->count; place++) {
        int best = -1;
        for (int i = 0; i < w->classes->count; i++) {
            const bool later =
                before < 0 || p[i] < p[before] || (!(p[i] > p[before]) && i > before);
            if (later && (best < 0 || p[i] > p[best]))
                best = i;
        }
        if (best < 0)
            return; /* NaNs */
        char text[CLASS_NAME];
        snprintf(text, LETTERS, "%s", w->classes->name[best]);
        const int top = y + place * 20;
        canvas_text(c, NAMES, top + 3, 1, place ? dim : bright, text);
        const int length = (int)(p[best] * (float)BAR);
        canvas_fill(c, NAMES + 72, top, length > 0 ? length : 1, 12,
                    best == w->label[number] ? right_bar : bar);
        before = best;
    }
}

static void draw_head(canvas *c, const watch *w) {
    curve_draw(&w->curve, w->last, c, FIRST, MARGIN, WIDTH - FIRST - MARGIN, CURVE);
    canvas_text(c, MARGIN, MARGIN, 1, dim, "filters");
    const float *filters = w->net.tensor[0].values;
    const int count = w->net.shape.filters[0] < 6 ? w->net.shape.filters[0] : 6;
    const float limit = largest(filters, (int64_t)w->net.shape.filters[0] * 9);
    for (int i = 0; i < count; i++)
        draw_map(c, MARGIN + i % 2 * (FILTER + GAP), MARGIN + 14 + i / 2 * (FILTER + GAP),
                 filters + (int64_t)i * 9, 3, limit, LOOK_SIGNED, FILTER);
}

bool watch_draw(canvas *c, const watch *w) {
    if (!canvas_alloc(c, WIDTH, HEIGHT, background))
        return false;
    draw_head(c, w);
    for (int i = 0; i < w->net.shape.n; i++) {
        const int y = HEAD + i * ROW;
        draw_map(c, MARGIN, y, w->net.input + i * PIXELS, DIGIT_SIDE, 1, LOOK_PICTURE, DOODLE);
        canvas_frame(c, MARGIN, y, DOODLE, DOODLE, rule);
        draw_maps(c, FIRST, y, &w->net.stage[0], i, SHOWN / 4);
        draw_maps(c, SECOND, y, &w->net.stage[1], i, SHOWN / 2);
        draw_classes(c, y, w, i);
    }
    return true;
}
