#include "sketch.h"

#include <math.h>
#include <string.h>

#include "digit.h"
#include "pen.h"
#include "random.h"

/* By its Taylor series: the C library's own differs from machine to machine in the last bit. */
float sketch_sine(float turn) {
    double part = (double)turn - floor((double)turn + 0.5); /* from -1/2 to 1/2 */
    if (part > 0.25)
        part = 0.5 - part;
    else if (part < -0.25)
        part = -0.5 - part;
    const double angle = part * 6.283185307179586, square = angle * angle;
    return (float)(angle *
                   (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72)))));
}

float sketch_cosine(float turn) {
    return sketch_sine(turn + 0.25F);
}

float sketch_between(sketch *s, float least, float most) {
    return least + (most - least) * 0.5F * (random_signed(s->chance) + 1);
}

bool sketch_maybe(sketch *s) {
    return random_below(s->chance, 2) == 1;
}

void sketch_begin(sketch *s, unsigned char *bytes, uint64_t *chance) {
    *s = (sketch){.bytes = bytes, .chance = chance};
    memset(bytes, 0, DIGIT_SIDE * DIGIT_SIDE);
    const float turn = sketch_between(s, -0.06F, 0.06F), shear = sketch_between(s, -0.15F, 0.15F);
    const float wide = sketch_between(s, 7.5F, 12.0F), high = sketch_between(s, 7.5F, 12.0F);
    const float cosine = sketch_cosine(turn), sine = sketch_sine(turn);
    s->xx = wide * cosine;
    s->xy = high * (shear * cosine - sine);
    s->yx = wide * sine;
    s->yy = high * (shear * sine + cosine);
    s->x = 0.5F * (float)DIGIT_SIDE + sketch_between(s, -2, 2);
    s->y = 0.5F * (float)DIGIT_SIDE + sketch_between(s, -2, 2);
    s->radius = sketch_between(s, 0.5F, 1.0F);
    s->tremble = sketch_between(s, 0.02F, 0.08F);
}

/* C leaves the order within an initialiser to the compiler, and each draw counts. */
static point shaken(sketch *s, point p) {
    p.x += s->tremble * random_signed(s->chance);
    p.y += s->tremble * random_signed(s->chance);
    return p;
}

static void draw(sketch *s, point a, point b) {
    const stroke line = {.x0 = s->x + s->xx * a.x + s->xy * a.y,
                         .y0 = s->y + s->yx * a.x + s->yy * a.y,
                         .x1 = s->x + s->xx * b.x + s->xy * b.y,
                         .y1 = s->y + s->yx * b.x + s->yy * b.y};
    pen_draw(s->bytes, DIGIT_SIDE, &line, s->radius);
}

/* Each stroke bends a little. */
void sketch_lines(sketch *s, const point *points, int count) {
    point from = shaken(s, points[0]);
    for (int i = 1; i < count; i++) {
        const point to = shaken(s, points[i]);
        const point middle = shaken(s, (point){0.5F * (from.x + to.x), 0.5F * (from.y + to.y)});
        draw(s, from, middle);
        draw(s, middle, to);
        from = to;
    }
}

/* No hand draws a true circle: the radius has two slow waves. */
void sketch_arc(sketch *s, point middle, point radius, float from, float to) {
    enum { STEPS = 24 };
    const float wave = 2 * s->tremble * random_signed(s->chance), start = random_signed(s->chance);
    point last = {0};
    for (int i = 0; i <= STEPS; i++) {
        const float turn = from + (to - from) * (float)i / (float)STEPS;
        const float bulge = 1 + wave * sketch_sine(2 * turn + start);
        const point next = {middle.x + bulge * radius.x * sketch_cosine(turn),
                            middle.y + bulge * radius.y * sketch_sine(turn)};
        if (i > 0)
            draw(s, last, next);
        last = next;
    }
}

void sketch_dot(sketch *s, point at) {
    const point middle = shaken(s, at);
    draw(s, middle, middle);
}
