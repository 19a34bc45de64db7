#include "vary.h"

#include <string.h>

#include "digit.h"
#include "random.h"

void vary_doodle(unsigned char *to, const unsigned char *from, uint64_t *chance) {
    const int right = (int)random_below(chance, 3) - 1, down = (int)random_below(chance, 3) - 1;
    const int start = right > 0 ? right : 0, skip = right < 0 ? -right : 0;
    memset(to, 0, DIGIT_SIDE * DIGIT_SIDE);
    for (int y = 0; y < DIGIT_SIDE; y++)
        if (y - down >= 0 && y - down < DIGIT_SIDE)
            memcpy(to + y * DIGIT_SIDE + start, from + (y - down) * DIGIT_SIDE + skip,
                   (size_t)(DIGIT_SIDE - start - skip));
}
