/* A picture or a feature map: one plane (grey) or three (red, green, blue) of floats, each
 * [row][column]. Pictures hold their file's sample values scaled to 0 .. 1. */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "file.h"

typedef struct image {
    int64_t width, height, channels;
    float *samples;
} image;

/* false: the size in bytes does not fit, or there is no memory for it; then *img is empty. */
bool image_alloc(image *img, int64_t width, int64_t height, int64_t channels);
void image_free(image *img);

size_t image_samples(const image *img);

/* The smallest and the largest sample. */
void image_range(const image *img, float *min, float *max);

/* The magnitude that all but about 1 % of the samples stay within. */
float image_quantile(const image *img);

/* NULL, or why a picture of that size is not read: a small file may claim a large one. */
const char *image_refuse(uint64_t width, uint64_t height);

/* Decodes a PNG, JPEG, PBM, PGM or PPM. On failure `why` says what is wrong with it. Transparent
 * parts are blended with white, in linear light; *had_alpha: whether the file could have any. */
enum { IMAGE_WHY = 128 };
bool image_decode(image *img, const file *f, bool *had_alpha, char why[IMAGE_WHY]);

/* The same from a file. On failure prints one line to stderr and returns false. */
bool image_read(image *img, const char *path, bool *had_alpha);

/* Whether a file claims to be of that kind, and its picture; *img is empty before and, on failure,
 * after. pnm_decode returns NULL, or what is wrong. */
bool png_recognised(const file *f);
bool png_decode(image *img, const file *f, bool *had_alpha, char why[IMAGE_WHY]);
bool jpeg_recognised(const file *f);
bool jpeg_decode(image *img, const file *f, char why[IMAGE_WHY]);
bool pnm_recognised(const file *f);
const char *pnm_decode(image *img, const file *f);

/* A 28x28 doodle of a cat: light strokes on black. */
bool image_doodle(image *img);

#endif
