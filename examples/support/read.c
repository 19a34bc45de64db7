/* From a file's bytes to an image. */
#include "image.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

/* libpng's interleaved bytes as planes of floats. */
static bool from_bytes(image *img, const png_image *png, const png_byte *bytes) {
    const size_t channels = PNG_IMAGE_SAMPLE_CHANNELS(png->format);
    if (!image_alloc(img, png->width, png->height, (int64_t)channels))
        return false;
    const size_t pixels = (size_t)png->width * png->height;
    for (size_t pixel = 0; pixel < pixels; pixel++)
        for (size_t channel = 0; channel < channels; channel++)
            img->samples[channel * pixels + pixel] =
                (float)bytes[pixel * channels + channel] / 255.0F;
    return true;
}

/* Whether a file of `size` bytes can hold the picture, asked before anything is allocated for it: a
 * pixel is a bit at least, and deflate makes at most 1032 bytes of one. */
static bool holds_pixels(const png_image *png, size_t size) {
    return (uint64_t)png->width * png->height / 8 / 1032 <= size;
}

/* png->message says what is wrong. Every kind of PNG becomes 8-bit grey or RGB, sRGB encoded. */
static bool png_decode(image *img, const file *f, png_image *png, bool *had_alpha) {
    static const png_color white = {255, 255, 255};
    if (!png_image_begin_read_from_memory(png, f->bytes, f->size))
        return false;
    *had_alpha = (png->format & PNG_FORMAT_FLAG_ALPHA) != 0;
    png->format = (png->format & PNG_FORMAT_FLAG_COLOR) ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    /* libpng takes 16-bit samples without a gamma chunk for linear light; in practice they are
     * not. */
    png->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;

    const size_t row = (size_t)png->width * PNG_IMAGE_SAMPLE_CHANNELS(png->format);
    const bool held = holds_pixels(png, f->size);
    png_byte *bytes = !held || row > SIZE_MAX / png->height ? NULL : malloc(row * png->height);
    bool done = false;
    if (!held)
        snprintf(png->message, sizeof png->message, "the file ends before its picture does");
    else if (!bytes)
        snprintf(png->message, sizeof png->message, "not enough memory for the picture");
    else if (png_image_finish_read(png, &white, bytes, 0, NULL)) {
        done = from_bytes(img, png, bytes);
        if (!done)
            snprintf(png->message, sizeof png->message, "not enough memory for the picture");
    }
    free(bytes);
    png_image_free(png);
    return done;
}

bool image_decode(image *img, const file *f, bool *had_alpha, char why[IMAGE_WHY]) {
    png_image png = {.version = PNG_IMAGE_VERSION};
    const char *wrong = NULL;
    *img = (image){0};
    *had_alpha = false;
    if (f->size >= 8 && png_sig_cmp(f->bytes, 0, 8) == 0)
        wrong = png_decode(img, f, &png, had_alpha) ? NULL : png.message;
    else if (f->size >= 2 && f->bytes[0] == 'P' && f->bytes[1] >= '1' && f->bytes[1] <= '7')
        wrong = pnm_decode(img, f->bytes, f->size);
    else
        wrong = "of no format that is known here (see --help)";
    if (wrong)
        snprintf(why, IMAGE_WHY, "%s", wrong);
    return !wrong;
}

bool image_read(image *img, const char *path, bool *had_alpha) {
    *img = (image){0};
    file f;
    char why[IMAGE_WHY];
    const char *wrong = file_read(&f, path);
    if (!wrong && !image_decode(img, &f, had_alpha, why))
        wrong = why;
    if (wrong)
        fprintf(stderr, "%s: %s: %s\n", program, path, wrong);
    file_free(&f);
    return !wrong;
}
