#include "image.h"

#include <math.h>
#include <stdlib.h>

bool image_alloc(image *img, int64_t width, int64_t height, int64_t channels) {
    *img = (image){0};
    const uint64_t most = SIZE_MAX / sizeof(float);
    const uint64_t w = (uint64_t)width, h = (uint64_t)height, c = (uint64_t)channels;
    if (width < 1 || height < 1 || channels < 1 || w > most || h > most / w || c > most / w / h)
        return false;
    img->samples = malloc((size_t)(w * h * c) * sizeof *img->samples);
    if (!img->samples)
        return false;
    img->width = width;
    img->height = height;
    img->channels = channels;
    return true;
}

bool image_of(image *img, const picture *p) {
    if (!image_alloc(img, p->width, p->height, p->channels))
        return false;
    const size_t pixels = (size_t)p->width * (size_t)p->height, channels = (size_t)p->channels;
    for (size_t pixel = 0; pixel < pixels; pixel++)
        for (size_t channel = 0; channel < channels; channel++)
            img->samples[channel * pixels + pixel] =
                (float)p->bytes[pixel * channels + channel] / 255.0F;
    return true;
}

void image_free(image *img) {
    free(img->samples);
    *img = (image){0};
}

size_t image_samples(const image *img) {
    return (size_t)img->width * (size_t)img->height * (size_t)img->channels;
}

void image_range(const image *img, float *min, float *max) {
    const size_t count = image_samples(img);
    float low = img->samples[0], high = low;
    for (size_t i = 1; i < count; i++) {
        const float sample = img->samples[i];
        low = sample < low ? sample : low;
        high = sample > high ? sample : high;
    }
    *min = low;
    *max = high;
}

/* A few strong edges would leave everything else in the dark if the largest magnitude were the end
 * of the colour scale. A histogram finds the quantile in one pass and needs no memory. */
float image_quantile(const image *img) {
    enum { BINS = 2048 };
    size_t histogram[BINS] = {0};
    const size_t count = image_samples(img);
    float min, max;
    image_range(img, &min, &max);
    const float largest = fmaxf(-min, max);
    if (!(largest > 0))
        return 0;

    for (size_t i = 0; i < count; i++) {
        const int bin = (int)(fabsf(img->samples[i]) / largest * (float)BINS);
        histogram[bin < BINS ? bin : BINS - 1]++;
    }
    size_t above = 0;
    int bin = BINS;
    while (bin > 1 && above + histogram[bin - 1] <= count / 100)
        above += histogram[--bin];
    return largest * (float)bin / (float)BINS;
}
