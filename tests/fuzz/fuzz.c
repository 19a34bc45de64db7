#include "fuzz.h"

#include <limits.h>
#include <stdlib.h>

void fuzz_require(bool ok) {
    if (!ok)
        abort();
}

/* ---- Numbers from bytes ---- */

static uint32_t take(bytes *b) {
    if (b->left == 0)
        return 0;
    b->left--;
    return *b->at++;
}

int bytes_int(bytes *b, int lo, int hi) {
    const uint32_t range = (uint32_t)hi - (uint32_t)lo + 1;
    uint32_t value = take(b);
    for (uint32_t most = 256; most != 0 && most < range; most <<= 8)
        value = value << 8 | take(b);
    return (int)((uint32_t)lo + (range == 0 ? value : value % range));
}

void fuzz_pitch(bytes *b, int layout, int64_t c, int64_t h, int64_t w, int64_t pitch[3]) {
    const int64_t count[3] = {layout == 0 ? c : h, layout == 0 ? h : w, layout == 0 ? w : c};
    const int given = bytes_int(b, 0, 7);
    int64_t within = 1;
    for (int i = 2; i >= 0; i--) {
        within *= count[i];
        if (given >> i & 1)
            within = pitch[i] = within + bytes_int(b, 0, 17);
    }
}

static int64_t odd_size(bytes *b) {
    static const int64_t odd[] = {0,
                                  -1,
                                  INT64_MIN,
                                  INT64_MAX,
                                  INT64_MAX / 4,
                                  INT64_MAX / 4 + 1,
                                  INT64_C(1) << 62,
                                  INT64_C(1) << 32,
                                  (INT64_C(1) << 32) - 1,
                                  INT64_C(1) << 31,
                                  (INT64_C(1) << 31) - 1,
                                  INT64_C(3037000500)}; /* whose square is past 2^63 */
    enum { COUNT = sizeof odd / sizeof *odd };
    const int i = bytes_int(b, 0, 255);
    return i < COUNT ? odd[i] : i - COUNT;
}

static int odd_number(bytes *b) {
    static const int odd[] = {-1, INT_MIN, INT_MAX, INT_MAX / 2 + 1, -2};
    enum { COUNT = sizeof odd / sizeof *odd };
    const int i = bytes_int(b, 0, 31);
    return i < COUNT ? odd[i] : i - COUNT;
}

void fuzz_spoil(bytes *b, const fuzz_fields *fields) {
    if (bytes_int(b, 0, 3) != 3)
        return;
    for (int i = bytes_int(b, 1, 2); i > 0; i--) {
        const int which = bytes_int(b, 0, fields->size_count + fields->number_count - 1);
        if (which < fields->size_count)
            *fields->sizes[which] = odd_size(b);
        else
            *fields->numbers[which - fields->size_count] = odd_number(b);
    }
}

/* ---- What is legal ---- */

double fuzz_span(int layout, int64_t n, int64_t c, int64_t h, int64_t w, const int64_t pitch[3],
                 bool *sure) {
    const int64_t nchw[4] = {n, c, h, w}, nhwc[4] = {n, h, w, c};
    const int64_t *count = layout == 0 ? nchw : nhwc;
    double span = (double)count[3], dense = span;
    for (int i = 2; i >= 0; i--) {
        *sure = *sure && (pitch[i] == 0 || span < 0x1p50);
        if (pitch[i] < 0 || (pitch[i] != 0 && (double)pitch[i] < span))
            return -1;
        const double step = pitch[i] != 0 ? (double)pitch[i] : dense;
        span += step * (double)(count[i] - 1);
        dense = step * (double)count[i];
    }
    return span;
}

bool fuzz_fits(double elements, size_t element, bool *sure) {
    const double most = (double)PTRDIFF_MAX / (double)element;
    *sure = *sure && (elements < 0.999 * most || elements > 1.001 * most);
    return elements < most;
}
