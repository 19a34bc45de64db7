#include "source.h"

#include <stdio.h>
#include <string.h>
#include <zip.h>

bool zip_recognised(const file *f) {
    return f->size >= 4 && f->bytes[0] == 'P' && f->bytes[1] == 'K' &&
           ((f->bytes[2] == 3 && f->bytes[3] == 4) || (f->bytes[2] == 5 && f->bytes[3] == 6));
}

static const char *explain(zip_error_t *error, char why[PICTURE_WHY]) {
    snprintf(why, PICTURE_WHY, "the ZIP archive: %s", zip_error_strerror(error));
    return why;
}

const char *zip_begin(source *s, char why[PICTURE_WHY]) {
    zip_error_t error;
    zip_error_init(&error);
    const char *wrong = NULL;
    zip_source_t *bytes = zip_source_buffer_create(s->packed->bytes, s->packed->size, 0, &error);
    s->archive = bytes ? zip_open_from_source(bytes, ZIP_RDONLY, &error) : NULL;
    if (!s->archive) {
        wrong = explain(&error, why);
        if (bytes)
            zip_source_free(bytes);
    }
    zip_error_fini(&error);
    s->member = -1;
    if (!wrong && !zip_next(s))
        wrong = "the ZIP archive holds no NPY file";
    return wrong;
}

void zip_end(source *s) {
    zip_discard(s->archive);
    s->archive = NULL;
}

bool zip_next(source *s) {
    const zip_int64_t count = zip_get_num_entries(s->archive, 0);
    while (++s->member < count) {
        const char *name = zip_get_name(s->archive, (zip_uint64_t)s->member, 0);
        const size_t length = name ? strlen(name) : 0;
        if (length >= 4 && strcmp(name + length - 4, ".npy") == 0)
            return true;
    }
    return false;
}

const char *zip_read(const source *s, source_part *p, char why[PICTURE_WHY]) {
    unsigned char piece[1 << 14];
    zip_file_t *member = zip_fopen_index(s->archive, (zip_uint64_t)s->member, 0);
    if (!member)
        return explain(zip_get_error(s->archive), why);
    zip_int64_t got;
    do
        got = zip_fread(member, piece, sizeof piece);
    while (got > 0 && part_take(p, piece, (size_t)got));
    const char *wrong = got < 0 ? explain(zip_file_get_error(member), why) : NULL;
    zip_fclose(member);
    return wrong;
}
