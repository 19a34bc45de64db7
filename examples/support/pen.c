#include "pen.h"

#include <math.h>

static float distance(const stroke *s, float x, float y) {
    const float dx = s->x1 - s->x0, dy = s->y1 - s->y0, length = dx * dx + dy * dy;
    const float along = length > 0 ? ((x - s->x0) * dx + (y - s->y0) * dy) / length : 0;
    const float t = fminf(fmaxf(along, 0), 1);
    const float ex = x - s->x0 - t * dx, ey = y - s->y0 - t * dy;
    return sqrtf(ex * ex + ey * ey);
}

static int pixel(float position, int side) {
    return (int)fminf(fmaxf(position, 0), (float)side);
}

/* The ink is how much of the pixel the stroke covers, roughly. */
void pen_draw(unsigned char *bytes, int side, const stroke *s, float radius) {
    const float reach = radius + 1;
    const int left = pixel(fminf(s->x0, s->x1) - reach, side);
    const int right = pixel(fmaxf(s->x0, s->x1) + reach + 1, side);
    const int top = pixel(fminf(s->y0, s->y1) - reach, side);
    const int bottom = pixel(fmaxf(s->y0, s->y1) + reach + 1, side);
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            const float away = distance(s, (float)x + 0.5F, (float)y + 0.5F);
            const float ink = fminf(fmaxf(radius + 0.5F - away, 0), 1);
            const unsigned char byte = (unsigned char)(255 * ink + 0.5F);
            unsigned char *at = &bytes[y * side + x];
            *at = byte > *at ? byte : *at;
        }
}
