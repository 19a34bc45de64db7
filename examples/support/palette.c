#include "palette.h"

#include <math.h>

/* From 0 outwards; equal steps of lightness on both sides, so that neither sign looks stronger. */
enum { STOPS = 5 };
static const float positive[STOPS][3] = {
    {20, 22, 27}, {92, 38, 20}, {196, 78, 22}, {247, 154, 52}, {255, 240, 190}};
static const float negative[STOPS][3] = {
    {20, 22, 27}, {18, 52, 98}, {24, 104, 184}, {84, 172, 236}, {206, 242, 255}};

static uint8_t to_byte(float v) {
    return (uint8_t)(fminf(fmaxf(v, 0), 255) + 0.5F);
}

static colour diverging(float v) {
    const float(*stops)[3] = v < 0 ? negative : positive;
    const float position = fminf(fabsf(v), 1) * (STOPS - 1);
    const int stop = position < STOPS - 2 ? (int)position : STOPS - 2;
    const float *a = stops[stop], *b = stops[stop + 1], t = position - (float)stop;
    return (colour){to_byte(a[0] + t * (b[0] - a[0])), to_byte(a[1] + t * (b[1] - a[1])),
                    to_byte(a[2] + t * (b[2] - a[2]))};
}

colour palette_colour(look how, const float *samples, int64_t channels, float limit) {
    const float scale = limit > 0 ? 1 / limit : 0;
    if (channels == 1 && how != LOOK_PICTURE)
        return diverging(samples[0] * scale);
    uint8_t bytes[3];
    for (int64_t c = 0; c < 3; c++) {
        const float v = samples[c < channels ? c : 0] * scale;
        bytes[c] = to_byte(255 * (how == LOOK_SIGNED ? 0.5F + 0.5F * v : v));
    }
    return (colour){bytes[0], bytes[1], bytes[2]};
}

int zoom_length(zoom z, int64_t samples) {
    return (int)((samples + z.down - 1) / z.down) * z.up;
}

/* The mean of a square of samples, as far as it lies in the image. */
static float mean(const image *img, int64_t channel, int64_t x, int64_t y, int side) {
    const int64_t right = x + side < img->width ? x + side : img->width;
    const int64_t bottom = y + side < img->height ? y + side : img->height;
    double sum = 0;
    for (int64_t row = y; row < bottom; row++)
        for (int64_t column = x; column < right; column++)
            sum += (double)img->samples[(channel * img->height + row) * img->width + column];
    return (float)(sum / (double)((right - x) * (bottom - y)));
}

void palette_image(canvas *c, int x, int y, const image *img, look how, float limit, zoom z) {
    for (int64_t row = 0; row < img->height; row += z.down) {
        for (int64_t column = 0; column < img->width; column += z.down) {
            float samples[3] = {0};
            for (int64_t channel = 0; channel < img->channels; channel++)
                samples[channel] = mean(img, channel, column, row, z.down);
            canvas_fill(c, x + (int)(column / z.down) * z.up, y + (int)(row / z.down) * z.up, z.up,
                        z.up, palette_colour(how, samples, img->channels, limit));
        }
    }
}
