#undef _POSIX_C_SOURCE          /* a parent project may have set it to less */
#define _POSIX_C_SOURCE 200809L /* fileno */
#include "file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const size_t most = (size_t)1 << 30;
static const char too_large[] = "the file is larger than 1 GiB";

static bool grow(file *f, size_t room) {
    unsigned char *larger = realloc(f->bytes, room);
    if (larger)
        f->bytes = larger;
    return larger != NULL;
}

/* Works for pipes too, which do not know their length. Returns NULL or what went wrong. */
static const char *read_stream(FILE *stream, file *f) {
    struct stat s;
    const bool known = fstat(fileno(stream), &s) == 0 && S_ISREG(s.st_mode) && s.st_size > 0;
    if (known && (uintmax_t)s.st_size > most)
        return too_large;
    size_t room = known ? (size_t)s.st_size + 1 : 1 << 16; /* 1: to see the end */
    do {
        if (f->size == room)
            room = room < most / 2 ? room * 2 : most + 1;
        if (!grow(f, room))
            return "not enough memory to read the file";
        f->size += fread(f->bytes + f->size, 1, room - f->size, stream);
        if (f->size > most)
            return too_large;
    } while (f->size == room);
    return ferror(stream) ? strerror(errno) : NULL;
}

const char *file_read(file *f, const char *path) {
    *f = (file){0};
    if (file_is_stream(path))
        return read_stream(stdin, f);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return strerror(errno);
    const char *wrong = read_stream(stream, f);
    fclose(stream);
    return wrong;
}

void file_free(file *f) {
    free(f->bytes);
    *f = (file){0};
}

bool file_is_stream(const char *path) {
    return strcmp(path, "-") == 0;
}

const char *file_name(const char *path) {
    return file_is_stream(path) ? "stdin" : path;
}
