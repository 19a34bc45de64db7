/* An animated PNG (wiki.mozilla.org/APNG_Specification) of at most 255 colours. */
#ifndef APNG_H
#define APNG_H

#include "bytes.h"
#include "canvas.h"

typedef struct apng {
    int width, height, frames, colours;
    colour palette[256]; /* 0 is what stays as it was */
    unsigned char *now;  /* [height][width] what is seen */
    bytes chunks;
    uint32_t number; /* of the next chunk of the animation */
} apng;

/* A frame is seen for so long. All have the size of the first. false: no memory. */
bool apng_add(apng *a, const canvas *c, int milliseconds);

/* On failure prints one line to stderr and returns false. */
bool apng_write(const apng *a, const char *path);
void apng_free(apng *a);

#endif
