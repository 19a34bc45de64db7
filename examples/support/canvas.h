/* An RGB picture to draw on. Drawing outside it is clipped. */
#ifndef CANVAS_H
#define CANVAS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct colour {
    uint8_t red, green, blue;
} colour;

typedef struct canvas {
    int width, height;
    colour *pixels;
} canvas;

/* false: no memory. */
bool canvas_alloc(canvas *c, int width, int height, colour background);
void canvas_free(canvas *c);

void canvas_fill(canvas *c, int x, int y, int width, int height, colour ink);

/* A line one pixel wide around, not over, the rectangle. */
void canvas_frame(canvas *c, int x, int y, int width, int height, colour ink);

/* Each dot of the font becomes size x size pixels. (x, y) is the top left corner. */
void canvas_text(canvas *c, int x, int y, int size, colour ink, const char *text);
int canvas_text_width(int size, const char *text);

/* As a PNG; "-": to stdout. Replaces an old file only when it is complete. On failure prints one
 * line to stderr and returns false. */
bool canvas_write(const canvas *c, const char *path);

#endif
