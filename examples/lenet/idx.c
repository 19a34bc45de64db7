/* Two bytes of 0, the type of an element, the number of dimensions, each dimension as four bytes,
 * the most significant one first; then the elements. */
#include "digit.h"

enum { UNSIGNED_BYTE = 8, DIMENSIONS = 3, HEADER = 4 + 4 * DIMENSIONS };

bool idx_recognised(const file *f) {
    return f->size >= 4 && f->bytes[0] == 0 && f->bytes[1] == 0 && f->bytes[2] >= 8 &&
           f->bytes[2] <= 14;
}

static uint64_t dimension(const unsigned char *bytes) {
    return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

const char *idx_decode(collection *c, const file *f) {
    if (f->bytes[2] != UNSIGNED_BYTE || f->bytes[3] != DIMENSIONS)
        return "an IDX file, but not one of pictures (bytes in three dimensions)";
    if (f->size < HEADER)
        return "the IDX header is cut off";
    *c = (collection){.count = dimension(f->bytes + 4),
                      .height = dimension(f->bytes + 8),
                      .width = dimension(f->bytes + 12),
                      .samples = f->bytes + HEADER};
    const uint64_t left = f->size - HEADER;
    if (c->count == 0 || c->width == 0 || c->height == 0)
        return "the IDX file is empty";
    if (c->width > left || c->height > left / c->width || c->count > left / (c->width * c->height))
        return "the IDX file ends before its pictures do";
    return NULL;
}
