/* Bytes that may be packed: a file's own, what gzip packed, or the NPY files of a ZIP archive. They
 * are gone through from the start, a piece at a time, so that a small file that unpacks to
 * gigabytes takes no memory. */
#ifndef SOURCE_H
#define SOURCE_H

#include "image.h"

struct zip;

typedef struct source {
    const file *packed;
    enum { SOURCE_PLAIN, SOURCE_GZIP, SOURCE_ZIP } kind;
    struct zip *archive;
    int64_t member; /* of the archive: the one that is read */
} source;

/* What a file is, by its first bytes. Returns NULL or what is wrong, which `why` may hold; *s is to
 * be closed in any case. */
const char *source_open(source *s, const file *f, char why[PICTURE_WHY]);
void source_close(source *s);

/* Goes to the archive's next NPY file. false: there is none. */
bool source_next(source *s);

/* The bytes from `from` on, `count` of them. A pass ends when it has them, or goes to the end,
 * where checksums are. */
typedef struct source_part {
    uint64_t from;
    size_t count;
    unsigned char *to;
    bool to_end;
    size_t got;    /* how many of them there were */
    uint64_t seen; /* how many bytes there were from the start on */
} source_part;

/* Returns NULL or what is wrong, which `why` may hold. */
const char *source_read(const source *s, source_part *p, char why[PICTURE_WHY]);

/* The next bytes of a pass. false: it needs no more. */
bool part_take(source_part *p, const unsigned char *bytes, size_t count);

/* How each kind is recognised and gone through. */
bool gzip_recognised(const file *f);
const char *gzip_read(const file *f, source_part *p);
bool zip_recognised(const file *f);
const char *zip_begin(source *s, char why[PICTURE_WHY]);
const char *zip_read(const source *s, source_part *p, char why[PICTURE_WHY]);
bool zip_next(source *s);
void zip_end(source *s);

#endif
