#include "digit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "collection.h"
#include "program.h"

/* Rec. 601's weights: what a television makes of colours. */
static float grey(const picture *p, int64_t pixel) {
    const unsigned char *b = p->bytes + pixel * p->channels;
    const float first = (float)b[0] / 255.0F;
    return p->channels == 1
               ? first
               : 0.299F * first + 0.587F * ((float)b[1] / 255.0F) + 0.114F * ((float)b[2] / 255.0F);
}

/* How much of the pixel [i, i + 1) lies in [from, to). */
static double covered(int64_t i, double from, double to) {
    return fmin((double)i + 1.0, to) - fmax((double)i, from);
}

/* The mean of the part of the picture that becomes pixel (x, y). */
static float mean(const picture *p, int x, int y) {
    const double wide = (double)p->width / (double)DIGIT_SIDE,
                 high = (double)p->height / (double)DIGIT_SIDE;
    const double left = x * wide, right = fmin((x + 1) * wide, (double)p->width);
    const double top = y * high, bottom = fmin((y + 1) * high, (double)p->height);
    double sum = 0;
    double area = 0;
    for (int64_t row = (int64_t)top; (double)row < bottom; row++)
        for (int64_t column = (int64_t)left; (double)column < right; column++) {
            const double part = covered(row, top, bottom) * covered(column, left, right);
            sum += part * (double)grey(p, row * p->width + column);
            area += part;
        }
    return (float)(sum / area);
}

static const char *scale(image *digit, const picture *p) {
    if (!image_alloc(digit, DIGIT_SIDE, DIGIT_SIDE, 1))
        return "not enough memory for the picture";
    for (int y = 0; y < DIGIT_SIDE; y++)
        for (int x = 0; x < DIGIT_SIDE; x++)
            digit->samples[y * DIGIT_SIDE + x] = mean(p, x, y);
    return NULL;
}

/* Number `index` of a collection. */
static const char *take(picture *one, const source *s, const collection *c, uint64_t index,
                        char why[PICTURE_WHY]) {
    const char *wrong = collection_refuse(c, s);
    if (wrong)
        return wrong;
    if (index >= c->count) {
        snprintf(why, PICTURE_WHY, "no picture %" PRIu64 ": it has %" PRIu64 ", counted from 0",
                 index, c->count);
        return why;
    }
    if (!picture_alloc(one, (int64_t)c->width, (int64_t)c->height, 1))
        return "not enough memory for the picture";
    return collection_read(c, s, index, 1, one->bytes, why);
}

static const char *decode(picture *p, source *s, uint64_t index, char why[PICTURE_WHY]) {
    collection c;
    bool is_one;
    bool had_alpha;
    const char *wrong = collection_find(&c, s, &is_one, why);
    if (wrong)
        return wrong;
    if (is_one)
        return take(p, s, &c, index, why);
    if (!picture_decode(p, s->packed, ALPHA_BLEND, &had_alpha, why))
        return why;
    if (index > 0)
        return "a picture is not a collection: --index goes with IDX, NPY and NPZ files";
    return NULL;
}

const char *digit_decode(image *digit, const file *f, uint64_t index, char why[PICTURE_WHY]) {
    picture p = {0};
    source s;
    *digit = (image){0};
    const char *wrong = source_open(&s, f, why);
    if (!wrong)
        wrong = decode(&p, &s, index, why);
    source_close(&s);
    if (!wrong)
        wrong = scale(digit, &p);
    picture_free(&p);
    return wrong;
}

bool digit_read(image *digit, const char *path, uint64_t index) {
    file f;
    char why[PICTURE_WHY];
    *digit = (image){0};
    const char *wrong = file_read(&f, path);
    if (!wrong)
        wrong = digit_decode(digit, &f, index, why);
    if (wrong)
        program_fail(file_name(path), wrong);
    file_free(&f);
    return !wrong;
}
