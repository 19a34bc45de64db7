#include "image.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>

bool png_recognised(const file *f) {
    return f->size >= 8 && png_sig_cmp(f->bytes, 0, 8) == 0;
}

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

/* Asked before anything is allocated for the picture: a pixel is a bit at least, and deflate makes
 * at most 1032 bytes of one. */
static const char *refuse(const png_image *png, size_t size) {
    if ((uint64_t)png->width * png->height / 8 / 1032 > size)
        return "the file ends before its picture does";
    return image_refuse(png->width, png->height);
}

static const char *finish(image *img, png_image *png) {
    static const png_color white = {255, 255, 255};
    const char *wrong = "not enough memory for the picture";
    png_byte *bytes =
        malloc((size_t)png->width * png->height * PNG_IMAGE_SAMPLE_CHANNELS(png->format));
    if (bytes && !png_image_finish_read(png, &white, bytes, 0, NULL))
        wrong = png->message;
    else if (bytes && from_bytes(img, png, bytes))
        wrong = NULL;
    free(bytes);
    return wrong;
}

/* Every kind of PNG becomes 8-bit grey or RGB, sRGB encoded. */
bool png_decode(image *img, const file *f, bool *had_alpha, char why[IMAGE_WHY]) {
    png_image png = {.version = PNG_IMAGE_VERSION};
    const char *wrong = png.message;
    if (png_image_begin_read_from_memory(&png, f->bytes, f->size)) {
        *had_alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
        png.format = (png.format & PNG_FORMAT_FLAG_COLOR) ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
        /* libpng takes 16-bit samples without a gamma chunk for linear light; in practice they are
         * not. */
        png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
        wrong = refuse(&png, f->size);
        if (!wrong)
            wrong = finish(img, &png);
    }
    if (wrong)
        snprintf(why, IMAGE_WHY, "%s", wrong);
    png_image_free(&png);
    return !wrong;
}
