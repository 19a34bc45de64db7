/* Room for labels beside points: what is taken already, and the next free place. In pixels, as in
 * drawing.h. */
#ifndef NINETAP_BENCH_ROOM_H
#define NINETAP_BENCH_ROOM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct box {
    double left, bottom, right, top;
} box;

typedef struct room {
    box bounds;
    box *taken;
    size_t count, capacity;
} room;

/* What memory is short for is not kept in mind: labels may overlap then. */
void room_take(room *r, box b);
/* A straight line, or a slanting text; so far on either side. */
void room_take_line(room *r, double from_x, double from_y, double to_x, double to_y,
                    double either_side);
bool room_is_free_line(const room *r, double from_x, double from_y, double to_x, double to_y,
                       double either_side);
void room_free(room *r);

typedef struct place {
    double x, y;
    const char *side; /* of the text: left, center, right */
} place;

/* Right, left, below or above a point, for a text of that width; false if it would cover something
 * everywhere. The place is then taken. */
bool room_find(room *r, double x, double y, double width, place *found);

#endif
