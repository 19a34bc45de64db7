#include "room.h"

#include <math.h>
#include <stdlib.h>

enum { HALF_LINE = 6 };

void room_take(room *r, box b) {
    if (r->count == r->capacity) {
        size_t capacity = 2 * r->capacity + 64;
        box *taken = realloc(r->taken, capacity * sizeof *taken);
        if (taken == NULL) {
            return;
        }
        r->taken = taken;
        r->capacity = capacity;
    }
    r->taken[r->count++] = b;
}

static bool is_free(const room *r, const box *b) {
    if (b->left < r->bounds.left || b->right > r->bounds.right || b->bottom < r->bounds.bottom ||
        b->top > r->bounds.top) {
        return false;
    }
    for (size_t i = 0; i < r->count; i++) {
        const box *t = &r->taken[i];
        if (b->left < t->right && t->left < b->right && b->bottom < t->top && t->bottom < b->top) {
            return false;
        }
    }
    return true;
}

/* A line is a row of squares that touch. */
static int squares(double width, double height, double half) {
    return 2 + (int)(hypot(width, height) / (2 * half));
}

static box square(double from_x, double from_y, double to_x, double to_y, double part,
                  double half) {
    double x = from_x + part * (to_x - from_x), y = from_y + part * (to_y - from_y);
    return (box){x - half, y - half, x + half, y + half};
}

void room_take_line(room *r, double from_x, double from_y, double to_x, double to_y,
                    double either_side) {
    const int count = squares(to_x - from_x, to_y - from_y, either_side);
    for (int i = 0; i < count; i++) {
        room_take(r, square(from_x, from_y, to_x, to_y, (double)i / (count - 1), either_side));
    }
}

bool room_is_free_line(const room *r, double from_x, double from_y, double to_x, double to_y,
                       double either_side) {
    const int count = squares(to_x - from_x, to_y - from_y, either_side);
    for (int i = 0; i < count; i++) {
        box b = square(from_x, from_y, to_x, to_y, (double)i / (count - 1), either_side);
        if (!is_free(r, &b)) {
            return false;
        }
    }
    return true;
}

void room_free(room *r) {
    free(r->taken);
    *r = (room){0};
}

bool room_find(room *r, double x, double y, double width, place *found) {
    static const struct {
        place offset;
        double part; /* of the text, to the left of x */
    } tries[] = {
        {{8, 0, "left"}, 0},      {{-8, 0, "right"}, 1},  {{0, -13, "center"}, 0.5},
        {{0, 13, "center"}, 0.5}, {{7, -10, "left"}, 0},  {{-7, -10, "right"}, 1},
        {{7, 10, "left"}, 0},     {{-7, 10, "right"}, 1},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        const place p = {x + tries[i].offset.x, y + tries[i].offset.y, tries[i].offset.side};
        const double left = p.x - tries[i].part * width;
        const box b = {left, p.y - (double)HALF_LINE, left + width, p.y + (double)HALF_LINE};
        if (is_free(r, &b)) {
            room_take(r, b);
            *found = p;
            return true;
        }
    }
    return false;
}
