/* A picture or a feature map: one plane (grey) or three (red, green, blue) of floats, each
 * [row][column]. Of a picture, its bytes / 255. */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"

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

/* The planes of a picture. The same. */
bool image_of(image *img, const picture *p);

#endif
