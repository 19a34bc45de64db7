/* From a file's bytes to a picture. */
#include "picture.h"

#include <stdio.h>

#include "program.h"

bool picture_decode(picture *p, const file *f, alpha rule, bool *had_alpha, char why[PICTURE_WHY]) {
    *p = (picture){0};
    *had_alpha = false;
    if (png_recognised(f))
        return png_decode(p, f, rule, had_alpha, why);
    if (jpeg_recognised(f))
        return jpeg_decode(p, f, why);
    const char *wrong =
        pnm_recognised(f) ? pnm_decode(p, f) : "of no format that is known here (see --help)";
    if (wrong)
        snprintf(why, PICTURE_WHY, "%s", wrong);
    return !wrong;
}

bool picture_read(picture *p, const char *path, alpha rule, bool *had_alpha) {
    *p = (picture){0};
    file f;
    char why[PICTURE_WHY];
    const char *wrong = file_read(&f, path);
    if (!wrong && !picture_decode(p, &f, rule, had_alpha, why))
        wrong = why;
    if (wrong)
        program_fail(file_name(path), wrong);
    file_free(&f);
    return !wrong;
}
