/* Max pooling once more, by another road than the reference: the elements of a window as a list,
 * from which the winner is picked by rank. It guards the reference. */
#ifndef TESTS_WINDOW_H
#define TESTS_WINDOW_H

#include "support/pool_problem.h"

typedef struct window_winner {
    float value;
    int64_t index; /* y * iw + x, or -1 */
} window_winner;

window_winner window_max(const pool_problem *p, const float *src, int64_t n, int64_t c, int64_t y,
                         int64_t x);

#endif
