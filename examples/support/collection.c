#include "collection.h"

static const char *read_head(collection *c, const source *s, bool *is_one, char why[PICTURE_WHY]) {
    unsigned char bytes[COLLECTION_HEAD];
    source_part p = {.count = sizeof bytes, .to = bytes};
    const char *wrong = source_read(s, &p, why);
    if (wrong)
        return wrong;
    const file head = {bytes, p.got};
    *is_one = true;
    if (idx_recognised(&head))
        return idx_decode(c, &head);
    if (npy_recognised(&head))
        return npy_decode(c, &head);
    *is_one = false;
    return s->kind == SOURCE_PLAIN ? NULL : "what is packed is neither an IDX nor an NPY file";
}

const char *collection_find(collection *c, source *s, bool *is_one, char why[PICTURE_WHY]) {
    char other[PICTURE_WHY];
    const char *wrong = read_head(c, s, is_one, why);
    while (wrong && source_next(s))
        if (!read_head(c, s, is_one, other))
            wrong = NULL;
    return wrong;
}

static const char too_short[] = "the file ends before its pictures do";

const char *collection_refuse(const collection *c, const source *s) {
    const char *wrong = picture_refuse(c->width, c->height);
    if (wrong)
        return wrong;
    const uint64_t size = c->width * c->height;
    const uint64_t ratio = s->kind == SOURCE_PLAIN ? 1 : 1032; /* the most that deflate reaches */
    return c->count > (uint64_t)s->packed->size * ratio / size ? too_short : NULL;
}

const char *collection_read(const collection *c, const source *s, uint64_t first, uint64_t count,
                            unsigned char *bytes, char why[PICTURE_WHY]) {
    const uint64_t size = c->width * c->height;
    source_part p = {.from = c->start + first * size,
                     .count = (size_t)(count * size),
                     .to = bytes,
                     .to_end = true};
    const char *wrong = source_read(s, &p, why);
    if (!wrong && (p.seen < c->start || c->count > (p.seen - c->start) / size))
        wrong = too_short;
    return wrong;
}
