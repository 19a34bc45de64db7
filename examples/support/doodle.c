#include "picture.h"

#include <string.h>

#include "pen.h"

enum { SIDE = 28 };

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

bool picture_doodle(picture *p) {
    if (!picture_alloc(p, SIDE, SIDE, 1))
        return false;
    memset(p->bytes, 0, picture_bytes(p));
    for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++)
        pen_draw(p->bytes, SIDE, &strokes[i], 0.65F);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE / 2; x++)
            p->bytes[y * SIDE + SIDE - 1 - x] = p->bytes[y * SIDE + x];
    return true;
}
