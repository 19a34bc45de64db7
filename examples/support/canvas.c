#include "canvas.h"

#include <stdlib.h>
#include <string.h>

#include "font.h"
#include "picture.h"

bool canvas_alloc(canvas *c, int width, int height, colour background) {
    *c = (canvas){0};
    const size_t most = SIZE_MAX / sizeof(colour);
    if (width < 1 || height < 1 || (size_t)height > most / (size_t)width)
        return false;
    c->pixels = malloc((size_t)width * (size_t)height * sizeof *c->pixels);
    if (!c->pixels)
        return false;
    c->width = width;
    c->height = height;
    canvas_fill(c, 0, 0, width, height, background);
    return true;
}

void canvas_free(canvas *c) {
    free(c->pixels);
    *c = (canvas){0};
}

void canvas_fill(canvas *c, int x, int y, int width, int height, colour ink) {
    const int left = x > 0 ? x : 0, top = y > 0 ? y : 0;
    const int right = x + width < c->width ? x + width : c->width;
    const int bottom = y + height < c->height ? y + height : c->height;
    for (int row = top; row < bottom; row++)
        for (int column = left; column < right; column++)
            c->pixels[(size_t)row * (size_t)c->width + (size_t)column] = ink;
}

void canvas_frame(canvas *c, int x, int y, int width, int height, colour ink) {
    canvas_fill(c, x - 1, y - 1, width + 2, 1, ink);
    canvas_fill(c, x - 1, y + height, width + 2, 1, ink);
    canvas_fill(c, x - 1, y, 1, height, ink);
    canvas_fill(c, x + width, y, 1, height, ink);
}

void canvas_text(canvas *c, int x, int y, int size, colour ink, const char *text) {
    for (; *text && x < c->width; text++, x += size * (GLYPH_WIDTH + 1))
        for (int row = 0; row < GLYPH_HEIGHT; row++)
            for (int column = 0; column < GLYPH_WIDTH; column++)
                if (font_dot(*text, column, row))
                    canvas_fill(c, x + column * size, y + row * size, size, size, ink);
}

int canvas_text_width(int size, const char *text) {
    return (int)strlen(text) * size * (GLYPH_WIDTH + 1);
}

bool canvas_write(const canvas *c, const char *path) {
    const picture p = {
        .width = c->width, .height = c->height, .channels = 3, .bytes = &c->pixels->red};
    return picture_write(&p, path);
}
