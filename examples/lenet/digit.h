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

/* A file of many small pictures of one size, a byte a sample: where they start in it. */
typedef struct collection {
    uint64_t count, width, height, start;
} collection;

/* Of a file's first bytes, COLLECTION_HEAD of them or all: whether it claims to be of that kind,
 * and what it claims to hold. They return NULL or what is wrong. */
enum { COLLECTION_HEAD = 12 + 4096 };
bool idx_recognised(const file *head);
const char *idx_decode(collection *c, const file *head); /* yann.lecun.com/exdb/mnist */
bool npy_recognised(const file *head);
const char *npy_decode(collection *c, const file *head); /* NumPy's format, versions 1 to 3 */

#endif
