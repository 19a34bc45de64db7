#include "bytes.h"

#include <stdlib.h>
#include <string.h>

unsigned char *bytes_more(bytes *b, size_t count) {
    if (b->lost || count > SIZE_MAX / 4 - b->size) {
        b->lost = true;
        return NULL;
    }
    if (b->size + count > b->room || !b->at) {
        const size_t room = 2 * (b->size + count) + 64;
        unsigned char *larger = realloc(b->at, room);
        b->lost = !larger;
        if (!larger)
            return NULL;
        b->at = larger;
        b->room = room;
    }
    b->size += count;
    return b->at + b->size - count;
}

void bytes_put(bytes *b, const void *from, size_t count) {
    unsigned char *to = bytes_more(b, count);
    if (to && count > 0)
        memcpy(to, from, count);
}

void bytes_put_big(bytes *b, uint64_t value, int count) {
    unsigned char *to = bytes_more(b, (size_t)count);
    for (int i = count - 1; to && i >= 0; i--, value >>= 8)
        to[i] = (unsigned char)(value & 255);
}

void bytes_free(bytes *b) {
    free(b->at);
    *b = (bytes){0};
}
