#ifndef VARY_H
#define VARY_H

#include <stdint.h>

/* Moves a doodle of 28x28 bytes by a pixel at most, to either side, up or down, by chance: a
 * network learns more of few doodles when they do not come back as they were. */
void vary_doodle(unsigned char *to, const unsigned char *from, uint64_t *chance);

#endif
