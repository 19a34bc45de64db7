#include "digit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "program.h"

/* Rec. 601's weights: what a television makes of colours. */
static float grey(const image *img, int64_t pixel) {
    const float *s = img->samples + pixel;
    const int64_t plane = img->width * img->height;
    return img->channels == 1 ? s[0] : 0.299F * s[0] + 0.587F * s[plane] + 0.114F * s[2 * plane];
}

/* How much of the pixel [i, i + 1) lies in [from, to). */
static double covered(int64_t i, double from, double to) {
    return fmin((double)i + 1.0, to) - fmax((double)i, from);
}

/* The mean of the part of the picture that becomes pixel (x, y). */
static float mean(const image *img, int x, int y) {
    const double wide = (double)img->width / (double)DIGIT_SIDE,
                 high = (double)img->height / (double)DIGIT_SIDE;
    const double left = x * wide, right = fmin((x + 1) * wide, (double)img->width);
    const double top = y * high, bottom = fmin((y + 1) * high, (double)img->height);
    double sum = 0;
    double area = 0;
    for (int64_t row = (int64_t)top; (double)row < bottom; row++)
        for (int64_t column = (int64_t)left; (double)column < right; column++) {
            const double part = covered(row, top, bottom) * covered(column, left, right);
            sum += part * (double)grey(img, row * img->width + column);
            area += part;
        }
    return (float)(sum / area);
}

static const char *scale(image *digit, const image *img) {
    if (!image_alloc(digit, DIGIT_SIDE, DIGIT_SIDE, 1))
        return "not enough memory for the picture";
    for (int y = 0; y < DIGIT_SIDE; y++)
        for (int x = 0; x < DIGIT_SIDE; x++)
            digit->samples[y * DIGIT_SIDE + x] = mean(img, x, y);
    return NULL;
}

static const char *take(image *img, const collection *c, uint64_t index, char why[IMAGE_WHY]) {
    if (index >= c->count) {
        snprintf(why, IMAGE_WHY, "no picture %" PRIu64 ": it has %" PRIu64 ", counted from 0",
                 index, c->count);
        return why;
    }
    if (!image_alloc(img, (int64_t)c->width, (int64_t)c->height, 1))
        return "not enough memory for the picture";
    const size_t count = image_samples(img);
    for (size_t i = 0; i < count; i++)
        img->samples[i] = (float)c->samples[index * count + i] / 255.0F;
    return NULL;
}

static const char *decode(image *img, const file *f, uint64_t index, char why[IMAGE_WHY]) {
    if (f->size >= 2 && f->bytes[0] == 0x1F && f->bytes[1] == 0x8B)
        return "packed by gzip: unpack it first";
    collection c;
    bool had_alpha;
    const char *wrong = NULL;
    if (idx_recognised(f) || npy_recognised(f)) {
        wrong = idx_recognised(f) ? idx_decode(&c, f) : npy_decode(&c, f);
        return wrong ? wrong : take(img, &c, index, why);
    }
    if (!image_decode(img, f, &had_alpha, why))
        return why;
    if (index > 0)
        return "a picture is not a collection: --index goes with IDX and NPY files";
    return NULL;
}

const char *digit_decode(image *digit, const file *f, uint64_t index, char why[IMAGE_WHY]) {
    image img = {0};
    *digit = (image){0};
    const char *wrong = decode(&img, f, index, why);
    if (!wrong)
        wrong = scale(digit, &img);
    image_free(&img);
    return wrong;
}

bool digit_read(image *digit, const char *path, uint64_t index) {
    file f;
    char why[IMAGE_WHY];
    *digit = (image){0};
    const char *wrong = file_read(&f, path);
    if (!wrong)
        wrong = digit_decode(digit, &f, index, why);
    if (wrong)
        fprintf(stderr, "%s: %s: %s\n", program, path, wrong);
    file_free(&f);
    return !wrong;
}
