/* How numbers become colours, and images pixels. */
#ifndef PALETTE_H
#define PALETTE_H

#include "canvas.h"
#include "image.h"

/* What a sample means, and so how it is shown. v is the sample divided by the limit of the scale.
 *
 *              one channel                         three channels, each on its own
 *   PICTURE    black (0) to white (1)              0 dark, 1 bright
 *   SIGNED     diverging: pale blue (v = -1),      0 is mid-grey; lighter above, darker below
 *              near black (0), pale yellow (1)
 *   RECTIFIED  the upper half of SIGNED            as PICTURE: nothing is below 0 after ReLU */
typedef enum look { LOOK_PICTURE, LOOK_SIGNED, LOOK_RECTIFIED } look;

/* One to three samples of a pixel. limit 0: everything is neutral. */
colour palette_colour(look how, const float *samples, int64_t channels, float limit);

/* A sample becomes up x up pixels, or down x down samples their mean; one of the two is 1. */
typedef struct zoom {
    int up, down;
} zoom;

int zoom_length(zoom z, int64_t samples);

void palette_image(canvas *c, int x, int y, const image *img, look how, float limit, zoom z);

#endif
