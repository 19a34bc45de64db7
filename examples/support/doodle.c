#include "picture.h"

#include <math.h>

enum { SIDE = 28 };

typedef struct stroke {
    float x0, y0, x1, y1;
} stroke;

/* The left half of a cat's face, in pixels; the right half is its mirror image. */
static const stroke strokes[] = {
    {14.0F, 7.5F, 10.0F, 7.5F},   {10.0F, 7.5F, 5.0F, 3.0F},    {5.0F, 3.0F, 5.0F, 13.0F},
    {5.0F, 13.0F, 4.5F, 17.0F},   {4.5F, 17.0F, 6.5F, 21.5F},   {6.5F, 21.5F, 10.5F, 24.5F},
    {10.5F, 24.5F, 14.0F, 25.0F},                               /* ear, cheek, chin */
    {10.0F, 12.5F, 10.0F, 14.5F},                               /* eye */
    {14.0F, 17.0F, 12.8F, 17.0F}, {14.0F, 17.0F, 14.0F, 19.5F}, /* nose */
    {14.0F, 19.5F, 12.6F, 21.0F}, {12.6F, 21.0F, 10.8F, 20.3F}, /* mouth */
    {1.0F, 15.5F, 7.5F, 17.0F},   {1.0F, 20.5F, 7.5F, 19.0F},   /* whiskers */
};

static float distance(const stroke *s, float x, float y) {
    const float dx = s->x1 - s->x0, dy = s->y1 - s->y0;
    const float along = ((x - s->x0) * dx + (y - s->y0) * dy) / (dx * dx + dy * dy);
    const float t = fminf(fmaxf(along, 0), 1);
    const float ex = x - s->x0 - t * dx, ey = y - s->y0 - t * dy;
    return sqrtf(ex * ex + ey * ey);
}

/* How much of the pixel with this centre the ink covers, roughly: strokes have soft edges. */
static float ink(float x, float y) {
    const float radius = 0.65F;
    float nearest = INFINITY;
    for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++)
        nearest = fminf(nearest, distance(&strokes[i], fminf(x, (float)SIDE - x), y));
    return fminf(fmaxf(radius + 0.5F - nearest, 0), 1);
}

bool picture_doodle(picture *p) {
    if (!picture_alloc(p, SIDE, SIDE, 1))
        return false;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            p->bytes[y * SIDE + x] =
                (unsigned char)(255 * ink((float)x + 0.5F, (float)y + 0.5F) + 0.5F);
    return true;
}
