/* Doodles of ten kinds, drawn by chance: no two are alike, and a seed gives the same bytes on every
 * machine. */
#ifndef GENERATOR_H
#define GENERATOR_H

#include <stdint.h>

enum { KINDS = 10 };
extern const char *const kind_names[KINDS];

/* Number `index` of a kind, as 28x28 bytes, ink 255. */
void generator_draw(unsigned char *bytes, int kind, uint64_t seed, uint64_t index);

#endif
