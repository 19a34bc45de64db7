#include "confusion.h"

#include <inttypes.h>
#include <stdio.h>

#include "canvas.h"
#include "palette.h"
#include "program.h"

static const colour background = {30, 33, 40}, bright = {236, 238, 242}, dim = {150, 157, 170},
                    dark = {20, 22, 27};

enum { MARGIN = 24, TEXT = 2, CELL = 56, GAP = 4, LINE = 30, SHOWN = 40, LETTERS = 10 };

static void draw_cell(canvas *c, int x, int y, int64_t number, int64_t all) {
    const float share = all > 0 ? (float)number / (float)all : 0;
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    canvas_fill(c, x, y, CELL, CELL, palette_colour(LOOK_RECTIFIED, &share, 1, 1));
    if (number > 0)
        canvas_text(c, x + (CELL - canvas_text_width(TEXT, text)) / 2 + 1, y + CELL / 2 - 7, TEXT,
                    share > 0.6F ? dark : bright, text);
}

static void draw(canvas *c, const classes *names, const int64_t *confusion, int shown, int left) {
    canvas_text(c, MARGIN, MARGIN, TEXT, bright, "rows: what it is; columns: what is said");
    for (int i = 0; i < shown; i++) {
        const int y = MARGIN + 2 * LINE + i * (CELL + GAP);
        int64_t all = 0;
        for (int k = 0; k < names->count; k++)
            all += confusion[i * names->count + k];
        canvas_text(c, MARGIN, y + CELL / 2 - 7, TEXT, bright, names->name[i]);
        char start[LETTERS];
        snprintf(start, CELL / (TEXT * 6), "%s", names->name[i]);
        canvas_text(c, left + i * (CELL + GAP), MARGIN + LINE, TEXT, dim, start);
        for (int k = 0; k < shown; k++)
            draw_cell(c, left + k * (CELL + GAP), y, confusion[i * names->count + k], all);
    }
}

/* Of many classes the first ones: others would not be legible. */
bool confusion_write(const classes *c, const int64_t *confusion, const char *path) {
    const int shown = c->count < SHOWN ? c->count : SHOWN;
    int left = 0;
    for (int i = 0; i < shown; i++) {
        const int width = canvas_text_width(TEXT, c->name[i]);
        left = width > left ? width : left;
    }
    left += 2 * MARGIN;
    int width = left + shown * (CELL + GAP) + MARGIN;
    width = width < 520 ? 520 : width;
    canvas sheet;
    if (!canvas_alloc(&sheet, width, 2 * MARGIN + 2 * LINE + shown * (CELL + GAP), background))
        return program_fail(NULL, "not enough memory for the picture");
    draw(&sheet, c, confusion, shown, left);
    const bool written = canvas_write(&sheet, path);
    canvas_free(&sheet);
    return written;
}
