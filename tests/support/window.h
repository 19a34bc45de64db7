/* Pooling once more, by another road than the reference: the elements of a window as a list, from
 * which the winner is picked by rank, or whose sum is taken in double. It guards the reference. */
#ifndef TESTS_WINDOW_H
#define TESTS_WINDOW_H

#include "support/problems.h"

typedef struct window_winner {
    float value;
    int64_t index; /* y * iw + x, or -1 */
} window_winner;

window_winner window_max(const pool_problem *p, const float *src, int64_t n, int64_t c, int64_t y,
                         int64_t x);

/* Where the elements of a window lie, in elements of src; returns how many there are. */
int window_elements(const pool_problem *p, int64_t n, int64_t c, int64_t y, int64_t x,
                    int64_t at[4]);

/* Exact while sums of four elements are. */
double window_average(const pool_problem *p, const float *src, int64_t n, int64_t c, int64_t y,
                      int64_t x);

#endif
