#include "picture.h"

#include <stdlib.h>

bool picture_alloc(picture *p, int64_t width, int64_t height, int channels) {
    *p = (picture){0};
    const uint64_t most = SIZE_MAX, w = (uint64_t)width, h = (uint64_t)height,
                   c = (uint64_t)channels;
    if (width < 1 || height < 1 || channels < 1 || h > most / w || c > most / w / h)
        return false;
    p->bytes = malloc((size_t)(w * h * c));
    if (!p->bytes)
        return false;
    p->width = width;
    p->height = height;
    p->channels = channels;
    return true;
}

void picture_free(picture *p) {
    free(p->bytes);
    *p = (picture){0};
}

size_t picture_bytes(const picture *p) {
    return (size_t)p->width * (size_t)p->height * (size_t)p->channels;
}

const char *picture_refuse(uint64_t width, uint64_t height) {
    const uint64_t most = 1 << 27;
    return height > 0 && width > most / height ? "the picture has more than 134217728 pixels"
                                               : NULL;
}
