/* From a file's bytes to an image. */
#include "image.h"

#include <stdio.h>

#include "program.h"

bool image_decode(image *img, const file *f, bool *had_alpha, char why[IMAGE_WHY]) {
    *img = (image){0};
    *had_alpha = false;
    if (png_recognised(f))
        return png_decode(img, f, had_alpha, why);
    if (jpeg_recognised(f))
        return jpeg_decode(img, f, why);
    const char *wrong =
        pnm_recognised(f) ? pnm_decode(img, f) : "of no format that is known here (see --help)";
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
        program_fail(file_name(path), wrong);
    file_free(&f);
    return !wrong;
}
