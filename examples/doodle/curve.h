/* The course of a training: loss and accuracy, step by step. */
#ifndef CURVE_H
#define CURVE_H

#include <stdint.h>

#include "canvas.h"

typedef struct curve {
    float *loss, *right; /* means over some steps: they waver less */
    int64_t steps, room;
    double mean_loss, mean_right;
} curve;

/* false: no memory. right: the part of the batch, from 0 to 1. */
bool curve_add(curve *c, double loss, double right);
void curve_free(curve *c);

/* On a canvas, the steps from 0 to `last` across. */
void curve_draw(const curve *c, int64_t last, canvas *to, int x, int y, int width, int height);

/* As an SVG. On failure prints one line to stderr and returns false. */
bool curve_write(const curve *c, const char *path);

#endif
