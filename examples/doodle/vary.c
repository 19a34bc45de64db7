#include "vary.h"

#include "digit.h"
#include "random.h"

void vary_doodle(unsigned char *to, const unsigned char *from, uint64_t *chance) {
    const int right = (int)random_below(chance, 3) - 1, down = (int)random_below(chance, 3) - 1;
    for (int y = 0; y < DIGIT_SIDE; y++)
        for (int x = 0; x < DIGIT_SIDE; x++) {
            const int row = y - down, column = x - right;
            const bool inside = row >= 0 && row < DIGIT_SIDE && column >= 0 && column < DIGIT_SIDE;
            to[y * DIGIT_SIDE + x] = inside ? from[row * DIGIT_SIDE + column] : 0;
        }
}
