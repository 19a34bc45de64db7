/* A file of many small pictures of one size, a byte a sample: where they start in what it packs. */
#ifndef COLLECTION_H
#define COLLECTION_H

#include "source.h"

typedef struct collection {
    uint64_t count, width, height, start;
} collection;

/* The first of an archive that is good; where none is, what is wrong with the first. *is_one:
 * whether it is a collection; what is packed must be. These return NULL or what is wrong, which
 * `why` may hold. */
const char *collection_find(collection *c, source *s, bool *is_one, char why[PICTURE_WHY]);

/* Pictures from `first` on, `count` of them, to bytes. All of the file is looked at: it may be cut
 * off behind them, too. */
const char *collection_read(const collection *c, const source *s, uint64_t first, uint64_t count,
                            unsigned char *bytes, char why[PICTURE_WHY]);

/* Whether a file can hold as many as it claims: asked before there is memory for them. */
const char *collection_refuse(const collection *c, const source *s);

/* Of a file's first bytes, COLLECTION_HEAD of them or all: whether it claims to be of that kind,
 * and what it claims to hold. */
enum { COLLECTION_HEAD = 12 + 4096 };
bool idx_recognised(const file *head);
const char *idx_decode(collection *c, const file *head);        /* yann.lecun.com/exdb/mnist */
const char *idx_decode_labels(collection *c, const file *head); /* pictures of one byte */
bool npy_recognised(const file *head);
const char *npy_decode(collection *c, const file *head); /* NumPy's format, versions 1 to 3 */

#endif
