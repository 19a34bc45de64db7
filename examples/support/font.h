#ifndef FONT_H
#define FONT_H

#include <stdbool.h>

enum { GLYPH_WIDTH = 5, GLYPH_HEIGHT = 9, GLYPH_BASELINE = 7 };

/* Whether the dot at (x, y) of c's glyph is set. A character that the font lacks is a box. */
bool font_dot(char c, int x, int y);

#endif
