/* A hand that draws on a sheet, which reaches from -1 to 1, right and down. The hand trembles, and
 * the sheet lies askew. */
#ifndef SKETCH_H
#define SKETCH_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sketch {
    unsigned char *bytes; /* 28x28 */
    uint64_t *chance;
    float xx, xy, yx, yy, x, y; /* where the sheet lies */
    float radius, tremble;
} sketch;

typedef struct point {
    float x, y;
} point;

/* An empty sheet, turned, stretched and moved by chance. */
void sketch_begin(sketch *s, unsigned char *bytes, uint64_t *chance);

/* From `least` to `most`, by chance. */
float sketch_between(sketch *s, float least, float most);
bool sketch_maybe(sketch *s);

/* Strokes from point to point. */
void sketch_lines(sketch *s, const point *points, int count);

/* A part of an ellipse; angles are parts of a full turn, from the right by below. */
void sketch_arc(sketch *s, point middle, point radius, float from, float to);
void sketch_dot(sketch *s, point at);

/* Of a part of a full turn. */
float sketch_sine(float turn);
float sketch_cosine(float turn);

#endif
