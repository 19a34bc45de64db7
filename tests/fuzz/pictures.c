/* What the examples read: PNG, JPEG, PBM, PGM, PPM, IDX, NPY, gzip and NPZ files. */
#include "fuzz.h"

#include <string.h>

#include "collection.h"
#include "digit.h"
#include "image.h"
#include "program.h"
#include "support/buffer.h"
#include "support/suite.h"

const char program[] = "fuzz";

static bool samples_in_range(const image *img) {
    const size_t count = image_samples(img);
    for (size_t i = 0; i < count; i++)
        if (!(img->samples[i] >= 0.0F && img->samples[i] <= 1.0F))
            return suite_wrong("sample %zu of %zu is %g", i, count, (double)img->samples[i]);
    return count > 0;
}

static void check_picture(const file *f, alpha rule) {
    picture p;
    bool had_alpha;
    char why[PICTURE_WHY] = "";
    if (picture_decode(&p, f, rule, &had_alpha, why))
        fuzz_require(p.bytes != NULL && p.width > 0 && p.height > 0 &&
                     picture_has_alpha(&p) == (had_alpha && rule == ALPHA_KEEP));
    else
        fuzz_require(p.bytes == NULL && *why != '\0' && memchr(why, '\0', PICTURE_WHY) != NULL);
    picture_free(&p);
}

static void check_digit(const file *f, uint64_t index) {
    image digit;
    char why[PICTURE_WHY];
    const char *wrong = digit_decode(&digit, f, index, why);
    if (wrong == NULL)
        fuzz_require(digit.width == DIGIT_SIDE && digit.height == DIGIT_SIDE &&
                     digit.channels == 1 && samples_in_range(&digit));
    else
        fuzz_require(digit.samples == NULL && *wrong != '\0');
    image_free(&digit);
}

static void check_labels(const file *f) {
    collection c;
    const char *wrong = idx_decode_labels(&c, f);
    fuzz_require(wrong == NULL ? c.count > 0 && c.start <= f->size : *wrong != '\0');
}

/* Between guard pages, so that a byte read too many is seen without a sanitizer, too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (int where = AT_END; where <= AT_START; where++) {
        buffer b = buffer_new(size, (placement)where, 0);
        if (size > 0)
            memcpy(b.data, data, size);
        buffer_read_only(&b);
        const file f = {b.data, size};
        check_picture(&f, ALPHA_BLEND);
        check_picture(&f, ALPHA_KEEP);
        check_labels(&f);
        check_digit(&f, 0);
        check_digit(&f, 1);
        check_digit(&f, UINT64_MAX);
        buffer_free(&b);
    }
    return 0;
}
