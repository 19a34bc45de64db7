#include "file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Works for pipes too, which do not know their length. Returns NULL or what went wrong. */
static const char *read_stream(FILE *stream, file *f) {
    size_t room = 0;
    for (;;) {
        if (f->size == room) {
            if (room > SIZE_MAX / 2)
                return "the file is too large";
            room = room ? room * 2 : 1 << 16;
            unsigned char *larger = realloc(f->bytes, room);
            if (!larger)
                return "not enough memory to read the file";
            f->bytes = larger;
        }
        const size_t got = fread(f->bytes + f->size, 1, room - f->size, stream);
        f->size += got;
        if (got == 0)
            return ferror(stream) ? strerror(errno) : NULL;
    }
}

const char *file_read(file *f, const char *path) {
    *f = (file){0};
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
