/* What the network looks at: 28x28 grey pixels, from 0 (background) to 1 (ink). */
#ifndef DIGIT_H
#define DIGIT_H

#include "image.h"

enum { DIGIT_SIDE = 28 };

/* Reads one picture: a PNG, JPEG, PBM, PGM or PPM of any size, or number `index` (from 0) of an
 * MNIST IDX file or of a Quick, Draw! bitmap file (.npy), either also packed by gzip, or of the
 * first such file in an .npz. Scaled to 28x28, colours to grey. On failure prints one line to
 * stderr and returns false. */
bool digit_read(image *digit, const char *path, uint64_t index);

/* The same from memory. Returns NULL, or what is wrong with it, which `why` may hold. */
const char *digit_decode(image *digit, const file *f, uint64_t index, char why[PICTURE_WHY]);

#endif
