/* The digests that are right: text, a case a line.
 *
 *     NAME DIGEST            the same everywhere
 *     NAME DIGEST DIGEST     where multiply-adds are fused, and where they are not
 *
 * Digests are 16 hexadecimal digits; '-' stands for one that is not known. '#' begins a comment. */
#ifndef CHECK_GOLDEN_H
#define CHECK_GOLDEN_H

#include <stdio.h>

#include "corpus.h"

typedef struct golden_line {
    char name[NAME_MOST];
    int digests; /* 1, 2 */
    bool known[2];
    uint64_t digest[2];
    bool used; /* a case looked it up */
} golden_line;

typedef struct golden {
    golden_line *lines;
    size_t count;
} golden;

/* check/golden.txt, built into the program. */
extern const unsigned char golden_text[];
extern const size_t golden_length;

/* path: NULL is the one built in. False: said on stderr. */
bool golden_read(golden *g, const char *path);
void golden_free(golden *g);

/* NULL: it has none that says as many digests as the case has. */
golden_line *golden_find(golden *g, const check_case *c);

void golden_write_head(FILE *to);
void golden_write(FILE *to, const check_case *c, const golden_line *line);

#endif
