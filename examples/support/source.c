#include "source.h"

#include <string.h>

const char *source_open(source *s, const file *f, char why[PICTURE_WHY]) {
    *s = (source){.packed = f, .kind = SOURCE_PLAIN};
    if (gzip_recognised(f))
        s->kind = SOURCE_GZIP;
    if (!zip_recognised(f))
        return NULL;
    s->kind = SOURCE_ZIP;
    return zip_begin(s, why);
}

void source_close(source *s) {
    if (s->archive)
        zip_end(s);
}

bool source_next(source *s) {
    return s->kind == SOURCE_ZIP && zip_next(s);
}

const char *source_read(const source *s, source_part *p, char why[PICTURE_WHY]) {
    p->got = 0;
    p->seen = 0;
    if (s->kind == SOURCE_GZIP)
        return gzip_read(s->packed, p);
    if (s->kind == SOURCE_ZIP)
        return zip_read(s, p, why);
    part_take(p, s->packed->bytes, s->packed->size);
    return NULL;
}

bool part_take(source_part *p, const unsigned char *bytes, size_t count) {
    const uint64_t next = p->from + p->got; /* the byte that is wanted next */
    if (p->got < p->count && next < p->seen + count) {
        const size_t skip = (size_t)(next - p->seen), left = p->count - p->got;
        const size_t taken = count - skip < left ? count - skip : left;
        memcpy(p->to + p->got, bytes + skip, taken);
        p->got += taken;
    }
    p->seen += count;
    return p->to_end || p->got < p->count;
}
