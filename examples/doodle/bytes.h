/* Bytes that grow as they are written. */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bytes {
    unsigned char *at;
    size_t size, room;
    bool lost; /* there was no memory for some of it */
} bytes;

/* Room for so many more, which are then part of it; NULL: lost. */
unsigned char *bytes_more(bytes *b, size_t count);
void bytes_put(bytes *b, const void *from, size_t count);

/* The most significant byte first. */
void bytes_put_big(bytes *b, uint64_t value, int count);
void bytes_free(bytes *b);

#endif
