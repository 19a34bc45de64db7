/* A picture as files have it: bytes, [row][column][channel]. Channels: 1 grey, 2 grey and alpha,
 * 3 red, green, blue, 4 with alpha. Values are sRGB encoded. */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "file.h"

typedef struct picture {
    int64_t width, height;
    int channels;
    unsigned char *bytes;
} picture;

/* false: the size in bytes does not fit, or there is no memory for it; then *p is empty. */
bool picture_alloc(picture *p, int64_t width, int64_t height, int channels);
void picture_free(picture *p);
size_t picture_bytes(const picture *p);
static inline bool picture_has_alpha(const picture *p) {
    return p->channels == 2 || p->channels == 4;
}

/* NULL, or why a picture of that size is not read: a small file may claim a large one. */
const char *picture_refuse(uint64_t width, uint64_t height);

/* What becomes of transparent parts. */
typedef enum alpha {
    ALPHA_BLEND, /* with white, in linear light: 1 or 3 channels */
    ALPHA_KEEP
} alpha;

/* Decodes a PNG, JPEG, PBM, PGM or PPM. On failure `why` says what is wrong with it. *had_alpha:
 * whether the file could have any. */
enum { PICTURE_WHY = 128 };
bool picture_decode(picture *p, const file *f, alpha rule, bool *had_alpha, char why[PICTURE_WHY]);

/* The same from a file. On failure prints one line to stderr and returns false. */
bool picture_read(picture *p, const char *path, alpha rule, bool *had_alpha);

/* Writes a PNG; "-" is stdout. On failure prints one line to stderr and returns false. */
bool picture_write(const picture *p, const char *path);

/* A 28x28 doodle of a cat: light strokes on black. */
bool picture_doodle(picture *p);

/* Whether a file claims to be of that kind, and its picture; *p is empty before and, on failure,
 * after. pnm_decode returns NULL, or what is wrong. */
bool png_recognised(const file *f);
bool png_decode(picture *p, const file *f, alpha rule, bool *had_alpha, char why[PICTURE_WHY]);
bool jpeg_recognised(const file *f);
bool jpeg_decode(picture *p, const file *f, char why[PICTURE_WHY]);
bool pnm_recognised(const file *f);
const char *pnm_decode(picture *p, const file *f);

#endif
