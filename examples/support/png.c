#include "picture.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <string.h>

#include "output.h"

bool png_recognised(const file *f) {
    return f->size >= 8 && png_sig_cmp(f->bytes, 0, 8) == 0;
}

/* Asked before anything is allocated for the picture: a pixel is a bit at least, and deflate makes
 * at most 1032 bytes of one. */
static const char *refuse(const png_image *png, size_t size) {
    if ((uint64_t)png->width * png->height / 8 / 1032 > size)
        return "the file ends before its picture does";
    return picture_refuse(png->width, png->height);
}

static const char *finish(picture *p, png_image *png) {
    static const png_color white = {255, 255, 255};
    if (!picture_alloc(p, png->width, png->height, (int)PNG_IMAGE_SAMPLE_CHANNELS(png->format)))
        return "not enough memory for the picture";
    if (png_image_finish_read(png, &white, p->bytes, 0, NULL))
        return NULL;
    picture_free(p);
    return png->message;
}

/* By channels. */
static const png_uint_32 formats[] = {0, PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB,
                                      PNG_FORMAT_RGBA};

bool png_decode(picture *p, const file *f, alpha rule, bool *had_alpha, char why[PICTURE_WHY]) {
    png_image png = {.version = PNG_IMAGE_VERSION};
    const char *wrong = png.message;
    if (png_image_begin_read_from_memory(&png, f->bytes, f->size)) {
        *had_alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
        const int colours = (png.format & PNG_FORMAT_FLAG_COLOR) ? 3 : 1;
        png.format = formats[colours + (*had_alpha && rule == ALPHA_KEEP)];
        /* libpng takes 16-bit samples without a gamma chunk for linear light; in practice they are
         * not. */
        png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
        wrong = refuse(&png, f->size);
        if (!wrong)
            wrong = finish(p, &png);
    }
    if (wrong)
        snprintf(why, PICTURE_WHY, "%s", wrong);
    png_image_free(&png);
    return !wrong;
}

bool picture_write(const picture *p, const char *path) {
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = (png_uint_32)p->width,
                     .height = (png_uint_32)p->height,
                     .format = formats[p->channels]};
    output o;
    if (!output_open(&o, path))
        return false;
    errno = 0; /* libpng has no word for why a write failed */
    const bool encoded = png_image_write_to_stdio(&png, o.stream, 0, p->bytes, 0, NULL) != 0;
    return output_close(&o, encoded ? NULL : errno ? strerror(errno) : png.message);
}
