#include "generator.h"

#include "sketch.h"

/* Its ends may overlap, or leave a gap. */
static void ring(sketch *s, point middle, point radius) {
    const float start = sketch_between(s, 0, 1);
    sketch_arc(s, middle, radius, start, start + sketch_between(s, 0.95F, 1.1F));
}

static void circle(sketch *s) {
    ring(s, (point){0}, (point){1, 1});
}

static void square(sketch *s) {
    sketch_lines(s, (const point[]){{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}}, 5);
}

static void triangle(sketch *s) {
    const float tip = sketch_between(s, -0.5F, 0.5F);
    sketch_lines(s, (const point[]){{tip, -1}, {1, 1}, {-1, 1}, {tip, -1}}, 4);
}

/* Five lines across, or its outline. */
static void star(sketch *s) {
    point points[11];
    const bool across = sketch_maybe(s);
    const int count = across ? 6 : 11;
    for (int i = 0; i < count; i++) {
        const float turn = (across ? 0.4F : 0.1F) * (float)i - 0.25F;
        const float radius = across || i % 2 == 0 ? 1.1F : 0.45F;
        points[i] = (point){radius * sketch_cosine(turn), radius * sketch_sine(turn)};
    }
    sketch_lines(s, points, count);
}

static void house(sketch *s) {
    const float eaves = sketch_between(s, -0.4F, 0);
    sketch_lines(s, (const point[]){{-0.8F, eaves}, {-0.8F, 1}, {0.8F, 1}, {0.8F, eaves}}, 4);
    sketch_lines(s, (const point[]){{-1, eaves}, {0, -1}, {1, eaves}, {-1, eaves}}, 4);
    if (sketch_maybe(s)) {
        const float left = sketch_between(s, -0.5F, 0.2F), top = sketch_between(s, 0.3F, 0.6F);
        sketch_lines(
            s, (const point[]){{left, 1}, {left, top}, {left + 0.35F, top}, {left + 0.35F, 1}}, 4);
    }
}

static void cat(sketch *s) {
    ring(s, (point){0, 0.2F}, (point){0.85F, 0.75F});
    const float tip = sketch_between(s, -1.1F, -0.85F);
    for (int side = -1; side <= 1; side += 2) {
        const float x = (float)side;
        sketch_lines(s, (const point[]){{0.8F * x, -0.05F}, {0.75F * x, tip}, {0.25F * x, -0.5F}},
                     3);
        sketch_dot(s, (point){0.35F * x, 0});
        for (int hair = -1; hair <= 1; hair += 2)
            sketch_lines(
                s, (const point[]){{0.35F * x, 0.4F}, {1.1F * x, 0.4F + 0.15F * (float)hair}}, 2);
    }
    if (sketch_maybe(s))
        sketch_dot(s, (point){0, 0.35F});
}

static void fish(sketch *s) {
    const float ahead = sketch_maybe(s) ? 1.0F : -1.0F, high = sketch_between(s, 0.4F, 0.65F);
    ring(s, (point){0.2F * ahead, 0}, (point){0.8F, high});
    const float tail = sketch_between(s, 0.35F, 0.6F);
    sketch_lines(s,
                 (const point[]){{-0.55F * ahead, 0},
                                 {-1.1F * ahead, -tail},
                                 {-1.1F * ahead, tail},
                                 {-0.55F * ahead, 0}},
                 4);
    sketch_dot(s, (point){0.6F * ahead, -0.15F});
}

/* A round crown, or a fir's. */
static void tree(sketch *s) {
    const float half = sketch_between(s, 0.1F, 0.2F), crown = sketch_between(s, 0.1F, 0.35F);
    for (int side = -1; side <= 1; side += 2)
        sketch_lines(s, (const point[]){{half * (float)side, crown}, {half * (float)side, 1.1F}},
                     2);
    if (sketch_maybe(s)) {
        ring(s, (point){0, crown - 0.65F}, (point){0.75F, 0.65F});
        return;
    }
    sketch_lines(s,
                 (const point[]){{0, -1.1F},
                                 {0.55F, -0.4F},
                                 {0.25F, -0.4F},
                                 {0.8F, crown},
                                 {-0.8F, crown},
                                 {-0.25F, -0.4F},
                                 {-0.55F, -0.4F},
                                 {0, -1.1F}},
                 8);
}

static void smiley(sketch *s) {
    ring(s, (point){0}, (point){1, 1});
    const float apart = sketch_between(s, 0.25F, 0.45F);
    for (int side = -1; side <= 1; side += 2)
        sketch_lines(s, (const point[]){{apart * (float)side, -0.4F}, {apart * (float)side, -0.2F}},
                     2);
    sketch_arc(s, (point){0, 0.1F}, (point){0.55F, sketch_between(s, 0.3F, 0.5F)}, 0.03F, 0.47F);
}

static void spiral(sketch *s) {
    enum { POINTS = 49 };
    point points[POINTS];
    const float turns = sketch_between(s, 2.0F, 3.2F), start = sketch_between(s, 0, 1);
    const float hand = sketch_maybe(s) ? 1.0F : -1.0F;
    for (int i = 0; i < POINTS; i++) {
        const float part = (float)i / (float)(POINTS - 1), turn = start + hand * turns * part;
        points[i] = (point){1.1F * part * sketch_cosine(turn), 1.1F * part * sketch_sine(turn)};
    }
    s->tremble *= 0.4F; /* its strokes are short */
    sketch_lines(s, points, POINTS);
}

const char *const kind_names[KINDS] = {"circle", "square", "triangle", "star",   "house",
                                       "cat",    "fish",   "tree",     "smiley", "spiral"};
static void (*const kinds[KINDS])(sketch *) = {circle, square, triangle, star,   house,
                                               cat,    fish,   tree,     smiley, spiral};

void generator_draw(unsigned char *bytes, int kind, uint64_t seed, uint64_t index) {
    uint64_t chance = seed * 0xd1342543de82ef95U + index * (uint64_t)KINDS + (uint64_t)kind;
    sketch s;
    sketch_begin(&s, bytes, &chance);
    kinds[kind](&s);
}
