/* Strokes with soft edges on a square grey picture. Sums, products and square roots alone: the same
 * bytes on every machine. */
#ifndef PEN_H
#define PEN_H

typedef struct stroke {
    float x0, y0, x1, y1; /* in pixels */
} stroke;

/* Adds light ink to side x side bytes. */
void pen_draw(unsigned char *bytes, int side, const stroke *s, float radius);

#endif
