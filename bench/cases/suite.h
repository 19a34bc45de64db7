/* Suites: lists of shapes. Those of bench/suites are part of the program; more are read from files.
 * A suite is text, a line a shape:
 *
 *   # Anything after a # is a comment, empty lines are too.
 *   64x56x56-64          a shape (shape.h)
 *   64x56x56-64 quick    with words that say how it is measured (suite_words)
 *   include vgg16        all lines of that suite, one of the program's own */
#ifndef NINETAP_BENCH_SUITE_H
#define NINETAP_BENCH_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "cases/shape.h"

typedef enum suite_words {
    SUITE_QUICK = 1,     /* quick: in the quick suite */
    SUITE_LADDER = 2,    /* ladder: on every instruction set, on one thread: what vectors bring */
    SUITE_LATENCY = 4,   /* latency: too small to share, on one thread only */
    SUITE_ALGORITHMS = 8 /* algorithms: each one by name, and what AUTO takes in default precision
                            and in FAST; on one thread, and where no line without the word has the
                            shape that is all */
} suite_words;

typedef struct suite_line {
    shape shape;
    unsigned words;
    bool usual; /* some line has it without `algorithms` */
} suite_line;

typedef struct suite {
    suite_line *lines; /* no shape twice */
    size_t count;
} suite;

/* bench/suites/NAME.txt, by the alphabet. */
typedef struct suite_file {
    const char *name;
    const unsigned char *text;
    size_t size;
} suite_file;
extern const suite_file suite_files[];
extern const size_t suite_file_count;

/* These add to `s`, which may be all zero; a shape that is there already gets the words of both. On
 * failure `why` says what is wrong and where ("my.txt:3: ..."), and `s` is still to be freed. */

/* A name of suite_files; "quick": what has that word, out of all of them; else a file. */
bool suite_add(suite *s, const char *name, char *why, size_t size);
bool suite_add_shape(suite *s, const char *text, unsigned words, char *why, size_t size);
/* Lines as above; `where` names them in messages. */
bool suite_add_text(suite *s, const unsigned char *text, size_t length, const char *where,
                    char *why, size_t size);

void suite_free(suite *s);

#endif
