#include "digit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "program.h"
#include "source.h"

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

/* Number `index` of a collection, which may be cut off behind it, too: all of it is looked at. */
static const char *take(image *img, const source *s, const collection *c, uint64_t index,
                        char why[IMAGE_WHY]) {
    const char *wrong = image_refuse(c->width, c->height);
    if (wrong)
        return wrong;
    if (index >= c->count) {
        snprintf(why, IMAGE_WHY, "no picture %" PRIu64 ": it has %" PRIu64 ", counted from 0",
                 index, c->count);
        return why;
    }
    const uint64_t size = c->width * c->height;
    const uint64_t ratio = s->kind == SOURCE_PLAIN ? 1 : 1032; /* the most that deflate reaches */
    if (size / ratio > s->packed->size || index > (UINT64_MAX - c->start) / size)
        return "the file ends before its pictures do";
    source_part p = {.from = c->start + index * size, .count = (size_t)size, .to_end = true};
    p.to = malloc(p.count);
    wrong = p.to ? source_read(s, &p, why) : "not enough memory for the picture";
    if (!wrong && (p.seen < c->start || c->count > (p.seen - c->start) / size))
        wrong = "the file ends before its pictures do";
    if (!wrong && !image_alloc(img, (int64_t)c->width, (int64_t)c->height, 1))
        wrong = "not enough memory for the picture";
    for (size_t i = 0; i < p.count && !wrong; i++)
        img->samples[i] = (float)p.to[i] / 255.0F;
    free(p.to);
    return wrong;
}

/* *is_one: whether it is a collection; what is packed must be. */
static const char *read_head(collection *c, const source *s, bool *is_one, char why[IMAGE_WHY]) {
    unsigned char bytes[COLLECTION_HEAD];
    source_part p = {.count = sizeof bytes, .to = bytes};
    const char *wrong = source_read(s, &p, why);
    if (wrong)
        return wrong;
    const file head = {bytes, p.got};
    *is_one = true;
    if (idx_recognised(&head))
        return idx_decode(c, &head);
    if (npy_recognised(&head))
        return npy_decode(c, &head);
    *is_one = false;
    return s->kind == SOURCE_PLAIN ? NULL : "what is packed is neither an IDX nor an NPY file";
}

/* The first of an archive that is good; where none is, what is wrong with the first. */
static const char *find(collection *c, source *s, bool *is_one, char why[IMAGE_WHY]) {
    char other[IMAGE_WHY];
    const char *wrong = read_head(c, s, is_one, why);
    while (wrong && source_next(s))
        if (!read_head(c, s, is_one, other))
            wrong = NULL;
    return wrong;
}

static const char *decode(image *img, source *s, uint64_t index, char why[IMAGE_WHY]) {
    collection c;
    bool is_one;
    bool had_alpha;
    const char *wrong = find(&c, s, &is_one, why);
    if (wrong)
        return wrong;
    if (is_one)
        return take(img, s, &c, index, why);
    if (!image_decode(img, s->packed, &had_alpha, why))
        return why;
    if (index > 0)
        return "a picture is not a collection: --index goes with IDX, NPY and NPZ files";
    return NULL;
}

const char *digit_decode(image *digit, const file *f, uint64_t index, char why[IMAGE_WHY]) {
    image img = {0};
    source s;
    *digit = (image){0};
    const char *wrong = source_open(&s, f, why);
    if (!wrong)
        wrong = decode(&img, &s, index, why);
    source_close(&s);
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
        program_fail(file_name(path), wrong);
    file_free(&f);
    return !wrong;
}
